from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import dictionary, names
from rules.history import stated_by_count
from rules.record import (
    BadRecord,
    Case,
    Count,
    Person,
    Record,
    from_json,
    json_value,
    read_value,
    schema,
    stated,
    to_json,
)
from rules.span import Span, at_least, at_most, month, over, under, year
from tests.rules.strategies import AS_OF, Dice, dice, knowledge, life, record_of


def problems(data: object) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as refused:
        from_json(data, AS_OF)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def count(**facts: Any) -> dict[str, Any]:
    return {"cases": [{"counts": [facts]}]}


def one(**facts: Any) -> Count:
    return from_json(count(**facts), AS_OF).cases[0].counts[0]


# ---- what is read


def test_a_whole_record() -> None:
    data = {
        "person": {"birth_date": "1970-01-31", "superstrike_or_290c": False},
        "cases": [
            {
                "id": "LA-1",
                "county": " Los Angeles ",
                "conviction_date": "1998-07",
                "sentence_status": "completed",
                "counts": [
                    {
                        "offense": "11357(B) HS",
                        "level": "misdemeanor",
                        "offense_date": "1998",
                        "flower_g": {"at_most": 28.5},
                    },
                    {"offense": None, "plants": 6, "attempt": None},
                ],
            },
            {},
        ],
    }
    assert from_json(data, AS_OF) == Record(
        Person(birth_date=date(1970, 1, 31), superstrike_or_290c=False),
        (
            Case(
                id="LA-1",
                county="Los Angeles",
                conviction_date=month(1998, 7),
                sentence_status="completed",
                counts=(
                    Count("1", "HS 11357", "b", False, "misdemeanor", year(1998), flower_g=at_most(28.5)),
                    Count("2", plants=6),
                ),
            ),
            Case(id="2"),
        ),
    )


@pytest.mark.parametrize("empty", [{}, {"person": None, "cases": None}, {"person": {}, "cases": []}])
def test_an_empty_record(empty: dict[str, Any]) -> None:
    assert from_json(empty, AS_OF) == Record()


def test_what_is_stated_apart_wins_over_the_offense_text() -> None:
    assert one(offense="HS 11357(b)", subdivision="(C)").subdivision == "c"
    assert one(offense="HS 11357", subdivision="B").subdivision == "b"
    assert one(subdivision="B").subdivision == "b"
    assert one(offense="HS 11357(b)").subdivision == "b"
    assert one(offense="664/11358 HS").attempt is True
    assert one(offense="664/11358 HS", attempt=False).attempt is False
    assert one(offense="11358 HS", attempt=True).attempt is True
    assert one(offense="11358 HS").attempt is False
    assert one().attempt is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (20, 20),
        (28.5, 28.5),
        (0, 0),
        (1_000_000, 1_000_000),
        ({"at_most": 28.5}, at_most(28.5)),
        ({"over": 6}, over(6)),
        ({"at_least": 18, "under": 21}, Span(18, 21, below=True)),
        ({"over": 1, "at_most": 2}, Span(1, 2, above=True)),
        ({"at_least": 5, "at_most": 5}, Span(5, 5)),
        (None, None),
    ],
)
def test_numbers(written: object, value: object) -> None:
    assert one(flower_g=written).flower_g == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1998-07-21", date(1998, 7, 21)),
        ("2024-02-29", date(2024, 2, 29)),
        ("1998-07", month(1998, 7)),
        ("1998-12", month(1998, 12)),
        ("1998", year(1998)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11", month(2026, 11)),
        ({"at_most": "2016-11-08"}, at_most(date(2016, 11, 8))),
        ({"at_least": "1998-01-01", "under": "2000-01-01"}, Span(date(1998, 1, 1), date(2000, 1, 1), below=True)),
        ({"over": "1998-01-01"}, over(date(1998, 1, 1))),
    ],
)
def test_dates(written: object, value: object) -> None:
    assert one(offense_date=written).offense_date == value


# ---- what is refused


