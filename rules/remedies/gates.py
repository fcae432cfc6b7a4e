"""What several remedies ask in the same words: whether it is a conviction at all, its level and its sentence, and the
gate of the person.

The gate (law/1203-4-family.md section 0): who serves a sentence for any offense, is on probation for any offense, or is
charged with any offense, has to wait with a dismissal under 1203.4, 1203.41 or 1203.42. None of it bars Proposition 64,
Proposition 47, a reduction or the sealing of an arrest. Money owed to a victim is never a bar (SB 1106): nobody is
asked.

The presumptions here are plain assumptions, not the law's: the answer shows them as what was taken as true, and the
question is asked wherever an answer could still change something.
"""

from __future__ import annotations

from rules.cite import Cite, pc, wi
from rules.remedy import N_, Flag, Presumption, Requirement, Row

FAMILY = "law/1203-4-family.md"
ARRESTS = "law/arrests.md"
OTHER = "law/other-relief.md"
SB_1106 = "SB 1106 (Stats. 2022 ch. 734)"

# ---- requirements

CONVICTION = Requirement(
    "conviction",
    "convicted",
    pc("1203.4", confirmed="V", source=f"{FAMILY} section 7"),
    met=N_("The case ended in a conviction."),
    unmet=N_("The case did not end in a conviction."),
    unknown=N_("We do not know if the case ended in a conviction."),
    kind="gate",
)
IN_JUVENILE_COURT = Requirement(
    "in_juvenile_court",
    "in_juvenile_case",
    wi("781", confirmed="V", source=f"{OTHER} section 2"),
    met=N_("It was decided in juvenile court."),
    unmet=N_("It was decided in adult court."),
    unknown=N_("We do not know if it was decided in juvenile court."),
    kind="gate",
)
OTHER_PLACE = Requirement(
    "other_place",
    'offense in ["federal", "military", "other state"]',
    pc("1203.4", confirmed="M", source=f"{FAMILY} section 1"),
    met=N_("It was decided by a federal or military court, or in another state. California law cannot change it."),
    unmet=N_("It was decided by a California court."),
    unknown=N_("We do not know which court decided it."),
    kind="gate",
)
DISMISSED = Requirement(
    "dismissed",
    "dismissed_before",
    pc("1203.4", "(a)", confirmed="V", source=f"{FAMILY} section 1.4"),
    met=N_("The record shows that this was already dismissed."),
    unmet=N_("The record does not show that this conviction was already dismissed."),
    unknown=N_("We do not know if this conviction was already dismissed. It is worth checking first."),
    kind="gate",
)


def level(name: str, cite: Cite) -> Requirement:
    """The requirement that the conviction is of this level now: ``felony``, ``misdemeanor`` or ``infraction``."""
    words = {
        "felony": (N_("The conviction is a felony now."), N_("The conviction is not a felony now.")),
        "misdemeanor": (N_("The conviction is a misdemeanor now."), N_("The conviction is not a misdemeanor now.")),
        "infraction": (N_("The conviction is an infraction."), N_("The conviction is more than an infraction.")),
    }
    met, unmet = words[name]
    return Requirement(
        name,
        f'current_level == "{name}"',
        cite,
        met=met,
        unmet=unmet,
        unknown=N_("We do not know its level. It may be a felony, a misdemeanor or an infraction."),
        kind="gate",
    )


PROBATION = Requirement(
    "probation",
    'sentence_kind == "probation"',
    pc("1203.4", "(a)(1)", confirmed="V", source=f"{FAMILY} section 1"),
    met=N_("The sentence was probation."),
    unmet=N_("The sentence was not probation."),
    unknown=N_("We do not know if the sentence was probation."),
    kind="gate",
)
FELONY_TERM = Requirement(
    "felony_sentence",
    "felony_sentence_given",
    pc("1203.41", "(a)", confirmed="V", source=f"{FAMILY} section 3"),
    met=N_("You were sent to county jail or state prison for a felony."),
    unmet=N_("You were not sent to county jail or state prison for a felony."),
    unknown=N_("We do not know if you were sent to county jail or state prison for a felony."),
    kind="gate",
)
SERVING = Requirement(
    "serving",
    "serving_anything",
    pc("1203.4", "(a)(1)", confirmed="V", source=f"{FAMILY} section 0"),
    met=N_("You are still serving a sentence, or are on probation, in this case or another one."),
    unmet=N_("You are not serving a sentence, and not on probation, in any case."),
    unknown=N_("We do not know if you are serving a sentence in any case."),
    kind="bar",
)
CHARGED = Requirement(
    "charged",
    "pending_charge",
    pc("1203.4", "(a)(1)", confirmed="V", source=f"{FAMILY} section 0"),
    met=N_("A criminal charge is open against you now."),
    unmet=N_("No criminal charge is open against you now."),
    unknown=N_("We do not know if a criminal charge is open against you now."),
    kind="bar",
)
SERIOUS = Requirement(
    "serious_crime",
    "serious_conviction",
    pc("667", "(e)(2)(C)(iv); 290(c)", confirmed="M", source="law/offense-table.md"),
    met=N_("You were convicted of one of the most serious crimes. Or you were told to register as a sex offender."),
    unmet=N_(
        "You were not convicted of one of the most serious crimes. You were not told to register as a sex offender."
    ),
    unknown=N_("Were you convicted of one of the most serious crimes, or told to register? We do not know."),
    kind="bar",
)

