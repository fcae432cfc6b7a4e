"""Juvenile cases that the court seals when asked: Welfare and Institutions Code 781. Since 2025 the probation officer
has to ask for people who are 18 (781.2)."""

from rules.cite import wi
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Flag, Paper, Presumption, Remedy, Requirement, Row

_MAIN = wi("781", "(a)", confirmed="V", source=f"{gates.OTHER} section 2")
# The 18th birthday; of somebody born on 29 February it is 1 March, as `years_between` counts.
_BIRTHDAY = "add_days(add_years(add_days(birth_date, -1), law.adult_age), 1)"

REMEDY = Remedy(
    name="wic_781",
    title=N_("Sealing a juvenile case"),
    short=N_("Juvenile: asking to seal it"),
    summary=N_(
        "If you are 18, or five years have passed since the case ended, you can ask to seal a juvenile case. It is "
        "free. Since 2025 the probation office has to ask for you when you turn 18 and the case is over, or tell "
        "you why not."
    ),
    statute=_MAIN,
    coverage=coverage("wic_781"),
    tier="juvenile",
    reliefs=(("seal", N_("seal the juvenile record")),),
    requirements=(
        gates.IN_JUVENILE_COURT,
        Requirement(
            "grown_up",
            "age_now >= law.adult_age or as_of >= add_days(add_years(sentence_completed, law.juvenile_wait_years), 1)",
            _MAIN,
            met=N_("You are 18 or older, or five years have passed since the case ended."),
            unmet=N_("You are under 18, and five years have not passed since the case ended."),
            unknown=N_("We do not know if you are 18 or older."),
        ),
        Requirement(
            "trouble_since",
            "new_conviction_since",
            _MAIN,
            met=N_("There was a new conviction or arrest since then."),
            unmet=N_("There was no new conviction or arrest since then."),
            unknown=N_("We do not know if there was a new conviction since then."),
        ),
        gates.MAYBE_707,
    ),
    rows=(
        gates.ADULT_COURT,
        Row(
            "not_18",
            "not grown_up",
            "not_yet",
            N_("You can ask from your 18th birthday on, or five years after the case ended."),
            _MAIN,
            on=f"earliest({_BIRTHDAY}, add_days(add_years(sentence_completed, law.juvenile_wait_years), 1))",
        ),
        Row(
            "most_serious",
            "most_serious or trouble_since",
            "needs_lawyer",
            N_("Serious crimes set limits. So does a later conviction. The public defender can look at it, for free."),
            _MAIN,
            confidence="medium",
        ),
        Row(
            "open",
            "True",
            "eligible_discretionary",
            N_("You can ask to seal it, through the probation office of the county. It is free."),
            _MAIN,
            relief="seal",
            flags=("probation_office_asks",),
        ),
    ),
    presumptions=(
        Presumption(
            "new_conviction_since", False, N_("there was no new conviction or arrest since then"), burden=False
        ),
    ),
    flags=(
        Flag(
            "probation_office_asks",
            N_(
                "Since 2025 the probation office has to ask the court to seal cases of people who are 18. Call it "
                "first."
            ),
        ),
    ),
    papers=(Paper("JV-595", "True"),),
    doubts=(N_("The probation office has a new duty (781.2). We know how it works only from memory."),),
)