@pytest.mark.parametrize(
    ("fact", "written", "says"),
    [
        ("offense_date", "2015-02-29", "'2015-02-29' is not a date that exists; write 1998-07-21, 1998-07 or 1998"),
        ("offense_date", "1998-13", "'1998-13' is not a date that exists"),
        ("offense_date", "0000", "'0000' is not a date that exists"),
        ("offense_date", "21.7.1998", "cannot read '21.7.1998' as a date"),
        ("offense_date", "1998-W01-1", "cannot read '1998-W01-1' as a date"),
        ("offense_date", "１９９８", "cannot read '１９９８' as a date"),
        ("offense_date", "", "cannot read '' as a date"),
        ("offense_date", 1998, "cannot read 1998 as a date"),
        ("offense_date", True, "cannot read True as a date"),
        ("offense_date", "2026-11-23", "2026-11-23 is in the future (after 2026-11-22)"),
        ("offense_date", "2027", "2027-01-01 is in the future"),
        ("offense_date", {"at_least": "2027-01-01"}, "2027-01-01 is in the future"),
        ("offense_date", {"at_least": "1998"}, "expected a whole date such as 1998-07-21, found '1998'"),
        ("offense_date", {"at_least": "2000-01-02", "at_most": "2000-01-01"}, "nothing lies between"),
        ("flower_g", "20", "expected a number, found '20'"),
        ("flower_g", True, "expected a number, found True"),
        ("flower_g", -1, "expected a number from 0 to 1,000,000, found -1"),
        ("flower_g", 1_000_001, "expected a number from 0 to 1,000,000"),
        ("flower_g", float("nan"), "expected a number from 0 to 1,000,000, found nan"),
        ("flower_g", float("inf"), "expected a number from 0 to 1,000,000"),
        ("flower_g", [20], "expected a number, found [20]"),
        ("flower_g", {}, "expected at_least, over, at_most or under; found nothing"),
        ("flower_g", {"about": 20}, "expected at_least, over, at_most or under; found 'about'"),
        ("flower_g", {"over": 1, "at_least": 1}, "give one lower and one upper end at most"),
        ("flower_g", {"under": 1, "at_most": 1}, "give one lower and one upper end at most"),
        ("flower_g", {"over": 5, "at_most": 5}, "nothing lies between"),
        ("flower_g", {"at_most": "5"}, "expected a number, found '5'"),
        ("flower_g", {"at_most": None}, "expected a number, found None"),
        ("attempt", "yes", "expected true or false, found 'yes'"),
        ("attempt", 1, "expected true or false, found 1"),
        ("level", "Felony", "expected one of felony, misdemeanor, infraction; found 'Felony'"),
        ("level", ["felony"], "expected one of felony, misdemeanor, infraction; found ['felony']"),
        ("level", {"felony": 1}, "expected one of felony"),
        (
            "offense",
            "weed",
            "cannot read 'weed' as a code section. Write it like HS 11357(b) or PC 484, or leave it out.",
        ),
        ("offense", 11357, "expected a text of 200 characters at most, found 11357"),
        ("offense", "x" * 201, "expected a text of 200 characters at most"),
        ("offense", "🌿" * 50, "as a code section"),
        ("subdivision", "second", "cannot read 'second' as a letter"),
        ("id", 7, "expected a text of 200 characters at most, found 7"),
        ("id", {"a": 1}, "expected a text of 200 characters at most"),
        ("wieght", 20, "there is no fact named 'wieght'; `limpio decide --schema` lists them."),
    ],
)
def test_a_mistake_is_told_with_its_place(fact: str, written: object, says: str) -> None:
    (problem,) = problems(count(**{fact: written}))
    assert says in problem
    assert problem.startswith("case 1, count 1")
    assert len(problem) < 400


