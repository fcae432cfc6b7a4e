"""The trees over columns: every atom of every remedy means over a million rows what it means for one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from rules import columns
from rules import expression as ex
from rules.facts import dictionary, names
from rules.judge import derive, judged, ready
from rules.law import numbers
from rules.remedies import REMEDIES
from rules.span import Span, Value
from rules.when import years_between

AS_OF = date(2026, 7, 1)
DTYPES = {"yes_no": pl.Boolean, "date": pl.Date, "number": pl.Float64, "choice": pl.String, "text": pl.String}
STATED = tuple(n for scope in ("person", "case", "count") for n in names(scope))
_TEXTS = {
    "offense": ("HS 11357", "HS 11358", "HS 11359", "HS 11360", "PC 187", "PC 484", "VC 23152", "PC 288", "federal"),
    "subdivision": tuple("abcde"),
    "paragraph": ("1", "2", "first"),
}


def drawn(rng: random.Random, name: str) -> Value:
    """A value of a stated fact: unknown, exact, or (dates and numbers) known roughly."""
    entry = dictionary()[name]
    if rng.random() < 0.4:
        return None
    match entry.type:
        case "yes_no":
            return rng.random() < 0.5
        case "choice":
            return rng.choice(list(entry.choices))
        case "text":
            return rng.choice(_TEXTS.get(name, ("x", "3", "4a")))
        case "date":
            days = (date(2016, 11, 8), date(2016, 11, 9), date(2024, 2, 29), AS_OF)
            exact: Any = rng.choice((*days, date(1950, 1, 1) + timedelta(days=rng.randrange(27_000))))
            further: Any = exact + timedelta(days=rng.randrange(1, 2000))
        case _:
            exact = rng.choice((0, 1, 2, 3, 4, 6, 7, 8, 17, 18, 20, 21, 28.5, 28.6, 950))
            further = exact + 2
    kind = rng.randrange(8)
    if kind == 0:
        return Span(high=exact, below=rng.random() < 0.5)
    if kind == 1:
        return Span(low=exact, above=rng.random() < 0.5)
    return Span(exact, further) if kind == 2 else exact


def frame_of(rows: Sequence[dict[str, Value]]) -> pl.DataFrame:
    made: dict[str, pl.Series] = {}
    for name in STATED:
        values: list[Any] = [row.get(name) for row in rows]
        kind = dictionary()[name].type
        if kind not in ("date", "number"):
            made[name] = pl.Series(values, dtype=pl.Boolean if kind == "yes_no" else pl.String)
            continue
        spans = [None if v is None else v if isinstance(v, Span) else Span(v, v) for v in values]
        for part in ("low", "high"):
            ends = [None if s is None else getattr(s, part) for s in spans]
            if kind == "number":
                ends = [None if e is None else float(e) for e in ends]
            made[f"{name}.{part}"] = pl.Series(ends, dtype=pl.Date if kind == "date" else pl.Float64)
        for part in ("above", "below"):
            made[f"{name}.{part}"] = pl.Series([s is not None and getattr(s, part) for s in spans], dtype=pl.Boolean)
    return pl.DataFrame(made)


def _plain(value: Value) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Value]]:
    rng = random.Random(64)
    drawn_rows = ({name: drawn(rng, name) for name in STATED} for _ in range(400))
    return [{name: value for name, value in row.items() if value is not None} for row in drawn_rows]


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_every_atom_reads_over_columns_as_it_reads_alone(remedy: Any, rows: list[dict[str, Value]]) -> None:
    law, counts = ready(remedy, AS_OF), columns.Counts(frame_of(rows), AS_OF)
    taken = {p.fact: counts.kept(columns._presumed(counts, p.fact, p.value, counts.column(p.when))) for p in law.taken}
    known, presumed = counts.truths(law.atoms), counts.truths(law.atoms, taken)
    seen = set()
    for place, stated in enumerate(rows):
        v, v2 = law.read(derive(stated, AS_OF), AS_OF)
        for atom, a, b, x, y in zip(law.atoms, v, v2, known, presumed, strict=True):
            assert (a, b) == (x[place], y[place]), (ex.printed(atom), stated)
        seen.update(v)
    assert seen == {True, False, None}


def test_what_is_stated_comes_back_from_the_columns(rows: list[dict[str, Value]]) -> None:
    counts = columns.Counts(frame_of(rows), AS_OF)
    assert [counts.stated_at(place) for place in range(len(rows))] == rows


RULES = (
    "add_years(birth_date, 21) <= conviction_date",
    "add_days(birth_date, 1) == conviction_date",
    "years_between(birth_date, conviction_date) >= 21",
    "earliest(birth_date, conviction_date, arrest_date) < as_of",
    "latest_known(birth_date, conviction_date, arrest_date) >= as_of",
    "number(case_number) == 3",
    "first_known(plants, flower_g) != 6",
    "narrowed(plants, at_most(flower_g), over(concentrate_g)) > 6",
    "narrowed(over(plants), at_most(flower_g)) <= 6",
    "narrowed(add_years(birth_date, 21), conviction_date) < arrest_date",
    "narrowed(earliest(birth_date, arrest_date), conviction_date) < as_of",
    "first_known(earliest(birth_date, arrest_date), conviction_date) < as_of",
    "add_days(at_most(birth_date), 1) <= conviction_date",
    "add_days(over(birth_date), 1) > conviction_date",
    "known(years_between(birth_date, conviction_date))",
    "years_between(birth_date, conviction_date) in [0, 1, 21, 30]",
    "plants in [6, 28.5]",
    "given(attempt or offense == 'PC 187', plants) in [6, 7]",
    "not known(given(level == 'felony', plants))",
    "offense in ['PC 187'] and not (attempt and plants < law.personal_plants)",
    "catalogue('superstrike', offense, subdivision, paragraph, attempt) == 'Y'",
    "plants == plants or plants != flower_g",
)


@pytest.mark.parametrize("rule", RULES)
def test_every_part_of_the_rule_language_has_its_columns(rule: str, rows: list[dict[str, Value]]) -> None:
    law = numbers(AS_OF)
    tree = ex.parse(rule, STATED, law)
    alone = ex.compiled(tree, law)
    (found,) = columns.Counts(frame_of(rows), AS_OF).truths([tree])
    expected = [alone({**row, "as_of": AS_OF}) for row in rows]
    assert found.to_list() == expected
    assert len(set(expected)) > 1


@pytest.mark.parametrize("rule", RULES)
def test_facts_that_are_all_known_exactly_are_a_column_each(rule: str, rows: list[dict[str, Value]]) -> None:
    law = numbers(AS_OF)
    exact = [{name: value for name, value in row.items() if not isinstance(value, Span)} for row in rows]
    frame = pl.DataFrame(
        {
            name: pl.Series([_plain(row.get(name)) for row in exact], dtype=DTYPES[dictionary()[name].type])
            for name in STATED
        }
    )
    tree = ex.parse(rule, STATED, law)
    alone = ex.compiled(tree, law)
    (found,) = columns.Counts(frame, AS_OF).truths([tree])
    assert found.to_list() == [alone({**row, "as_of": AS_OF}) for row in exact]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1985, 6, 1), date(2006, 5, 31), 20),
        (date(1985, 6, 1), date(2006, 6, 1), 21),  # the birthday itself
        (date(1985, 6, 1), date(2006, 6, 2), 21),
        (date(1985, 6, 15), date(2006, 7, 1), 21),  # a later month, an earlier day
        (date(1985, 7, 1), date(2006, 6, 15), 20),
        (date(1985, 12, 31), date(2006, 1, 1), 20),
        (date(1984, 2, 29), date(2005, 2, 28), 20),
        (date(1984, 2, 29), date(2005, 3, 1), 21),
        (date(2006, 6, 1), date(2006, 6, 1), 0),
        (date(2006, 6, 2), date(2006, 6, 1), 0),  # nobody is younger than nothing
    ],
)
@pytest.mark.parametrize("rough", [False, True], ids=["exact", "roughly"])
def test_an_age_changes_on_the_birthday(born: date, on: date, age: int, rough: bool) -> None:
    assert years_between(born, on) == age
    row: dict[str, Value] = {"birth_date": born, "conviction_date": on}
    frame = frame_of([row]) if rough else pl.DataFrame({name: [value] for name, value in row.items()})
    trees = [
        ex.parse(f"years_between(birth_date, conviction_date) {op} {years}", STATED)
        for op, years in (("==", age), ("<", age), (">", age))
    ]
    assert [found[0] for found in columns.Counts(frame, AS_OF).truths(trees)] == [True, False, False]


@pytest.mark.parametrize("wide", [2, 41, 81])
def test_two_counts_have_one_key_only_if_all_their_truths_agree(wide: int) -> None:
    """Unknown is not no, and a truth of one place is not that of another: also where they fill several numbers."""
    made = [[None if k == 2 else bool(k) for k in (a, *[0] * (wide - 2), b)] for a in range(3) for b in range(3)]
    made += [[None if i == place else False for i in range(wide)] for place in range(1, wide - 1)]
    truths = [pl.Series([row[i] for row in made], dtype=pl.Boolean) for i in range(wide)]
    keys = columns._packed(truths)
    assert keys.unique().height == len(made)
    assert columns._packed([pl.concat([s, s]) for s in truths]).unique().height == len(made)


def test_a_day_may_be_counted_from_columns() -> None:
    """29 February plus a year is 28 February, as in `when.py`; a span moves with both ends."""
    counts = columns.Counts(frame_of([{"birth_date": date(2024, 2, 29)}, {"birth_date": Span(high=AS_OF)}]), AS_OF)
    column = counts.column(ex.parse("add_years(birth_date, 1)", STATED))
    assert isinstance(column, columns.Rough)
    ends = counts.frame.select(low=column.low, high=column.high).rows()
    assert ends == [(date(2025, 2, 28), date(2025, 2, 28)), (None, date(2027, 7, 1))]


@pytest.mark.parametrize(
    ("number", "over_three", "why"),
    [
        ("4", True, "a number"),
        ("04", True, "a number, however it is written"),
        ("9" * 30, True, "more digits than a whole number of Polars can hold"),
        ("3", False, "a number"),
        ("4a", None, "no number"),
        ("", None, "no number"),
    ],
)
def test_a_text_of_digits_is_a_number(number: str, over_three: bool | None, why: str) -> None:
    tree = ex.parse("number(case_number) > 3", STATED)
    row: dict[str, Value] = {"case_number": number}
    (found,) = columns.Counts(frame_of([row]), AS_OF).truths([tree])
    assert (found[0], ex.compiled(tree, {})(row)) == (over_three, over_three), why


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        (ex.Not(ex.Fact("plants")), "neither yes nor no: plants"),
        (ex.All((ex.Fact("attempt"), ex.Fact("plants"))), "neither yes nor no: plants"),
        (ex.Any((ex.Fact("attempt"), ex.Fact("plants"))), "neither yes nor no: plants"),
        (ex.Call("given", (ex.Fact("plants"), ex.Fact("attempt"))), "neither yes nor no: plants"),
        (ex.LookUp("level", (ex.Fact("offense"),)), r'has no columns: catalogue\("level", offense\)'),
        (ex.Call("rounded", (ex.Fact("plants"),)), r"has no columns: rounded\(plants\)"),
    ],
)
def test_a_rule_that_has_no_columns_is_refused_and_its_part_is_named(tree: ex.Expr, why: str) -> None:
    with pytest.raises(ex.BadExpression, match=why):
        columns.Counts(frame_of([{}]), AS_OF).column(tree)


def test_a_rough_value_is_no_answer() -> None:
    with pytest.raises(ex.BadExpression, match="neither yes nor no: plants"):
        columns.Counts(frame_of([{}]), AS_OF).truths([ex.Fact("plants")])


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_every_count_gets_the_decision_that_it_gets_alone(remedy: Any, rows: list[dict[str, Value]]) -> None:
    """Also counts that differ from another in one fact, or only in what is known of it: those are the ones that could
    be taken for one another. Findings are numbered as they are met; each is that of the first count of its kind, with
    the dates of that count."""
    rng = random.Random(11)
    alike: list[dict[str, Value]] = []
    for row in rows[:100]:
        changed = [{**row, name: drawn(rng, name)} for name in rng.sample(STATED, 3)]
        alike += [row, *({n: v for n, v in other.items() if v is not None} for other in changed), row]
    found, findings = columns.decide(remedy, columns.Counts(frame_of(alike), AS_OF))
    of = found.to_list()
    assert list(dict.fromkeys(of)) == list(range(len(findings)))
    for place, number in enumerate(of):
        alone = judged(ready(remedy, AS_OF), alike[place], AS_OF)
        assert findings[number].decision == alone.decision, alike[place]
        assert findings[number].would_settle == alone.would_settle, alike[place]
        if place == of.index(number):
            assert findings[number] == alone


def test_nobody_at_all_is_decided_too() -> None:
    numbers_, findings = columns.decide(REMEDIES[0], columns.Counts(frame_of([]), AS_OF))
    assert (numbers_.len(), findings) == (0, [])
    somebody, _ = columns.decide(REMEDIES[0], columns.Counts(frame_of([{}]), AS_OF))
    assert (numbers_.name, numbers_.dtype) == (somebody.name, somebody.dtype)


def test_facts_without_a_column_are_unknown() -> None:
    counts = columns.Counts(pl.DataFrame({"offense": ["HS 11359"] * 3}), AS_OF)
    assert counts.stated_at(0) == {"offense": "HS 11359"}
    numbers_, findings = columns.decide(REMEDIES[0], counts)
    assert numbers_.to_list() == [0, 0, 0]
    assert "conviction_date" in findings[0].would_settle or "offense_date" in findings[0].would_settle
