"""Deferred entry of judgment: Penal Code 1203.43.

From 1997 to 2017 people pleaded guilty to drug charges, finished a program, and the charges were dismissed; but
they had been told, wrongly, that the plea would never count. So the plea is legally invalid and the court *shall*
withdraw it. Immigration respects that.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Paper, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("1203.43", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1203_43",
    title=N_("Deferred entry of judgment"),
    short=N_("Deferred entry of judgment"),
    summary=N_(
        "From 1997 to 2017, people with a drug charge could plead guilty, finish a program and have the charge "
        "dismissed. The plea can still hurt you, above all in immigration. The court must take it back if you ask."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_43"),
    tier="better",
    reliefs=(("withdraw_plea", N_("take back the plea and dismiss the case")),),
    requirements=(
        Requirement(
            "deferred",
            'how_it_ended == "dej_completed"',
            _MAIN,
            met=N_("The charge was dismissed after you finished a program. It was under deferred entry of judgment."),
            unmet=N_("The case did not end with a program under deferred entry of judgment."),
            unknown=N_("We do not know if the case ended with a program under deferred entry of judgment."),
            kind="gate",
        ),
        Requirement(
            "in_those_years",
            "conviction_date >= law.dej_from and conviction_date <= law.dej_until",
            _MAIN,
            met=N_("The plea was made from 1997 to 2017, when this program existed."),
            unmet=N_("The plea was not made from 1997 to 2017, when this program existed."),
            unknown=N_("We do not know if the plea was made from 1997 to 2017."),
        ),
    ),
    rows=(
        Row(
            "another_end",
            "not deferred",
            "not_eligible",
            N_("This law is only for deferred entry of judgment."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "other_years",
            "not in_those_years",
            "needs_lawyer",
            N_("This program existed from 1997 to 2017. A lawyer can look at a plea from another time."),
            _MAIN,
            confidence="low",
        ),
        Row(
            "open",
            "True",
            "eligible_mandatory",
            N_("You finished the program. The court must take back the plea and dismiss the case."),
            _MAIN,
            relief="withdraw_plea",
        ),
    ),
    papers=(Paper("CR-180", "True", (Box("7", "True"), Box("7a", "True"))),),
    doubts=(N_("If the court's records are gone, item 7b of the form asks for a sworn statement instead."),),
)