def test_ten_thousand_characters_make_a_short_message() -> None:
    for fact in ("offense", "level", "offense_date", "flower_g", "attempt", "x" * 10_000):
        (problem,) = problems(count(**{fact: "9" * 10_000}))
        assert len(problem) < 400


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "The record must be a JSON object with person and cases, not nothing."),
        ([], "The record must be a JSON object with person and cases, not a list."),
        ("x", "The record must be a JSON object with person and cases, not a text."),
        (3, "The record must be a JSON object with person and cases, not 3."),
        ({"persons": {}}, "record: there is no fact named 'persons'"),
        ({"person": []}, "person: expected an object, found a list."),
        ({"person": ""}, "person: expected an object, found a text."),
        ({"person": {"id": "x"}}, "person: there is no fact named 'id'"),
        ({"cases": {}}, "cases: expected a list, found an object."),
        ({"cases": ""}, "cases: expected a list, found a text."),
        ({"cases": [None]}, "case 1: expected an object, found nothing."),
        ({"cases": [{}, "x"]}, "case 2: expected an object, found a text."),
        ({"cases": [{"counts": 1}]}, "case 1, counts: expected a list, found 1."),
        ({"cases": [{"counts": [[]]}]}, "case 1, count 1: expected an object, found a list."),
        ({"cases": [{"counts": [None]}]}, "case 1, count 1: expected an object, found nothing."),
        ({"cases": [{"id": "a"}, {"id": "a"}]}, "case 2, id: 'a' is used twice."),
        ({"cases": [{"id": "2"}, {}]}, "case 2, id: '2' is used twice."),
        ({"cases": [{"counts": [{"id": "a"}, {"id": "a"}]}]}, "case 1, count 2, id: 'a' is used twice."),
    ],
)
def test_a_record_of_the_wrong_shape(data: object, says: str) -> None:
    (problem,) = problems(data)
    assert problem.startswith(says)


@pytest.mark.parametrize(
    ("person", "case", "its", "says"),
    [
        (
            {"birth_date": "2000-01-01"},
            {"conviction_date": "1999-12-31"},
            {},
            "case 1: the conviction (1999-12-31) is before the birth (2000-01-01). Correct one of the dates.",
        ),
        (
            {"birth_date": "2000-01-01"},
            {"conviction_date": "1999"},
            {},
            "case 1: the conviction (1999) is before the birth",
        ),
        (
            {"birth_date": "2000-01-01"},
            {"arrest_date": "1999-12"},
            {},
            "case 1: the arrest (1999-12) is before the birth",
        ),
        (
            {"birth_date": "2000-01-01"},
            {},
            {"offense_date": "1999-12-31"},
            "case 1, count 1: the offense (1999-12-31) is before the birth",
        ),
        (
            {},
            {"conviction_date": "1999-12-31"},
            {"offense_date": "2000-01-01"},
            "case 1, count 1: the conviction (1999-12-31) is before the offense (2000-01-01).",
        ),
        (
            {"birth_date": {"at_least": "2000-01-01"}},
            {"conviction_date": {"at_most": "1999-12-31"}},
            {},
            "case 1: the conviction (1999-12-31) is before the birth (2000-01-01).",
        ),
        (
            {"birth_date": "2000"},
            {"conviction_date": {"at_least": "1990-01-01", "at_most": "1999-12-31"}},
            {},
            "case 1: the conviction (1990-01-01 to 1999-12-31)",
        ),
        (
            {"superstrike_or_290c": False, "superstrike_or_290c_date": "1999"},
            {},
            {},
            "person: superstrike_or_290c is false, but",
        ),
    ],
)
def test_facts_that_cannot_all_be_true(person: Any, case: Any, its: Any, says: str) -> None:
    (problem,) = problems({"person": person, "cases": [{**case, "counts": [its]}]})
    assert problem.startswith(says)


@pytest.mark.parametrize(
    ("person", "case", "its"),
    [
        ({"birth_date": "2000-01-01"}, {"conviction_date": "2000-01-01"}, {}),
        ({"birth_date": "2000-06-01"}, {"conviction_date": "2000"}, {}),
        ({}, {"conviction_date": "2000"}, {"offense_date": "2000-12-31"}),
        ({}, {"conviction_date": "2000-01-01"}, {"offense_date": "2000-01-01"}),
        ({"superstrike_or_290c": True, "superstrike_or_290c_date": "1999"}, {}, {}),
        ({"superstrike_or_290c_date": "1999"}, {}, {}),
    ],
)
def test_facts_that_can_all_be_true(person: Any, case: Any, its: Any) -> None:
    from_json({"person": person, "cases": [{**case, "counts": [its]}]}, AS_OF)


