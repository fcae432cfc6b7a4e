"""The cells of the extract, and a person put together from lines: every conversion of `doj/format.md` section 2."""

from __future__ import annotations

from datetime import date

import pytest

from rules import decide
from rules.bulk.scan import readable
from rules.history import stated_by_count
from rules.record import Case, Count, Person
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
        ("20050601\xa0", None),  # a blank of another code is a letter here
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
        *(
            (f"{lead}11359 HS-X", "11359", "HS 11359", "N")
            for lead in ("COM: ", "CMT ", "COMMENTS. ", "CHG # ", "CHG-")
        ),
        ("11359 HS-" + "FOR SALE " * 25, "11359", "HS 11359", "N"),  # of a long comment its beginning is read
        ("CHARGE: 11359 HS-" + "FOR SALE " * 25, "11359", "HS 11359", "N"),
    ],
)
def test_sections_are_parsed_and_not_searched_for(
    text: str, section: str, written: str, superstrike: str | None
) -> None:
    found = charge(text, AS_OF)
    assert (found.section, found.written, found.superstrike) == (section, written, superstrike)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("11357 HS/459 PC", True),
        ("LOCAL ORDINANCE", False),
        ("", False),
        ("1 COMMENT 1359 HS", False),  # what stands before and after a word is not one number
        ("2 CHARGE 90 PC", False),
    ],
)
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
        ("", "11359 HS\xa0", "11359 HS\xa0"),
        ("\xa0", "11359 HS", "\xa0"),
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
        ("11357(C) HS-X", "11357(E)", False),  # neither half
        ("11357(E) HS-X", "11357(A)", False),
        ("11357(D) HS-X", "11357(A)", True),
        ("11357(A) HS-X", "11357(B)", False),
        ("11357 HS-X", "11357(C)", False),  # no letter of its own to differ from
        ("NONSENSE", "11357(A)", True),  # an offense that cannot be read is not the one that the comment names
        ("484 PC-X", "11357.5 HS", False),
        ("484 PC-X", "BKG-911358001", False),
        ("484 PC-X", "11358 VC", False),  # another code
        ("484 PC-X", "", False),
    ],
)
def test_other_charges_that_a_comment_names(offense: str, comment: str, told: bool) -> None:
    assert doj.other_charges(comment, charge(offense, AS_OF)) == (comment if told else "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("11357 HS, 11358(A) AND 11360B", [("11357", ""), ("11358", "a"), ("11360", "b")]),
        ("11359 PC, 11357.5 HS, 0.11358, 113580", []),  # another code, another section, a decimal, another number
        ("11358 ( A ) HS", [("11358", "a")]),
        ("11357 CULTIVATE", [("11357", "")]),  # the first letter of a word is no subdivision
        ("11359 PCP FOR SALE", [("11359", "")]),  # a drug, not the Penal Code
        *((f"11358 {code}", []) for code in ("PC", "VC", "CVC", "BP", "WI", "UI", "GC", "FG")),
        ("11358VC", []),
        ("11357(1) (2) PC", []),
    ],
)
def test_the_sections_that_a_text_names(text: str, named: list[tuple[str, str]]) -> None:
    assert list(doj.named_sections(text)) == named


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
        ("FELONY\x85", "F", ""),
        ("", "F\x85", ""),
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
        # Each word by itself.
        ("CONVICTION SET ASIDE", True, False, ""),
        ("DISMISSED", True, False, ""),
        ("VACATE CONVICTION", True, False, ""),
        ("EXPUNGED", True, False, ""),
        ("1203.4 PC GRANTED", True, False, ""),
        ("REDUCED", False, False, "misdemeanor"),
        ("LOWERED TO MISD", False, False, "misdemeanor"),
        ("17(B) PC", False, False, "misdemeanor"),
        ("17(D) PC", False, False, "infraction"),
        ("1170.18 PC", False, False, "misdemeanor"),
        ("REDUCED TO INF", False, False, "infraction"),
        ("REDUCED-INFO AMENDED", False, False, "misdemeanor"),  # an information is no infraction
        # A sentence given anew lowers the conviction where a level or the law says so.
        ("RESENTENCED AS MISDEMEANOR", False, False, "misdemeanor"),
        ("RESENTENCED-INFRACTION", False, False, "infraction"),
        ("RESENTENCED-INF", False, False, "infraction"),
        ("RESENTENCED PER 11361.8 HS", False, True, "misdemeanor"),
        ("SENTENCE RECALLED, REDUCED-17(B) PC", False, False, "misdemeanor"),
        ("PROBATION ENDED, LOWERED-17(D) PC", False, False, "infraction"),
        ("1203.4 PC, FINE REDUCED", True, False, ""),
    ],
)
def test_what_a_later_record_did(text: str, dismissed: bool, prop64: bool, lower: str) -> None:
    found = relief(text)
    assert found is not None
    assert (found.dismissed, found.prop64, found.level) == (dismissed, prop64, lower)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CONVICTED-PROB/JAIL",
        "CONVICTED-REDUCED TO MISD",
        " convicted, sealed",
        "PROBATION REVOKED",
        "1203.4 PC DENIED",
        "1203.4 PC REVOKED",
        "DISM WITHDRAWN-CONV REINSTATED",
        "RECORD UNSEALED",
        "SENTENCE VACATED",
        "SENT VACATED",
        "VACATE SENTENCE",
        # The sentence changed, and the felony is one as before: nothing makes it a misdemeanor.
        "RESENTENCED",
        "SENTENCE VACATED, RESENTENCED TO PRISON",
        "RESENTENCED, INFO AMENDED",  # an information is no infraction
        "SENTENCE REDUCED",
        "SENT REDUCED",
        "FINE REDUCED",
        "BAIL REDUCED",
        "TERM REDUCED",
        "REDUCED PROBATION",
        "JAIL TIME REDUCED",
        "REDUCED PRISON TIME",
        "RESTITUTION REDUCED",
        "PROB REINSTATED",
    ],
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
        ("3", "YEARS", (36, 0)),
        ("3\xa0", "Y", None),
        ("3", "\xa0Y", None),
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


