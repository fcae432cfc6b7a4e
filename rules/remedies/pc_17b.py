"""Reducing a felony to a misdemeanor: Penal Code 17(b).

Only a "wobbler", a crime that the law lets be either, and only if no prison or county-jail felony sentence was given,
not even one put on hold (*People v. Wood*). It may be asked during or after probation, with no wait and no gate.

Worked example: injury to a partner, a felony with probation until 2027: the judge may reduce it now, CR-180 item 1
("yes" in the column for 17(b)) and item 8.
"""

from rules.cite import decision, pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Flag, Paper, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("17", "(b)(3)", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_17b",
    title=N_("Reducing a felony to a misdemeanor"),
    short=N_("Reduction to a misdemeanor"),
    summary=N_(
        "Some crimes can be a felony or a misdemeanor. They are called wobblers. If yours is one, and you got "
        "probation or a short jail term, you can ask a judge to make it a misdemeanor. You can ask during "
        "probation or after it. The judge decides."
    ),
    statute=_MAIN,
    coverage=coverage("pc_17b"),
    tier="reduction",
    reliefs=(("reduce_to_misdemeanor", N_("change the felony to a misdemeanor")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.level("felony", _MAIN),
        Requirement(
            "wobbler",
            'class_17b == "Y"',
            _MAIN,
            met=N_("The law lets this crime be a felony or a misdemeanor (a wobbler)."),
            unmet=N_("It is not sure that the law lets this crime be a misdemeanor."),
            unknown=N_("We do not know if the law lets this crime be a misdemeanor."),
        ),
        Requirement(
            "always_a_felony",
            'class_17b == "N"',
            _MAIN,
            met=N_("This crime is always a felony. A judge cannot make it a misdemeanor."),
            unmet=N_("This crime is not always a felony."),
            unknown=N_("We do not know if this crime is always a felony."),
            kind="bar",
        ),
        gates.FELONY_TERM,
        Requirement(
            "term_on_hold",
            "term_suspended",
            decision("People v. Wood (1998) 62 Cal.App.4th 1262", confirmed="V", source=_SOURCE),
            met=N_("A prison sentence was given and put on hold. That closes this door."),
            unmet=N_("No prison sentence was given and put on hold."),
            unknown=N_("We do not know if a prison sentence was given and put on hold."),
            kind="bar",
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "not_a_felony",
            "not felony",
            "not_eligible",
            N_("It is not a felony, so there is nothing to reduce this way."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "always_a_felony",
            "always_a_felony",
            "not_eligible",
            N_("This crime is always a felony, so a judge cannot reduce it."),
            pc("17", "(b)", confirmed="V", source=_SOURCE),
        ),
        Row(
            "felony_sentence",
            "felony_sentence",
            "not_eligible",
            N_("A felony sentence to county jail or prison was given. After that a judge cannot reduce it."),
            _MAIN,
        ),
        Row(
            "term_on_hold",
            "term_on_hold",
            "not_eligible",
            N_("A prison sentence was given, even if it was put on hold. After that a judge cannot reduce it."),
            pc("17", "(b)(3); People v. Wood (1998)", confirmed="V", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "depends",
            "not wobbler",
            "needs_lawyer",
            N_("For this section it depends on the facts of the case. A lawyer can tell you if a judge can reduce it."),
            _MAIN,
            confidence="low",
        ),
        Row(
            "wobbler",
            "True",
            "eligible_discretionary",
            N_("A judge may make it a misdemeanor. You can ask now, also during probation."),
            _MAIN,
            relief="reduce_to_misdemeanor",
            flags=("declaration",),
        ),
    ),
    presumptions=(
        gates.ADULT,
        Presumption(
            "term_suspended",
            False,
            N_("no prison sentence was given and put on hold"),
            burden=False,
            when="known(felony_sentence)",
        ),
    ),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "conviction and felony and not known(class_17b)",
            "need_info",
            N_(
                "We do not have this section of the law in our list. If the law lets it be a misdemeanor, and you got "
                "probation, a judge may reduce it. A lawyer can tell you."
            ),
            _MAIN,
            confidence="low",
        ),
    ),
    flags=(
        gates.DECLARATION,
        Flag(
            "registration_stays",
            N_("A lower level does not end a duty to register as a sex offender. Talk to a lawyer about that."),
            when="conviction_registrable",
            only_eligible=True,
        ),
        Flag(
            "strike_stays",
            N_("If the crime was a strike, it stays a strike in a later case."),
            when='class_serious == "Y" or class_violent == "Y"',
            only_eligible=True,
        ),
    ),
    papers=(Paper("CR-180", "True", (Box("1 (yes)", "True"), Box("8", "True"))),),
    doubts=(
        N_("That a strike stays after a later reduction (667(d)(1)) is from memory."),
        N_("Which sections are wobblers is from memory for most of the list."),
    ),
)
