"""Automatic relief for convictions: Penal Code 1203.425. The state looks through its records every month and clears
some convictions without being asked; nobody files anything, and a person can only check.

Three ways in (law/1203-4-family.md section 5): probation finished without being taken away; a misdemeanor or
infraction without probation, one year after the judgment; another felony since 2005, four years after everything is
over, if it is not serious, not violent and brings no duty to register. It does not reduce a felony and is no court
order, so a petition may still help.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Flag, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 5"
_MAIN = pc("1203.425", "(a)(1)(B)", confirmed="V", source=_SOURCE)
_FELONY = pc("1203.425", "(a)(1)(B)(iv)(II)", confirmed="V", source=_SOURCE)
_MISDEMEANOR_DAY = "add_days(add_years(conviction_date, law.automatic_misdemeanor_years), 1)"
_FELONY_DAY = "add_days(add_years(sentence_completed, law.automatic_felony_years), 1)"

REMEDY = Remedy(
    name="pc_1203_425",
    title=N_("Convictions that the state clears by itself"),
    short=N_("The state may clear it by itself"),
    summary=N_(
        "Each month the state looks through its records and clears some old convictions. You do not have to ask. "
        "You can check it in your record from the Department of Justice. It is not a court order, so asking the "
        "court can still help you."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_425"),
    tier="automatic",
    beside=True,
    reliefs=(("automatic", N_("have the record marked as relief granted, by the state")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.DISMISSED,
        gates.level("felony", _MAIN),
        gates.PROBATION,
        Requirement(
            "since_1973",
            "conviction_date >= law.automatic_from",
            _MAIN,
            met=N_("The conviction is from 1973 or later."),
            unmet=N_("The conviction is from before 1973. The state only looks at later ones."),
            unknown=N_("We do not know if the conviction is from 1973 or later."),
        ),
        Requirement(
            "has_to_register",
            "registers",
            _MAIN,
            met=N_("You have to register as a sex offender now. The state leaves you out."),
            unmet=N_("You do not have to register as a sex offender now."),
            unknown=N_("We do not know if you have to register as a sex offender now."),
            kind="bar",
        ),
        gates.SERVING,
        gates.CHARGED,
        Requirement(
            "probation_kept",
            'probation_outcome in ["completed", "early", "violation"]',
            _MAIN,
            met=N_("Probation was finished and was not taken away for good."),
            unmet=N_("Probation was taken away."),
            unknown=N_("We do not know if probation was taken away."),
        ),
        Requirement(
            "serious_or_violent",
            'class_serious == "Y" or class_violent == "Y" or class_290 == "Y"',
            _FELONY,
            met=N_("It is a serious or violent felony, or brings a duty to register. The state leaves those out."),
            unmet=N_("It is not on the list of serious and violent felonies for sure."),
            unknown=N_("We do not know if it is a serious or violent felony."),
            kind="bar",
        ),
        Requirement(
            "maybe_serious",
            'class_serious == "cond" or class_violent == "cond" or class_290 == "cond"',
            _FELONY,
            met=N_("It may be a serious or violent felony. That depends on the facts."),
            unmet=N_("It is not one that is serious or violent depending on the facts."),
            unknown=N_("We do not know if it is a serious or violent felony."),
        ),
        Requirement(
            "since_2005",
            "conviction_date >= law.automatic_felony_from",
            pc("1203.425", "(a)(1)(B)(iv)(II)", confirmed="M", source=_SOURCE),
            met=N_("The conviction is from 2005 or later."),
            unmet=N_("The conviction is from before 2005. The state does not look at older felonies of this kind."),
            unknown=N_("We do not know if the conviction is from 2005 or later."),
        ),
        Requirement(
            "year_passed",
            f"as_of >= {_MISDEMEANOR_DAY}",
            _MAIN,
            met=N_("More than one year has passed since the judgment."),
            unmet=N_("One year has not passed since the judgment."),
            unknown=N_("We do not know if one year has passed since the judgment."),
        ),
        Requirement(
            "four_years_passed",
            f"as_of >= {_FELONY_DAY}",
            _FELONY,
            met=N_("More than four years have passed since everything was over."),
            unmet=N_("Four years have not passed since everything was over."),
            unknown=N_("We do not know if four years have passed since everything was over."),
        ),
        Requirement(
            "something_not_done",
            'sentence_performed in ["fine_owed", "not_all"]',
            _MAIN,
            met=N_("Part of the sentence was not done, or a court fine is still owed."),
            unmet=N_("Everything that the sentence asked was done, but for money owed to a victim."),
            unknown=N_("We do not know if everything that the sentence asked was done."),
            kind="bar",
        ),
        Requirement(
            "trouble_since",
            "new_conviction_since",
            _FELONY,
            met=N_("There was a new conviction or arrest after the judgment. A new felony would stop it."),
            unmet=N_("There was no new conviction or arrest after the judgment."),
            unknown=N_("We do not know if there was a new conviction after the judgment."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        gates.dismissed_row(_MAIN),
        Row(
            "before_1973",
            "not since_1973",
            "not_eligible",
            N_("The state does not look at convictions from before 1973."),
            _MAIN,
        ),
        Row(
            "serious_or_violent",
            "felony and serious_or_violent and not (probation and probation_kept)",
            "not_eligible",
            N_("The state does not clear serious or violent felonies by itself. Only a court can."),
            _FELONY,
        ),
        Row(
            "has_to_register",
            "has_to_register",
            "not_eligible",
            N_("The state does not clear convictions of people who have to register."),
            _MAIN,
        ),
        Row(
            "serving",
            "serving",
            "not_yet",
            N_("The state looks at it when no sentence is being served any more."),
            _MAIN,
            on="add_days(serving_until, 1)",
        ),
        Row(
            "charged",
            "charged",
            "not_yet",
            N_("The state looks at it when the open criminal case is over."),
            _MAIN,
        ),
        Row(
            "probation_finished",
            "probation and probation_kept",
            "eligible_mandatory",
            N_("Probation was finished, so the state should clear this by itself. Check your record to see if it has."),
            pc("1203.425", "(a)(1)(B)(iv)(I)(ia)", confirmed="V", source=_SOURCE),
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
        ),
        Row(
            "lower_not_done",
            "not felony and something_not_done",
            "not_yet",
            N_("The state looks at it when everything that the sentence asked is done."),
            pc("1203.425", "(a)(1)(B)(iv)(I)(ib)", confirmed="V", source=_SOURCE),
        ),
        Row(
            "lower_year_passed",
            "not felony and year_passed",
            "eligible_mandatory",
            N_("One year has passed, so the state should clear this by itself. Check your record to see if it has."),
            pc("1203.425", "(a)(1)(B)(iv)(I)(ib)", confirmed="V", source=_SOURCE),
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
        ),
        Row(
            "lower_waiting",
            "not felony",
            "not_yet",
            N_("One year after the judgment, the state should clear this by itself."),
            pc("1203.425", "(a)(1)(B)(iv)(I)(ib)", confirmed="V", source=_SOURCE),
            on=_MISDEMEANOR_DAY,
        ),
        Row(
            "old_felony",
            "not since_2005",
            "not_eligible",
            N_("The state does not look at felonies of this kind from before 2005."),
            _FELONY,
            confidence="medium",
        ),
        Row(
            "maybe_serious",
            "maybe_serious or trouble_since",
            "needs_lawyer",
            N_("If the state clears this hangs on details of the case and of your record. A lawyer can tell you."),
            _FELONY,
            confidence="low",
        ),
        Row(
            "felony_waiting",
            "not four_years_passed",
            "not_yet",
            N_(
                "Four years after everything is over, the state should clear this by itself. There must be no new "
                "felony."
            ),
            _FELONY,
            on=_FELONY_DAY,
        ),
        Row(
            "felony_four_years",
            "True",
            "eligible_mandatory",
            N_("Four years have passed, so the state should clear this by itself. Check your record to see if it has."),
            _FELONY,
            relief="automatic",
            flags=("auto_relief_likely", "how_to_check"),
            confidence="medium",
        ),
    ),
    presumptions=(
        gates.ADULT,
        gates.NOT_DISMISSED,
        gates.NOT_SERVING,
        gates.NOT_CHARGED,
        gates.NO_SERIOUS,
        Presumption("sentence_performed", "all", N_("you did everything the sentence asked"), burden=False),
        gates.NO_TROUBLE,
    ),
    flags=(
        gates.AUTO_RELIEF_LIKELY,
        Flag(
            "how_to_check",
            N_(
                "How to check: order your record from the Department of Justice. Look for the words relief granted, or "
                "1203.425, near this conviction."
            ),
        ),
    ),
    doubts=(
        N_("Other felonies are reached only from 2005 on. We have this from two sources that are not the law itself."),
        N_("Some violations do not end probation. We read the law to say that they do not stop automatic relief."),
    ),
)
