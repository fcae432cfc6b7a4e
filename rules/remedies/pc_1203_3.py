"""Ending probation or supervision early: Penal Code 1203.3.

While probation or county supervision goes on, a judge may end it. It is often asked together with the dismissal, which
is then a right. Since 2021 probation is shorter by law (AB 1950): a longer one is for a lawyer to look at.
"""

from rules.cite import pc
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Flag, Remedy, Requirement, Row

_SOURCE = f"{gates.FAMILY} section 4"
_MAIN = pc("1203.3", "(a)", confirmed="V", source=_SOURCE)

REMEDY = Remedy(
    name="pc_1203_3",
    title=N_("Ending probation early"),
    short=N_("Ending probation early"),
    summary=N_(
        "While you are on probation, you can ask a judge to end it early. If the judge does, you have a right to the "
        "dismissal. The judge decides, after a hearing. There is no state form for it."
    ),
    statute=_MAIN,
    coverage=coverage("pc_1203_3"),
    tier="ending",
    reliefs=(("end_probation", N_("end the probation or supervision early")),),
    requirements=(
        gates.CONVICTION,
        gates.IN_JUVENILE_COURT,
        gates.OTHER_PLACE,
        Requirement(
            "supervised_by_court",
            'sentence_kind == "probation" or (sentence_kind == "felony_term" and felony_term == "county_jail_split")',
            _MAIN,
            met=N_("The court gave you probation, or jail and then county supervision."),
            unmet=N_("The court did not give you probation. It did not give you jail and then county supervision."),
            unknown=N_("We do not know if the court gave you probation, or jail and then county supervision."),
            kind="gate",
        ),
        Requirement(
            "goes_on",
            'not sentence_over and sentence_status not in ["custody", "parole"]',
            _MAIN,
            met=N_("It is still going on."),
            unmet=N_("It is over, or you are in custody."),
            unknown=N_("We do not know if it is still going on."),
        ),
        Requirement(
            "longer_than_allowed",
            """conviction_date >= law.short_probation_from and sentence_kind == "probation"
               and class_violent == "N" and offense not in ["PC 273.5", "PC 243", "VC 23152", "VC 23153"]
               and ((current_level == "misdemeanor"
                     and probation_end > add_years(conviction_date, law.probation_cap_misdemeanor_years))
                    or (current_level == "felony"
                        and probation_end > add_years(conviction_date, law.probation_cap_felony_years)))""",
            pc("1203a; 1203.1", confirmed="M", source=_SOURCE),
            met=N_("The probation is longer than a law of 2021 allows for most crimes."),
            unmet=N_("The probation is not longer than a law of 2021 allows."),
            unknown=N_("We do not know if the probation is longer than a law of 2021 allows."),
        ),
    ),
    rows=(
        gates.NO_CONVICTION,
        gates.JUVENILE,
        gates.ELSEWHERE,
        Row(
            "nothing_to_end",
            "not supervised_by_court or not goes_on",
            "not_eligible",
            N_("There is no probation left to end, and no county supervision."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "open",
            "True",
            "eligible_discretionary",
            N_("You can ask the judge to end it early. The prosecutor must be told two days before the hearing."),
            _MAIN,
            relief="end_probation",
        ),
    ),
    presumptions=(gates.ADULT,),
    flags=(
        Flag(
            "longer_than_allowed",
            N_("A law of 2021 made most probation shorter. Yours may be too long: show it to the public defender."),
            when="longer_than_allowed",
            only_eligible=True,
        ),
    ),
    doubts=(N_("Probation has new limits (AB 1950). We know them and their exceptions only from memory."),),
)
