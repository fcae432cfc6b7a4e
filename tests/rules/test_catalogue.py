"""The offense catalogue against the table of the law pack, its way of finding rows, its dates, and its search."""

from __future__ import annotations

import csv
import os
import re
import time
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import catalogue, offense
from rules.catalogue import COLUMNS, Entry, Table, on, search

LAW = Path(os.environ.get("LIMPIO_LAW") or Path(__file__).parents[3] / "shared" / "law")
TODAY = date(2026, 11, 22)


def today() -> Table:
    """The catalogue of today, as the code makes it now."""
    return on(TODAY)


ROWS = {e.id: e for e in today().entries}
CSV = Path(catalogue.__file__).with_name("law") / "offenses.csv"


def said(column: str, text: str) -> str | None:
    """What the catalogue says today in a column of the offense as somebody wrote it."""
    o = offense.read(text)
    assert o is not None, f"cannot read {text}"
    return today().value(column, o.offense, o.subdivision, o.paragraph, o.attempt)


def row_of(text: str) -> str | None:
    o = offense.read(text)
    assert o is not None, f"cannot read {text}"
    entry = today().entry(o.offense, o.subdivision, o.paragraph, o.attempt)
    return entry and entry.id


# ------------------------------------------------------------------------------------------------------------ the data

# Columns of the law pack's table, and what they are called here.
TAKEN_OVER = {
    "level": "level",
    "prop47": "prop47",
    "prop64": "prop64",
    "pc1203_4": "pc1203_4",
    "reg_290c": "reg_290c",
    "superstrike": "superstrike",
    "serious_1192_7c": "serious",
    "violent_667_5c": "violent",
    "red_17b": "red_17b",
    "red_17d2": "red_17d2",
    "realigned_1170h": "realigned_1170h",
    "confidence": "confidence",
    "note": "note",
}


def test_every_cell_is_that_of_the_law_pack() -> None:
    file = LAW / "offense-table.csv"
    if not file.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{file} is not there; set LIMPIO_LAW to the folder of the law pack")
        warnings.warn(f"NOT CHECKED: the offense table of the law pack; there is no {file}", stacklevel=1)
        pytest.skip(f"NOT CHECKED: there is no {file}; set LIMPIO_LAW")
    with file.open(encoding="utf-8", newline="") as opened:
        theirs = {f"{r['code']} {r['section']}": r for r in csv.DictReader(opened)}
    assert len(theirs) == 213
    assert list(ROWS) == list(theirs), "the same rows in the same order"
    differing = {
        (id, column): (theirs[id][column], getattr(entry, ours))
        for id, entry in ROWS.items()
        for column, ours in TAKEN_OVER.items()
        if theirs[id][column] != getattr(entry, ours)
    }
    assert differing == {}


def test_the_table_has_its_213_rows() -> None:
    assert len(catalogue.entries()) == len(ROWS) == 213