@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        (date(2000, 5, 5), 21, date(2021, 5, 5)),
        (date(2000, 5, 5), 0, date(2000, 5, 5)),
        (date(2026, 7, 1), -7, date(2019, 7, 1)),
        (date(2000, 2, 29), 20, date(2020, 2, 29)),
        (date(2000, 2, 29), 21, date(2021, 3, 1)),
        (date(2000, 2, 29), -1, date(1999, 3, 1)),
    ],
)
def test_the_same_day_in_another_year(start: date, years: int, expected: date) -> None:
    assert doj.years_later(start, years) == expected


def test_there_is_no_day_after_the_last_year() -> None:
    with pytest.raises(OverflowError, match="21 years from 9990-01-01"):
        doj.years_later(date(9990, 1, 1), 21)


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
        (("19700315", "19710315", "19720315"), None),
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
    assert subject.births_differ == (len({b for b in births if b}) > 1)


def test_a_conviction_after_the_day_of_the_review_has_no_date() -> None:
    (conviction,) = subject_of(lines(convicted(DISP_DATE="20260702")), AS_OF).convictions
    assert conviction.on is None
    assert conviction.day_text == "20260702"


@pytest.mark.parametrize(
    ("text", "marijuana", "life", "superstrike", "registrable"),
    [
        ("11359 HS-X", True, False, "N", "N"),
        ("288(A) PC-X", False, False, "Y", "Y"),
        ("484 PC-X", False, False, "N", "N"),
        ("11357 HS/459 PC", True, False, None, None),  # two sections are not read as one
        ("NONSENSE", False, False, None, None),
        ("11357.5 HS-X", False, False, None, None),  # near it, and not it
        ("186.22(B)(4)-246 PC-X", False, True, "Y", "N"),
        (" 186.22(B)(4)(A)-246 PC-X", False, True, "Y", "N"),
        ("186.22(B)(4) PC / 246 PC-X", False, True, "Y", "N"),
        ("186.22(B)(4) PC/GANG", False, True, "Y", None),  # for life, whatever it was for
    ],
)
def test_what_an_offense_text_tells_of_the_charge(
    text: str, marijuana: bool, life: bool, superstrike: str | None, registrable: str | None
) -> None:
    found = charge(text, AS_OF)
    assert (found.names_marijuana, found.life) == (marijuana, life)
    assert (found.superstrike, found.registrable) == (superstrike, registrable)
    assert (found.written == "") == (found.offense is None)


