"""Record by record: what is asked of a person's record, and in which words an unknown names the cell to look up."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from rules.bulk.decide import Circumstances
from rules.bulk.normalise import SHARDS, ByRow, person_facts, reviewed_of, suspicions
from rules.bulk.scan import blocks
from rules.sources.doj_extract import Subject, subject_of
from tests.rules.bulk.made_up import AS_OF, cells, convicted, extract, lines, saved


def person(*records: list[str]) -> Subject:
    return subject_of(lines(*records), AS_OF)


def circumstances(*records: list[str]) -> Circumstances:
    """Those of the first conviction under review in Los Angeles."""
    return reviewed_of(person(*records), "LOS ANGELES", AS_OF)[0].of


SALE = convicted(RECORD_ID="7")
THEFT = {"CNT_ORDER": "002002001000", "OFFENSE_DESCR": "484 PC-THEFT", "RECORD_ID": "8"}
TWO_SECTIONS = {"OFFENSE_DESCR": "11357 HS/459 PC", "RECORD_ID": "9"}


@pytest.mark.parametrize(
    ("asked", "records", "told"),
    [
        ("level_of", [SALE], ""),
        (
            "level_of",
            [convicted(RECORD_ID="7", CONV_STAT_DESCR=" WOBBLER ")],
            "CONV_STAT_DESCR of record 7 is 'WOBBLER': felony or not is unknown",
        ),
        (
            # OFFENSE_TOC is not blank, and says nothing of a felony: the sentence has to be true of both.
            "level_of",
            [convicted(RECORD_ID="7", CONV_STAT_DESCR="", OFFENSE_TOC="N")],
            "CONV_STAT_DESCR of record 7 is blank and OFFENSE_TOC is none of F, M, I: felony or not is unknown",
        ),
        ("section_of", [SALE], ""),
        ("section_of", [convicted(**TWO_SECTIONS)], "OFFENSE_DESCR of record 9 cannot be read as one section"),
        ("birth_of", [SALE], ""),
        ("birth_of", [convicted(RECORD_ID="7", PRI_DOB="")], "PRI_DOB of record 7 is blank"),
        (
            "birth_of",
            [convicted(RECORD_ID="7", PRI_DOB="20050602")],
            "PRI_DOB of record 7 (20050602) is no date, or a day after a conviction or the review",
        ),
        (
            # The first record of the person is named, whichever conviction is asked about.
            "birth_of",
            [cells(RECORD_ID="6", PRI_DOB="19700316"), SALE],
            "PRI_DOB of record 6 and of other records of the person differ",
        ),
        ("convicted_of", [SALE], ""),
        ("convicted_of", [convicted(RECORD_ID="7", DISP_DATE="")], "DISP_DATE of record 7 is blank"),
        (
            "convicted_of",
            [convicted(RECORD_ID="7", DISP_DATE="20260702")],
            "DISP_DATE of record 7 (20260702) is no day up to the review",
        ),
        ("latest_of", [SALE], ""),
        # The day of another conviction is missing: a later one may stand there.
        ("latest_of", [SALE, convicted(**THEFT, DISP_DATE="")], "DISP_DATE of record 8 is blank"),
        (
            "latest_of",
            [SALE, convicted(**THEFT, DISP_DATE="20011399")],
            "DISP_DATE of record 8 (20011399) is no day up to the review",
        ),
        ("only_of", [SALE], ""),
        (
            "only_of",
            [SALE, convicted(CNT_ORDER="002002001000", OFFENSE_DESCR="NONSENSE", RECORD_ID="8")],
            "OFFENSE_DESCR of record 8 cannot be read as one section",
        ),
        ("relieved", [SALE], ""),
        ("relieved", [SALE, convicted(DISP_DESCR="DISM PER 1203.4 PC")], "DISM PER 1203.4 PC"),
    ],
)
def test_an_unknown_is_put_down_to_the_cell_that_a_person_has_to_look_up(
    asked: str, records: list[list[str]], told: str
) -> None:
    assert getattr(circumstances(*records), asked) == told


@pytest.mark.parametrize(
    ("status", "felony"), [("FELONY", True), ("MISDEMEANOR", False), ("INFRACTION", False), ("WOBBLER", None)]
)
def test_a_level_that_is_not_known_is_neither_a_felony_nor_none(status: str, felony: bool | None) -> None:
    assert circumstances(convicted(CONV_STAT_DESCR=status)).felony is felony


@pytest.mark.parametrize("later", ["SENTENCE REDUCED", "RESENTENCED", "VACATE SENTENCE"])
def test_a_felony_whose_sentence_changed_is_dismissed_neither_as_a_misdemeanor_nor_as_done_already(later: str) -> None:
    of = circumstances(SALE, convicted(DISP_DESCR=later))
    assert (of.felony, of.relieved) == (True, "")


@pytest.mark.parametrize(
    ("others", "only"),
    [
        ([], True),
        ([convicted(CNT_ORDER="002002001000", OFFENSE_DESCR="11360(A) HS-X")], True),
        ([convicted(**THEFT)], False),
        ([convicted(CNT_ORDER="002002001000", OFFENSE_DESCR="NONSENSE")], None),
        # One charge of another kind settles it, whatever the one is that cannot be read.
        ([convicted(CNT_ORDER="003002001000", OFFENSE_DESCR="NONSENSE"), convicted(**THEFT)], False),
    ],
)
def test_whether_somebody_has_only_charges_of_proposition_64(others: list[list[str]], only: bool | None) -> None:
    assert circumstances(SALE, *others).only_prop64 is only


@pytest.mark.parametrize(
    ("record", "reviewed"),
    [
        (SALE, True),
        (convicted(**TWO_SECTIONS), True),  # not to be told from one: a person has to look
        (convicted(OFFENSE_DESCR="NONSENSE"), False),
        (convicted(OFFENSE_DESCR="484 PC-THEFT"), False),
        (convicted(STP_ORI_CNTY_NAME="ALAMEDA"), False),
    ],
)
def test_what_is_under_review(record: list[str], reviewed: bool) -> None:
    assert bool(reviewed_of(person(record), "LOS ANGELES", AS_OF)) is reviewed


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([SALE], []),
        ([convicted(PRI_DOB=""), convicted(PRI_DOB="20300101")], ["birth_unreadable"]),
        ([SALE, cells(PRI_DOB="19700316")], ["births_differ"]),  # one thing to look at, not two
        ([convicted(DISP_DATE="20011399")], ["date_unreadable"]),
        ([convicted(**TWO_SECTIONS)], ["offense_unreadable"]),
        ([convicted(CONV_STAT_DESCR="WOBBLER")], ["level_unknown"]),
        ([convicted(STP_ORI_CNTY_NAME=" ")], ["county_blank"]),
        ([convicted(CNT_ORDER="12")], ["count_unreadable"]),
        ([convicted(CNT_ORDER="12"), convicted(CNT_ORDER="12")], ["count_unreadable"] * 2),
    ],
)
def test_what_a_person_should_look_at(records: list[list[str]], found: list[str]) -> None:
    assert list(suspicions(person(*records))) == found


def test_a_person_none_of_whose_convictions_has_a_day_has_no_latest_one() -> None:
    facts = person_facts(person(convicted(DISP_DATE="")), AS_OF)
    assert (facts.latest, facts.all_dated) == (None, False)


# ---- a whole extract


def scanned(folder: Path, *paths: Path) -> ByRow:
    review = ByRow(folder, "LOS ANGELES", AS_OF)
    review.scan(blocks(paths), lambda _: None)
    return review


def test_people_are_told_apart_by_their_number_without_the_blanks_around_it(tmp_path: Path) -> None:
    # The fourth ends in a byte that is no blank; it goes into the same shard as the first.
    numbers = ("268", " 268 ", "2", "268\xa0", "2")
    records = [convicted(SUBJECT_ID=s, CNT_ORDER=f"00{n}002001000") for n, s in enumerate(numbers)]
    review = scanned(tmp_path, saved(tmp_path, records))
    assert review.met() == 3
    assert sorted((s.key, len(s.convictions)) for s in review.people()) == [("2", 2), ("268", 2), ("268\xa0", 1)]


def test_the_convictions_come_in_the_order_of_their_records_whoever_has_them(tmp_path: Path) -> None:
    # Twice round more people than there are shards, so that shards hold several of them.
    records = [
        convicted(SUBJECT_ID=str(s), CNT_ORDER=f"00{n}002001000", OFN="" if s < 3 else "BA1")
        for n in (1, 2)
        for s in range(SHARDS + 20)
    ]
    review = scanned(tmp_path, saved(tmp_path, records))
    assert [one.number for one in review.reviewed()] == list(range(2 * SHARDS + 40))
    assert review.tally.suspicious == {"case_number_missing": 6}
    assert (review.tally.records, review.tally.people) == (2 * SHARDS + 40, SHARDS + 20)


def test_counties_are_those_of_any_record_by_their_bare_name(tmp_path: Path) -> None:
    names = (" Los Angeles ", "ALAMEDA", "", "NAPA\xa0")
    with closing(scanned(tmp_path, saved(tmp_path, [cells(STP_ORI_CNTY_NAME=name) for name in names]))) as review:
        assert review.tally.counties == {"LOS ANGELES", "ALAMEDA", "NAPA\xa0"}


@pytest.mark.parametrize(
    ("made_of", "size"),
    [
        ((0, 0), (2, True)),
        ((0, 1), (2, False)),  # one record on two lines
        ((0, 2, 0), (2, False)),  # one that was rejected
        ((0, 3, 0), (2, False)),  # a blank line
    ],
)
def test_whether_every_line_of_a_block_is_a_record_is_known(
    tmp_path: Path, made_of: tuple[int, ...], size: tuple[int, bool]
) -> None:
    good = extract([convicted()], header=False)
    kinds = (good, extract([convicted(COMMENT_TEXT="a\nb")], header=False), b"too,short\n", b"\n")
    path = tmp_path / "extract.csv"
    path.write_bytes(b"".join(kinds[n] for n in made_of))
    with closing(scanned(tmp_path, path)) as review:
        assert review.sizes == [size]


def test_nothing_of_a_review_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    review = scanned(tmp_path / "work", saved(tmp_path, [convicted()]))
    assert list((tmp_path / "work").iterdir())
    review.close()
    assert not list((tmp_path / "work").iterdir())
    read = scanned(tmp_path / "work", tmp_path / "extract.csv")
    assert len(list(read.people())) == 1
    assert not list((tmp_path / "work").iterdir())
    read.close()