@pytest.mark.parametrize(
    ("id", "column", "value", "reason"),
    [
        ("PC 288(c)(1)", "pc1203_4a", "excluded", "1203.4a(d) leaves out 288(c) as a misdemeanor"),
        ("PC 288(a)", "pc1203_4a", "ok", "it names 288(c) alone; 288(a) is never a misdemeanor"),
        ("VC 2800", "pc1203_4a", "excluded_cond", "only within VC 42002.1"),
        ("VC 22349", "pc1203_4a", "excluded_traffic", "an ordinary ticket"),
        ("VC 22348(b)", "pc1203_4a", "excluded_traffic", "an infraction of VC 42001"),
        ("HS 11357(b)", "pc1203_4a", "ok", "an infraction, and no traffic ticket"),
        ("VC 23152(a)", "pc1203_4a", "ok", "1203.4a has no list of driving offenses"),
        ("PC 187", "pc1203_4b", "excluded", "murder"),
        ("PC 207(a)", "pc1203_4b", "excluded", "kidnapping"),
        ("PC 261(a)(2)", "pc1203_4b", "excluded", "a listed rape"),
        ("PC 288(a)", "pc1203_4b", "excluded", "a lewd act on a child under 14"),
        ("PC 205", "pc1203_4b", "excluded", "a life felony"),
        ("PC 243.4(a)", "pc1203_4b", "excluded", "a registrable sex offense"),
        ("PC 451", "pc1203_4b", "excluded", "arson"),
        ("PC 4532(b)", "pc1203_4b", "cond", "escape counts for ten years"),
        ("PC 211", "pc1203_4b", "ok", "robbery is not on the list"),
        ("PC 459 second", "pc1203_4b", "ok", "burglary is not on the list"),
        ("PC 459 second", "limit_felony", "3", "at most three years"),
        ("PC 484", "limit_felony", "", "never a felony"),
        ("HS 11357(b)", "limit_felony", "", "never a felony"),
        ("HS 11358", "limit_felony", "3", "the marijuana felonies"),
        ("HS 11358", "limit_misdemeanor", "1", "a misdemeanor since Proposition 64"),
        ("HS 11379(a)", "limit_felony", "3", "2, 3 or 4 years"),
        ("PC 451", "limit_felony", "6", "up to nine years"),
        ("PC 192(a)", "limit_felony", "6", "3, 6 or 11 years"),
        ("PC 203", "limit_felony", "6", "eight years is eight or more"),
        ("PC 246", "limit_felony", "3", "3, 5 or 7 years"),
        ("PC 243.4(a)", "limit_felony", "10", "a felony of 290(c)"),
        ("PC 288.2", "limit_felony", "10", "a felony of 290(c)"),
        ("PC 368(b)(1)", "limit_felony", "5", "an older person, other than theft"),
        ("PC 368(d)", "limit_felony", "lawyer", "theft from an older person: from discovery"),
        ("PC 503", "limit_felony", "lawyer", "breach of trust: from discovery"),
        ("PC 530.5(a)", "limit_felony", "lawyer", "fraud: from discovery"),
        ("PC 288(a)", "limit_felony", "lawyer", "a child sex crime"),
        ("PC 187", "limit_felony", "none", "murder"),
        ("PC 209", "limit_felony", "none", "a life term"),
        ("PC 273.5(a)", "limit_felony", "3", "the five years since 2020 are kept elsewhere"),
        ("PC 647.6(a)", "limit_misdemeanor", "3", "PC 802(b)"),
        ("PC 242", "limit_misdemeanor", "1", "PC 802(a)"),
        ("PC 211", "limit_misdemeanor", "", "never a misdemeanor"),
        ("PC 243(e)(1)", "abuse", "dv", "violence by a partner"),
        ("PC 273d(a)", "abuse", "child", "child abuse"),
        ("PC 368(b)(1)", "abuse", "elder", "elder abuse"),
        ("PC 242", "abuse", "none", "no word of a partner"),
    ],
)
def test_the_columns_made_for_this_file(id: str, column: str, value: str, reason: str) -> None:
    assert getattr(ROWS[id], column) == value, reason


def test_what_the_columns_say_agrees() -> None:
    for e in ROWS.values():
        if e.reg_290c == "Y":
            assert e.pc1203_4b == "excluded", f"{e.id}: registrable offenses are out of 1203.4b"
        if e.level in "FW":
            assert e.limit_felony, f"{e.id} can be a felony, so charges have a limit"
        if e.level in "MWI":
            assert e.limit_misdemeanor, f"{e.id} can be less than a felony, so charges have a limit"
        if e.level in "MI" and e.red_17b == "N":
            assert not e.limit_felony, f"{e.id} is never a felony"
        if e.pc1203_4a == "excluded_traffic":
            assert e.level == "I"


def test_what_was_seen_in_a_source_is_told_apart_from_memory() -> None:
    for e in ROWS.values():
        assert (e.confirmed == "V") == ("checked: " in e.source), e.id
        # What was made for this file was never seen.
        assert not {"pc1203_4a", "pc1203_4b", "limit_felony", "limit_misdemeanor", "abuse"} & set(
            re.findall(r"\w+", e.source)
        )
    assert ROWS["PC 311.1"].confirmed == "V", "the list of 1203.4(b) was checked"
    assert ROWS["VC 14601.1(a)"].source.endswith("checked: pc1203_4, red_17d2")
    assert ROWS["HS 11359"].source.endswith("checked: prop64")
    assert ROWS["PC 211"].confirmed == "M"