def test_every_cell_that_is_read_has_its_place_in_the_person_and_the_conviction() -> None:
    first = cells(RECORD_ID=" 7 ", SUBJECT_ID=" 40 ", PRI_NAME="", GENDER="", RACE_DESCR=" ", PRI_DOB="")
    second = convicted(
        SUBJECT_ID="40", PRI_NAME=" RUIZ,ANA ", GENDER=" f ", RACE_DESCR=" Hispanic ", PRI_DOB="19700315",
        RECORD_ID=" 8 ", STP_ORI_DESCR=" LA SUPERIOR ", STP_ORI_CNTY_NAME=" Los Angeles ", SENT_LOC_DESCR=" Prison ",
        DISP_DATE=" 20050601 ", CONV_STAT_DESCR="", COMMENT_TEXT=" as told ", SENT_LENGTH="3", SENT_TIME_CODE="Y",
    )  # fmt: skip
    subject = subject_of(lines(first, second), AS_OF)
    told = (subject.key, subject.first, subject.first_id, subject.name, subject.gender, subject.race)
    assert told == ("40", 0, "7", "RUIZ,ANA", "F", "HISPANIC")
    assert (subject.birth_text, subject.births_differ, subject.deceased) == ("19700315", False, False)
    assert subject.registered_on is None
    (c,) = subject.convictions
    assert (c.number, c.record_id, c.order, c.court) == (1, "8", "001002001000", "LA SUPERIOR")
    assert (c.county, c.on, c.day_text) == ("LOS ANGELES", date(2005, 6, 1), "20050601")
    assert (c.level, c.status_text, c.comment, c.places) == ("felony", "", " as told ", ["PRISON"])
    assert (c.relief_text, subject.case_number(c)) == ("", "BA123456")


def test_who_has_no_name_gender_race_or_case_number_has_none() -> None:
    subject = subject_of(lines(convicted(PRI_NAME="", GENDER="", RACE_DESCR="", PRI_DOB="", OFN="")), AS_OF)
    assert (subject.name, subject.gender, subject.race, subject.birth_text) == ("", "", "", "")
    assert subject.case_number(subject.convictions[0]) == ""


def test_blanks_of_another_code_are_letters_of_every_cell() -> None:
    odd = convicted(
        RECORD_ID="7\xa0", SUBJECT_ID="1\xa0", GENDER="F\xa0", RACE_DESCR="X\xa0", PRI_DOB="19700315\xa0", OFN="B\xa0",
        CNT_ORDER="001002001000\xa0", STP_ORI_DESCR="L\xa0", STP_ORI_CNTY_NAME="L\xa0", DISP_DATE="20050601\xa0",
        CONV_STAT_DESCR="FELONY\xa0", SENT_LENGTH="3", SENT_LOC_DESCR="P\xa0",
    )  # fmt: skip
    subject = subject_of(lines(odd), AS_OF)
    assert (subject.key, subject.first_id, subject.gender, subject.race) == ("1\xa0", "7\xa0", "F\xa0", "X\xa0")
    assert (subject.birth_text, subject.file_numbers) == ("19700315\xa0", {"-0": ["B\xa0"]})
    (c,) = subject.convictions
    assert (c.order, c.record_id, c.court, c.county) == ("-0", "7\xa0", "L\xa0", "L\xa0")
    assert (c.on, c.day_text, c.status_text, c.level) == (None, "20050601\xa0", "FELONY\xa0", "")
    assert c.places == ["P\xa0"]
    (c,) = subject_of(lines(convicted(SENT_LENGTH="\xa0"), convicted(DISP_DESCR="SEALED\xa0")), AS_OF).convictions
    assert (c.parts, c.relief_text) == ([None], "SEALED\xa0")
    no_step = subject_of(lines(cells(STP_TYPE_DESCR="DECEASED\xa0"), convicted(DISP_DESCR="\xa0CONVICTED")), AS_OF)
    assert (no_step.deceased, no_step.convictions) == (False, [])


