"""A plea or trial that somebody did not understand because of immigration: Penal Code 1473.7. Nobody's status is asked
or kept, so this door is shown with every conviction, for those whom it concerns; an immigration lawyer opens it."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("1473.7", "(a)(1)", confirmed="V", source=f"{gates.OTHER} section 4")
_CUSTODY = Requirement(
    "in_custody",
    "in_custody_now",
    _MAIN,
    met=N_("You are in jail or prison now."),
    unmet=N_("You are not in jail or prison now."),
    unknown=N_("We do not know if you are in jail or prison now."),
    kind="bar",
)


REMEDY = Remedy(
    name="pc_1473_7",
    title=N_("If you are not a citizen: a plea you did not understand"),
    short=N_("Not a citizen: a plea you did not understand"),
    summary=N_(
        "If you are not a citizen, and did not understand what a plea or a trial would do to your immigration "
        "case, a court can undo the conviction. Immigration respects that. It needs an immigration lawyer."
    ),
    statute=pc("1473.7", confirmed="V", source=f"{gates.OTHER} section 4"),
    coverage=coverage("pc_1473_7"),
    tier="lawyer",
    beside=True,
    requirements=(gates.CONVICTION, gates.IN_JUVENILE_COURT, gates.OTHER_PLACE, _CUSTODY),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "in_custody",
            "in_custody",
            "not_yet",
            N_("This is for people who are out of jail and prison. A lawyer may know another way before that."),
            _MAIN,
            on="add_days(serving_until, 1)",
        ),
        Row(
            "open",
            "True",
            "needs_lawyer",
            N_(
                "This is only for you if you are not a citizen. An immigration lawyer can ask the court to undo this "
                "conviction."
            ),
            _MAIN,
        ),
    ),
    presumptions=(gates.ADULT, gates.NOT_SERVING),
)