def test_titles_are_plain_and_each_is_one_message() -> None:
    titles = [e.title for e in ROWS.values()]
    assert len(set(titles)) == 213
    for title in titles:
        assert title[0].isupper(), title
        assert title == title.strip(), title
        assert title[-1] not in ".:;,", title
        assert len(title) <= 75, title
        assert not re.search(r"\d{4}|§|\b[A-Z]{2} \d", title), f"{title}: no numbers of sections"


# ----------------------------------------------------------------------------------------------------- finding the row


def five_ways(e: Entry) -> Iterator[str]:
    code, rest = e.id.split(" ", 1)
    number, _, degree = rest.partition(" ")
    tail = f" {degree} degree" if degree else ""
    name = {
        "PC": "Penal Code",
        "HS": "Health & Safety Code",
        "VC": "Vehicle Code",
        "BP": "B&P",
        "WI": "W&I",
        "UI": "UIC",
    }
    yield e.id
    yield f"{number} {code}{tail}"
    # "499BPC" would be 499 of the BPC.
    yield f"{number.upper()}{' ' if number == '499b' else ''}{code}-SOMETHING{tail.upper()}"
    yield f"{code.lower()}{number.lower()}{tail}"
    yield f"{name[code]} {number.replace('(', ' (')}{tail}"


@pytest.mark.parametrize("id", list(ROWS))
def test_each_row_is_found_by_its_number_written_five_ways(id: str) -> None:
    ways = list(five_ways(ROWS[id]))
    assert len(set(ways)) == 5
    assert {way: row_of(way) for way in ways} == dict.fromkeys(ways, id)
    o = offense.read(id)
    assert o is not None
    for column in COLUMNS:
        assert today().value(column, o.offense, o.subdivision, o.paragraph, o.attempt) == (
            getattr(ROWS[id], column) or None
        )


@pytest.mark.parametrize(
    ("text", "id", "reason"),
    [
        ("PC 484(a)", "PC 484", "484 is listed whole"),
        ("PC 484(a)(1)", "PC 484", "484 is listed whole"),
        ("PC 602(m)", "PC 602", "602 is listed whole"),
        ("PC 187(a)", "PC 187", "187 is listed whole"),
        ("HS 11357(b)(1)", "HS 11357(b)", "what is written goes deeper than the row"),
        ("PC 261.5(d)", "PC 261.5(d)", "261.5 is a section of its own"),
        ("PC 459.5", "PC 459.5", "not a burglary of 459"),
        ("459/460(b)", "PC 459 second", "460 gives the degree"),
        ("PC 460(a)", "PC 459 first", "460 gives the degree"),
        ("PC 314(1)", "PC 314.1", "two ways to write it"),
        ("HS 11350", "HS 11350(a)", "the only row is its (a)"),
        ("PC 273.5", "PC 273.5(a)", "the only row is its (a)"),
        ("PC 594", "PC 594(a)", "the only row is its (a)"),
        ("PC 148", "PC 148(a)(1)", "the only row is its (a)(1)"),
        ("PC 148(a)", "PC 148(a)(1)", "the only row of (a) is its (1)"),
        ("PC 243(e)", "PC 243(e)(1)", "the only row of (e) is its (1)"),
        ("PC 288a(c)", "PC 287(c)", "renumbered in 2019, the same law"),
        ("VC 23103.5", "VC 23103", "wet reckless stands with reckless driving in Vehicle Code 12810"),
        ("PC 262(a)(1)", "PC 262", "folded into 261, but has its own row"),
        ("PC 12021(a)(1)", "PC 12021(a)", "the old weapon numbers have their own rows"),
        ("PC 487", None, "four rows"),
        ("PC 459", None, "which degree?"),
        ("PC 288", None, "three rows"),
        ("PC 287", None, "(c) is not the first part"),
        ("PC 287(a)", None, "not listed"),
        ("PC 288a", None, "as bare as 287"),
        ("PC 243(b)", None, "not listed"),
        ("PC 166", None, "(a)(4) is not the first part"),
        ("PC 166(a)", None, "(a)(4) is not the first part of (a)"),
        ("PC 166(a)(1)", None, "not listed"),
        ("PC 261(a)", None, "(a)(2) is not the first part"),
        ("VC 23152(f)", None, "not listed"),
        ("VC 23222", None, "(b) is not the first part"),
        ("WI 10980(c)", None, "(c)(2) is not the first part"),
        ("PC 12021(c)", None, "not listed"),
        ("PC 1485", None, "no such row; 148 and 148.5 are others"),
        ("PC 11377", None, "the number of another code"),
        ("HS 11530", None, "older than every row"),
        ("PC 288b", None, "a section of its own, not listed"),
        ("federal", None, "not of California"),
        ("military", None, "not of California"),
        ("other state", None, "not of California"),
    ],
)
def test_which_row_it_is(text: str, id: str | None, reason: str) -> None:
    assert row_of(text) == id, reason


