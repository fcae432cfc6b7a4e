"""Automatic relief for arrests: Penal Code 851.93. Nobody files anything; the state clears the record by itself.

A felony that was charged and then dismissed without a program is not covered: that person should use 851.91.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Flag, Remedy, Requirement, Row

_SOURCE = f"{gates.ARRESTS} section 2"
_MAIN = pc("851.93", "(a)(2)", confirmed="V", source=_SOURCE)
_ARREST = "arrested_on"  # all is counted from the arrest; what happened came before it
_LOW_DAY = f"add_days(add_years({_ARREST}, law.automatic_arrest_misdemeanor_years), 1)"
_FELONY_DAY = f"add_days(add_years({_ARREST}, law.automatic_arrest_felony_years), 1)"
_LONG_DAY = f"add_days(add_years({_ARREST}, law.automatic_arrest_long_years), 1)"

REMEDY = Remedy(
    name="pc_851_93",
    title=N_("Arrests that the state clears by itself"),
    short=N_("The state may clear the arrest by itself"),
    summary=N_(
        "The state clears many arrests without being asked. These are misdemeanors whose charges were dropped, "
        "arrests that never led to charges, and programs (diversion) that were finished. You can check it in your "
        "record."
    ),
    statute=_MAIN,
    coverage=coverage("pc_851_93"),
    tier="automatic",
    beside=True,
    reliefs=(("automatic", N_("have the record marked as relief granted, by the state")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        Requirement(
            "ending_not_known",
            'disposition in ["not_known", "convicted_of_other"]',
            _MAIN,
            met=N_("It is not known that the arrest led to no conviction."),
            unmet=N_("The arrest led to no conviction."),
            unknown=N_("We do not know how the case ended."),
            kind="gate",
        ),
        Requirement(
            "since_1973",
            f"{_ARREST} >= law.automatic_from",
            _MAIN,
            met=N_("The arrest is from 1973 or later."),
            unmet=N_("The arrest is from before 1973. The state only looks at later ones."),
            unknown=N_("We do not know if the arrest is from 1973 or later."),
        ),
        gates.level("felony", _MAIN),
        Requirement(
            "never_charged",
            'disposition == "never_charged"',
            _MAIN,
            met=N_("No charges were filed."),
            unmet=N_("Charges were filed."),
            unknown=N_("We do not know if charges were filed."),
        ),
        Requirement(
            "program",
            'disposition in ["diverted", "prosecutor_diversion", "dej_completed"]',
            _MAIN,
            met=N_("The case ended after a program (diversion)."),
            unmet=N_("The case did not end after a program (diversion)."),
            unknown=N_("We do not know if the case ended after a program (diversion)."),
        ),
        Requirement(
            "long_sentence",
            'limit_felony in ["6", "10", "none", "lawyer"]',
            _MAIN,
            met=N_("Eight or more years in prison are possible for this charge."),
            unmet=N_("Less than eight years in prison are possible for this charge."),
            unknown=N_("We do not know how long a sentence is possible for this charge."),
        ),
        Requirement(
            "one_year",
            f"as_of >= {_LOW_DAY}",
            _MAIN,
            met=N_("More than one year has passed since the arrest."),
            unmet=N_("One year has not passed since the arrest."),
            unknown=N_("We do not know if one year has passed since the arrest."),
        ),
        Requirement(
            "three_years",
            f"as_of >= {_FELONY_DAY}",
            _MAIN,
            met=N_("More than three years have passed since the arrest."),
            unmet=N_("Three years have not passed since the arrest."),
            unknown=N_("We do not know if three years have passed since the arrest."),
        ),
        Requirement(
            "six_years",
            f"as_of >= {_LONG_DAY}",
            _MAIN,
            met=N_("More than six years have passed since the arrest."),
            unmet=N_("Six years have not passed since the arrest."),
            unknown=N_("We do not know if six years have passed since the arrest."),
        ),
    ),
    rows=(
        Row(
            "a_conviction",
            "conviction",
            "not_eligible",
            N_("This law is for arrests that did not lead to a conviction."),
            _MAIN,
            elsewhere=True,
        ),
        gates.JUVENILE,
        Row(
            "other_place",
            "other_place or ending_not_known",
            "not_eligible",
            N_("This law is for arrests in California that led to no conviction."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "before_1973",
            "not since_1973",
            "not_eligible",
            N_("The state does not look at arrests from before 1973."),
            _MAIN,
        ),
        Row(
            "program",
            "program",
            "eligible_mandatory",
            N_("You finished a program, so the state should clear this by itself. Check your record to see if it has."),
            pc("851.93", "(a)(2)(D)", confirmed="V", source=_SOURCE),
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
        ),
        Row(
            "felony_charged",
            "felony and not never_charged",
            "not_eligible",
            N_(
                "The state does not clear felony charges that were dismissed. Ask the court to seal the arrest instead."
            ),
            _MAIN,
        ),
        Row(
            "charged_low",
            "not felony and not never_charged",
            "eligible_mandatory",
            N_("The charge was dropped, so the state should clear this by itself. Check your record to see if it has."),
            pc("851.93", "(a)(2)(A)", confirmed="V", source=_SOURCE),
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
        ),
        Row(
            "low_waiting",
            "not felony and not one_year",
            "not_yet",
            N_("One year after the arrest, the state should clear this by itself."),
            pc("851.93", "(a)(2)(B)", confirmed="V", source=_SOURCE),
            on=_LOW_DAY,
        ),
        Row(
            "long_waiting",
            "felony and long_sentence and not six_years",
            "not_yet",
            N_("Six years after the arrest, the state should clear this by itself."),
            pc("851.93", "(a)(2)(C)(ii)", confirmed="V", source=_SOURCE),
            on=_LONG_DAY,
        ),
        Row(
            "felony_waiting",
            "felony and not long_sentence and not three_years",
            "not_yet",
            N_("Three years after the arrest, the state should clear this by itself."),
            pc("851.93", "(a)(2)(C)(i)", confirmed="V", source=_SOURCE),
            on=_FELONY_DAY,
        ),
        Row(
            "done_waiting",
            "True",
            "eligible_mandatory",
            N_("No charges came, so the state should clear this by itself. Check your record to see if it has."),
            pc("851.93", "(a)(2)(B), (C)", confirmed="V", source=_SOURCE),
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
        ),
    ),
    presumptions=(gates.ADULT,),
    flags=(
        gates.AUTO_RELIEF_LIKELY,
        Flag(
            "how_to_check",
            N_(
                "How to check: order your record from the Department of Justice. Look for the words relief granted, or "
                "851.93, near this arrest."
            ),
        ),
    ),
)
