"""The cells of the extract, and a person put together from lines: every conversion of `doj/format.md` section 2."""

from __future__ import annotations

from datetime import date

import pytest

from rules import decide
from rules.bulk.scan import readable
from rules.history import stated_by_count
from rules.sources import doj_extract as doj
from rules.sources.doj_extract import charge, day, level, relief, sentence_part, subject_of
from rules.span import Span, at_most
from tests.rules.bulk.made_up import AS_OF, cells, convicted, lines


def test_the_95_columns_stand_where_the_format_says() -> None:
    places = {"RECORD_ID": 0, "SUBJECT_ID": 2, "PRI_NAME": 12, "PRI_DOB": 14, "RACE_DESCR": 22, "STP_EVENT_DATE": 40,
              "STP_TYPE_DESCR": 42, "STP_ORI_CNTY_NAME": 48, "CNT_ORDER": 50, "DISP_DATE": 51, "OFN": 52,
              "OFFENSE_DESCR": 54, "OFFENSE_TOC": 55, "DISP_DESCR": 80, "CONV_STAT_DESCR": 82, "SENT_LOC_DESCR": 86,
              "SENT_LENGTH": 87, "SENT_TIME_CODE": 88, "COMMENT_TEXT": 93, "END_OF_REC": 94}  # fmt: skip
    assert len(doj.COLUMNS) == 95 == len(set(doj.COLUMNS))
    assert {name: doj.PLACES[name] for name in places} == places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20050601", date(2005, 6, 1)),
        (" 20050601 ", date(2005, 6, 1)),
        ("20240229", date(2024, 2, 29)),
        ("20230229", None),  # no such day
        ("20011399", None),
        ("00000000", None),
        ("", None),
        ("2005061", None),
        ("2005-6-1", None),
        ("200506011", None),
        ("١٢٣٤٥٦٧٨", None),  # digits, but not these
        ("18500908", None),  # before California was a state
        ("18500909", date(1850, 9, 9)),
    ],
)
def test_a_date_that_cannot_be_read_is_unknown(text: str, expected: date | None) -> None:
    assert day(text) == expected


@pytest.mark.parametrize("name", ["Giosuà", "ÅSE NÅ", "PEÑA"])
@pytest.mark.parametrize("code", ["utf-8", "cp1252"])
def test_a_letter_at_the_end_of_a_name_is_not_taken_for_a_blank(name: str, code: str) -> None:
    subject = subject_of(lines(convicted(PRI_NAME=f"  {name.encode(code).decode('latin-1')} ")), AS_OF)
    assert readable(subject.name) == name


@pytest.mark.parametrize(
    ("text", "section", "written", "superstrike"),
    [
        ("11358 HS-CULTIVATE MARIJUANA", "11358", "HS 11358", "N"),
        ("11357(B) HS-POSSESS MARIJUANA 28.5-", "11357", "HS 11357(b)", "N"),
        ("664-11358 HS-ATTEMPT", "11358", "HS 664/11358", "N"),
        ("11357.5 HS-SELL SYNTHETIC", "", "HS 11357.5", None),  # not 11357
        ("537 PC-DEFRAUD INNKEEPER", "", "PC 537", "N"),  # not 37
        ("187(A) PC-MURDER", "", "PC 187(a)", "Y"),
        ("186.22(B)(4)-246 PC-SHOOT AT DWELLING", "", "PC 246", "Y"),  # for life with the gang enhancement
        ("246 PC-SHOOT AT DWELLING", "", "PC 246", "N"),
        ("CHARGE: 11359 HS-POSSESS FOR SALE", "11359", "HS 11359", "N"),  # as comments say it
        ("11357 PC-NO SUCH SECTION", "", "PC 11357", None),
    ],
)
def test_sections_are_parsed_and_not_searched_for(
    text: str, section: str, written: str, superstrike: str | None
) -> None:
    found = charge(text, AS_OF)
    assert (found.section, found.written, found.superstrike) == (section, written, superstrike)


@pytest.mark.parametrize(("text", "named"), [("11357 HS/459 PC", True), ("LOCAL ORDINANCE", False), ("", False)])
def test_an_offense_of_two_minds_is_unknown_and_told_from_one_that_is_not_about_marijuana(
    text: str, named: bool
) -> None:
    found = charge(text, AS_OF)
    assert found.offense is None
    assert (found.section, found.names_marijuana) == ("", named)