@pytest.mark.parametrize(
    ("text", "column", "value", "reason"),
    [
        ("PC 288", "pc1203_4", "excluded", "all of 288 is left out"),
        ("PC 288", "reg_290c", "Y", "all of 288 is registrable"),
        ("PC 288", "level", None, "(c) is a wobbler, the others are not"),
        ("PC 288", "pc1203_4a", None, "only (c) is left out"),
        ("PC 487", "pc1203_4", "ok", "no row of 487 is left out"),
        ("PC 487", "level", None, "(d)(2) is a felony, the others wobble"),
        ("PC 487(d)", "level", None, "(d)(2) is a felony, (d)(1) wobbles"),
        ("PC 487(d)", "prop47", "cond", "both turn on the value"),
        ("PC 286", "pc1203_4", None, "only (c) is left out"),
        ("PC 287", "pc1203_4", None, "(a) and (b) are not left out; they have no rows"),
        ("PC 287(a)", "pc1203_4", None, "what holds of (c) does not hold of (a)"),
        ("PC 288a(c)", "pc1203_4", "excluded", "the former number of 287(c)"),
        ("PC 459", "pc1203_4", "ok", "neither degree is left out"),
        ("PC 459", "serious", None, "the first degree is a serious felony"),
        ("PC 192", "pc1203_4", None, "(c) is left to the judge, (a) is not"),
        ("PC 192(c)", "pc1203_4", "discretionary", "both rows of (c)"),
        ("VC 23152", "pc1203_4", "discretionary", "(a) and (b) agree"),
        ("VC 23152(f)", "pc1203_4", None, "not listed"),
        ("PC 243(b)", "level", None, "not listed"),
        ("PC 484", "limit_felony", None, "never a felony: there is no limit to know"),
        ("HS 11530", "pc1203_4", None, "the law before 1973 was another"),
        ("HS 11530.1", "level", None, "the law before 1973 was another"),
        ("federal", "level", None, "not of California"),
    ],
)
def test_what_is_known_when_parts_are_missing(text: str, column: str, value: str | None, reason: str) -> None:
    assert said(column, text) == value, reason


def test_an_attempt_has_the_row_of_the_crime_or_its_own() -> None:
    assert row_of("PC 664/187") == row_of("664/187(a) PC") == "PC 664/187"
    assert row_of("PC 664/288(a)") == "PC 288(a)"
    assert row_of("664/459 second PC") == "PC 459 second"
    # Not knowing whether it was an attempt: what both rows say is known.
    assert today().entry("PC 187", None, None, None) is None
    assert today().value("superstrike", "PC 187", None, None, None) == "Y"
    assert today().value("limit_felony", "PC 187", None, None, None) is None
    assert today().value("limit_felony", "PC 187", None, None, False) == "none"
    assert today().entry("PC 211", None, None, None) == ROWS["PC 211"]


def test_nothing_is_known_of_no_offense() -> None:
    assert {today().value(column, None, None, None, None) for column in COLUMNS} == {None}
    assert today().entry(None, None, None, None) is None
    assert today().rows(None, None, None, None) == ()


def test_a_column_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        today().value("titel", "PC 484", None, None, False)


SECTIONS = sorted({e.offense for e in ROWS.values()})
LETTERS = st.none() | st.sampled_from("abcdefm")
PARAGRAPHS = st.none() | st.sampled_from(["1", "2", "3", "4", "first", "second"])


