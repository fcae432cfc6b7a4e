"""Juvenile cases that the court seals by itself: Welfare and Institutions Code 786, since 2015. For marijuana,
Proposition 64 comes first (Health and Safety Code 11361.8(m), in hs_11361_8.py)."""

from rules.cite import wi
from rules.law import coverage
from rules.remedies import gates
from rules.remedy import N_, Paper, Remedy, Requirement, Row

_MAIN = wi("786", "(a)", confirmed="V", source=f"{gates.OTHER} section 2")
_FINISHED = Requirement(
    "finished_well",
    'juvenile_outcome == "completed"',
    _MAIN,
    met=N_("Probation, or the program, was finished well."),
    unmet=N_("Probation, or the program, was not finished well."),
    unknown=N_("We do not know if probation, or the program, was finished well."),
)


REMEDY = Remedy(
    name="wic_786",
    title=N_("Juvenile cases that the court seals by itself"),
    short=N_("Juvenile: the court seals it by itself"),
    summary=N_(
        "Since 2015 a juvenile court dismisses and seals a case by itself when the young person finished "
        "probation, or a program, well. Nothing has to be filed. A paper (JV-596) tells that it is done."
    ),
    statute=_MAIN,
    coverage=coverage("wic_786"),
    tier="juvenile",
    reliefs=(("court_seals", N_("confirm that it sealed the case by itself")),),
    requirements=(
        gates.IN_JUVENILE_COURT,
        _FINISHED,
        Requirement(
            "since_2015",
            """first_known(sentence_completed, given(offense_day >= law.juvenile_court_seals_from, offense_day))
               >= law.juvenile_court_seals_from""",
            _MAIN,
            met=N_("It ended in 2015 or later, when the court started to seal by itself."),
            unmet=N_("It ended before 2015, when the court did not seal by itself."),
            unknown=N_("We do not know if it ended in 2015 or later."),
        ),
        gates.MAYBE_707,
    ),
    rows=(
        gates.ADULT_COURT,
        Row(
            "before_2015",
            "not since_2015",
            "not_eligible",
            N_("Before 2015 the court did not seal by itself. You can ask for it."),
            _MAIN,
            elsewhere=True,
        ),
        Row(
            "not_finished",
            "not finished_well",
            "not_eligible",
            N_(
                "The court only seals by itself after probation, or a program, that was finished well. You can ask "
                "for it."
            ),
            _MAIN,
        ),
        Row(
            "most_serious",
            "most_serious",
            "needs_lawyer",
            N_("The most serious juvenile offenses have limits. The public defender can look at it, for free."),
            _MAIN,
            confidence="low",
        ),
        Row(
            "sealed",
            "True",
            "eligible_mandatory",
            N_(
                "The court should have sealed this by itself. Ask the court, or the probation office, for the "
                "paper JV-596."
            ),
            _MAIN,
            relief="court_seals",
            confidence="medium",
        ),
    ),
    papers=(Paper("JV-596", "True"),),
    doubts=(
        N_(
            "We do not have the list of the most serious offenses (707(b)). We use the lists of serious and "
            "violent felonies, which are close to it."
        ),
    ),
)
