"""Dismissal of an older prison felony: Penal Code 1203.42, the twin of 1203.41 for sentences from before October 2011
for crimes that go to county jail today.

Since 2023 the newer section reaches these sentences too, and its item comes first; this one stays listed as the other
item of the same form, two years after the sentence is over.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Box, Paper, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 3"
_MAIN = pc("1203.42", "(a)", confirmed="V", source=_SOURCE)
_DAY = "add_days(add_years(sentence_completed, law.wait_old_prison_years), 1)"
_OPENS = f"given(known({_DAY}), latest_known({_DAY}, add_days(serving_until, 1)))"

REMEDY = Remedy(
    name="pc_1203_42",
    title=N_("Dismissal of an older prison felony"),
    short=N_("Dismissal of an older prison felony"),
    summary=N_(
        "Many felonies meant state prison before October 2011 and mean county jail today. Were you sent to prison "
        "for one of them before that? Then you can ask a judge to dismiss it two years after the sentence is "
        "over."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_42"),
    reliefs=(("dismiss", N_("dismiss the conviction")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.DISMISSED,
        gates.level("felony", _MAIN),
        gates.FELONY_TERM,
        Requirement(
            "prison",
            'felony_term == "prison"',
            _MAIN,
            met=N_("The sentence was served in state prison."),
            unmet=N_("The sentence was not served in state prison."),
            unknown=N_("We do not know if the sentence was served in state prison."),
        ),
        Requirement(
            "before_2011",
            "conviction_date < law.realignment_day",
            _MAIN,
            met=N_("The sentence is from before October 2011."),
            unmet=N_("The sentence is from October 2011 or later."),
            unknown=N_("We do not know if the sentence is from before October 2011."),
        ),
        Requirement(
            "county_jail_today",
            'class_1170h == "Y"',
            pc("1170", "(h)", confirmed="M", source="law/offense-table.csv"),
            met=N_("Today this crime goes to county jail."),
            unmet=N_("Today this crime does not go to county jail."),
            unknown=N_("We do not know if today this crime goes to county jail."),
        ),
        Requirement(
            "over",
            "sentence_over",
            _MAIN,
            met=N_("The sentence is over, and so are all parole and supervision."),
            unmet=N_("The sentence is not over. Jail, prison, parole or supervision goes on."),
            unknown=N_("We do not know if the sentence is over, with all parole and supervision."),
        ),
        Requirement(
            "wait_over",
            f"as_of >= {_DAY}",
            _MAIN,
            met=N_("More than two years have passed since prison and parole ended."),
            unmet=N_("Two years have not passed since prison and parole ended."),
            unknown=N_("We do not know if two years have passed since prison and parole ended."),
        ),
        gates.SERVING,
        gates.CHARGED,
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "another_sentence",
            "not felony or not felony_sentence or not prison or not before_2011 or not county_jail_today",
            "not_eligible",
            N_(
                "This law is only for prison sentences from before October 2011. The crime must be one that goes "
                "to county jail today."
            ),
            _MAIN,
            elsewhere=True,
        ),
        gates.dismissed_row(_MAIN),
        Row(
            "waiting",
            "not over or not wait_over",
            "not_yet",
            N_("You can ask when two years have passed since prison and parole ended."),
            _MAIN,
            on=_OPENS,
        ),
        Row(
            "serving_elsewhere",
            "serving",
            "not_yet",
            N_("Every sentence and every probation must be over, in all cases. You can ask on the day after."),
            pc("1203.42", "(a)", confirmed="V", source=f"{gates.FAMILY} section 0"),
            on="add_days(serving_until, 1)",
        ),
        gates.CHARGED_ROW,
        Row(
            "open",
            "True",
            "eligible_discretionary",
            N_("This older law fits too: a judge may dismiss the conviction. Item 6 of the same form is for it."),
            _MAIN,
            relief="dismiss",
            flags=("declaration",),
        ),
    ),
    presumptions=(gates.ADULT, gates.NOT_DISMISSED, gates.NOT_SERVING, gates.NOT_CHARGED),
    flags=(gates.DECLARATION,),
    papers=(Paper("CR-180", "True", (Box("6", "True"),)),),
    doubts=(N_("Which crimes go to county jail since 2011 is from memory for most sections."),),
)