def test_a_count_without_its_digits_is_a_count_and_a_case_by_itself() -> None:
    subject = subject_of(lines(*(convicted(CNT_ORDER="12", OFN=f"BA{n}") for n in (1, 2))), AS_OF)
    assert [c.order for c in subject.convictions] == ["-0", "-1"]
    assert [subject.case_number(c) for c in subject.convictions] == ["BA1", "BA2"]
    many = subject_of(lines(*[convicted(CNT_ORDER="", OFN=f"BA{n}") for n in range(12)]), AS_OF)
    assert many.case_number(many.convictions[11]) == "BA11"  # and not the number of count -1
    assert doj.part_of("-1234567", 3) == "-1234567"


@pytest.mark.parametrize(
    ("on", "birth", "expected"),
    [
        ("20260701", "19700315", date(2026, 7, 1)),  # the day of the review itself
        ("20260702", "19700315", None),
    ],
)
def test_a_conviction_on_the_day_of_the_review_has_its_day(on: str, birth: str, expected: date | None) -> None:
    (conviction,) = subject_of(lines(convicted(DISP_DATE=on, PRI_DOB=birth)), AS_OF).convictions
    assert conviction.on == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [("20260701", date(2026, 7, 1)), ("20260702", None), ("20050601", date(2005, 6, 1)), ("20050602", None)],
)
def test_nobody_is_born_after_the_review_or_after_a_conviction(birth: str, expected: date | None) -> None:
    made = convicted(PRI_DOB=birth) if birth < "2026" else cells(PRI_DOB=birth)
    assert subject_of(lines(made), AS_OF).birth == expected


def test_the_words_that_dismissed_it_are_those_of_the_first_record_that_did() -> None:
    later = [convicted(DISP_DESCR=text) for text in ("REDUCED TO MISDEMEANOR", " SEALED ", "CONVICTION VACATED")]
    (conviction,) = subject_of(lines(convicted(), *later), AS_OF).convictions
    assert conviction.relief_text == "SEALED"


# ---- what the rules get


@pytest.mark.parametrize(
    ("places", "status", "expected"),
    [
        (("PROBATION", "COUNTY JAIL"), "FELONY", ("probation", None)),
        (("PRISON",), "FELONY", ("felony_term", "prison")),
        (("COUNTY JAIL", "STATE PRISON"), "FELONY", ("felony_term", "prison")),
        (("PRISON",), "MISDEMEANOR", (None, None)),  # no prison for a misdemeanor: something is wrong
        (("COUNTY JAIL",), "FELONY", (None, None)),  # jail for a felony may be a split sentence, or old
        (("COUNTY JAIL",), "MISDEMEANOR", ("no_probation", None)),
        (("COUNTY JAIL", "FINE"), "MISDEMEANOR", ("no_probation", None)),
        (("FINE",), "INFRACTION", ("no_probation", None)),
        (("FINE", "OTHER"), "INFRACTION", (None, None)),
        (("",), "MISDEMEANOR", (None, None)),
        ((), "MISDEMEANOR", (None, None)),
    ],
)
def test_the_kind_of_sentence_is_what_all_places_of_its_parts_say(
    places: tuple[str, ...], status: str, expected: tuple[str | None, str | None]
) -> None:
    parts = [convicted(CONV_STAT_DESCR=status, SENT_LOC_DESCR=p, SENT_LENGTH="30", SENT_TIME_CODE="D") for p in places]
    subject = subject_of(lines(*(parts or [convicted(CONV_STAT_DESCR=status)])), AS_OF)
    (case,) = doj.record_of(subject, AS_OF).cases
    assert (case.sentence, case.felony_term) == expected