@given(st.sampled_from(SECTIONS), LETTERS, PARAGRAPHS, st.sampled_from([True, False, None]))
def test_a_known_value_is_that_of_every_row_it_may_be(
    section: str, letter: str | None, number: str | None, attempt: bool | None
) -> None:
    given_parts = [part for part in (letter, number) if part]
    rows = today().rows(section, letter, number, attempt)
    for row in rows:
        shared = min(len(row.path), len(given_parts))
        assert list(row.path[:shared]) == given_parts[:shared], "never a sibling"
    for column in COLUMNS:
        value = today().value(column, section, letter, number, attempt)
        assert value is None or {getattr(row, column) for row in rows} == {value}
        if rows and value is None:
            assert {getattr(row, column) for row in rows} == {""} or len({getattr(r, column) for r in rows}) > 1


def test_what_is_kept_does_not_grow_without_end() -> None:
    table = Table(today().entries)
    for n in range(25_000):
        assert table.value("level", f"PC {n}.77", None, None, False) is None
    assert len(table._kept) <= 10_000
    assert table.value("level", "PC 484", None, None, False) == "M"


def test_two_hundred_thousand_questions_a_second() -> None:
    asked = [(e.offense, e.subdivision, e.paragraph, e.attempt) for e in today().entries] * 100
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        for section, letter, number, attempt in asked:
            today().value("level", section, letter, number, attempt)
        best = max(best, len(asked) / (time.perf_counter() - start))
    assert best > 200_000


# ----------------------------------------------------------------------------------------------------------- the dates


def table_text(*changes: dict[str, str]) -> str:
    """A file of rows like that of PC 484, each with other cells."""
    row = dict.fromkeys(CSV.read_text(encoding="utf-8").splitlines()[0].split(","), "")
    row |= {"id": "PC 484", "offense": "PC 484", "title": "Petty theft", "source": "law", "confirmed": "M"}
    row |= {"pc1203_4": "ok", "pc1203_4a": "ok", "pc1203_4b": "ok", "limit_misdemeanor": "1", "abuse": "none"}
    row |= {"level": "M", "confidence": "high"}
    row |= {c: "N" for c, allowed in COLUMNS.items() if "cond" in allowed and "Y" in allowed}
    lines = [",".join(row)]
    lines += [",".join((row | change).values()) for change in changes]
    return "\n".join(lines) + "\n"


@pytest.fixture
def two_laws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    text = table_text({"until": "2027-12-31"}, {"from": "2028-01-01", "level": "I"}, OTHER)
    monkeypatch.setattr("rules.catalogue.entries", lambda: catalogue.read(text))
    catalogue.turning_points.cache_clear()
    catalogue._stretch.cache_clear()
    yield
    catalogue.turning_points.cache_clear()
    catalogue._stretch.cache_clear()


OTHER = {"id": "PC 415", "offense": "PC 415", "from": "2020-01-01", "until": "2030-06-30"}


def test_of_two_rows_around_an_offense_the_one_with_more_parts_has_the_word() -> None:
    whole, part = {"id": "PC 288", "offense": "PC 288"}, {"id": "PC 288(a)", "offense": "PC 288", "subdivision": "a"}
    deep = {"id": "PC 288(a)(2)", "offense": "PC 288", "subdivision": "a", "paragraph": "2"}
    table = Table(catalogue.read(table_text(whole, part | {"level": "F"}, deep | {"level": "W"})))
    codes: list[tuple[str | None, str | None]] = [(None, None), ("b", "1"), ("a", None), ("a", "1"), ("a", "2")]
    found = [table.value("level", "PC 288", letter, number, False) for letter, number in codes]
    assert found == ["M", "M", "F", "F", "W"]


@pytest.mark.usefixtures("two_laws")
def test_a_row_holds_in_its_time() -> None:
    def level(day: date, section: str) -> str | None:
        return on(day).value("level", section, None, None, False)

    assert catalogue.turning_points() == (date(2020, 1, 1), date(2028, 1, 1), date(2030, 7, 1))
    assert level(date(1990, 1, 1), "PC 484") == level(date(2027, 12, 31), "PC 484") == "M"
    assert level(date(2028, 1, 1), "PC 484") == level(date(2099, 1, 1), "PC 484") == "I"
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2030, 6, 30), date(2030, 7, 1)]
    assert [level(day, "PC 415") for day in days] == [None, "M", "M", None]
    assert on(date(2021, 1, 1)) is on(date(2027, 1, 1)), "one table for each stretch between two changes"
    assert on(date(2027, 12, 31)) is not on(date(2028, 1, 1))


