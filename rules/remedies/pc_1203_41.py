"""Dismissal of a felony after county jail or state prison: Penal Code 1203.41.

The judge always decides. The wait depends on the sentence: one year after county supervision of a split sentence, two
years after a county-jail sentence, two years after prison. Parole is part of a prison sentence, so the two years are
counted from its end; where they have passed only if counted from the release, a lawyer has to look. After prison, an
offense with a duty to register is left out; serious and violent felonies are not.

Worked example: county jail for 11351, released 2024-05-05. From 2026-05-06 on the judge may dismiss it, CR-180 items 5
and 5b.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Flag, Paper, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 3"
_WAIT = pc("1203.41", "(a)(2)", confirmed="V", source=_SOURCE)
_SUPERVISED = pc("1203.41", "(a)(3)", confirmed="V", source=_SOURCE)
_REGISTER = pc("1203.41", "(a)(6)", confirmed="V", source=_SOURCE)
_SPLIT_DAY = "add_days(add_years(sentence_completed, law.wait_split_years), 1)"
_JAIL_DAY = "add_days(add_years(first_known(sentence_completed, release_date), law.wait_jail_years), 1)"
_PRISON_DAY = "add_days(add_years(sentence_completed, law.wait_prison_years), 1)"
# The years run from the end of this sentence, so without it no day can be told.
_SPLIT_OPENS = f"given(known({_SPLIT_DAY}), latest_known({_SPLIT_DAY}, add_days(serving_until, 1)))"
_JAIL_OPENS = f"given(known({_JAIL_DAY}), latest_known({_JAIL_DAY}, add_days(serving_until, 1)))"
_PRISON_OPENS = f"given(known({_PRISON_DAY}), latest_known({_PRISON_DAY}, add_days(serving_until, 1)))"

REMEDY = Remedy(
    name="pc_1203_41",
    title=N_("Felony dismissal after jail or prison"),
    short=N_("Dismissal after jail or prison"),
    summary=N_(
        "If a felony sent you to county jail or state prison, you can ask a judge to dismiss it one or two years "
        "after all of it is over, parole and supervision too. The judge decides. Money you still owe to a victim "
        "does not count against you."
    ),
    statute=pc("1203.41", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_1203_41"),
    reliefs=(("dismiss", N_("dismiss the conviction")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.DISMISSED,
        gates.level("felony", _WAIT),
        gates.FELONY_TERM,
        Requirement(
            "prison",
            'felony_term == "prison"',
            _WAIT,
            met=N_("The sentence was served in state prison."),
            unmet=N_("The sentence was not served in state prison."),
            unknown=N_("We do not know if the sentence was served in county jail or in state prison."),
        ),
        Requirement(
            "split",
            'felony_term == "county_jail_split"',
            _WAIT,
            met=N_("It was a split sentence: county jail, then supervision by the county."),
            unmet=N_("It was not a split sentence."),
            unknown=N_(
                "We do not know if it was a split sentence. That is county jail, then supervision by the county."
            ),
        ),
        Requirement(
            "has_to_register",
            "conviction_registrable",
            _REGISTER,
            met=N_(
                "This conviction brings a duty to register as a sex offender. After prison the law leaves that out."
            ),
            unmet=N_("You do not have to register as a sex offender because of this."),
            unknown=N_("We do not know if you have to register as a sex offender because of this."),
            kind="bar",
        ),
        Requirement(
            "over",
            "sentence_over",
            _SUPERVISED,
            met=N_("The sentence is over, and so are all parole and supervision."),
            unmet=N_("The sentence is not over. Jail, prison, parole or supervision goes on."),
            unknown=N_("We do not know if the sentence is over, with all parole and supervision."),
        ),
        gates.SERVING,
        gates.CHARGED,
        Requirement(
            "split_wait_over",
            f"as_of >= {_SPLIT_DAY}",
            _WAIT,
            met=N_("More than one year has passed since the supervision ended."),
            unmet=N_("One year has not passed since the supervision ended."),
            unknown=N_("We do not know if one year has passed since the supervision ended."),
        ),
        Requirement(
            "jail_wait_over",
            f"as_of >= {_JAIL_DAY}",
            _WAIT,
            met=N_("More than two years have passed since the sentence ended."),
            unmet=N_("Two years have not passed since the sentence ended."),
            unknown=N_("We do not know if two years have passed since the sentence ended."),
        ),
        Requirement(
            "prison_wait_over",
            f"as_of >= {_PRISON_DAY}",
            _WAIT,
            met=N_("More than two years have passed since prison and parole ended."),
            unmet=N_("Two years have not passed since prison and parole ended."),
            unknown=N_("We do not know if two years have passed since prison and parole ended."),
        ),
        Requirement(
            "release_wait_over",
            "as_of >= add_days(add_years(release_date, law.wait_prison_years), 1)",
            _WAIT,
            met=N_("More than two years have passed since the release from prison."),
            unmet=N_("Two years have not passed since the release from prison."),
            unknown=N_("We do not know if two years have passed since the release from prison."),
        ),
        Requirement(
            "before_2011",
            'conviction_date < law.realignment_day and class_1170h == "Y"',
            pc("1203.42", "(a)", confirmed="V", source=_SOURCE),
            met=N_("The sentence is from before October 2011, and today the crime would go to county jail."),
            unmet=N_("It is not a sentence from before October 2011 for a crime that now goes to county jail."),
            unknown=N_("We do not know if the sentence is from before October 2011."),
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
            N_("This law is for felonies. Other laws are for misdemeanors and infractions."),
            _WAIT,
            elsewhere=True,
        ),
        Row(
            "no_felony_sentence",
            "not felony_sentence",
            "not_eligible",
            N_(
                "This law is for people sent to county jail or state prison for a felony. Another law is for probation."
            ),
            _WAIT,
            elsewhere=True,
        ),
        gates.dismissed_row(_WAIT),
        Row(
            "has_to_register",
            "prison and has_to_register",
            "not_eligible",
            N_("Some offenses mean that you must register as a sex offender. After prison, the law leaves those out."),
            _REGISTER,
        ),
        Row(
            "split_running",
            "split and not over",
            "not_yet",
            N_("You can ask one year after the supervision by the county ends."),
            pc("1203.41", "(a)(2), (3)", confirmed="V", source=_SOURCE),
            on=_SPLIT_OPENS,
        ),
        Row(
            "prison_running",
            "prison and not over",
            "not_yet",
            N_("You can ask two years after prison is over. Parole or supervision must be over for two years too."),
            _SUPERVISED,
            on=_PRISON_OPENS,
        ),
        Row(
            "jail_running",
            "not over",
            "not_yet",
            N_("You can ask two years after the sentence is over."),
            _SUPERVISED,
            on=_JAIL_OPENS,
        ),
        Row(
            "split_wait",
            "split and not split_wait_over",
            "not_yet",
            N_("You can ask when one year has passed since the supervision by the county ended."),
            _WAIT,
            on=_SPLIT_OPENS,
        ),
        Row(
            "prison_release_or_parole",
            "prison and not prison_wait_over and release_wait_over",
            "needs_lawyer",
            N_(
                "Two years have passed since the release, but not since parole ended. The law does not say clearly "
                "which one counts. A lawyer can tell you whether to ask now."
            ),
            _WAIT,
            confidence="low",
        ),
        Row(
            "prison_wait",
            "prison and not prison_wait_over",
            "not_yet",
            N_("You can ask when two years have passed since prison and parole ended."),
            _WAIT,
            on=_PRISON_OPENS,
        ),
        Row(
            "jail_wait",
            "not split and not jail_wait_over",
            "not_yet",
            N_("You can ask when two years have passed since the sentence ended."),
            _WAIT,
            on=_JAIL_OPENS,
        ),
        Row(
            "serving_elsewhere",
            "serving",
            "not_yet",
            N_("Every sentence and every probation must be over, in all cases. You can ask on the day after."),
            pc("1203.41", "(a)(4)", confirmed="V", source=f"{gates.FAMILY} section 0"),
            on="add_days(serving_until, 1)",
        ),
        gates.CHARGED_ROW,
        Row(
            "split_open",
            "split",
            "eligible_discretionary",
            N_("One year has passed since the supervision ended. A judge may dismiss the conviction."),
            pc("1203.41", "(a)(2)(A)", confirmed="V", source=_SOURCE),
            relief="dismiss",
            flags=("declaration",),
        ),
        Row(
            "prison_open",
            "prison",
            "eligible_discretionary",
            N_("Two years have passed since prison and parole ended. A judge may dismiss the conviction."),
            pc("1203.41", "(a)(2)(C), (a)(6)", confirmed="V", source=_SOURCE),
            relief="dismiss",
            flags=("declaration",),
        ),
        Row(
            "jail_open",
            "True",
            "eligible_discretionary",
            N_("Two years have passed since the sentence ended. A judge may dismiss the conviction."),
            pc("1203.41", "(a)(2)(B)", confirmed="V", source=_SOURCE),
            relief="dismiss",
            flags=("declaration",),
        ),
    ),
    presumptions=(gates.ADULT, gates.NOT_DISMISSED, gates.NOT_SERVING, gates.NOT_CHARGED),
    flags=(
        gates.DECLARATION,
        Flag(
            "ask_supervision",
            N_(
                "Ask who supervised you. If it was after county jail (mandatory supervision), this opens one year "
                "after that ended. If it was after prison (PRCS), it opens two years after."
            ),
            when="felony_sentence and not known(felony_term)",
        ),
        Flag("lawyer", gates.LAWYER.says, when='prison and sentence_status == "county_supervision"'),
    ),
    papers=(
        Paper(
            "CR-180",
            "True",
            (
                Box("5", "True"),
                Box("5a", "split"),
                Box("5b", "not split and not prison"),
                Box("5c (alternative 6)", "prison and before_2011"),
                Box("5c", "prison and not before_2011"),
            ),
        ),
    ),
    doubts=(
        N_(
            "The two years after prison may start at the release or when parole ends. No source is clear. We use "
            "the end of parole."
        ),
        N_("The law does not name county supervision after prison (PRCS). We treat it like parole."),
    ),
)
