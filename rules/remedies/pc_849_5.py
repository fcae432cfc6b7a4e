"""A release without charges is a detention and no arrest: Penal Code 849.5. It holds by itself; the certificate
(851.6) can be asked for."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("849.5", "; 851.6", confirmed="M", source=f"{gates.ARRESTS} section 3")

REMEDY = Remedy(
    name="pc_849_5",
    title=N_("An arrest that counts as a detention"),
    short=N_("It counts as a detention"),
    summary=N_(
        "If the police let you go and no charges were filed, the law calls it a detention, not an arrest. You can "
        "ask the police agency for a paper that says so."
    ),
    statute=_MAIN,
    coverage=coverage("pc_849_5"),
    tier="automatic",
    beside=True,
    reliefs=(("detention", N_("have it called a detention")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        Requirement(
            "never_charged",
            'disposition == "never_charged"',
            _MAIN,
            met=N_("No charges were filed."),
            unmet=N_("Charges were filed."),
            unknown=N_("We do not know if charges were filed."),
            kind="gate",
        ),
    ),
    rows=(
        gates.A_CONVICTION,
        gates.JUVENILE,
        Row(
            "charged",
            "not never_charged",
            "not_eligible",
            N_("This law is only for people who were let go without charges."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "detention",
            "True",
            "eligible_mandatory",
            N_(
                "You were let go without charges, so it counts as a detention. Ask the police agency for the "
                "certificate."
            ),
            _MAIN,
            relief="detention",
            confidence="medium",
        ),
    ),
    presumptions=(gates.ADULT,),
    doubts=(N_("The certificate (851.6) is from memory."),),
)