VIOLENT = Requirement(
    "violent",
    'class_violent == "Y"',
    pc("667.5", "(c)", confirmed="M", source="law/offense-table.csv"),
    met=N_("It is a violent felony. The law for survivors leaves those out."),
    unmet=N_("It is not a violent felony for sure."),
    unknown=N_("We do not know if it is a violent felony."),
    kind="bar",
)
MAYBE_707 = Requirement(
    "most_serious",
    'class_serious in ["Y", "cond"] or class_violent in ["Y", "cond"]',
    wi("707", "(b)", confirmed="M", source=f"{OTHER} section 2"),
    met=N_("It may be one of the most serious juvenile crimes (707(b)). They have limits."),
    unmet=N_("It is not one of the most serious juvenile crimes (707(b))."),
    unknown=N_("We do not know if it is one of the most serious juvenile crimes (707(b))."),
    kind="bar",
)
# ---- rows

NO_CONVICTION = Row(
    "no_conviction",
    "not conviction",
    "not_eligible",
    N_("This law is about convictions. This case did not end in one."),
    pc("851.91", confirmed="V", source=f"{ARRESTS} section 1"),
    elsewhere=True,
)
JUVENILE = Row(
    "juvenile",
    "in_juvenile_court",
    "not_eligible",
    N_("Juvenile cases have their own laws."),
    wi("781", confirmed="V", source=f"{OTHER} section 2"),
    elsewhere=True,
)
ELSEWHERE = Row(
    "other_place",
    "other_place",
    "not_eligible",
    N_("This law is only for convictions of California courts."),
    pc("1203.4", confirmed="M", source=f"{FAMILY} section 1"),
    doors=("that_place",),
)
A_CONVICTION = Row(
    "a_conviction",
    "conviction",
    "not_eligible",
    N_("This law is for arrests that did not lead to a conviction."),
    pc("851.91", "(a)", confirmed="V", source=f"{ARRESTS} section 1"),
    elsewhere=True,
)
ADULT_COURT = Row(
    "adult_court",
    "not in_juvenile_court",
    "not_eligible",
    N_("This law is for juvenile cases."),
    wi("781", "(a)", confirmed="V", source=f"{OTHER} section 2"),
    elsewhere=True,
)
CHARGED_ROW = Row(
    "charged",
    "charged",
    "not_yet",
    N_("You can ask as soon as the open criminal case is over."),
    pc("1203.4", "(a)(1)", confirmed="V", source=f"{FAMILY} section 0"),
)


def dismissed_row(cite: Cite) -> Row:
    return Row(
        "dismissed",
        "dismissed",
        "already_relieved",
        N_("This conviction was already dismissed. You do not need to ask again."),
        cite,
    )


# ---- assumptions, each shown with the answer that rests on it

ADULT = Presumption("juvenile", False, N_("it was decided in adult court"), burden=False)
NOT_DISMISSED = Presumption("dismissed_before", False, N_("no court has dismissed it yet"), burden=False)
NOT_SERVING = Presumption("serving_now", "nothing", N_("you are not serving any sentence"), burden=False)
NOT_CHARGED = Presumption("pending_charge", False, N_("no criminal charge is open against you"), burden=False)
NO_SERIOUS = Presumption(
    "superstrike_or_290c",
    False,
    N_("none of the most serious crimes, and no duty to register"),
    burden=False,
)
NO_ATTEMPT = Presumption("attempt", False, N_("it was not an attempt"), burden=False, when="known(offense)")

NO_TROUBLE = Presumption(
    "new_conviction_since", False, N_("there was no new conviction or arrest after the judgment"), burden=False
)

# ---- flags

DECLARATION = Flag(
    "declaration",
    N_("Because the judge decides, write in your own words what has changed: work, family, help you got."),
)
AUTO_RELIEF_LIKELY = Flag(
    "auto_relief_likely", N_("This may already be done. You may also ask the court: you do not have to wait.")
)
LAWYER = Flag("lawyer", N_("Talk to a lawyer before you file. The public defender is free in most counties."))
