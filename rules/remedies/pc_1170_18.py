"""Proposition 47: Penal Code 1170.18, felonies that have been misdemeanors since 5 November 2014.

Drug possession counts always, theft and its kin up to $950. Who has finished the sentence applies, and the court
*shall* designate the felony a misdemeanor; who still serves it petitions, and the judge may refuse for public
safety. A conviction from the list of most serious crimes, or a duty to register, bars it whenever it came
(*Casillas*). The value has to be shown by the person who asks (*Romanowski*, *Page*), so a value nobody knows
leaves the answer open.

Worked example: receiving stolen property, a felony of 2011, worth $500: the court must make it a misdemeanor. Worth
unknown: it depends on the value.
"""

from rules.cite import decision, pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Flag, Paper, Presumption, Remedy, Requirement, Row

_SOURCE = f"{gates.OTHER} section 1"
_MAIN = pc("1170.18", "(f), (g)", confirmed="V", source=_SOURCE)
_VALUE = pc("1170.18", "(f), (g); 490.2", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1170_18",
    title=N_("Felonies that are misdemeanors now: Proposition 47"),
    short=N_("Proposition 47"),
    summary=N_(
        "A 2014 law, Proposition 47, made drug possession and small thefts misdemeanors. It also works for the "
        "past: if you have a felony for one of them, the court must change it to a misdemeanor. There is no "
        "deadline. It does not give back gun rights."
    ),
    statute=pc("1170.18", confirmed="V", source=_SOURCE),
    coverage=coverage("pc_1170_18"),
    tier="better",
    reliefs=(("designate_misdemeanor", N_("change the felony to a misdemeanor")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        gates.level("felony", _MAIN),
        Requirement(
            "not_listed",
            'class_prop47 == "N"',
            _MAIN,
            met=N_("It is not one of the crimes that Proposition 47 names."),
            unmet=N_("It is one of the crimes that Proposition 47 names, or part of it is."),
            unknown=N_("We do not know if Proposition 47 names this crime."),
        ),
        Requirement(
            "always_listed",
            'class_prop47 == "Y"',
            _MAIN,
            met=N_("Proposition 47 names this crime, whatever the value."),
            unmet=N_("For this crime the value or the facts decide."),
            unknown=N_("We do not know if Proposition 47 names this crime."),
        ),
        Requirement(
            "before_the_law",
            "offense_day < law.prop47_in_force",
            _MAIN,
            met=N_("It happened before November 5, 2014, the day Proposition 47 took effect."),
            unmet=N_("It happened after Proposition 47 took effect, so a court already used the new law."),
            unknown=N_("We do not know if it happened before November 5, 2014."),
        ),
        Requirement(
            "an_attempt",
            "attempt",
            pc("664", confirmed="M", source=_SOURCE),
            met=N_("The conviction is for an attempt. The law does not say if an attempt counts."),
            unmet=N_("The conviction is not for an attempt."),
            unknown=N_("We do not know if the conviction is for an attempt."),
        ),
        Requirement(
            "only_some_thefts",
            'offense in ["PC 459", "VC 10851"]',
            decision("People v. Page (2017) 3 Cal.5th 1175", confirmed="M", source=_SOURCE),
            met=N_("Of this section, only some thefts are named in Proposition 47."),
            unmet=N_("It is not a section of which only some thefts count."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "not_the_kind",
            '(offense == "PC 459" and not shoplifting) or (offense == "VC 10851" and not kept_vehicle)',
            decision("People v. Page (2017) 3 Cal.5th 1175", confirmed="M", source=_SOURCE),
            met=N_("It was not a theft of the kind that Proposition 47 made a misdemeanor."),
            unmet=N_("Nothing shows that it was not a small theft."),
            unknown=N_("We do not know if it was a theft of the kind that Proposition 47 made a misdemeanor."),
        ),
        Requirement(
            "forgery",
            'offense in ["PC 470", "PC 472", "PC 475", "PC 476"]',
            pc("473", "(b)", confirmed="V", source=_SOURCE),
            met=N_("It is a forgery."),
            unmet=N_("It is not a forgery."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "bad_check",
            'offense == "PC 476A"',
            pc("476a", "(b)", confirmed="V", source=_SOURCE),
            met=N_("It is a bad check."),
            unmet=N_("It is not a bad check."),
            unknown=N_("We do not know which section of the law it was."),
            kind="section",
        ),
        Requirement(
            "identity_theft",
            "identity_theft_too",
            pc("473", "(b)", confirmed="V", source=_SOURCE),
            met=N_("There was also a conviction for identity theft. That closes this door for forgery."),
            unmet=N_("There was no conviction for identity theft with it."),
            unknown=N_("We do not know if there was also a conviction for identity theft."),
            kind="bar",
        ),
        Requirement(
            "three_check_priors",
            "check_priors",
            pc("476a", "(b)", confirmed="V", source=_SOURCE),
            met=N_("There were three or more earlier convictions of this kind. That closes this door for bad checks."),
            unmet=N_("There were not three earlier convictions of this kind."),
            unknown=N_("We do not know if there were three or more earlier convictions of this kind."),
            kind="bar",
        ),
        Requirement(
            "small_value",
            "value_usd <= law.prop47_value_usd",
            _VALUE,
            met=N_("It was worth $950 or less."),
            unmet=N_("It was worth more than $950."),
            unknown=N_("We do not know if it was worth $950 or less. You would have to show it."),
        ),
        gates.SERIOUS,
        Requirement(
            "completed",
            "sentence_over",
            _MAIN,
            met=N_("The sentence is over."),
            unmet=N_("The sentence is not over yet. Jail, prison, probation, parole or supervision goes on."),
            unknown=N_("We do not know if the sentence is over."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "not_listed",
            "not_listed",
            "not_eligible",
            N_("Proposition 47 does not name this crime."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "not_a_felony",
            "not felony",
            "not_eligible",
            N_("It is not a felony any more, so there is nothing to change under this law."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "after_the_law",
            "not before_the_law",
            "not_eligible",
            N_("It happened after this law took effect. It only works for things from before."),
            _MAIN,
        ),
        Row(
            "serious_crime",
            "serious_crime",
            "not_eligible",
            N_("A conviction for one of the most serious crimes closes this door. So does a duty to register."),
            pc("1170.18", "(i)", confirmed="V", source=_SOURCE),
        ),
        Row(
            "attempt",
            "an_attempt",
            "needs_lawyer",
            N_("The law does not name attempts. A lawyer can tell you if a court will include yours."),
            pc("664", confirmed="M", source=_SOURCE),
            confidence="low",
        ),
        Row(
            "not_the_kind",
            "only_some_thefts and not_the_kind",
            "not_eligible",
            N_("Proposition 47 reaches this section only for theft: from an open store, or a car taken to keep."),
            decision("People v. Page (2017) 3 Cal.5th 1175", confirmed="M", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "identity_theft",
            "forgery and identity_theft",
            "not_eligible",
            N_("There is a conviction for identity theft. It closes this door for the forgery."),
            pc("473", "(b)", confirmed="V", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "three_check_priors",
            "bad_check and three_check_priors",
            "not_eligible",
            N_("The earlier convictions close this door for the bad check."),
            pc("476a", "(b)", confirmed="V", source=_SOURCE),
            confidence="medium",
        ),
        Row(
            "too_much",
            "not always_listed and not small_value",
            "not_eligible",
            N_("It was worth more than $950, so it is still a felony."),
            _VALUE,
        ),
        Row(
            "misdemeanor_now",
            "True",
            "eligible_mandatory",
            N_(
                "It is a misdemeanor now. The court must change it. File a petition in the court that decided the case."
            ),
            _MAIN,
            relief="designate_misdemeanor",
        ),
    ),
    presumptions=(
        gates.ADULT,
        gates.NO_ATTEMPT,
        gates.NO_SERIOUS,
        Presumption(
            "identity_theft_too", False, N_("there was no conviction for identity theft with it"), burden=False
        ),
        Presumption("check_priors", False, N_("there were not three earlier convictions of this kind"), burden=False),
    ),
    fallbacks=(
        Row(
            "section_not_in_our_list",
            "conviction and felony and not known(class_prop47)",
            "need_info",
            N_("We do not have this section of the law in our list. A lawyer can tell you if Proposition 47 names it."),
            _MAIN,
            confidence="low",
        ),
    ),
    flags=(
        Flag(
            "public_safety_exception",
            N_(
                "You are still serving the sentence. So the judge may say no if a lower sentence would put other "
                "people in serious danger."
            ),
            when="not completed",
            only_eligible=True,
        ),
        Flag(
            "no_gun_rights",
            N_("This change does not give back gun rights."),
            when="True",
            only_eligible=True,
        ),
    ),
    papers=(Paper("local petition", "True"),),
    doubts=(
        N_("The person who asks has to show the value (Romanowski, Page). We know this only from memory."),
        N_("Whether an attempt of a listed crime counts is not settled."),
    ),
)