@pytest.mark.parametrize(
    ("fact", "written", "sentence"),
    [
        ("offense", 7, "expected a text of 200 characters at most, found 7"),
        ("plants", -1, "expected a number from 0 to 1,000,000, found -1"),
        ("plants", "x", "expected a number, found 'x'"),
        ("plants", {"over": 5, "at_most": 5}, "nothing lies between these two ends: {'over': 5, 'at_most': 5}"),
        ("offense_date", {"over": "1998"}, "expected a whole date such as 1998-07-21, found '1998'"),
        ("offense_date", "x", "cannot read 'x' as a date; write 1998-07-21, 1998-07 or 1998"),
        ("offense_date", "1998-13", "'1998-13' is not a date that exists; write 1998-07-21, 1998-07 or 1998"),
        ("attempt", 1, "expected true or false, found 1"),
        ("level", 1, "expected one of felony, misdemeanor, infraction; found 1"),
    ],
)
def test_the_whole_sentence(fact: str, written: object, sentence: str) -> None:
    assert problems(count(**{fact: written})) == (f"case 1, count 1, {fact}: {sentence}.",)
    with pytest.raises(ValueError, match="^" + re.escape(sentence) + "$"):
        read_value(dictionary()[fact], written)


def test_an_id_used_twice_is_told_in_a_whole_sentence() -> None:
    told = "case 2, id: 'a' is used twice. Give each its own id, or leave all ids out."
    assert problems({"cases": [{"id": "a"}, {"id": "a"}]}) == (told,)


def test_texts_may_have_200_characters() -> None:
    assert from_json({"cases": [{"county": "x" * 200}]}, AS_OF).cases[0].county == "x" * 200
    assert from_json({"cases": [{"id": "x" * 200}]}, AS_OF).cases[0].id == "x" * 200
    assert problems({"cases": [{"county": "x" * 201}]})
    assert problems({"cases": [{"id": "x" * 201}]})


def test_messages_name_all_that_was_found() -> None:
    assert "found 'about, near'" in problems(count(plants={"about": 1, "near": 2}))[0]
    assert problems(count(plants={"over": 1, "at_least": 1}))[0].endswith(
        "plants: give one lower and one upper end at most."
    )
    two = problems(count(level="big", plants="six"))
    assert [t.split(":")[0] for t in two] == ["case 1, count 1, level", "case 1, count 1, plants"]
    never = problems({"person": {"superstrike_or_290c": False, "superstrike_or_290c_date": "1999"}})
    assert never[0].endswith("superstrike_or_290c_date is given. Leave one of them out.")


def test_every_mistake_is_told_at_once() -> None:
    data = {
        "person": {"birth_date": "2000-02-30", "nickname": "x"},
        "cases": [
            {"conviction_date": "2050-01-01", "counts": [{"offense": "weed", "plants": "six"}, 5]},
            {"county": 3, "counts": [{"level": "big"}]},
        ],
        "note": "x",
    }
    told = problems(data)
    assert [t.split(":")[0] for t in told] == [
        "record",
        "person",
        "person, birth_date",
        "case 1, count 1, plants",
        "case 1, count 1, offense",
        "case 1, count 2",
        "case 1, conviction_date",
        "case 2, count 1, level",
        "case 2, county",
    ]


# ---- and back


@settings(max_examples=150, deadline=None)
@given(dice())
def test_a_record_written_and_read_is_the_same_record(d: Dice) -> None:
    facts = knowledge(d, life(d))
    if "offense" in facts:
        facts.setdefault("attempt", False)  # an offense that was read says whether it is an attempt
    record = record_of(facts)
    written = json.loads(json.dumps(to_json(record)))
    assert from_json(written, AS_OF) == record
    assert valid(written, schema())