@pytest.mark.parametrize(
    ("offense", "comment", "expected"),
    [
        ("11358 HS-X", "11359 HS", "11358 HS-X"),
        ("", " 11359 HS ", "11359 HS"),
        ("SEE COMMENT FOR CHARGE", "11359 HS", "11359 HS"),
        ("see comment for charge", "11359 HS", "11359 HS"),
    ],
)
def test_a_comment_stands_in_for_the_offense(offense: str, comment: str, expected: str) -> None:
    assert doj.offense_text(offense, comment) == expected


@pytest.mark.parametrize(
    ("offense", "comment", "told"),
    [
        ("11358 HS-X", "ALSO 11359 HS", True),
        ("11358 HS-X", "11358 HS AGAIN", False),
        ("484 PC-X", "CHARGED WITH 11357(B)", True),
        ("11357(A) HS-X", "11357(C) HS", True),
        ("11357(C) HS-X", "11357B", True),
        ("11357(C) HS-X", "11357(D)", False),
        ("11357(A) HS-X", "11357(B)", False),
        ("11357 HS-X", "11357(C)", False),  # no letter of its own to differ from
        ("484 PC-X", "11357.5 HS", False),
        ("484 PC-X", "BKG-911358001", False),
        ("484 PC-X", "11358 VC", False),  # another code
        ("484 PC-X", "", False),
    ],
)
def test_other_charges_that_a_comment_names(offense: str, comment: str, told: bool) -> None:
    assert doj.other_charges(comment, charge(offense, AS_OF)) == (comment if told else "")


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        ("FELONY", "M", "felony"),
        (" misdemeanor ", "F", "misdemeanor"),
        ("INFRACTION", "", "infraction"),
        ("", "F", "felony"),
        ("  ", "M", "misdemeanor"),
        ("", "I", "infraction"),
        ("", "", ""),
        ("", "N", ""),
        ("WOBBLER", "F", ""),  # other words are unknown, never "misdemeanor"
    ],
)
def test_the_level(status: str, kind: str, expected: str) -> None:
    assert level(status, kind) == expected


@pytest.mark.parametrize(
    ("text", "dismissed", "prop64", "lower"),
    [
        ("CONV SET ASIDE & DISM PER 1203.4 PC", True, False, ""),
        ("DISMISSED PER 1203.4A PC", True, False, ""),
        ("CONVICTION VACATED", True, False, ""),
        ("SEALED", True, False, ""),
        ("DISMISSED PER 11361.8 HS", True, True, ""),
        ("11361.9 HS RELIEF", True, True, ""),
        ("REDUCED TO MISD PER 11361.8 HS", False, True, "misdemeanor"),
        ("REDESIGNATED INFRACTION-11361.8 HS", False, True, "infraction"),
        ("REDUCED TO MISDEMEANOR-17(B) PC", False, False, "misdemeanor"),
        ("RESENTENCED PER 1170.18 PC", False, False, "misdemeanor"),
        ("REDUCED TO INFRACTION", False, False, "infraction"),
        ("REDUCED TO MISD AND DISMISSED-1203.4", True, False, ""),
    ],
)
def test_what_a_later_record_did(text: str, dismissed: bool, prop64: bool, lower: str) -> None:
    found = relief(text)
    assert found is not None
    assert (found.dismissed, found.prop64, found.level) == (dismissed, prop64, lower)


@pytest.mark.parametrize(
    "text",
    ["", "CONVICTED-PROB/JAIL", "PROBATION REVOKED", "1203.4 PC DENIED", "SENTENCE VACATED", "PROB REINSTATED"],
)
def test_what_is_no_relief(text: str) -> None:
    assert relief(text) is None


@pytest.mark.parametrize(
    ("length", "unit", "expected"),
    [
        ("90", "D", (0, 90)),
        ("6", "M", (6, 0)),
        ("3", "Y", (36, 0)),
        (" 3 ", " y", (36, 0)),
        ("LIFE", "", None),
        ("3", "W", None),
        ("3", "", None),
        ("-3", "D", None),
        ("3.5", "Y", None),
    ],
)
def test_parts_of_a_sentence(length: str, unit: str, expected: tuple[int, int] | None) -> None:
    assert sentence_part(length, unit) == expected


