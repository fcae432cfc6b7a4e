"""Prostitution by trafficked people: Penal Code 1203.49. The proof must be clear and convincing, so a lawyer helps."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("1203.49", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1203_49",
    title=N_("Prostitution convictions of trafficked people"),
    short=N_("Prostitution, and human trafficking"),
    summary=N_(
        "If somebody made you do sex work, a court can dismiss a conviction for prostitution. You have to prove "
        "it, so a lawyer should help. It is free for survivors."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_49"),
    tier="lawyer",
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        Requirement(
            "prostitution",
            'offense == "PC 647" and subdivision == "b"',
            _MAIN,
            met=N_("The conviction is for prostitution (647(b))."),
            unmet=N_("The conviction is not for prostitution (647(b))."),
            unknown=N_("We do not know if the conviction is for prostitution (647(b))."),
            kind="gate",
        ),
        Requirement(
            "was_trafficked",
            "trafficked",
            _MAIN,
            met=N_("Human trafficking led to it."),
            unmet=N_("Human trafficking did not lead to it."),
            unknown=N_("You did not say if human trafficking led to it."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        Row(
            "another_offense",
            "not prostitution",
            "not_eligible",
            N_("This law is only for prostitution."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "not_trafficked",
            "not was_trafficked",
            "not_eligible",
            N_("This law is only for people who were trafficked."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "trafficked",
            "True",
            "needs_lawyer",
            N_("A court can clear this, and seal it. A lawyer can help you prove it, for free."),
            _MAIN,
        ),
    ),
    presumptions=(gates.ADULT,),
)