def test_ids_and_order_are_kept() -> None:
    record = Record(Person(), (Case(id="b", counts=(Count(id="y"), Count(id="x"))), Case(id="a")))
    assert from_json(to_json(record), AS_OF) == record
    assert to_json(Record()) == {"person": {}, "cases": []}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (year(1998), "1998"),
        (year(998), "0998"),
        (month(998, 3), "0998-03"),
        (month(1998, 7), "1998-07"),
        (Span(date(1998, 7, 1), date(1998, 7, 30)), {"at_least": "1998-07-01", "at_most": "1998-07-30"}),
        (Span(date(1998, 7, 1), None, above=True), {"over": "1998-07-01"}),
        (at_least(3), {"at_least": 3}),
        (under(3), {"under": 3}),
        (Span(), {}),
        (True, True),
        ("felony", "felony"),
        (None, None),
    ],
)
def test_values_as_json(value: Any, written: Any) -> None:
    assert json_value(value) == written


def test_facts_of_a_count_are_its_own_its_cases_and_the_persons() -> None:
    one_count = Count(id="1", offense="HS 11359", attempt=False)
    case = Case(id="1", county="Kern", counts=(one_count, Count(id="2", plants=0)))
    record = Record(Person(superstrike_or_290c=False), (case,))
    facts = {"superstrike_or_290c": False, "county": "Kern", "offense": "HS 11359", "attempt": False}
    assert stated(record, case, one_count) == facts
    listed = list(stated_by_count(record, AS_OF))
    assert listed[0] == (case, one_count, facts)
    assert listed[1] == (case, case.counts[1], {"superstrike_or_290c": False, "county": "Kern", "plants": 0})


def test_one_value_by_itself() -> None:
    entries = dictionary()
    assert read_value(entries["county"], "  ") is None
    assert read_value(entries["county"], " Kern ") == "Kern"
    assert read_value(entries["level"], None) is None
    assert replace(Count(), plants=read_value(entries["plants"], 6)).plants == 6


# ---- the schema


def valid(data: Any, rule: Mapping[str, Any]) -> bool:
    """A reader of the few words of JSON Schema that the schema uses; a word it does not know is an error."""
    known = {
        "$schema",
        "title",
        "description",
        "type",
        "properties",
        "additionalProperties",
        "items",
        "enum",
        "oneOf",
        "allOf",
        "not",
        "required",
        "minimum",
        "maximum",
        "maxLength",
        "minProperties",
        "pattern",
        "format",
    }
    assert set(rule) <= known, set(rule) - known
    kinds = rule.get("type", [])
    if kinds and not any(_is(data, k) for k in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if "enum" in rule and data not in rule["enum"]:
        return False
    if "oneOf" in rule and sum(valid(data, r) for r in rule["oneOf"]) != 1:
        return False
    if any(not valid(data, r) for r in rule.get("allOf", ())) or ("not" in rule and valid(data, rule["not"])):
        return False
    if isinstance(data, str):
        if len(data) > rule.get("maxLength", 1000) or not re.search(rule.get("pattern", ""), data):
            return False
        if rule.get("format") == "date" and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            return False
    if _is(data, "number") and not rule.get("minimum", data) <= data <= rule.get("maximum", data):
        return False
    if isinstance(data, list):
        return all(valid(d, rule.get("items", {})) for d in data)
    if isinstance(data, dict):
        its = rule.get("properties", {})
        return (
            len(data) >= rule.get("minProperties", 0)
            and set(rule.get("required", ())) <= set(data)
            and (rule.get("additionalProperties", True) or set(data) <= set(its))
            and all(valid(d, its.get(n, {})) for n, d in data.items())
        )
    return True


def _is(data: object, kind: str) -> bool:
    if kind == "number":
        return isinstance(data, (int, float)) and not isinstance(data, bool)
    return isinstance(data, {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}[kind])


def test_the_schema_names_every_fact_and_its_meaning() -> None:
    whole = schema()
    case = whole["properties"]["cases"]["items"]["properties"]
    places = {
        "person": whole["properties"]["person"]["properties"],
        "case": case,
        "count": case["counts"]["items"]["properties"],
    }
    for scope, its in places.items():
        assert set(its) - {"id", "counts"} == set(names(scope))
        assert all(its[n]["description"] == dictionary()[n].meaning for n in names(scope))
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(whole)) == whole


