"""Record by record and by columns are one review: every conviction, every reason, every count.

`LIMPIO_PEOPLE=20000` compares that many made-up people (about 1.6 million records, some minutes); the usual run a few
hundred. Hypothesis adds hand-sized histories that no sample has.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import columns
from rules.bulk import sample
from rules.bulk.by_columns import ByColumns
from rules.bulk.normalise import ByRow
from rules.bulk.review import Reviewed
from rules.bulk.scan import blocks
from rules.history import stated_by_count
from rules.judge import judge
from rules.remedies.hs_11361_8 import REMEDY
from rules.sources import doj_extract as doj
from tests.rules.bulk.made_up import AS_OF, cells, convicted, extract, lines

PEOPLE = int(os.environ.get("LIMPIO_PEOPLE", "250"))
COUNTIES = ("LOS ANGELES", "ALAMEDA", "")


def told(one: Reviewed) -> dict[str, Any]:
    """All of a reviewed conviction that may be compared. A count without its digits has a name of each engine's own."""
    told = one._asdict()
    finding = told.pop("finding")
    return told | {
        "order": one.order[:1] if one.order.startswith("-") else one.order,
        "decision": finding.decision,
        "would_settle": finding.would_settle,
    }


def both(path: Path, county: str, size: int = 1 << 20, as_of: date = AS_OF) -> tuple[ByRow, list[Reviewed]]:
    """Reviews a file in both ways, compares everything, and gives back the review record by record."""
    with TemporaryDirectory() as folder:
        by_row = ByRow(Path(folder), county, as_of)
        by_row.scan(blocks([path], size), lambda _: None)
        slow = by_row.reviewed()
        by_column = ByColumns(Path(folder), county, as_of, workers=2)
        by_column.scan(blocks([path], size), lambda _: None)
        fast = by_column.reviewed()
        by_column.close()
    assert [told(r) for r in fast] == [told(r) for r in slow]
    assert vars(by_column.tally) == vars(by_row.tally)
    assert by_column.comments == by_row.comments
    assert by_column.sizes == by_row.sizes
    assert by_column.rejected == by_row.rejected
    return by_row, slow


def written(folder: Path, people: int, seed: int) -> Path:
    path = folder / f"sample-{seed}.csv"
    with path.open("wb") as file:
        file.write(sample.header())
        for piece in sample.people(people, seed):
            file.write(piece)
    return path


def test_every_conviction_of_made_up_people_is_decided_alike(tmp_path: Path) -> None:
    compared = 0
    step = 2000  # a file of so many people at a time, so that the comparison itself stays small
    for seed, start in enumerate(range(0, PEOPLE, step), 11):
        path = written(tmp_path, min(step, PEOPLE - start), seed)
        for county in ("LOS ANGELES", "ALAMEDA"):
            _, found = both(path, county)
            compared += len(found)
        path.unlink()
    assert compared > PEOPLE // 3


