"""Fire crews: Penal Code 1203.4b, wider since SB 245 (2026). Somebody released after work in a state fire camp, on a
county hand crew or at a prison firehouse need not have finished probation or parole. The judge decides; the bars
and the new procedure want a lawyer."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("1203.4b", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1203_4b",
    title=N_("Dismissal for people who worked on fire crews"),
    short=N_("Fire crews"),
    summary=N_(
        "Did you work on a fire crew while you were in custody? After your release, a judge can dismiss the "
        "conviction, even before probation or parole ends. Some serious crimes are left out."
    ),
    statute=pc("1203.4b", "(SB 245)", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_1203_4b"),
    tier="lawyer",
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.DISMISSED,
        Requirement(
            "on_a_fire_crew",
            "fire_crew",
            _MAIN,
            met=N_("You worked on a fire crew while in custody, and were released."),
            unmet=N_("You did not work on a fire crew while in custody."),
            unknown=N_("We do not know if you worked on a fire crew while in custody."),
            kind="gate",
        ),
        Requirement(
            "left_out",
            'class_1203_4b == "excluded"',
            _MAIN,
            met=N_("The law leaves this crime out."),
            unmet=N_("The law does not leave this crime out for sure."),
            unknown=N_("We do not know if the law leaves this crime out."),
            kind="bar",
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        Row(
            "no_fire_crew",
            "not on_a_fire_crew",
            "not_eligible",
            N_("This law is only for people who worked on a fire crew."),
            _MAIN,
            elsewhere=True,
        ),
        gates.dismissed_row(_MAIN),
        Row(
            "left_out",
            "left_out",
            "not_eligible",
            N_("The law for fire crews leaves this crime out."),
            _MAIN,
            confidence="medium",
        ),
        Row(
            "fire_crew",
            "True",
            "needs_lawyer",
            N_("Your work on a fire crew can open a dismissal, even now. A lawyer has to look at the details."),
            pc("1203.4b", "(SB 245)", confirmed="V", source=_SOURCE),
            confidence="medium",
        ),
    ),
    presumptions=(gates.ADULT, gates.NOT_DISMISSED),
    doubts=(N_("The form for fire crews, and the list of crimes left out, are from memory."),),
)
