"""Factual innocence: Penal Code 851.8. Where there was no good reason to arrest, the record can be destroyed. It is
asked of the police agency first and is hard to prove, so a lawyer helps."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Remedy, Requirement, Row

_MAIN = pc("851.8", confirmed="M", source=f"{gates.ARRESTS} section 3")

REMEDY = Remedy(
    name="pc_851_8",
    title=N_("Factual innocence"),
    short=N_("Factual innocence"),
    summary=N_(
        "If there was no good reason to believe that you did it, the arrest record can be sealed and later "
        "destroyed. You ask the police agency first, most often within two years. It is hard to prove, so a lawyer "
        "should help."
    ),
    statute=_MAIN,
    coverage=coverage("pc_851_8"),
    tier="lawyer",
    beside=True,
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        Requirement(
            "convicted_of_other",
            'disposition in ["convicted_of_other", "not_known"]',
            _MAIN,
            met=N_("It is not known that the arrest led to no conviction."),
            unmet=N_("The arrest led to no conviction."),
            unknown=N_("We do not know how the case ended."),
            kind="gate",
        ),
    ),
    rows=(
        gates.A_CONVICTION,
        gates.JUVENILE,
        Row(
            "convicted_of_other",
            "convicted_of_other",
            "not_eligible",
            N_("This law is for arrests that led to no conviction."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "innocent",
            "True",
            "needs_lawyer",
            N_("If there was no good reason to arrest you, a lawyer can ask to have the record destroyed."),
            _MAIN,
            confidence="medium",
        ),
    ),
    presumptions=(gates.ADULT,),
    doubts=(N_("The two years to ask for it are from memory."),),
)
