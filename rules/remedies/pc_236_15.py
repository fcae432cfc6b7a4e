"""Survivors of violence by a partner or of sexual violence: Penal Code 236.15, the twin of 236.14 since 2022."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("236.15", confirmed="V", source=f"{gates.OTHER} section 3")

REMEDY = Remedy(
    name="pc_236_15",
    title=N_("Survivors of partner or sexual violence"),
    short=N_("Survivors of violence"),
    summary=N_(
        "If violence by a partner, or sexual violence, led to a conviction that was not violent, a court can undo the "
        "conviction and seal it. It is free and private. A lawyer should help."
    ),
    statute=_MAIN,
    coverage=coverage("pc_236_15"),
    tier="lawyer",
    beside=True,
    requirements=(
        Requirement(
            "was_abused",
            "abused_into_it",
            _MAIN,
            met=N_("There was violence by a partner, or sexual violence. You said that it led to a conviction."),
            unmet=N_(
                "Was there violence by a partner, or sexual violence? You said that it did not lead to a conviction."
            ),
            unknown=N_(
                "Was there violence by a partner, or sexual violence? You did not say if it led to a conviction."
            ),
            kind="gate",
        ),
        gates.VIOLENT,
    ),
    rows=(
        Row(
            "not_abused",
            "not was_abused",
            "not_eligible",
            N_("This law is only for survivors. They went through violence by a partner, or sexual violence."),
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