@pytest.mark.parametrize(
    ("start", "parts", "expected"),
    [
        (date(1998, 3, 3), [(36, 0), (0, 90)], date(2001, 6, 1)),
        (date(2024, 2, 29), [(12, 0)], date(2025, 3, 1)),
        (date(2020, 1, 31), [(1, 0)], date(2020, 3, 2)),
        (date(2020, 1, 31), [(0, 1)], date(2020, 2, 1)),
        (date(2020, 1, 31), [], None),
        (date(2020, 1, 31), [(1, 0), None], None),
        (None, [(1, 0)], None),
        (date(2020, 1, 31), [(99_999 * 12, 0)], None),  # past the last year there is
    ],
)
def test_the_end_of_a_sentence(start: date | None, parts: list[tuple[int, int] | None], expected: date | None) -> None:
    assert doj.ending(start, parts) == expected


# ---- a person


def test_records_that_repeat_a_count_are_one_conviction_with_all_its_sentence_parts() -> None:
    subject = subject_of(
        lines(
            convicted(SENT_LENGTH="3", SENT_TIME_CODE="Y"),
            convicted(SENT_LENGTH="90", SENT_TIME_CODE="D"),
            convicted(CNT_ORDER="001002002000"),
        ),
        AS_OF,
    )
    assert [c.order for c in subject.convictions] == ["001002001000", "001002002000"]
    assert [c.sentence_end for c in subject.convictions] == [date(2008, 8, 30), None]


def test_only_a_disposition_that_starts_with_convicted_is_a_conviction() -> None:
    subject = subject_of(
        lines(convicted(DISP_DESCR="DISMISSED"), convicted(DISP_DESCR="NOT CONVICTED"), convicted(DISP_DESCR="")), AS_OF
    )
    assert subject.convictions == []


def test_a_later_record_of_the_count_changes_the_result_and_an_earlier_one_does_not() -> None:
    before = convicted(DISP_DESCR="DISMISSED/FURTHERANCE OF JUSTICE")
    after = convicted(DISP_DESCR="REDUCED TO MISDEMEANOR", DISP_DATE="20100101")
    elsewhere = convicted(DISP_DESCR="CONV SET ASIDE & DISM PER 1203.4 PC", CNT_ORDER="001002002000")
    (conviction,) = subject_of(lines(before, convicted(), after, elsewhere), AS_OF).convictions
    assert (conviction.level, conviction.now, conviction.dismissed) == ("felony", "misdemeanor", False)


def test_nothing_lowers_an_infraction_to_a_misdemeanor() -> None:
    infraction = convicted(CONV_STAT_DESCR="INFRACTION")
    (conviction,) = subject_of(lines(infraction, convicted(DISP_DESCR="REDUCED TO MISDEMEANOR")), AS_OF).convictions
    assert conviction.now == "infraction"


def test_case_numbers_are_those_of_the_court_actions_of_the_step_in_order_once_each() -> None:
    subject = subject_of(
        lines(
            convicted(OFN="BA2"),
            convicted(OFN="BA1"),
            convicted(OFN=" BA2 "),
            convicted(OFN="NULL"),
            cells(OFN="POLICE7", STP_TYPE_DESCR="ARREST"),
            cells(OFN="BA9", CNT_ORDER="001003001000"),
            cells(OFN="BA3", CNT_ORDER="001002009000"),  # the same step, another count
        ),
        AS_OF,
    )
    assert subject.case_number(subject.convictions[0]) == "BA2; BA1; BA3"


def test_registered_deceased_and_the_arrest_of_the_cycle() -> None:
    subject = subject_of(
        lines(
            cells(STP_TYPE_DESCR="ARREST/DETAINED/CITED", STP_EVENT_DATE="", CNT_ORDER="001001001000"),
            cells(STP_TYPE_DESCR="ARREST/DETAINED/CITED", STP_EVENT_DATE="20050101", CNT_ORDER="001001002000"),
            cells(STP_TYPE_DESCR="ARREST/DETAINED/CITED", STP_EVENT_DATE="20050201", CNT_ORDER="001001003000"),
            cells(STP_TYPE_DESCR="REGISTRATION", OFFENSE_DESCR="290(B) PC-X", STP_EVENT_DATE="20060101"),
            cells(STP_TYPE_DESCR="DECEASED"),
        ),
        AS_OF,
    )
    assert subject.registered
    assert subject.deceased
    assert subject.arrests == {"001": date(2005, 1, 1)}
    assert doj.serious_on(subject) == (True, at_most(date(2006, 1, 1)))


