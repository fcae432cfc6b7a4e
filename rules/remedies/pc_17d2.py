"""Reducing a misdemeanor to an infraction: Penal Code 17(d)(2), for the short list in Penal Code 19.8(a)."""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Paper, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("17", "(d)(2); 19.8(a)", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_17d2",
    title=N_("Reducing a misdemeanor to an infraction"),
    short=N_("Reduction to an infraction"),
    summary=N_(
        "A few misdemeanors, such as driving without a license, can be changed to an infraction, which is like a "
        "ticket. The judge decides."
    ),
    statute=_MAIN,
    coverage=coverage("pc_17d2"),
    tier="reduction",
    reliefs=(("reduce_to_infraction", N_("change the misdemeanor to an infraction")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.level("misdemeanor", _MAIN),
        Requirement(
            "on_the_list",
            'class_17d2 == "Y"',
            _MAIN,
            met=N_("It is on the short list of misdemeanors that can become an infraction."),
            unmet=N_("It is not for sure on the short list of misdemeanors that can become an infraction."),
            unknown=N_("We do not know if it can become an infraction. The list of misdemeanors for that is short."),
        ),
        Requirement(
            "not_on_the_list",
            'class_17d2 == "N"',
            _MAIN,
            met=N_("It is not on the short list of misdemeanors that can become an infraction."),
            unmet=N_("It may be on the short list of misdemeanors that can become an infraction."),
            unknown=N_("We do not know if it can become an infraction. The list of misdemeanors for that is short."),
            kind="bar",
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "not_a_misdemeanor",
            "not misdemeanor",
            "not_eligible",
            N_("This law is for misdemeanors."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "not_on_the_list",
            "not_on_the_list",
            "not_eligible",
            N_("Only a short list of misdemeanors can become an infraction. This one is not on it."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "depends",
            "not on_the_list",
            "needs_lawyer",
            N_("Part of this section is on the short list. A lawyer can tell you if yours is."),
            _MAIN,
            confidence="low",
        ),
        Row(
            "on_the_list",
            "True",
            "eligible_discretionary",
            N_("A judge may change it to an infraction."),
            _MAIN,
            relief="reduce_to_infraction",
        ),
    ),
    presumptions=(gates.ADULT,),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "conviction and misdemeanor and not known(class_17d2)",
            "need_info",
            N_(
                "We do not have this section of the law in our list. A lawyer can tell you if it can become an "
                "infraction."
            ),
            _MAIN,
            confidence="low",
        ),
    ),
    papers=(Paper("CR-180", "True", (Box("1 (yes)", "True"), Box("8", "True"))),),
)
