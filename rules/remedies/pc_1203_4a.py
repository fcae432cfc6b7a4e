"""Dismissal without probation: Penal Code 1203.4a, for misdemeanors and infractions.

One year after the judgment a person who did what the sentence asked has a right to the dismissal; after a new
conviction or arrest, or with a court fine still owed, the judge decides. Restitution never counts (SB 1106).
Ordinary traffic tickets (Vehicle Code 42001) are left out.

Worked example: a fine for giving a false name, judgment of 2025-11-21. On 2026-11-22 the year has passed: the judge
must dismiss it, CR-180 items 3 and 3a. One day earlier: not yet.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Paper, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 2"
_MAIN = pc("1203.4a", "(a)", confirmed="V", source=_SOURCE)
_JUDGE = pc("1203.4a", "(b)", confirmed="V", source=_SOURCE)
_LEFT_OUT = pc("1203.4a", "(d)", confirmed="V", source=_SOURCE)
_DAY = "add_days(add_years(conviction_date, law.wait_no_probation_years), 1)"
_AFTER_SERVING = f"given(known({_DAY}) and known(serving_until), latest_known({_DAY}, add_days(serving_until, 1)))"

REMEDY = Remedy(
    name="pc_1203_4a",
    title=N_("Dismissal without probation"),
    short=N_("Dismissal without probation"),
    summary=N_(
        "Did a misdemeanor or an infraction end in a fine or in jail, without probation? Then you can ask for a "
        "dismissal one year after the judgment. If you did what the sentence asked and stayed out of trouble, the "
        "judge has to say yes. Money you still owe to a victim does not count against you."
    ),
    statute=pc("1203.4a", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_1203_4a"),
    reliefs=(("dismiss", N_("dismiss the conviction")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.DISMISSED,
        gates.level("felony", _MAIN),
        gates.level("infraction", _MAIN),
        gates.PROBATION,
        Requirement(
            "traffic_ticket",
            'class_1203_4a == "excluded_traffic"',
            pc("1203.4a", "(d); VC 42001", confirmed="V", source=_SOURCE),
            met=N_("It is an ordinary traffic ticket. The law leaves those out."),
            unmet=N_("It is not an ordinary traffic ticket."),
            unknown=N_("We do not know if it is an ordinary traffic ticket."),
            kind="bar",
        ),
        Requirement(
            "left_out",
            'class_1203_4a == "excluded"',
            _LEFT_OUT,
            met=N_("The law leaves this offense out."),
            unmet=N_("The law does not leave this offense out."),
            unknown=N_("We do not know if the law leaves this offense out."),
            kind="bar",
        ),
        Requirement(
            "may_be_inspection",
            'class_1203_4a == "excluded_cond"',
            pc("1203.4a", "(d); VC 42002.1", confirmed="M", source=_SOURCE),
            met=N_("Was it about an inspection or an unsafe vehicle? Then the law leaves out this section."),
            unmet=N_("The section is not about vehicle inspections."),
            unknown=N_("We do not know if the section is about vehicle inspections."),
            kind="section",
        ),
        Requirement(
            "inspection",
            "vehicle_inspection",
            pc("1203.4a", "(d); VC 42002.1", confirmed="M", source=_SOURCE),
            met=N_("It was about a vehicle inspection or an unsafe vehicle. The law leaves that out."),
            unmet=N_("It was not about an inspection. It was not about an unsafe vehicle."),
            unknown=N_("We do not know if it was about an inspection or an unsafe vehicle."),
            kind="bar",
        ),
        Requirement(
            "something_not_done",
            'sentence_performed == "not_all"',
            _MAIN,
            met=N_("Part of the sentence was not done."),
            unmet=N_("No part of the sentence is left to do, but for money."),
            unknown=N_("We do not know if everything that the sentence asked was done."),
            kind="bar",
        ),
        Requirement(
            "on_probation_now",
            "on_probation_elsewhere",
            _MAIN,
            met=N_("You are on probation in another case."),
            unmet=N_("You are not on probation in another case."),
            unknown=N_("We do not know if you are on probation in another case."),
            kind="bar",
        ),
        gates.SERVING,
        gates.CHARGED,
        Requirement(
            "year_passed",
            f"as_of >= {_DAY}",
            _MAIN,
            met=N_("More than one year has passed since the judgment."),
            unmet=N_("One year has not passed since the judgment."),
            unknown=N_("We do not know if one year has passed since the judgment."),
        ),
        Requirement(
            "trouble_since",
            "new_conviction_since",
            _JUDGE,
            met=N_("There was a new conviction or arrest after the judgment."),
            unmet=N_("There was no new conviction or arrest after the judgment."),
            unknown=N_("We do not know if there was a new conviction or arrest after the judgment."),
        ),
        Requirement(
            "fine_owed",
            'sentence_performed == "fine_owed"',
            _JUDGE,
            met=N_("A court fine is still owed."),
            unmet=N_("No court fine is owed."),
            unknown=N_("We do not know if a court fine is still owed."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "felony",
            "felony",
            "not_eligible",
            N_("This law is for misdemeanors and infractions. Other laws are for felonies."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "probation",
            "probation",
            "not_eligible",
            N_("This law is for a sentence without probation. If you had probation, there is another law."),
            _MAIN,
            elsewhere=True,
        ),
        gates.dismissed_row(_MAIN),
        Row(
            "traffic_ticket",
            "traffic_ticket",
            "not_eligible",
            N_("Ordinary traffic tickets cannot be dismissed this way. They are not crimes."),
            pc("1203.4a", "(d); VC 42001", confirmed="V", source=_SOURCE),
        ),
        Row(
            "left_out",
            "left_out and not infraction",
            "not_eligible",
            N_("The law leaves this offense out."),
            _LEFT_OUT,
        ),
        Row(
            "inspection",
            "may_be_inspection and inspection",
            "not_eligible",
            N_(
                "Some misdemeanors are about a vehicle inspection. Some are about an unsafe vehicle. The law leaves "
                "those out."
            ),
            _LEFT_OUT,
            confidence="medium",
        ),
        Row(
            "something_not_done",
            "something_not_done",
            "needs_lawyer",
            N_("Part of the sentence is not done. A lawyer can say what to do about it first."),
            _MAIN,
            confidence="medium",
        ),
        Row(
            "on_probation_now",
            "on_probation_now",
            "needs_lawyer",
            N_(
                "Courts do not agree if probation in a later case stands in the way. A lawyer needs to look at "
                "this one."
            ),
            _MAIN,
            confidence="low",
        ),
        Row(
            "serving",
            "serving",
            "not_yet",
            N_("You can ask when no sentence is being served any more, and one year after the judgment."),
            _MAIN,
            on=_AFTER_SERVING,
        ),
        gates.CHARGED_ROW,
        Row(
            "under_a_year",
            "not year_passed",
            "not_yet",
            N_("You can ask when one year has passed since the judgment."),
            _MAIN,
            on=_DAY,
        ),
        Row(
            "trouble_since",
            "trouble_since",
            "eligible_discretionary",
            N_("There was trouble after the judgment, so the judge decides. Tell the judge what has changed since."),
            _JUDGE,
            relief="dismiss",
            flags=("declaration",),
        ),
        Row(
            "fine_owed",
            "fine_owed",
            "eligible_discretionary",
            N_("A court fine is still owed, so at best the judge decides. Ask the court about community work instead."),
            _JUDGE,
            relief="dismiss",
            flags=("declaration",),
            confidence="medium",
        ),
        Row(
            "honest_life",
            "True",
            "eligible_mandatory",
            N_("One year has passed and the sentence is done. The court must dismiss the conviction."),
            _MAIN,
            relief="dismiss",
        ),
    ),
    presumptions=(
        gates.ADULT,
        gates.NOT_DISMISSED,
        gates.NOT_SERVING,
        gates.NOT_CHARGED,
        Presumption("sentence_performed", "all", N_("you did everything the sentence asked"), burden=False),
        gates.NO_TROUBLE,
    ),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "conviction and not felony and not probation and not known(class_1203_4a)",
            "need_info",
            N_(
                "We do not have this section of the law in our list. If it is not an ordinary traffic ticket, you "
                "can ask for a dismissal one year after the judgment. A lawyer or the self-help center can tell "
                "you."
            ),
            _LEFT_OUT,
            confidence="low",
        ),
    ),
    flags=(gates.DECLARATION,),
    papers=(
        Paper(
            "CR-180",
            "True",
            (
                Box("3", "True"),
                Box("3a", "not trouble_since and not fine_owed"),
                Box("3b", "trouble_since or fine_owed"),
            ),
        ),
    ),
    doubts=(
        N_("Is probation in a later case a sentence being served? That is not settled. Such cases go to a lawyer."),
    ),
)
