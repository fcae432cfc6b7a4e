from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from rules import facts
from rules.catalogue import COLUMNS
from rules.expression import LookUp, facts_in
from rules.facts import derivations, dictionary, names, read_by, to_ask
from rules.record import BadRecord, Case, Count, Person, from_json
from tests.rules.strategies import AS_OF

TYPES = {
    "yes_no": "bool | None",
    "choice": "str | None",
    "text": "str | None",
    "number": "Number",
    "date": "Day",
}


@pytest.mark.parametrize(("scope", "holder"), [("person", Person), ("case", Case), ("count", Count)])
def test_records_and_the_dictionary_are_in_step(scope: str, holder: Any) -> None:
    held = {f.name: f.type for f in fields(holder) if f.name not in ("id", "counts")}
    assert held == {n: TYPES[dictionary()[n].type] for n in names(scope)}


def test_every_entry_says_what_it_is() -> None:
    for e in dictionary().values():
        assert e.label.strip()
        assert e.meaning.strip().endswith(".")
        assert not e.choices or e.type == "choice", e.name
        assert e.choices or e.type != "choice" or e.scope == "derived", f"{e.name}: a person has to choose"
        assert not e.future or e.type == "date", e.name
        if e.scope == "derived":
            assert e.expression
            assert e.asks
            assert all(dictionary()[a].scope != "derived" for a in e.asks)
            assert set(e.asks) <= set(read_by(e.name)), f"{e.name} asks for what it does not read"
        else:
            assert e.known_by
            assert set(e.known_by) <= {"person", "rap_sheet", "court_file", "doj_extract"}


def test_what_a_derived_fact_asks_can_settle_it() -> None:
    """With all that it asks known exactly, there is nothing else to ask for: else a question would be missing."""
    assert to_ask("plants") == ("plants",)
    assert to_ask("age") == ("birth_date", "age_at_offense")
    assert to_ask("bar_came_before") == ("superstrike_or_290c_date", "bar_in_same_case", "offense_date")


def test_a_choice_that_the_offense_list_makes_has_every_value_of_the_list() -> None:
    """The judge follows the choices of a fact as the ways it can turn out: one left out would never be followed."""
    looked_up = {n: t.column for n, t in derivations() if isinstance(t, LookUp)}
    assert set(looked_up.values()) == set(COLUMNS), "every column of the offense list is read by one fact"
    for name, column in looked_up.items():
        assert set(dictionary()[name].choices) == COLUMNS[column] - {""}, name


def test_only_days_that_may_lie_ahead_are_read_from_the_future() -> None:
    ahead = {n for n, e in dictionary().items() if e.future}
    assert ahead == {"serving_until", "probation_end", "sentence_completed"}
    from_json({"cases": [{"probation_end": "2030-01-01"}]}, AS_OF)
    with pytest.raises(BadRecord, match="release_date: 2030-01-01 is in the future"):
        from_json({"cases": [{"release_date": "2030-01-01"}]}, AS_OF)


def test_derived_facts_come_after_what_they_read() -> None:
    done: set[str] = set()
    derived = {n for n, _ in derivations()}
    for name, tree in derivations():
        assert {f for f in facts_in(tree) if f in derived} <= done
        done.add(name)
    assert read_by("age") == ("age_at_offense", "birth_date", "offense_date", "conviction_date", "arrest_date")
    assert read_by("level") == ("level",)


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("x: {scope: planet, type: date, label: x, meaning: x}", "x has an unknown scope or type"),
        ("x: {scope: count, type: colour, label: x, meaning: x}", "x has an unknown scope or type"),
        (
            "x: {scope: derived, type: date, label: x, meaning: x, expression: first_known(y)}\n"
            "y: {scope: derived, type: date, label: x, meaning: x, expression: first_known(x)}",
            "these derived facts read each other: x, y",
        ),
    ],
)
def test_a_dictionary_that_makes_no_sense_is_refused(yaml: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Files:
        def joinpath(self, _: str) -> Files:
            return self

        def read_text(self, encoding: str) -> str:
            assert encoding == "utf-8"
            return yaml

    monkeypatch.setattr(facts, "files", lambda _: Files())
    monkeypatch.setattr(facts, "dictionary", dictionary.__wrapped__)
    with pytest.raises(ValueError, match=says):
        derivations.__wrapped__()