def test_the_record_says_all_that_the_extract_knows_and_nothing_more() -> None:
    arrest = cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20050101", CNT_ORDER="001001001000")
    sale = convicted(RECORD_ID="8", OFFENSE_DESCR="664-11360(A) HS-X", SENT_LENGTH="3", SENT_TIME_CODE="Y")
    child = convicted(
        RECORD_ID="9", OFFENSE_DESCR="SEE COMMENT FOR CHARGE", COMMENT_TEXT="288(B)(1) PC-X", CNT_ORDER="001002002000"
    )
    odd = convicted(
        OFFENSE_DESCR="NONSENSE",
        CNT_ORDER="002002001000",
        OFN="",
        STP_ORI_CNTY_NAME="",
        CONV_STAT_DESCR="X",
        DISP_DATE="",
    )
    late = cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20260702", CNT_ORDER="002001001000")
    today = cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20260701", CNT_ORDER="002001001000")
    (case,) = doj.record_of(subject_of(lines(today, convicted(CNT_ORDER="002002001000")), AS_OF), AS_OF).cases
    assert case.arrest_date == AS_OF
    record = doj.record_of(subject_of(lines(arrest, sale, child, odd, late), AS_OF), AS_OF)
    assert record.person == Person(
        birth_date=date(1970, 3, 15), superstrike_or_290c=True, superstrike_or_290c_date=date(2005, 6, 1)
    )
    assert record.cases == (
        Case(
            id="001002001000",
            county="Los Angeles",
            case_number="BA123456",
            conviction_date=date(2005, 6, 1),
            arrest_date=date(2005, 1, 1),
            disposition="convicted",
            sentence_completed=date(2008, 6, 1),
            dismissed_before=False,
            bar_in_same_case=True,
            counts=(
                Count(
                    id="8", offense="HS 11360", subdivision="a", attempt=True, level="felony", already_relieved=False,
                    same_section_priors=0,
                ),
            ),
        ),
        Case(
            id="001002002000",
            county="Los Angeles",
            case_number="BA123456",
            conviction_date=date(2005, 6, 1),
            arrest_date=date(2005, 1, 1),
            disposition="convicted",
            dismissed_before=False,
            bar_in_same_case=True,
            counts=(
                Count(
                    id="9", offense="PC 288", subdivision="b", paragraph="1", attempt=False, level="felony",
                    already_relieved=False, same_section_priors=0,
                ),
            ),
        ),
        Case(
            id="002002001000",
            disposition="convicted",
            dismissed_before=False,
            counts=(Count(id="3", already_relieved=False),),
        ),
    )  # fmt: skip


def test_a_conviction_of_the_same_day_is_no_earlier_one() -> None:
    two = [convicted(CNT_ORDER=f"00100200{n}000") for n in (1, 2)]
    subject = subject_of(lines(*two), AS_OF)
    assert [doj.priors(subject, c) for c in subject.convictions] == [0, 0]
    dated = subject_of(lines(two[0], convicted(CNT_ORDER="002002001000", DISP_DATE="19990101")), AS_OF)
    assert [doj.priors(dated, c) for c in dated.convictions] == [1, 0]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((convicted(OFFENSE_DESCR="187(A) PC-X"),), (True, date(2005, 6, 1))),
        ((convicted(OFFENSE_DESCR="187(A) PC-X", DISP_DATE=""),), (True, None)),
        ((cells(STP_TYPE_DESCR="REGISTRATION", OFFENSE_DESCR="290 PC", STP_EVENT_DATE=""),), (True, None)),
        ((convicted(),), (False, None)),
        ((), (False, None)),
    ],
)
def test_since_when_a_serious_offense_stands_in_the_record(
    records: tuple[list[str], ...], expected: tuple[bool, date | None]
) -> None:
    assert doj.serious_on(subject_of(lines(cells(), *records), AS_OF)) == expected


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