@pytest.mark.parametrize(
    ("id", "first_day"),
    [
        ("PC 459.5", date(2014, 11, 5)),
        ("PC 490.2", date(2014, 11, 5)),
        ("PC 666.1", date(2024, 12, 18)),
        ("HS 11395", date(2024, 12, 18)),
    ],
)
def test_crimes_that_two_propositions_made_have_their_first_day(id: str, first_day: date) -> None:
    assert id not in {e.id for e in on(first_day - timedelta(days=1)).entries}
    assert id in {e.id for e in on(first_day).entries}
    assert first_day in catalogue.turning_points()


def test_repealed_sections_keep_their_rows() -> None:
    assert {"PC 262", "PC 653.22", "PC 666", "PC 12020(a)", "PC 12031(a)(1)"} <= set(ROWS)


# ----------------------------------------------------------------------------------------------------------- bad files


def test_the_file_of_the_tests_is_well_formed() -> None:
    assert [e.id for e in catalogue.read(table_text({}, OTHER))] == ["PC 484", "PC 415"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table_text({}).replace("limit_felony,", ""), "no column limit_felony"),
        (table_text({}).replace("abuse,", "abuse,mood,"), "a column nobody reads: mood"),
        (table_text({"level": "X"}), r"line 2 \(PC 484\): 'X' in the column level; known: F, I, M, W"),
        (table_text({"level": ""}), "'' in the column level"),
        (table_text({"prop47": "maybe"}), "'maybe' in the column prop47; known: N, Y, cond"),
        (table_text({"pc1203_4a": "felony_excluded"}), "'felony_excluded' in the column pc1203_4a"),
        (table_text({"limit_felony": "4"}), "'4' in the column limit_felony; known: 10, 3, 5, 6, empty, lawyer, none"),
        (table_text({"abuse": ""}), "'' in the column abuse"),
        (table_text({"attempt": "N"}), "'N' in the column attempt; known: Y, empty"),
        (table_text({"confirmed": ""}), "'' in the column confirmed"),
        (table_text({"title": ""}), "the column title is empty"),
        (table_text({"source": ""}), "the column source is empty"),
        (table_text({"from": "1/1/2020"}), "'1/1/2020' in the column from is not a date"),
        (table_text({"until": "2020-02-30"}), "'2020-02-30' in the column until is not a date"),
        (table_text({"from": "2020-01-02", "until": "2020-01-01"}), "until is before from"),
        (table_text({"offense": "PC 485"}), "the id names another offense than the columns"),
        (table_text({"subdivision": "a"}), "the id names another offense than the columns"),
        (table_text({"id": "petty theft"}), "the id names another offense than the columns"),
        (table_text({}, {}), "PC 484 has two rows from the beginning; end the earlier one with `until`"),
        (table_text({"until": "2027-12-31"}, {"from": "2027-12-31"}), "PC 484 has two rows on 2027-12-31"),
        (table_text({"from": "2020-01-01"}, OTHER, {"from": "2025-01-01"}), "PC 484 has two rows on 2025-01-01"),
        (table_text({}) + "PC 415,PC 415\n", "line 3: has more or fewer cells than columns"),
        (table_text({}).rstrip("\n") + ",more\n", "line 2: has more or fewer cells than columns"),
        ("", "no column"),
    ],
)
def test_a_bad_file_is_refused_and_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        catalogue.read(text)


# ---------------------------------------------------------------------------------------------------------- the search


def english(title: str) -> str:
    return title


def ids(words: str, language: str = "en", limit: int = 8) -> list[str]:
    return [e.id for e in search(words, language, english, TODAY, limit)]


@pytest.mark.parametrize("id", list(ROWS))
def test_each_title_finds_its_row(id: str) -> None:
    assert id in ids(ROWS[id].title)[:3]
    assert id in ids(ROWS[id].title.upper(), "es")[:3]