def test_the_schema_says_each_kind_exactly() -> None:
    whole = schema()
    people, cases = whole["properties"]["person"], whole["properties"]["cases"]
    case = cases["items"]
    one_count = case["properties"]["counts"]["items"]
    fact = one_count["properties"]
    between = {
        "additionalProperties": False,
        "minProperties": 1,
        "allOf": [{"not": {"required": ["at_least", "over"]}}, {"not": {"required": ["at_most", "under"]}}],
    }
    limits = ["at_least", "at_most", "over", "under"]
    number = {"type": "number", "minimum": 0, "maximum": 1_000_000}
    assert fact["plants"]["oneOf"] == [
        number,
        {"type": "object", "properties": dict.fromkeys(limits, number), **between},
        {"type": "null"},
    ]
    day = {"type": "string", "format": "date"}
    assert fact["offense_date"]["oneOf"] == [
        {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        {"type": "object", "properties": dict.fromkeys(limits, day), **between},
        {"type": "null"},
    ]
    assert {k: v for k, v in fact["offense"].items() if k != "description"} == {
        "type": ["string", "null"],
        "maxLength": 200,
    }
    assert {k: v for k, v in fact["attempt"].items() if k != "description"} == {"type": ["boolean", "null"]}
    assert fact["level"]["enum"] == ["felony", "misdemeanor", "infraction", None]
    assert fact["id"] == case["properties"]["id"] == {"type": ["string", "null"], "maxLength": 200}
    for holder, kind in ((whole, "object"), (people, ["object", "null"]), (case, "object"), (one_count, "object")):
        assert holder["type"] == kind
        assert holder["additionalProperties"] is False
    assert cases["type"] == case["properties"]["counts"]["type"] == ["array", "null"]
    assert whole["title"] == "A record for `limpio decide`"
    assert set(whole) == {"$schema", "title", "type", "additionalProperties", "properties"}
    assert set(whole["properties"]) == {"person", "cases"}


def test_a_long_value_is_cut_in_the_message() -> None:
    (exact,) = problems(count(level="x" * 58))
    assert exact.endswith("found '" + "x" * 58 + "'.")
    (cut,) = problems(count(level="x" * 59))
    assert cut.endswith("found '" + "x" * 56 + "....")


likely = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        6,
        28.5,
        -1,
        2_000_000,
        "",
        "1998",
        "1998-07-21",
        "felony",
        "flower",
        "carried",
        "HS 11357(b)",
        "b",
        "completed",
        "x" * 201,
        [],
        {},
        {"at_most": 5},
        {"over": 1, "under": 3},
        {"over": 1, "at_least": 1},
        {"about": 3},
        {"at_most": "1998-07-21"},
        {"at_least": "1998"},
        {"at_most": -1},
        ["felony"],
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["person", "case", "count"]), st.data())
def test_what_is_read_fits_the_schema_and_what_does_not_fit_is_not_read(scope: str, data: st.DataObject) -> None:
    fact, value = data.draw(st.sampled_from([*names(scope), "id", "mistake"])), data.draw(likely)
    holder = {fact: value}
    whole = {"person": {"person": holder}, "case": {"cases": [holder]}, "count": count(**holder)}[scope]
    try:
        from_json(whole, AS_OF)
        read = True
    except BadRecord:
        read = False
    if read:
        assert valid(whole, schema())
    elif fact not in ("offense", "subdivision"):  # texts that fit the schema and cannot be read as an offense
        assert not valid(whole, schema())
