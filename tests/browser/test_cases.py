"""Other cases than marijuana, from nothing to the results, in each language: a petty theft named in words, a prison
sentence with a wait, an arrest that led to no charges, and eight counts in three cases.

Each once on a small phone without JavaScript and once on a wide screen with it, where axe looks at every page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from rules import Findings
from rules.explanation import OUTCOME_WORDS
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE
from tests.browser.conftest import Visitors
from tests.browser.journey import Journey, somebody
from tests.web.teller import one_case
from webapp import clock
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import format_date_long, public_locales
from webapp.results import cards

LANGUAGES = [locale.code for locale in public_locales()]
SCREENS = {"phone": {"js": False, "width": 360, "height": 740}, "wide": {"js": True, "width": 1280, "height": 800}}


@dataclass(frozen=True)
class Case:
    held: Callable[[], doc.Document]
    best: tuple[str, ...]  # remedies that claim the counts, in order
    outcomes: frozenset[str]
    most: int  # pages
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # language -> offense -> what is typed for it


def petty_theft() -> doc.Document:
    return somebody(
        one_case(
            offense="PC 484",
            county="Alameda",
            conviction_date="2020-02-03",
            sentence="probation",
            probation_outcome="completed",
        )
    )


def prison() -> doc.Document:
    """Out of prison and off parole for half a year: the wait of two years is not over, whatever today is."""
    over = clock.today() - timedelta(days=180)
    return somebody(
        one_case(
            offense="HS 11351",
            county="San Bernardino",
            conviction_date=str(over.year - 4),
            sentence="felony_term",
            felony_term="prison",
            release_date=(over - timedelta(days=365)).isoformat(),
            sentence_completed=over.isoformat(),
            new_conviction_since=False,
        ),
        california_five_years=True,
    )


def arrest() -> doc.Document:
    case = one_case(
        offense="PC 459", paragraph="second", level="felony", disposition="never_charged", county="San Mateo",
        offense_date="2019-10-01", evaded=False,
    )  # fmt: skip
    del case["dismissed_before"]
    return somebody(case)


CASES = {
    "petty-theft": Case(
        petty_theft, ("pc_1203_4",), frozenset({"eligible_mandatory"}), 13,
        {"en": {"PC 484": "shoplifting"}, "es": {"PC 484": "robo en tienda"}},
    ),
    "prison": Case(prison, ("pc_1203_41",), frozenset({"not_yet"}), 13),
    "arrest": Case(arrest, ("pc_851_91",), frozenset({"eligible_mandatory"}), 13),
    "many": Case(
        lambda: people()["many"].document,
        ("hs_11361_8", "pc_1203_4", "pc_1203_4", *["pc_1203_4a"] * 5),
        frozenset({"eligible_mandatory", "eligible_discretionary"}),
        40,
    ),
}  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_from_nothing_to_the_results(visitors: Visitors, name: str, lang: str, screen: str) -> None:
    case = CASES[name]
    walk = Journey(visitors(**SCREENS[screen]), lang, case.held(), words=case.words.get(lang, {}))
    walk.start()
    pages = walk.to_summary()
    assert len(pages) <= case.most, pages
    if case.words:
        assert "q/c1/k1/offense" in pages, "which offense the words mean is asked"
    assert_summary(walk)
    walk.to_results()
    today = clock.today()
    findings = flow.findings(case.held(), today)
    assert tuple(c.best.remedy.name for c in findings.counts) == case.best
    assert {c.best.outcome for c in findings.counts} >= case.outcomes
    assert_results(walk, findings)
    if any(c.best.eligible_on for c in findings.counts):
        another_day(walk, findings)


def assert_summary(walk: Journey) -> None:
    """Every answer is there, in the reader's language, with a link that leads to its question and back."""
    shown = walk.shown_answers()
    assert all(shown.values())
    for case in walk.held["cases"]:
        assert shown[f"{case['id']}/county"] == case["county"]
    walk.change(next(iter(shown)), {})
    assert walk.at("answers"), "saved as it was, nothing new is asked"
    assert walk.shown_answers() == shown


def assert_results(walk: Journey, findings: Findings) -> None:
    """A card a count, in order, each saying what the rules found, in the reader's language."""
    verdicts = walk.verdicts()
    assert [kind for kind, _ in verdicts] == [cards.KINDS[c.best.outcome] for c in findings.counts]
    for (_, words), counted in zip(verdicts, findings.counts, strict=True):
        best = counted.best
        assert walk.say(OUTCOME_WORDS[best.outcome]) in words
        assert walk.say(best.remedy.short) in words
        assert best.cite.short in words
        if best.decision.row:
            assert walk.say(best.decision.row.says) in words
        if best.outcome in ELIGIBLE:
            assert walk.say(next(says for name, says in best.remedy.reliefs if name == best.relief)) in words
        if best.eligible_on:
            assert format_date_long(best.eligible_on, walk.lang) in words
        for step in counted.sequence if len(counted.sequence) > 1 else ():
            assert walk.say(step.remedy.short) in words
    days = [f.eligible_on for c in findings.counts for f in c.findings if f.outcome == "not_yet" and f.eligible_on]
    shown = walk.page.locator("ol.timeline > li strong").all_inner_texts()
    assert shown == [format_date_long(day, walk.lang) for day in sorted(days)]
    counties = list(dict.fromkeys(c.case.county for c in findings.counts))
    links = walk.page.locator("main a[href*='/help?county=']").all_inner_texts()
    assert [county for county in counties if county and any(county in link for link in links)] == counties
    if walk.person.js:
        walk.open_details()
        walk.person.fits()
        walk.person.accessible()


def another_day(walk: Journey, findings: Findings) -> None:
    """The day a wait ends is asked about: then it is open."""
    day = max(c.best.eligible_on for c in findings.counts if c.best.eligible_on)
    form = "main form[action$='/results/when']"

    def ask(asked: date, year: int) -> None:
        for box, text in {"month": asked.month, "day": asked.day, "year": year}.items():
            walk.page.locator(f"{form} input[name={box}]").fill(str(text))
        walk.person.send(f"{form} button")

    walk.person.answers_with(422, lambda: ask(day, 1998))
    assert walk.page.locator(f"{form} input[name=year]").input_value() == "1998"
    ask(day, day.year)
    assert walk.person.path == f"/{walk.lang}/results?on={day.isoformat()}"
    assert "wait" not in [kind for kind, _ in walk.verdicts()]
    walk.person.follow(f"main a[href='/{walk.lang}/results']")
    assert "wait" in [kind for kind, _ in walk.verdicts()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_a_reason_to_its_rule_and_back(visitors: Visitors, lang: str) -> None:
    walk = Journey(visitors(js=True, width=1280, height=800), lang, petty_theft())
    walk.start()
    walk.to_summary()
    walk.to_results()
    walk.page.locator("section.verdict details > summary").first.click()
    link = walk.page.locator("ul.reasons .cite a").first
    place = (link.get_attribute("href") or "").partition("#")[2]
    walk.person.follow("ul.reasons .cite a")
    assert walk.at("rules/pc-1203-4")
    assert walk.page.evaluate("name => document.getElementById(name).getBoundingClientRect().top < innerHeight", place)
    walk.person.follow("nav.back a")
    assert walk.at("rules")
    assert walk.page.locator("main dl.answers dt a").count() == len(REMEDIES)