@pytest.mark.parametrize("id", list(ROWS))
def test_each_row_has_words_in_both_languages_and_they_find_it(id: str) -> None:
    words = catalogue.search_words()[id]
    for language in ("en", "es"):
        assert len([w for lang, w in words if lang == language]) >= 2
    for language, text in words:
        assert id in ids(text, "es" if language == "en" else "en"), f"{text!r} does not find {id}"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        # numbers
        ("459", ["PC 459 first", "PC 459 second", "PC 459.5"]),
        ("484", ["PC 484", "PC 484e(d)", "PC 484g"]),
        ("PC 484", ["PC 484", "PC 484e(d)", "PC 484g"]),
        ("11377 hs", ["HS 11377(a)"]),
        ("11377", ["HS 11377(a)"]),
        ("11357(b)", ["HS 11357(b)"]),
        ("11357 B", ["HS 11357(b)"]),
        ("148", ["PC 148(a)(1)", "PC 148.5", "PC 148.9"]),
        ("288(a)", ["PC 288(a)"]),
        ("288a", ["PC 288(a)", "PC 287(c)"]),
        ("459/460(b)", ["PC 459 second"]),
        ("664/187", ["PC 664/187", "PC 187"]),
        ("314(1)", ["PC 314.1"]),
        ("32", ["PC 32"]),
        ("vc 14601.1", ["VC 14601.1(a)"]),
        ("11530", ["HS 11357(a)", "HS 11357(b)"]),  # the older number
        ("1136", ["HS 11360(a)"]),  # still typing
        ("415 pelea", ["PC 415"]),
        # words, English
        ("shoplifting", ["PC 459.5"]),
        ("stealing from a store", ["PC 459.5"]),
        ("petty theft", ["PC 484"]),
        ("theft", ["PC 484"]),
        ("grand theft", ["PC 487(a)"]),
        ("stealing a car", ["PC 487(d)(1)"]),
        ("driving on a suspended license", ["VC 14601.1(a)"]),
        ("driving without a license", ["VC 12500(a)"]),
        ("dui", ["VC 23152(a)", "VC 23152(b)"]),
        ("hash", ["HS 11357(a)"]),
        ("weed", ["HS 11357(b)"]),
        ("28.5 grams", ["HS 11357(c)", "HS 11357(b)"]),
        ("100 mph", ["VC 22348(b)"]),
        ("meth", ["HS 11377(a)"]),
        ("drugs", ["HS 11350(a)", "HS 11377(a)"]),
        ("restraining order", ["PC 273.6(a)"]),
        ("resisting arrest", ["PC 148(a)(1)"]),
        ("graffiti", ["PC 594(a)"]),
        ("fake id", ["BP 25661"]),
        ("robbery", ["PC 211"]),
        ("battery", ["PC 242"]),
        ("I got caught with a little bit of weed", ["HS 11357(b)"]),
        ("200 dollars of weed", ["HS 11357(b)"]),
        # words, Spanish
        ("me agarraron con mota en el carro", ["VC 23222(b)"]),
        ("robo en tienda", ["PC 459.5"]),
        ("manejar con licencia suspendida", ["VC 14601.1(a)"]),
        ("manejar sin licencia", ["VC 12500(a)"]),
        ("manejar tomado", ["VC 23152(a)", "VC 23152(b)"]),
        ("borracho", ["PC 647(f)", "VC 23152(a)"]),
        ("posesión de drogas", ["HS 11350(a)", "HS 11377(a)"]),
        ("POSESION DE DROGAS", ["HS 11350(a)", "HS 11377(a)"]),
        ("golpear a mi pareja", ["PC 243(e)(1)", "PC 273.5(a)"]),
        ("mota", ["HS 11357(b)"]),
        ("cristal", ["HS 11377(a)"]),
        ("robo de carro", ["PC 487(d)(1)", "VC 10851(a)"]),
        ("chocar y huir", ["VC 20001(a)", "VC 20002(a)"]),
        ("estampillas de comida", ["WI 10980(c)(2)"]),
        ("grafiti", ["PC 594(a)"]),
        # typing errors
        ("shopliftng", ["PC 459.5"]),
        ("burglery", ["PC 459 first", "PC 459 second"]),
        ("vandlism", ["PC 594(a)"]),
        ("trespasing", ["PC 602"]),
        ("felon in posession of a firearm", ["PC 29800(a)(1)"]),
        ("lisencia suspendida", ["VC 14601.1(a)"]),
        ("marihuna en la escuela", ["HS 11357(d)", "HS 11357(e)"]),
    ],
)
def test_what_people_type_finds_the_best_rows_first(typed: str, first: list[str]) -> None:
    assert ids(typed)[: len(first)] == first or ids(typed, "es")[: len(first)] == first
    for language in ("en", "es"):
        assert set(first) <= set(ids(typed, language)), "both languages are searched whatever the page speaks"


