"""Sealing after a program of the prosecutor before any charges: Penal Code 851.87. No wait since 2018; the judge
decides, on a form of the county."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("851.87", confirmed="V", source=f"{gates.ARRESTS} section 3")

REMEDY = Remedy(
    name="pc_851_87",
    title=N_("Sealing after a program of the prosecutor"),
    short=N_("Sealing after a program of the prosecutor"),
    summary=N_(
        "Some prosecutors offer a program before any charges. If you finished one, you can ask the court to seal the "
        "arrest, without a wait. The judge decides."
    ),
    statute=_MAIN,
    coverage=coverage("pc_851_87"),
    tier="arrest",
    reliefs=(("seal_arrest", N_("seal the arrest")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        Requirement(
            "program",
            'disposition == "prosecutor_diversion"',
            _MAIN,
            met=N_("You finished a program of the prosecutor. It came before any charges."),
            unmet=N_("Some cases end with a program of the prosecutor before any charges. This one did not."),
            unknown=N_("We do not know if you finished a program of the prosecutor."),
            kind="gate",
        ),
    ),
    rows=(
        gates.A_CONVICTION,
        gates.JUVENILE,
        Row(
            "no_program",
            "not program",
            "not_eligible",
            N_("This law is only for programs of the prosecutor. They must come before any charges."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "open",
            "True",
            "eligible_discretionary",
            N_("You finished the program. The court can seal the arrest if that is fair. Use the form of the county."),
            _MAIN,
            relief="seal_arrest",
        ),
    ),
    presumptions=(gates.ADULT,),
)
