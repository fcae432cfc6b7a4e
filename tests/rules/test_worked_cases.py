"""Worked cases that a lawyer can read: our own (prop64_cases.csv), and those of the law pack where it is at hand."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from rules.remedies import REMEDIES
from rules.sources.worked_cases import ROUTES, check, check_row, read_rows, record_of
from rules.span import month
from tests.rules.strategies import AS_OF

OWN = read_rows(str(Path(__file__).with_name("prop64_cases.csv")))
LAW = Path(os.environ.get("LIMPIO_LAW") or Path(__file__).parents[3] / "shared" / "law")


@pytest.mark.parametrize("row", OWN, ids=[f"{r['id']}: {r['note']}" for r in OWN])
def test_our_own_cases(row: dict[str, str]) -> None:
    checked = check_row(row)
    assert checked.problems == ()
    assert checked.state == "passed"
    assert checked.not_read == (), "every word of our own cases is read"


def test_every_case_says_in_words_why() -> None:
    assert len(OWN) == len({r["id"] for r in OWN})
    assert [r["id"] for r in OWN if len(r["note"]) < 7] == []


def test_the_cases_of_the_law_pack() -> None:
    file = LAW / "cases.csv"
    if not file.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{file} is not there; set LIMPIO_LAW to the folder of the law pack")
        warnings.warn(f"NOT CHECKED: the worked cases of the law pack; there is no {file}", stacklevel=1)
        pytest.skip(f"NOT CHECKED: there is no {file}; set LIMPIO_LAW")
    rows = read_rows(str(file))
    checked = {c.id: c for c in check(rows)}
    assert len(rows) >= 81
    assert {i: c.problems for i, c in checked.items() if c.state != "passed"} == {}
    of_this_remedy = [r["id"] for r in rows if r["route"].startswith("HS11361.8")]
    assert len(of_this_remedy) >= 32


def test_every_remedy_has_a_name_under_which_a_row_can_ask_for_it() -> None:
    assert set(ROUTES.values()) == {r.name for r in REMEDIES}


def row(**given: str) -> dict[str, str]:
    return {**dict.fromkeys(OWN[0], ""), "id": "X", "as_of": "2026-11-22", "code": "HS", "section": "11359", **given}


def test_a_mismatch_is_told_column_by_column() -> None:
    expected = row(route="HS11361.8", level="F", age_at_offense="30", offense_date="2005-05-05", outcome="not_eligible")
    wrong = check_row(expected | {"relief": "dismiss_and_seal", "note": "smit_timing", "eligible_on": "2030-01-01"})
    assert wrong.state == "failed"
    told = "\n".join(wrong.problems)
    assert "outcome: expected not_eligible, found eligible_mandatory" in told
    assert "relief: expected dismiss_and_seal, found redesignate_misdemeanor" in told
    assert "eligible_on: expected 2030-01-01, found nothing" in told
    assert "flag smit_timing expected" in told


def test_form_and_boxes_are_compared_where_the_row_gives_them() -> None:
    given = row(route="HS11361.8", level="F", age_at_offense="30", offense_date="2005-05-05", sentence_type="completed")
    right = given | {"outcome": "eligible_mandatory", "relief": "redesignate_misdemeanor"}
    assert check_row(right).state == "passed"
    assert check_row(right | {"form": "CR-180"}).problems == ("form: expected CR-180, found CR-400",)
    boxes = check_row(right | {"boxes": "title (b); 1c; 2a"}).problems
    assert boxes == ("boxes: expected title (b); 1c; 2a, found title (f); 1c; 2b",)


def test_a_row_that_cannot_be_read_fails_and_says_why() -> None:
    given = row(route="HS11361.8", outcome="not_eligible")
    assert "is not a date that exists" in check_row(given | {"offense_date": "2005-02-30"}).problems[0]
    assert "cannot read" in check_row(given | {"section": "weed"}).problems[0]
    assert check_row(given | {"age_at_offense": "old"}).state == "failed"
    assert "expected Y or N" in check_row(given | {"to_minor": "maybe"}).problems[0]
    assert check_row(given | {"level": "X"}).state == "failed"


def test_words_from_which_nothing_was_read_are_told() -> None:
    given = row(route="HS11361.8", outcome="eligible_mandatory", relief="redesignate_misdemeanor", offense_date="2005")
    assert check_row(given | {"age_at_offense": "30", "extra": "purple"}).not_read == ("purple",)


def test_remedies_not_built_are_skipped_by_name() -> None:
    assert check_row(row(route="PC1170.99")).problems == ("the remedy PC1170.99 is not built yet",)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("id,as_of\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column code, outcome, route, section"):
        read_rows(str(file))


def test_facts_without_a_column_are_stated_by_their_names() -> None:
    given = row(
        level="F",
        facts="case.sentence=felony_term; person.fire_crew=yes ;person.trafficked=no; count.value_usd=950.01;"
        " case.conviction_date=2012-07; case.county=Kern;",
    )
    record, not_read = record_of(given, AS_OF)
    (case,) = record.cases
    assert (case.sentence, case.conviction_date, case.county) == ("felony_term", month(2012, 7), "Kern")
    assert (record.person.fire_crew, record.person.trafficked) == (True, False)
    assert (case.counts[0].value_usd, case.counts[0].level) == (950.01, "felony")
    assert not_read == []


def test_what_is_stated_by_name_wins_over_words_and_over_what_follows_from_a_date() -> None:
    given = row(sentence_type="completed", sentence_completed="2020-01-01")
    assert record_of(given, AS_OF)[0].cases[0].sentence_status == "completed"
    assert record_of(given | {"facts": "case.sentence_status=parole"}, AS_OF)[0].cases[0].sentence_status == "parole"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ("sentence=probation", "cannot read 'sentence=probation'; write scope.fact=value, such as case.sentence"),
        ("case.sentence", "cannot read 'case.sentence'"),
        ("case.sentenced=probation", "cannot read 'case.sentenced=probation'"),
        ("count.sentence=probation", "cannot read 'count.sentence=probation'"),
        ("derived.age=30", "cannot read 'derived.age=30'"),
        ("case.sentence=jail", "case.sentence is one of probation, no_probation, felony_term; found 'jail'"),
        ("person.fire_crew=Y", "person.fire_crew is yes or no, found 'Y'"),
        ("count.value_usd=much", "count.value_usd is a number, found 'much'"),
        ("count.level=felony", "count.level is already stated in another cell of the row"),
        ("case.evaded=yes; case.evaded=no", "case.evaded is already stated in another cell of the row"),
        ("case.release_date=2020-02-30", "'2020-02-30' is not a date that exists"),
    ],
)
def test_facts_that_cannot_be_read_are_refused_with_the_reason(facts: str, says: str) -> None:
    checked = check_row(row(route="PC1203.4", level="F", outcome="not_eligible", facts=facts))
    assert checked.state == "failed"
    assert says in checked.problems[0]


def test_every_flag_that_a_note_names_has_to_be_raised() -> None:
    given = row(section="11378", level="F", route="PC1203.4", outcome="eligible_mandatory")
    finished = given | {"sentence_type": "probation", "probation_outcome": "completed", "probation_end": "2020-01-01"}
    assert check_row(finished | {"note": "a lawyer may help"}).problems == ()
    wrong = check_row(finished | {"note": "registration_stays, and longer_than_allowed"}).problems
    assert [p.split(" expected")[0] for p in wrong] == ["flag longer_than_allowed", "flag registration_stays"]


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [
        ("transport for own use", "conduct", "carried"),
        ("not for sale", "conduct", "carried"),
        ("gave 3 g to a friend for free", "conduct", "gave"),
        ("transport for sale", "conduct", "sold"),
        ("offered to sell", "conduct", "sold"),
        ("unknown whether for sale or own use", "conduct", None),
        ("import from Oregon", "crossed_state_line", "into_state"),
        ("export out of California", "crossed_state_line", "out_of_state"),
        ("gave free to a 19-year-old", "recipient_under_21", True),
        ("gave free to a 21 year old", "recipient_under_21", False),
        ("sold to a 17-year-old", "knowingly_to_minor", True),
        ("sold to a 17-year-old, did not know the age", "knowingly_to_minor", False),
    ],
)
def test_words_of_conduct(words: str, fact: str, value: object) -> None:
    record, not_read = record_of(row(conduct=words), AS_OF)
    assert not_read == []
    assert getattr(record.cases[0].counts[0], fact) == value


def test_a_sentence_that_ended_is_over() -> None:
    assert record_of(row(sentence_completed="2020-01-01"), AS_OF)[0].cases[0].sentence_status == "completed"
    assert record_of(row(sentence_completed="2030-01-01"), AS_OF)[0].cases[0].sentence_status is None
    on_parole = row(sentence_completed="2020-01-01", supervision_now="parole")
    assert record_of(on_parole, AS_OF)[0].cases[0].sentence_status == "parole"