@pytest.mark.parametrize("typed", [*"abcdefghijklmnopqrstuvwxyzñ1234567890", "be", "go", "ir", "su", "someone's"])
def test_a_letter_or_a_word_of_no_meaning_finds_nothing(typed: str) -> None:
    """What somebody has only begun to type is not answered with what an apostrophe left over."""
    assert ids(typed, "en") == ids(typed, "es") == []


def test_two_letters_that_are_a_word_find_what_they_say() -> None:
    assert set(ids("dv")) == {"PC 243(e)(1)", "PC 273.5(a)"}
    assert "PC 530.5(a)" in ids("id")
    assert "HS 11357(b)" in ids("28 g of weed"), "a letter among words takes nothing away"


def test_beside_a_number_only_words_of_four_letters_are_searched() -> None:
    """What stands beside a number on a paper is mostly its code, "MSD" or "ATT": too short to be taken for a crime."""
    assert ids("484 dui") == ids("484")
    assert "HS 11357(b)" in ids("484 weed", limit=20)


def test_a_fight_is_many_things() -> None:
    assert {"PC 240", "PC 242", "PC 415"} <= set(ids("pelea"))
    assert {"PC 240", "PC 242", "PC 415"} <= set(ids("fight"))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "the",
        "de la",
        "pizza",
        "xyzzy",
        "hola",
        "probation",
        "🌿",
        "((((",
        "' or 1=1",
        "9999999",
        "a" * 5000,
        "٣",
    ],
)
def test_what_fits_nothing_finds_nothing(typed: str) -> None:
    assert search(typed, "en", english, TODAY) == ()


def test_a_weak_fit_does_not_stand_beside_a_good_one() -> None:
    assert ids("drunk in public") == ["PC 647(f)"]
    assert ids("resisting arrest") == ["PC 148(a)(1)"]


def test_the_titles_of_the_page_are_searched() -> None:
    def say(title: str) -> str:
        return "Ratería de gallinas" if title == "Petty theft" else title

    assert next(e.id for e in search("rateria de gallinas", "es", say, TODAY)) == "PC 484"
    assert ids("gallinas") == []


def test_no_more_rows_than_asked_for() -> None:
    assert len(ids("drugs")) == 8
    assert ids("drugs", limit=3) == ids("drugs")[:3]
    assert len(set(ids("459 burglary"))) == len(ids("459 burglary"))


def test_a_number_that_is_no_longer_used_comes_after_the_new_one() -> None:
    assert ids("concealed weapon") == ["PC 25400(a)", "PC 12025(a)"]
    assert ids("felon con pistola")[:2] == ["PC 29800(a)(1)", "PC 12021(a)"]


def test_between_equals_the_language_of_the_page_comes_first() -> None:
    assert ids("sexual", "en")[0] == "PC 261(a)(2)", "sexual assault"
    assert ids("sexual", "es")[0] == "PC 243.4(a)", "abuso sexual"


def test_accents_and_capitals_make_no_difference() -> None:
    assert catalogue.plain("POSESIÓN Ñandú") == "posesion nandu"
    assert ids("ÉXTASIS") == ids("extasis") != []


def test_the_beginning_of_a_number_is_no_section() -> None:
    assert not any(id.startswith("VC 2000") for id in ids("200 dollars of weed"))
    assert ids("2000") == ["VC 20001(a)", "VC 20002(a)"], "unless somebody is still typing"


@pytest.mark.usefixtures("two_laws")
def test_the_search_sees_the_rows_of_the_day() -> None:
    assert search("415", "en", english, date(2019, 12, 31)) == ()
    assert [e.id for e in search("415", "en", english, date(2020, 1, 1))] == ["PC 415"]


def test_words_of_a_row_that_is_not_there_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.catalogue.entries", lambda: catalogue.read(table_text({})))
    with pytest.raises(
        ValueError, match=r"offense_words\.yaml: no row of offenses\.csv has the id BP 25658\(a\), BP 25658\(b\), "
    ):
        catalogue.search_words.__wrapped__()


@given(st.text(max_size=250))
def test_no_text_makes_the_search_fall(text: str) -> None:
    assert len(search(text, "en", english, TODAY)) <= 8