def facts_of(known: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Stated facts as columns, each date and number as a span."""
    rows = list(known)
    made: dict[str, pl.Series] = {}
    for name, dtype in (
        ("birth_date", pl.Date), ("conviction_date", pl.Date), ("arrest_date", pl.Date),
        ("sentence_completed", pl.Date), ("superstrike_or_290c", pl.Boolean), ("disposition", pl.String),
        ("dismissed_before", pl.Boolean), ("bar_in_same_case", pl.Boolean), ("offense", pl.String),
        ("subdivision", pl.String), ("paragraph", pl.String), ("attempt", pl.Boolean), ("level", pl.String),
        ("already_relieved", pl.Boolean), ("sentence", pl.String), ("felony_term", pl.String),
        ("new_conviction_since", pl.Boolean),
    ):  # fmt: skip
        made[name] = pl.Series([row.get(name) for row in rows], dtype=dtype)
    for name, dtype in (("superstrike_or_290c_date", pl.Date), ("same_section_priors", pl.Float64)):
        ends = [(getattr(v, "low", v), getattr(v, "high", v)) for v in (row.get(name) for row in rows)]
        for part, place in (("low", 0), ("high", 1)):
            made[f"{name}.{part}"] = pl.Series(
                [e[place] if dtype is pl.Date or e[place] is None else float(e[place]) for e in ends], dtype=dtype
            )
        for part in ("above", "below"):
            made[f"{name}.{part}"] = pl.Series([False] * len(rows), dtype=pl.Boolean)
    return pl.DataFrame(made)


def test_the_statute_decides_every_conviction_of_the_extract_alike_not_only_those_of_marijuana(tmp_path: Path) -> None:
    path = written(tmp_path, 40, 3)
    by_row = ByRow(tmp_path, "", AS_OF)
    by_row.scan(blocks([path]), lambda _: None)
    known = [
        facts for subject in by_row.people() for _, _, facts in stated_by_count(doj.record_of(subject, AS_OF), AS_OF)
    ]
    numbers, findings = columns.decide(REMEDY, columns.Counts(facts_of(known), AS_OF))
    assert len(known) > 300
    assert len(findings) < len(known) // 2  # many counts share a decision
    for facts, number in zip(known, numbers, strict=True):
        expected = judge(REMEDY, facts, AS_OF)
        assert findings[number].decision == expected.decision, facts
        assert findings[number].would_settle == expected.would_settle, facts


# ---- histories by hand

_DAYS = st.sampled_from(
    (
        "19960229",
        "20040301",
        "20050601",
        "20161108",
        "20161109",
        "20240229",
        "20270101",
        "",
        "20011399",
        "0",
        "18490101",
    )
)
_OFFENSES = st.sampled_from(
    (
        "11357(A) HS-X", "11357(B) HS-X", "11357(C) HS-X", "11357 HS-X", "11358 HS-X", "11359 HS-X", "11360(A) HS-X",
        "11360(B) HS-X", "664-11358 HS-X", "11357.5 HS-X", "187(A) PC-X", "288(A) PC-X", "186.22(B)(4)-246 PC-X",
        "484 PC-X", "11357 HS/459 PC", "NONSENSE", "", "SEE COMMENT FOR CHARGE", "537 PC-X",
    )
)  # fmt: skip
_RECORDS = st.fixed_dictionaries(
    {
        "SUBJECT_ID": st.sampled_from(("1", "2", " 2 ")),
        "PRI_NAME": st.sampled_from(("RUIZ,ANA", "GIOSU\xc3\xa0", "\x85A\xa0", " ")),
        "PRI_DOB": st.sampled_from(("19700315", "19840229", "19850601", "", "19701301", "20200101")),
        "STP_TYPE_DESCR": st.sampled_from(
            ("COURT ACTION", "COURT ACTION", "ARREST/DETAINED/CITED", "REGISTRATION", "DECEASED", "PROBATION")
        ),
        "STP_EVENT_DATE": _DAYS,
        "STP_ORI_CNTY_NAME": st.sampled_from(("LOS ANGELES", "Los Angeles ", "ALAMEDA", "")),
        "CNT_ORDER": st.sampled_from(("001002001000", "001002002000", "001001001000", "002002001000", "12", "")),
        "DISP_DATE": _DAYS,
        "OFN": st.sampled_from(("BA1", "BA2", "NULL", "null", "")),
        "OFFENSE_DESCR": _OFFENSES,
        "OFFENSE_TOC": st.sampled_from(("F", "M", "I", "", "X")),
        "DISP_DESCR": st.sampled_from(
            (
                "CONVICTED-PROB/JAIL", "CONVICTED-PROB/JAIL", "convicted", "DISMISSED/FURTHERANCE OF JUSTICE",
                "CONV SET ASIDE & DISM PER 1203.4 PC", "REDUCED TO MISDEMEANOR", "REDUCED TO INFRACTION",
                "DISMISSED PER 11361.8 HS", "REDUCED TO MISD PER 11361.8 HS", "1203.4 PC DENIED", "",
            )
        ),
        "CONV_STAT_DESCR": st.sampled_from(("FELONY", "MISDEMEANOR", "INFRACTION", " felony ", "", "WOBBLER")),
        "SENT_LENGTH": st.sampled_from(("3", "90", "", "LIFE", "99999")),
        "SENT_TIME_CODE": st.sampled_from(("Y", "M", "D", "", "W")),
        "COMMENT_TEXT": st.sampled_from(
            ("", "11358 HS-X", "CHARGE: 11359 HS", "ALSO 11357(C) HS", "ALSO 11357(A)", "SCN-11357", "Ñ\xa011360 HS")
        ),
        "END_OF_REC": st.sampled_from(("EOR", "")),
    }
)  # fmt: skip


@given(records=st.lists(_RECORDS, min_size=1, max_size=9), size=st.sampled_from((2500, 1 << 20)))
@settings(max_examples=60)
def test_histories_of_a_few_records_are_reviewed_alike(records: list[dict[str, str]], size: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        path.write_bytes(extract([cells(**r) for r in records]))
        for county in COUNTIES[:2]:
            both(path, county, size)


def test_what_is_compared_is_not_empty() -> None:
    """The comparison above would hold of two reviews that find nothing: here one conviction has to be found."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        path.write_bytes(extract([convicted()]))
        _, found = both(path, "LOS ANGELES")
    assert [r.charge.written for r in found] == ["HS 11359"]
    assert found[0].finding.outcome == "eligible_mandatory"
    subject = doj.subject_of(lines(convicted()), AS_OF)
    assert len(subject.convictions) == 1
