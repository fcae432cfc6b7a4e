"""Survivors of human trafficking: Penal Code 236.14. Any nonviolent conviction that came from the trafficking can be
undone and sealed. The proof has to be clear and convincing, so a lawyer helps; it is free."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("236.14", confirmed="V", source=f"{gates.OTHER} section 3")

REMEDY = Remedy(
    name="pc_236_14",
    title=N_("Survivors of human trafficking"),
    short=N_("Survivors of human trafficking"),
    summary=N_(
        "If somebody made you work or do sex work, and that led to a conviction that was not violent, a court can "
        "undo the conviction and seal it. It is free and private. A lawyer should help."
    ),
    statute=_MAIN,
    coverage=coverage("pc_236_14"),
    tier="lawyer",
    beside=True,
    requirements=(
        Requirement(
            "was_trafficked",
            "trafficked",
            _MAIN,
            met=N_("You said that human trafficking led to a conviction."),
            unmet=N_("You said that human trafficking did not lead to a conviction."),
            unknown=N_("You did not say if human trafficking led to a conviction."),
            kind="gate",
        ),
        gates.VIOLENT,
    ),
    rows=(
        Row(
            "not_trafficked",
            "not was_trafficked",
            "not_eligible",
            N_("This law is only for people who were trafficked."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "violent",
            "violent",
            "not_eligible",
            N_("The law for survivors leaves out violent felonies. A lawyer may know another way."),
            _MAIN,
        ),
        Row(
            "survivor",
            "True",
            "needs_lawyer",
            N_("A court can undo this and seal it. It is free and private, and a lawyer should help you."),
            _MAIN,
        ),
    ),
)
