"""Sealing an arrest that led to no conviction: Penal Code 851.91.

A right, if charges were never filed and the time to file them is over, or if they were dismissed for good or ended
in a verdict of not guilty. A felony dismissed once can be filed again until the time is over; what was pending does
not count towards it, so the day shown is the earliest. In a pattern of domestic violence, child abuse or elder
abuse the judge decides. One petition for each arrest, judged by its most serious charge.

Worked example: arrested for second-degree burglary on 2022-12-01, never charged. Three years are the limit, so from
2025-12-02 on the court must seal it: form CR-409, "matter of right".
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Flag, Paper, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.ARRESTS} section 1"
_MAIN = pc("851.91", "(a)", confirmed="V", source=_SOURCE)
_TIME = pc("851.91", "(a)(1)(A); 799-805", confirmed="M", source=_SOURCE)
_AGAIN = pc("851.91", "(a)(1)(B)(i); 1387", confirmed="V", source=_SOURCE)
_OPENS = "add_days(add_years(offense_day, limit_years), 1)"

REMEDY = Remedy(
    name="pc_851_91",
    title=N_("Sealing an arrest without a conviction"),
    short=N_("Sealing an arrest"),
    summary=N_(
        "If you were arrested and not convicted, you can ask the court to seal the arrest. If no charges can come "
        "any more, the court has to do it. Then you may say that the arrest did not happen. It is free."
    ),
    statute=pc("851.91", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_851_91"),
    tier="arrest",
    reliefs=(("seal_arrest", N_("seal the arrest")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        Requirement(
            "ending_not_known",
            'disposition == "not_known"',
            _MAIN,
            met=N_("You do not know how the case ended."),
            unmet=N_("It is known how the case ended."),
            unknown=N_("We do not know how the case ended."),
            kind="gate",
        ),
        Requirement(
            "convicted_of_other",
            'disposition == "convicted_of_other"',
            _MAIN,
            met=N_("The same arrest led to a conviction for something else."),
            unmet=N_("The arrest did not lead to a conviction for something else."),
            unknown=N_("We do not know if the arrest led to a conviction for something else."),
            kind="bar",
        ),
        Requirement(
            "over_for_good",
            'disposition in ["acquitted", "dismissed_for_good", "vacated"]',
            _MAIN,
            met=N_("The charges ended for good, without a conviction."),
            unmet=N_("The charges did not end for good in court."),
            unknown=N_("We do not know if the charges ended for good."),
        ),
        Requirement(
            "acquitted",
            'disposition == "acquitted"',
            _MAIN,
            met=N_("A court found you not guilty of everything."),
            unmet=N_("There was no verdict of not guilty of everything."),
            unknown=N_("We do not know if a court found you not guilty."),
        ),
        Requirement(
            "went_through_program",
            'disposition in ["diverted", "dej_completed"]',
            pc("851.87", "; 1000.4; 1001.9", confirmed="V", source=_SOURCE),
            met=N_("The case ended after a program (diversion)."),
            unmet=N_("The case did not end after a program (diversion)."),
            unknown=N_("We do not know if the case ended after a program (diversion)."),
        ),
        Requirement(
            "dismissed_once",
            'disposition == "dismissed"',
            _AGAIN,
            met=N_("The charges were dismissed once."),
            unmet=N_("The charges were not just dismissed once."),
            unknown=N_("We do not know if the charges were dismissed once."),
        ),
        gates.level("felony", _AGAIN),
        Requirement(
            "no_time_limit",
            'current_level == "felony" and limit_felony == "none"',
            _TIME,
            met=N_("There is no time limit for these charges."),
            unmet=N_("There is a time limit for these charges."),
            unknown=N_("We do not know if there is a time limit for these charges."),
            kind="bar",
        ),
        Requirement(
            "limit_hard_to_tell",
            """(current_level == "felony" and limit_felony == "lawyer")
               or (current_level == "misdemeanor" and limit_misdemeanor == "lawyer")""",
            pc("801.5; 803", confirmed="M", source=_SOURCE),
            met=N_("For these charges, the time starts when somebody found out. Only a lawyer can count it."),
            unmet=N_("The time to file these charges can be counted."),
            unknown=N_("We do not know if the time to file these charges can be counted."),
        ),
        Requirement(
            "time_over",
            "limit_over",
            _TIME,
            met=N_("The time to file charges is over."),
            unmet=N_("The time to file charges is not over yet."),
            unknown=N_("We do not know if the time to file charges is over."),
        ),
        Requirement(
            "ran",
            "evaded",
            pc("851.91", "(a)(2)", confirmed="V", source=_SOURCE),
            met=N_("You ran from the case, or were charged with using another name in it. That closes this door."),
            unmet=N_("You did not run from the case or use another name in it."),
            unknown=N_("We do not know if you ran from the case or used another name in it."),
            kind="bar",
        ),
        Requirement(
            "abuse_charge",
            'abuse_kind in ["dv", "child", "elder"]',
            pc("851.91", "(c)(2)", confirmed="V", source=_SOURCE),
            met=N_("It is about violence by a partner. Or it is about abuse of a child or an older person."),
            unmet=N_("It is not about violence by a partner. It is not about abuse of a child or an older person."),
            unknown=N_("Is it about violence by a partner, or abuse of a child or an older person? We do not know."),
            kind="section",
        ),
        Requirement(
            "pattern",
            "abuse_pattern",
            pc("851.91", "(c)(2)", confirmed="V", source=_SOURCE),
            met=N_("The record shows a pattern: two or more convictions, or five or more arrests, of this kind."),
            unmet=N_("The record shows no pattern of this kind."),
            unknown=N_("We do not know if the record shows a pattern of this kind."),
        ),
    ),
    rows=(
        Row(
            "a_conviction",
            "conviction",
            "not_eligible",
            N_("This law is for arrests that did not lead to a conviction."),
            _MAIN,
            elsewhere=True,
        ),
        gates.JUVENILE,
        Row(
            "other_place",
            "other_place",
            "not_eligible",
            N_("This law is only for arrests in California."),
            _MAIN,
            doors=("that_place",),
        ),
        Row(
            "ending_not_known",
            "ending_not_known",
            "need_info",
            N_(
                "First find out how the case ended. Your record from the Department of Justice says it, or the "
                "court clerk."
            ),
            _MAIN,
            asks=("disposition",),
        ),
        Row(
            "convicted_of_other",
            "convicted_of_other",
            "not_eligible",
            N_(
                "The same arrest led to a conviction, so the arrest cannot be sealed. See what is open for the "
                "conviction."
            ),
            _MAIN,
        ),
        Row(
            "ran",
            "ran",
            "not_eligible",
            N_("The law leaves out people who ran from the case, or used the name of another person."),
            pc("851.91", "(a)(2)", confirmed="V", source=_SOURCE),
        ),
        Row(
            "no_time_limit",
            "no_time_limit and not acquitted",
            "not_eligible",
            N_(
                "For this charge there is no time limit. Only a verdict of not guilty, or proof of innocence, "
                "opens this door."
            ),
            _TIME,
        ),
        Row(
            "limit_hard_to_tell",
            "limit_hard_to_tell and (felony or not dismissed_once) and not over_for_good and not went_through_program",
            "needs_lawyer",
            N_("For this charge the time to file starts when somebody found out. A lawyer has to count it."),
            pc("801.5; 803", confirmed="M", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "felony_dismissed_once",
            "dismissed_once and felony and not time_over",
            "not_yet",
            N_(
                "A felony dismissed once can be filed again until the time is over. This is the earliest day: the "
                "days in which the case was open come on top."
            ),
            pc("851.91", "(a)(2)(A); 1387", confirmed="V", source=_SOURCE),
            on=_OPENS,
            confidence="low",
        ),
        Row(
            "time_runs",
            "not dismissed_once and not over_for_good and not went_through_program and not time_over",
            "not_yet",
            N_("Charges can still be filed until that day. After it, the court must seal the arrest if none came."),
            pc("851.91", "(a)(2)(A); 801", confirmed="V", source=_SOURCE),
            on=_OPENS,
        ),
        Row(
            "program",
            "went_through_program",
            "eligible_discretionary",
            N_(
                "After a program (diversion), ask the court to seal the arrest. The program's own law may do it as "
                "well."
            ),
            pc("851.87", "; 851.91", confirmed="V", source=_SOURCE),
            relief="seal_arrest",
            confidence="medium",
        ),
        Row(
            "pattern",
            "abuse_charge and pattern and not acquitted",
            "eligible_discretionary",
            N_(
                "Because of the pattern the judge decides. Say why sealing is fair: hardship, work, what you have "
                "done since."
            ),
            pc("851.91", "(c)(2)", confirmed="V", source=_SOURCE),
            relief="seal_arrest",
        ),
        Row(
            "right",
            "True",
            "eligible_mandatory",
            N_("No charges can come from this arrest any more. The court must seal it."),
            pc("851.91", "(a), (c)(1)", confirmed="V", source=_SOURCE),
            relief="seal_arrest",
        ),
    ),
    presumptions=(
        gates.ADULT,
        Presumption("evaded", False, N_("you did not run from the case or use another name in it"), burden=False),
    ),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "not conviction and not over_for_good and not known(limit_years)",
            "need_info",
            N_(
                "We do not know how long charges can be filed for this. Ask the public defender. If the time is "
                "over, the court must seal the arrest."
            ),
            _TIME,
            confidence="low",
        ),
    ),
    flags=(
        Flag(
            "tolling",
            N_("Time spent outside California can make the wait longer. If that was you, ask a lawyer."),
            when="time_over and not over_for_good",
            only_eligible=True,
        ),
    ),
    papers=(
        Paper(
            "CR-409",
            "True",
            (
                Box("matter of right", "not went_through_program and (not abuse_charge or not pattern or acquitted)"),
                Box("interests of justice", "went_through_program or (abuse_charge and pattern and not acquitted)"),
            ),
        ),
    ),
    doubts=(
        N_("The time limits to file charges are from memory, for every section."),
        N_("How the days in which a dismissed case was open lengthen the wait (803(b)) needs the court file."),
        N_("Violent felonies can in some cases be filed a third time (1387.1)."),
    ),
)
