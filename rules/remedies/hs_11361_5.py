"""Records that must be destroyed: Health and Safety Code 11361.5, for possession (11357) and for giving or carrying a
small amount (11360(b)), convictions and arrests alike, two years later and without a form. Before 1976 the
Department of Justice destroys them only if it is asked.

For people under 18 the dates differ; the chapter on Proposition 64 has them beside its answers."""

from rules.cite import hs
from rules.law import coverage
from rules.remedy import N_, Remedy, Requirement, Row

_SOURCE = "law/11361-8.md section 7"
_MAIN = hs("11361.5", "(a)", confirmed="V", source=_SOURCE)
_OLD = hs("11361.5", "(b)", confirmed="M", source=_SOURCE)
_DAY = "add_years(recorded_on, law.destruction_years)"

REMEDY = Remedy(
    name="hs_11361_5",
    title=N_("Marijuana records that must be destroyed"),
    short=N_("Records must be destroyed"),
    summary=N_(
        "Records of having marijuana, or of giving or carrying a small amount, must be destroyed two years later. "
        "It should happen without a form. Employers may not use them after that."
    ),
    statute=_MAIN,
    coverage=coverage("hs_11361_5"),
    tier="records",
    beside=True,
    reliefs=(("destroy", N_("have the records destroyed")),),
    requirements=(
        Requirement(
            "small_marijuana",
            'offense == "HS 11357" or (offense == "HS 11360" and subdivision == "b")',
            _MAIN,
            met=N_("It is possession (11357). Or it is giving or carrying a small amount (11360(b))."),
            unmet=N_("It is not possession (11357). It is not giving or carrying a small amount (11360(b))."),
            unknown=N_("We do not know if it is possession (11357) or a small amount (11360(b))."),
            kind="gate",
        ),
        Requirement(
            "for_minors",
            "in_juvenile_case or age < law.adult_age",
            _MAIN,
            met=N_("Other dates hold for people under 18."),
            unmet=N_("It is the case of an adult."),
            unknown=N_("We do not know if it is the case of an adult."),
        ),
        Requirement(
            "since_1976",
            "recorded_on >= law.moscone_act",
            _MAIN,
            met=N_("It is from 1976 or later."),
            unmet=N_("It is from before 1976."),
            unknown=N_("We do not know if it is from 1976 or later."),
        ),
        Requirement(
            "two_years",
            f"as_of >= {_DAY}",
            _MAIN,
            met=N_("Two years have passed."),
            unmet=N_("Two years have not passed."),
            unknown=N_("We do not know if two years have passed."),
        ),
    ),
    rows=(
        Row(
            "another_offense",
            "not small_marijuana",
            "not_eligible",
            N_("This law is only for having marijuana and for small amounts."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "for_minors",
            "for_minors",
            "not_eligible",
            N_("For people under 18 other dates hold. See the chapter on Proposition 64."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "before_1976",
            "not since_1976",
            "eligible_mandatory",
            N_(
                "The record is from before 1976. The Department of Justice destroys it if you ask. A small fee may "
                "be due."
            ),
            _OLD,
            relief="destroy",
            confidence="low",
        ),
        Row(
            "waiting",
            "not two_years",
            "not_yet",
            N_("From that day on, the records must be destroyed without a form."),
            _MAIN,
            on=_DAY,
        ),
        Row(
            "due",
            "True",
            "eligible_mandatory",
            N_("The records should be destroyed by now, without a form. Order your record to see if they are."),
            _MAIN,
            relief="destroy",
        ),
    ),
    doubts=(N_("The wording since 2016, and the fee for older records, are from memory."),),
)
