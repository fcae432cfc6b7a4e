"""Sealing a misdemeanor of somebody under 18 who was in adult court: Penal Code 1203.45."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("1203.45", confirmed="M", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1203_45",
    title=N_("Sealing a misdemeanor from before the age of 18"),
    short=N_("Sealing for people who were under 18"),
    summary=N_(
        "If you were under 18 and an adult court convicted you of a misdemeanor, a judge can seal the record once "
        "it can be dismissed. There is no state form for it, so a lawyer should help."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_45"),
    tier="lawyer",
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.level("misdemeanor", _MAIN),
        Requirement(
            "under_18",
            "minor_in_adult_court",
            _MAIN,
            met=N_("You were under 18 when it happened."),
            unmet=N_("You were 18 or older when it happened."),
            unknown=N_("We do not know how old you were when it happened."),
        ),
        Requirement(
            "left_out",
            'class_290 == "Y" or class_1203_4 in ["discretionary", "excluded_traffic"]',
            _MAIN,
            met=N_("The law leaves this offense out: a duty to register, or traffic."),
            unmet=N_("The law does not leave this offense out for sure."),
            unknown=N_("We do not know if the law leaves this offense out."),
            kind="bar",
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "another_case",
            "not misdemeanor or not under_18",
            "not_eligible",
            N_("This law is only for misdemeanors of people who were under 18."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "left_out",
            "left_out",
            "not_eligible",
            N_("The law leaves out this kind of offense."),
            _MAIN,
            confidence="low",
        ),
        Row(
            "open",
            "True",
            "needs_lawyer",
            N_("A judge can seal this record as well. A lawyer has to check the limits: drugs, traffic, other cases."),
            _MAIN,
            confidence="low",
        ),
    ),
    presumptions=(gates.ADULT,),
    doubts=(N_("This law has limits (drug offenses, other convictions). We know them only from memory."),),
)
