"""Hand-made records of the 95-column extract, for tests: only the cells that a test is about are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rules.sources.doj_extract import COLUMNS, Line

AS_OF = date(2026, 7, 1)
_USUAL = {
    "SUBJECT_ID": "1",
    "PRI_NAME": "RUIZ,ANA",
    "GENDER": "F",
    "PRI_DOB": "19700315",
    "RACE_DESCR": "HISPANIC",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "LOS ANGELES SUPERIOR COURT",
    "STP_ORI_CNTY_NAME": "LOS ANGELES",
    "CNT_ORDER": "001002001000",
    "END_OF_REC": "EOR",
}
_CONVICTED = {
    "DISP_DATE": "20050601",
    "OFN": "BA123456",
    "OFFENSE_DESCR": "11359 HS-POSSESS MARIJUANA FOR SALE",
    "OFFENSE_TOC": "F",
    "DISP_DESCR": "CONVICTED-PROB/JAIL",
    "CONV_STAT_DESCR": "FELONY",
}


def cells(**its: str) -> list[str]:
    """The 95 cells of a record that is nothing in particular."""
    unknown = set(its) - set(COLUMNS)
    assert not unknown, unknown
    values = {**_USUAL, **its}
    return [values.get(name, "") for name in COLUMNS]


def convicted(**its: str) -> list[str]:
    """The cells of a conviction: possession for sale, a felony, 1 June 2005, Los Angeles."""
    return cells(**{**_CONVICTED, **its})


def line(made: list[str], number: int = 0) -> Line:
    from rules.bulk.normalise import line_of

    return line_of(number, made)


def lines(*made: list[str]) -> list[Line]:
    return [line(cells, number) for number, cells in enumerate(made)]


def extract(records: Iterable[list[str]], *, header: bool = True) -> bytes:
    """The records as a file; record ids are given where none are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(COLUMNS)
    for number, record in enumerate(records, 1):
        writer.writerow([record[0] or str(number), *record[1:]])
    return out.getvalue().encode("latin-1")


def saved(folder: Path, records: Iterable[list[str]], name: str = "extract.csv") -> Path:
    path = folder / name
    path.write_bytes(extract(records))
    return path
