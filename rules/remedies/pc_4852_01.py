"""Certificate of rehabilitation and pardon: Penal Code 4852.01 to 4852.21, for what no dismissal reaches, or after it.

Seven years from the release (nine for murder and other life crimes, ten with a duty to register), the last five of them
in California. A court order that says a person is rehabilitated, and at the same time a request for a pardon. It is
free, and the public defender helps.

Worked example: assault with a deadly weapon, released from prison on 2021-06-01, in California since birth: from
2028-06-02 on.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.OTHER} section 5"
_MAIN = pc("4852.03", "(a)(3); 4852.06", confirmed="V", source=_SOURCE)
_WHO = pc("4852.01", confirmed="V", source=_SOURCE)
_LIFE = pc("4852.03", "(a)(1)", confirmed="V", source=_SOURCE)
_REGISTER = pc("4852.03", "(a)(2)", confirmed="V", source=_SOURCE)
_DAY = "add_days(add_years(released_on, law.rehabilitation_years), 1)"
_REGISTER_DAY = "add_days(add_years(released_on, law.rehabilitation_register_years), 1)"

REMEDY = Remedy(
    name="pc_4852_01",
    title=N_("Certificate of rehabilitation, and pardon"),
    short=N_("Certificate of rehabilitation"),
    summary=N_(
        "Some years after a felony sentence, a court can certify that you have changed. The certificate is at the "
        "same time a request to the governor for a pardon. It is free, and the public defender can help you ask "
        "for it."
    ),
    statute=_WHO,
    coverage=coverage("pc_4852_01"),
    tier="later",
    beside=True,
    reliefs=(("certificate", N_("give a certificate of rehabilitation")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.level("felony", _WHO),
        gates.FELONY_TERM,
        gates.DISMISSED,
        Requirement(
            "left_out",
            """offense in ["PC 269", "PC 288", "PC 288.5", "PC 288.7"]
               or (offense in ["PC 286", "PC 287", "PC 288A"] and subdivision == "c")
               or (offense == "PC 289" and subdivision == "j")""",
            pc("4852.01", "(c)", confirmed="M", source=_SOURCE),
            met=N_("The law leaves this crime out. Only the governor can pardon it."),
            unmet=N_("The law does not leave this crime out."),
            unknown=N_("We do not know if the law leaves this crime out."),
            kind="bar",
        ),
        Requirement(
            "life_crime",
            'life_term or offense in ["PC 187", "PC 209", "PC 219", "PC 4500", "PC 205"]',
            _LIFE,
            met=N_("It is a crime with a possible life sentence."),
            unmet=N_("It is not a crime with a possible life sentence."),
            unknown=N_("We do not know if it is a crime with a possible life sentence."),
        ),
        Requirement(
            "has_to_register",
            "conviction_registrable",
            _REGISTER,
            met=N_("This conviction brings a duty to register, so the time is ten years."),
            unmet=N_("This conviction brings no duty to register, so the time is seven years."),
            unknown=N_("We do not know if this conviction brings a duty to register."),
        ),
        Requirement(
            "time_passed",
            f"as_of >= {_DAY}",
            _MAIN,
            met=N_("More than seven years have passed since the release."),
            unmet=N_("Seven years have not passed since the release."),
            unknown=N_("We do not know if seven years have passed since the release."),
        ),
        Requirement(
            "long_time_passed",
            f"as_of >= {_REGISTER_DAY}",
            _REGISTER,
            met=N_("More than ten years have passed since the release."),
            unmet=N_("Ten years have not passed since the release."),
            unknown=N_("We do not know if ten years have passed since the release."),
        ),
        Requirement(
            "in_california",
            "california_five_years",
            pc("4852.06", confirmed="V", source=_SOURCE),
            met=N_("You have lived in California for the last five years."),
            unmet=N_("You have not lived in California for the last five years."),
            unknown=N_("We do not know if you have lived in California for the last five years."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "not_a_felony",
            "not felony and not (has_to_register and dismissed)",
            "not_eligible",
            N_("This is for felonies. It is also for a few misdemeanors with a duty to register."),
            _WHO,
            elsewhere=True,
        ),
        Row(
            "probation_first",
            "not felony_sentence and not dismissed",
            "not_eligible",
            N_("After probation, this comes only after a dismissal. Ask for the dismissal first."),
            pc("4852.01", "(b)", confirmed="V", source=_SOURCE),
            elsewhere=True,
        ),
        Row(
            "left_out",
            "left_out",
            "not_eligible",
            N_("The law leaves this crime out. Only the governor can pardon it: a lawyer can tell you how to ask."),
            pc("4852.01", "(c)", confirmed="M", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "life_crime",
            "life_crime",
            "needs_lawyer",
            N_(
                "For crimes with a life sentence the time is nine years, and life parole can close the door. Ask a "
                "lawyer."
            ),
            _LIFE,
            confidence="low",
        ),
        Row(
            "register_waiting",
            "has_to_register and not long_time_passed",
            "not_yet",
            N_("You can ask ten years after the release, after five years in a row in California."),
            _REGISTER,
            on=_REGISTER_DAY,
            confidence="medium",
        ),
        Row(
            "waiting",
            "not time_passed",
            "not_yet",
            N_("You can ask seven years after the release, after five years in a row in California."),
            _MAIN,
            on=_DAY,
            confidence="medium",
        ),
        Row(
            "not_in_california",
            "not in_california",
            "not_yet",
            N_("You can ask after five years in a row in California."),
            pc("4852.06", confirmed="V", source=_SOURCE),
        ),
        Row(
            "open",
            "True",
            "eligible_discretionary",
            N_("A court can give you the certificate. The public defender helps you ask for it, free of charge."),
            _MAIN,
            relief="certificate",
            confidence="medium",
        ),
    ),
    presumptions=(
        gates.ADULT,
        gates.NOT_DISMISSED,
        Presumption("life_term", False, N_("the sentence was not for life"), burden=False),
    ),
    doubts=(
        N_("The list of crimes left out, and what early relief is possible (4852.22), are from memory."),
        N_("The time can be longer for several sentences one after the other."),
    ),
)