def test_a_registration_for_another_thing_is_none() -> None:
    subject = subject_of(lines(cells(STP_TYPE_DESCR="REGISTRATION", OFFENSE_DESCR="2900 PC-X")), AS_OF)
    assert not subject.registered


@pytest.mark.parametrize(
    ("births", "expected"),
    [
        (("19700315",), date(1970, 3, 15)),
        (("", "19700315"), date(1970, 3, 15)),
        (("19700315", "19710315"), None),  # the records differ
        (("20070101",), None),  # after the conviction
        (("20300101",), None),  # after the review
        (("19701301",), None),
        (("",), None),
    ],
)
def test_a_date_of_birth_that_is_doubtful_is_unknown(births: tuple[str, ...], expected: date | None) -> None:
    subject = subject_of(
        lines(*(convicted(PRI_DOB=b, CNT_ORDER=f"00100200{n}000") for n, b in enumerate(births))), AS_OF
    )
    assert subject.birth == expected


def test_a_conviction_after_the_day_of_the_review_has_no_date() -> None:
    (conviction,) = subject_of(lines(convicted(DISP_DATE="20260702")), AS_OF).convictions
    assert conviction.on is None
    assert conviction.day_text == "20260702"


# ---- what the rules get


def test_the_record_shows_earlier_convictions_of_the_section() -> None:
    subject = subject_of(
        lines(
            convicted(DISP_DATE="19950101", CNT_ORDER="001002001000"),
            convicted(DISP_DATE="", CNT_ORDER="002002001000"),
            convicted(DISP_DATE="20050601", CNT_ORDER="003002001000"),
            convicted(OFFENSE_DESCR="11358 HS-X", DISP_DATE="19900101", CNT_ORDER="004002001000"),
        ),
        AS_OF,
    )
    first, undated, last, other = subject.convictions
    assert doj.priors(subject, first) == Span(0, 1)
    assert doj.priors(subject, undated) == Span(0, 2)
    assert doj.priors(subject, last) == Span(1, 2)
    assert doj.priors(subject, other) == 0


def test_a_superstrike_closes_the_door_and_a_clean_record_says_so() -> None:
    murder = convicted(OFFENSE_DESCR="187(A) PC-MURDER", DISP_DATE="19950101", CNT_ORDER="001002001000")
    sale = convicted(CNT_ORDER="002002001000")
    arrest = cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20050101", CNT_ORDER="002001001000")
    with_it = decide(doj.record_of(subject_of(lines(murder, arrest, sale), AS_OF), AS_OF), AS_OF)
    without = decide(doj.record_of(subject_of(lines(arrest, sale), AS_OF), AS_OF), AS_OF)
    prop64 = [next(f for f in c.findings if f.remedy.name == "hs_11361_8") for c in (*with_it.counts, *without.counts)]
    assert [f.outcome for f in prop64[1:]] == ["not_eligible", "eligible_mandatory"]
    assert "superstrike_or_290c" not in prop64[2].would_settle
    assert "knowingly_to_minor" in prop64[2].would_settle  # what an extract cannot tell stays open


def test_an_offense_that_the_catalogue_does_not_know_leaves_the_superstrike_open() -> None:
    odd = convicted(OFFENSE_DESCR="9999 PC-SOMETHING", CNT_ORDER="001002001000")
    assert doj.serious_on(subject_of(lines(odd), AS_OF)) == (None, None)


def test_a_date_that_cannot_be_read_makes_nothing_eligible() -> None:
    record = doj.record_of(subject_of(lines(convicted(DISP_DATE="20011399")), AS_OF), AS_OF)
    (finding,) = [f for f in decide(record, AS_OF).counts[0].findings if f.remedy.name == "hs_11361_8"]
    assert finding.outcome == "need_info"
    assert {"conviction_date", "offense_date"} & set(finding.would_settle)


def test_what_was_done_already_is_said() -> None:
    done = convicted(DISP_DESCR="DISMISSED PER 11361.8 HS", DISP_DATE="20200101")
    record = doj.record_of(subject_of(lines(convicted(), done), AS_OF), AS_OF)
    ((_, _, facts),) = stated_by_count(record, AS_OF)
    assert facts["already_relieved"] is True
    assert facts["dismissed_before"] is True
    assert decide(record, AS_OF).counts[0].best.outcome == "already_relieved"
