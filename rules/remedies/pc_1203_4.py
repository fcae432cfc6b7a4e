"""Dismissal after probation: Penal Code 1203.4.

Who finished probation, or was let go early, has a right to the dismissal; after a violation, and for the driving
offenses of Vehicle Code 12810, the judge decides. The offenses of 1203.4(b) are left out. Nobody gets it who serves a
sentence, is on probation or is charged with anything now. A judge must hear the prosecutor, who gets 15 days' notice.

Worked example: petty theft, probation of 2020 finished in 2022 without a violation: the judge must dismiss it, CR-180
items 2 and 2a.
"""

from rules.cite import pc, vc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Flag, Paper, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 1"
_MAIN = pc("1203.4", "(a)(1)", confirmed="V", source=_SOURCE)
_LIST = pc("1203.4", "(b)", confirmed="V", source=f"{gates.FAMILY} section 1.1")

REMEDY = Remedy(
    name="pc_1203_4",
    title=N_("Dismissal after probation"),
    short=N_("Dismissal after probation"),
    summary=N_(
        "If you were on probation and it is over, you can ask the court to dismiss the conviction. If you finished "
        "without a violation, or the judge ended it early, the judge has to say yes. Money you still owe to a "
        "victim does not count against you."
    ),
    statute=pc("1203.4", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_1203_4"),
    reliefs=(("dismiss", N_("dismiss the conviction")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.DISMISSED,
        gates.level("infraction", _LIST),
        gates.level("felony", _MAIN),
        gates.PROBATION,
        Requirement(
            "left_out",
            'class_1203_4 == "excluded"',
            _LIST,
            met=N_("The law leaves this offense out: it is on the list in Penal Code 1203.4(b)."),
            unmet=N_("The offense is not on the list that the law leaves out."),
            unknown=N_("We do not know if the law leaves this offense out."),
            kind="bar",
        ),
        Requirement(
            "left_out_as_felony",
            'class_1203_4 == "felony_excluded"',
            _LIST,
            met=N_("The law leaves this offense out if it is a felony."),
            unmet=N_("The offense is not one that the law leaves out as a felony."),
            unknown=N_("We do not know if the law leaves this offense out."),
            kind="bar",
        ),
        Requirement(
            "an_attempt",
            "attempt",
            pc("664", confirmed="V", source=f"{gates.FAMILY} section 1.1 (Lewis 2006, Marinelli 2014)"),
            met=N_("The conviction is for an attempt. Courts have held that the list does not name attempts."),
            unmet=N_("The conviction is not for an attempt."),
            unknown=N_("We do not know if the conviction is for an attempt."),
        ),
        Requirement(
            "may_be_inspection",
            'class_1203_4 == "excluded_cond"',
            vc("42002.1", confirmed="M", source=f"{gates.FAMILY} section 1.1"),
            met=N_("Was it about an inspection or an unsafe vehicle? Then the law leaves out this section."),
            unmet=N_("The section is not about vehicle inspections."),
            unknown=N_("We do not know if the section is about vehicle inspections."),
            kind="section",
        ),
        Requirement(
            "inspection",
            "vehicle_inspection",
            vc("42002.1", confirmed="M", source=f"{gates.FAMILY} section 1.1"),
            met=N_("It was about a vehicle inspection or an unsafe vehicle. The law leaves that out."),
            unmet=N_("It was not about an inspection. It was not about an unsafe vehicle."),
            unknown=N_("We do not know if it was about an inspection or an unsafe vehicle."),
            kind="bar",
        ),
        Requirement(
            "driving",
            'class_1203_4 in ["discretionary", "excluded_traffic"]',
            vc("12810", "(a)-(e)", confirmed="V", source=f"{gates.FAMILY} section 1.2"),
            met=N_("It is a driving offense for which the law always leaves the decision to the judge."),
            unmet=N_("It is not a driving offense that the law leaves to the judge."),
            unknown=N_("We do not know if it is a driving offense that the law leaves to the judge."),
        ),
        Requirement(
            "over",
            "sentence_over",
            _MAIN,
            met=N_("The probation is over."),
            unmet=N_("The probation is not over yet."),
            unknown=N_("We do not know if the probation is over."),
        ),
        Requirement(
            "sent_to_jail_or_prison",
            "felony_sentence_given",
            pc("1203.41", "(a)", confirmed="V", source=_SOURCE),
            met=N_("Probation was taken away. You got a felony sentence to jail or prison instead."),
            unmet=N_("You did not lose probation and get sent to jail or prison for a felony."),
            unknown=N_("We do not know if you lost probation and were sent to jail or prison for a felony."),
            kind="bar",
        ),
        gates.SERVING,
        gates.CHARGED,
        Requirement(
            "ended_early",
            'probation_outcome == "early"',
            _MAIN,
            met=N_("The judge ended the probation early."),
            unmet=N_("The judge did not end the probation early."),
            unknown=N_("We do not know if the judge ended the probation early."),
        ),
        Requirement(
            "finished_well",
            'probation_outcome == "completed"',
            _MAIN,
            met=N_("You finished the probation without a violation."),
            unmet=N_("You had a violation on probation, or you did not finish all of it."),
            unknown=N_("We do not know if you finished probation and had no violation."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "infraction",
            "infraction",
            "not_eligible",
            N_("There is no probation for an infraction. Another law is for those."),
            _LIST,
            elsewhere=True,
        ),
        Row(
            "no_probation",
            "not probation",
            "not_eligible",
            N_("This law is for people who were on probation. Another law is for other sentences."),
            _MAIN,
            elsewhere=True,
        ),
        gates.dismissed_row(_MAIN),
        Row(
            "left_out_attempt",
            "(left_out or (left_out_as_felony and felony)) and an_attempt",
            "needs_lawyer",
            N_(
                "The list of this law does not name attempts, and courts have agreed. A lawyer can ask for the "
                "dismissal."
            ),
            pc("1203.4", "(b); Lewis 2006; Marinelli 2014", confirmed="V", source=f"{gates.FAMILY} section 1.1"),
            confidence="medium",
        ),
        Row(
            "left_out",
            "left_out",
            "not_eligible",
            N_("The law leaves this offense out, whatever happened since."),
            _LIST,
        ),
        Row(
            "left_out_as_felony",
            "left_out_as_felony and felony",
            "not_eligible",
            N_(
                "The law leaves this offense out as a felony. If a judge makes it a misdemeanor first, this can change."
            ),
            _LIST,
        ),
        Row(
            "inspection",
            "may_be_inspection and inspection",
            "not_eligible",
            N_(
                "Some misdemeanors are about a vehicle inspection. Some are about an unsafe vehicle. The law leaves "
                "those out."
            ),
            pc("1203.4", "(b); VC 42002.1", confirmed="V", source=f"{gates.FAMILY} section 1.1"),
            confidence="medium",
        ),
        Row(
            "sent_to_jail_or_prison",
            "felony and sent_to_jail_or_prison",
            "not_eligible",
            N_("The probation did not last. The law for felony sentences to jail or prison is for you instead."),
            pc("1203.41", "(a)", confirmed="V", source=_SOURCE),
            elsewhere=True,
        ),
        Row(
            "still_on_probation",
            "not over",
            "not_yet",
            N_("You can ask on the day after the probation ends. A judge can also end it early."),
            _MAIN,
            on="latest_known(add_days(probation_end, 1), add_days(serving_until, 1))",
        ),
        Row(
            "serving_elsewhere",
            "serving",
            "not_yet",
            N_("Every sentence and every probation must be over, in all cases. You can ask on the day after."),
            pc("1203.4", "(a)(1)", confirmed="V", source=f"{gates.FAMILY} section 0"),
            on="add_days(serving_until, 1)",
        ),
        gates.CHARGED_ROW,
        Row(
            "driving",
            "driving",
            "eligible_discretionary",
            N_("For this driving offense the judge decides. This is so even if you finished probation well."),
            pc("1203.4", "(c)(1), (2); VC 12810", confirmed="V", source=f"{gates.FAMILY} section 1.2"),
            relief="dismiss",
            flags=("declaration",),
        ),
        Row(
            "ended_early",
            "ended_early",
            "eligible_mandatory",
            N_("The judge ended your probation early. The court must dismiss the conviction."),
            _MAIN,
            relief="dismiss",
        ),
        Row(
            "finished_well",
            "finished_well",
            "eligible_mandatory",
            N_("You finished your probation. The court must dismiss the conviction."),
            _MAIN,
            relief="dismiss",
        ),
        Row(
            "judge_decides",
            "True",
            "eligible_discretionary",
            N_("If there was a violation, the judge decides. Tell the judge what has changed since."),
            _MAIN,
            relief="dismiss",
            flags=("declaration",),
            confidence="medium",
        ),
    ),
    presumptions=(
        gates.ADULT,
        gates.NOT_DISMISSED,
        gates.NOT_SERVING,
        gates.NOT_CHARGED,
        gates.NO_ATTEMPT,
    ),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "conviction and probation and not known(class_1203_4)",
            "need_info",
            N_(
                "We do not have this section of the law in our list. If Penal Code 1203.4(b) does not leave it "
                "out, you can ask for a dismissal. A lawyer or the self-help center can tell you."
            ),
            _LIST,
            confidence="low",
        ),
    ),
    flags=(
        gates.DECLARATION,
        Flag(
            "registration_stays",
            N_("The dismissal does not end a duty to register as a sex offender. Talk to a lawyer about that."),
            when="conviction_registrable",
            only_eligible=True,
        ),
        Flag(
            "lawyer",
            N_("Talk to a lawyer before you file. The public defender is free in most counties."),
            when="conviction_registrable",
            only_eligible=True,
        ),
    ),
    papers=(
        Paper(
            "CR-180",
            "True",
            (
                Box("2", "True"),
                Box("2a", "finished_well and not driving"),
                Box("2b", "ended_early and not driving"),
                # Who does not know how it went asks the judge: that states nothing that may not be true.
                Box("2c", "driving or not known(probation_outcome) or (not finished_well and not ended_early)"),
            ),
        ),
    ),
    doubts=(
        N_("Which Vehicle Code 2800 cases are left out (those about inspections, 42002.1) is from memory."),
        N_(
            "If probation for a misdemeanor was taken away, we say that the judge decides. That is how we read the law."
        ),
    ),
)
