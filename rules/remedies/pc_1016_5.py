"""A warning about immigration that the judge left out: Penal Code 1016.5, for pleas since 1978. Shown with every such
conviction, because nobody's status is asked or kept."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("1016.5", confirmed="V", source=f"{gates.OTHER} section 4")

REMEDY = Remedy(
    name="pc_1016_5",
    title=N_("If you are not a citizen: a warning that the judge left out"),
    short=N_("Not a citizen: a missing warning"),
    summary=N_(
        "Since 1978 a judge must warn people who plead guilty that it can lead to deportation. If the judge left "
        "the warning out, the plea can be undone. It needs an immigration lawyer."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1016_5"),
    tier="lawyer",
    beside=True,
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        Requirement(
            "since_1978",
            "conviction_date >= law.advisement_from",
            _MAIN,
            met=N_("The conviction is from 1978 or later, when the warning became law."),
            unmet=N_("The conviction is from before 1978, when the warning became law."),
            unknown=N_("We do not know if the conviction is from 1978 or later."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "before_1978",
            "not since_1978",
            "not_eligible",
            N_("The warning became law in 1978. This plea is older."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "open",
            "True",
            "needs_lawyer",
            N_(
                "This is only for you if you are not a citizen. If the judge did not warn you, a lawyer can ask to "
                "undo the plea."
            ),
            _MAIN,
        ),
    ),
    presumptions=(gates.ADULT,),
)
