"""By columns: the review with Polars (extra `[bulk]`), a million records in seconds, with the results of
`normalise.py`.

A block is parsed once, only the twenty columns that decide, and boiled down at once: of a million records there remain
the convictions (a third), and a few narrow tables beside them (case numbers, arrests, sentence parts, people). Texts
that repeat (offenses, dispositions, counties) are read once each, by the same functions as record by record, and stand
in the tables as numbers (:class:`Texts`). The rest is joins: what a person's record says (:meth:`ByColumns._people`),
what was done to a conviction since, and the facts on which the statute's trees decide (`rules/columns.py`).

A block in which any record is malformed is read record by record (`scan.records`) and goes on as columns from there.
Polars refuses quotation marks out of place by itself. Records that are too short it fills up, and of those too long it
drops the rest; so a mark is put before every line end, and a block is well formed only if the mark is the 96th cell
everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Any

import polars as pl

from rules import columns
from rules.bulk.decide import Circumstances
from rules.bulk.normalise import (
    Tally,
    birth_blame,
    date_blame,
    level_blame,
    offense_blame,
)
from rules.bulk.outputs import CONDENSED_NAMES, NOTED_EVERY, let_go
from rules.bulk.review import PersonFacts, Reviewed, recent_since
from rules.bulk.scan import LONGEST, Block, Kept, LineNumbers, Rejected, in_order, records
from rules.remedies.hs_11361_8 import REMEDY
from rules.sources import doj_extract as doj
from rules.sources.doj_extract import BLANKS, COLUMNS, PLACES, READ, SECTIONS, Charge, Relief

_END = "\1"
_SCHEMA = dict.fromkeys((*COLUMNS, _END), pl.String)
_MARK = b"," + _END.encode()
_PIECE = 16_384
_AT_ONCE = 8192  # lines that Polars writes at a time
_BOTH = tuple(dict.fromkeys((*READ, *CONDENSED_NAMES)))
_CODE = pl.UInt32
_TABLES = (
    *("convictions", "reliefs", "parts", "numbers", "arrests"),
    *("registrations", "deceased", "people", "births", "comments"),
)
LEVELS = ("", "felony", "misdemeanor", "infraction")
ARREST, COURT, REGISTRATION, DECEASED = 1, 2, 3, 4


_OF_CONVICTIONS = (
    *("number", "subject", "order", "county", "disposition", "RECORD_ID", "OFFENSE_DESCR", "OFFENSE_TOC"),
    *("CONV_STAT_DESCR", "DISP_DATE", "COMMENT_TEXT", "STP_ORI_DESCR"),
)


class _Aside:
    """Lines that are kept from the first reading to the second, a block of them under its number: in a file without a
    name, so that memory does not grow with the extract and nothing is left behind. Several threads may use it."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  # closed by close()
        self._places: dict[int, tuple[int, int]] = {}
        self._size = 0
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(1)
        self._freed = 0

    def put(self, number: int, lines: bytes) -> None:
        with self._lock:
            self._file.seek(self._size)
            self._file.write(lines)
            self._file.flush()
            self._places[number] = self._size, len(lines)
            self._size += len(lines)
            if self._size - self._freed >= NOTED_EVERY:
                self._freed = self._size
                self._pool.submit(let_go, self._file.fileno(), self._size)

    def take(self, number: int) -> bytes | None:
        with self._lock:
            at, size = self._places.get(number, (0, 0))
            self._file.seek(at)
            return self._file.read(size) if size else None

    def close(self) -> None:
        self._pool.shutdown(wait=True)
        self._file.close()


class Texts:
    """Texts that repeat, each read once; its number stands for it. Several threads may add to it."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self._numbers: dict[str, int] = {}
        self._lock = Lock()
        self.values: list[Any] = []

    def coded(self, texts: pl.Series) -> pl.Series:
        """The number of each text."""
        distinct = texts.unique()
        with self._lock:
            numbers = [self._number(text) for text in distinct]
        if distinct.len() < 2:
            return pl.Series(texts.name, numbers * texts.len(), dtype=_CODE)
        return texts.replace_strict(distinct, pl.Series(numbers, dtype=_CODE), return_dtype=_CODE)

    def _number(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.values)
            self.values.append(self._read(text))
        return number

    def where(self, holds: Callable[[Any], bool]) -> list[int]:
        """The numbers of the texts for which it holds."""
        return [i for i, value in enumerate(self.values) if holds(value)]


def parsed(block: Block, names: Sequence[str]) -> pl.DataFrame | None:
    """The named columns of a block in which every record is well formed, an empty cell as null; ``None`` if one is
    not."""
    # A carriage return that is no part of a line end: by records it is told whether it may stand where it does.
    if b"\0" in block.data or b"\r" in block.data or not _short_lines(block.data):
        return None
    data, lines = _marked(block.data)
    found = _read(data, [*dict.fromkeys([*names, "SUBJECT_ID", _END])])
    if found is None or found.height != lines or not found[_END].eq_missing(_END).all():
        return None
    if found["SUBJECT_ID"].is_null().any() or (found["SUBJECT_ID"].str.strip_chars(BLANKS) == "").any():
        return None
    return found.select(names)


def _short_lines(data: bytes | bytearray) -> bool:
    """Whether surely no line is too long: there is a line end in every stretch of half the length allowed."""
    half = LONGEST // 2
    return all(data.find(b"\n", start, start + half) >= 0 for start in range(0, len(data) - half, half))


def _read(data: bytes, names: list[str]) -> pl.DataFrame | None:
    """The named columns of marked data, an empty cell as null; ``None`` where Polars finds the data malformed."""
    try:
        places = [place for place, name in enumerate(_SCHEMA) if name in names]
        return pl.read_csv(data, has_header=False, schema=_SCHEMA, columns=places)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.ShapeError):
        return None


def _lines(frame: pl.DataFrame) -> bytes:
    """The columns of the condensed file as CSV, a line a record."""
    out = io.BytesIO()
    frame.select(CONDENSED_NAMES).write_csv(out, include_header=False, batch_size=_AT_ONCE)
    made = out.getvalue()
    if made.isascii():
        return made
    pieces, at = [], 0
    while at < len(made):  # a piece ends with a line, so that no character is cut in two
        end = made.find(b"\n", at + _PIECE) + 1 or len(made)
        piece = made[at:end]
        pieces.append(piece if piece.isascii() else piece.decode().encode("latin-1"))
        at = end
    return b"".join(pieces)


def _marked(data: bytes | bytearray) -> tuple[bytes, int]:
    """The data with the mark before every line end, and every byte as the character of its number, in UTF-8; and how
    many line ends there are. In small pieces: only the few that are not ASCII have to be turned."""
    pieces: list[bytes] = []
    grown = 0
    whole = memoryview(data)
    for start in range(0, len(data), _PIECE):
        plain = bytes(whole[start : start + _PIECE])
        piece = plain.replace(b"\n", _MARK + b"\n")
        grown += len(piece) - len(plain)
        pieces.append(piece if piece.isascii() else piece.decode("latin-1").encode())
    return b"".join(pieces), grown // len(_MARK)


def by_record(block: Block, names: Sequence[str]) -> tuple[pl.DataFrame, list[Kept], list[Rejected]]:
    """The same of any block, the malformed records apart."""
    kept: list[Kept] = []
    rejected: list[Rejected] = []
    for record in records(block):
        if isinstance(record, Kept):
            kept.append(record)
        else:
            rejected.append(record)
    data = {name: [k.cells[PLACES[name]] for k in kept] for name in names}
    return pl.DataFrame(data, schema=dict.fromkeys(names, pl.String)), kept, rejected


@dataclass(frozen=True, slots=True)
class _Boiled:
    """What remains of a block. Record numbers count from its own first record."""

    records: int
    tables: dict[str, pl.DataFrame]
    comments: list[tuple[int, str]]
    rejected: list[Rejected]  # by lines of the block, from 0
    lines: int
    counties: list[str]
    size: int
    block: Block
    clean: bool


def _clean(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars(BLANKS)


def _part_of_order(digits: int) -> pl.Expr:
    """The cycle (3 digits) or the step (6) of a count."""
    order = pl.col("order")
    return pl.when(order < 0).then(order).otherwise(order // 10 ** (12 - digits))


def _orders(cells: pl.Series, block: int) -> pl.Series:
    """What names a count among those of its person: its twelve digits, as a number. A count without them is one by
    itself, with a negative number of its own."""
    text = cells.str.strip_chars(BLANKS).alias("order")
    whole = text.str.contains("^[0-9]{12}$")
    orders = text.cast(pl.Int64, strict=False)
    if whole.all():
        return orders
    alone = pl.select(-1 - (block << 32) - pl.int_range(text.len(), dtype=pl.Int64)).to_series()
    return orders.zip_with(whole, alone)


def _day(name: str) -> pl.Expr:
    text = _clean(name)
    found = pl.when(text.str.contains(r"^[0-9]{8}$")).then(text).str.to_date("%Y%m%d", strict=False)
    return pl.when(found >= pl.lit(date(1850, 9, 9))).then(found)


class ByColumns:
    """The review of an extract, by columns."""

    name = "by columns"

    def __init__(self, folder: Path, county: str, as_of: date, workers: int = 2) -> None:
        self._condensed = _Aside(folder)
        self.county, self.as_of, self.workers = county, as_of, workers
        self.tally = Tally()
        self.comments: dict[int, str] = {}
        self.rejected: list[tuple[int, Rejected]] = []
        self.sizes: list[tuple[int, bool]] = []
        self._subjects = Texts(str)
        self._steps = Texts(_step_of)
        self._dispositions = Texts(_disposition_of)
        self._charges = Texts(lambda text: doj.charge(text, as_of))
        self._counties = Texts(lambda text: text.strip(BLANKS).upper())
        self._statuses = Texts(str.strip)
        self._tables: dict[str, list[pl.DataFrame]] = {}
        self._lines = LineNumbers()
        self._relieved: dict[int, str] = {}

    def condensed(self, block: Block) -> bytes | None:
        """The columns of the condensed file, a line for each record of a well-formed block, made when it was read
        first; ``None`` for any other block."""
        return self._condensed.take(block.number)

    # ---- reading

    def scan(self, blocks: Iterable[Block], done: Callable[[int], None]) -> None:
        """Reads all blocks, several at a time; ``done`` is called with the bytes of each, in order."""
        with ThreadPoolExecutor(self.workers) as pool:
            for boiled in in_order(pool, self._boil, blocks, self.workers):
                self._take(boiled)
                done(boiled.size)

    def met(self) -> int:
        """How many people were met so far."""
        return len(self._subjects.values)

    def _take(self, b: _Boiled) -> None:
        start = self.tally.records
        for name, table in b.tables.items():
            # A text taken from a block would keep all texts of the block alive; so each is written anew.
            own = [pl.col(pl.String) + pl.lit("")]
            if "number" in table.columns:
                own.append(pl.col("number") + pl.lit(start, dtype=pl.UInt32))
            self._tables.setdefault(name, []).append(table.with_columns(own))
        self.comments |= {start + number: text for number, text in b.comments}
        line = self._lines.before(b.block, b.lines)
        self.rejected += [(b.block.file, r._replace(line=line + r.line)) for r in b.rejected]
        self.tally.counties.update(b.counties)
        self.sizes.append((b.records, b.clean))
        self.tally.records += b.records

    def _boil(self, block: Block) -> _Boiled:
        rejected: list[Rejected] = []
        frame = parsed(block, _BOTH)
        clean = frame is not None
        if frame is not None:
            self._condensed.put(block.number, _lines(frame))
            frame = frame.select(pl.col(READ).fill_null(""))
        if frame is None:
            frame, _, rejected = by_record(block, READ)
            lines = block.data.count(b"\n")
        else:
            lines = frame.height
        frame = frame.with_row_index("number").with_columns(
            self._subjects.coded(frame["SUBJECT_ID"].str.strip_chars(BLANKS)).alias("subject"),
            self._steps.coded(frame["STP_TYPE_DESCR"]).alias("step"),
            self._dispositions.coded(frame["DISP_DESCR"]).alias("disposition"),
            self._counties.coded(frame["STP_ORI_CNTY_NAME"]).alias("county"),
            _orders(frame["CNT_ORDER"], block.number),
        )

        made = dict(zip(_TABLES, pl.collect_all(self._tables_of(frame.lazy())), strict=True))
        slim, notes = self._convictions(made.pop("convictions"))
        return _Boiled(
            records=frame.height,
            tables=made | {"convictions": slim, "notes": notes},
            comments=self._comments(made.pop("comments")),
            rejected=rejected,
            lines=lines,
            counties=[c for c in dict.fromkeys(self._counties.values[i] for i in frame["county"].unique()) if c],
            size=len(block.data),
            block=replace(block, data=b""),
            clean=clean,
        )

    def _tables_of(self, frame: pl.LazyFrame) -> list[pl.LazyFrame]:
        """What remains of a block (:data:`_TABLES`), asked for together: Polars then works on all of it at once."""

        def records_of(step: int, *cells: str) -> pl.LazyFrame:
            wanted = frame.select("number", "subject", "order", "step", *cells)
            return wanted.filter(pl.col("step").is_in(self._steps.where(lambda s: s == step)))

        convictions = frame.select(_OF_CONVICTIONS).filter(
            pl.col("disposition").is_in(self._dispositions.where(lambda v: v is True))
        )
        reliefs = frame.select("number", "subject", "order", "disposition").filter(
            pl.col("disposition").is_in(self._dispositions.where(lambda v: isinstance(v, Relief)))
        )
        court = records_of(COURT, "OFN").with_columns(ofn=_clean("OFN"))
        court = court.filter(pl.col("ofn") != "", pl.col("ofn").str.to_uppercase() != "NULL")
        arrests = records_of(ARREST, "STP_EVENT_DATE").select("number", "subject", "order", on=_day("STP_EVENT_DATE"))
        sentences = frame.select("subject", "order", "SENT_LENGTH", "SENT_TIME_CODE")
        return [
            convictions,
            reliefs,
            _parts(sentences.filter(_clean("SENT_LENGTH") != "")),
            court.select("number", "subject", "ofn", step6=_part_of_order(6)).unique(
                ["subject", "step6", "ofn"], keep="first", maintain_order=True
            ),
            arrests.filter(pl.col("on").is_not_null())
            .select("number", "subject", "on", cycle=_part_of_order(3))
            .unique(["subject", "cycle"], keep="first", maintain_order=True),
            records_of(REGISTRATION, "OFFENSE_DESCR", "STP_EVENT_DATE")
            .filter(pl.col("OFFENSE_DESCR").str.contains(r"^\s*290([^0-9]|$)"))
            .select("subject", on=_day("STP_EVENT_DATE")),
            records_of(DECEASED).select("subject").unique(),
            _people_in(frame),
            frame.select("number", "subject", birth=_clean("PRI_DOB"))
            .filter(pl.col("birth") != "")
            .unique(["subject", "birth"], keep="first", maintain_order=True),
            frame.select("number", "OFFENSE_DESCR", "COMMENT_TEXT").filter(
                pl.col("COMMENT_TEXT").str.contains("1135[789]|11360")
            ),
        ]

    def _convictions(self, found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The records that are convictions, as few bytes of each as can be; and the texts that are told of some."""
        offense = found["OFFENSE_DESCR"].str.strip_chars(BLANKS)
        beside = (offense == "") | offense.str.to_uppercase().str.starts_with("SEE COMMENT FOR CHARGE")
        text = pl.select(
            pl.when(beside).then(found["COMMENT_TEXT"].str.strip_chars(BLANKS)).otherwise(offense)
        ).to_series()
        codes = self._charges.coded(text)
        marijuana = self._charges.where(lambda c: c.section or c.names_marijuana)
        status, kind = _clean("CONV_STAT_DESCR").str.to_uppercase(), _clean("OFFENSE_TOC").str.to_uppercase()
        said = (
            pl.when(status != "")
            .then(
                status.replace_strict(
                    ["FELONY", "MISDEMEANOR", "INFRACTION"], [1, 2, 3], default=0, return_dtype=pl.UInt8
                )
            )
            .otherwise(kind.replace_strict(["F", "M", "I"], [1, 2, 3], default=0, return_dtype=pl.UInt8))
        )
        on = _day("DISP_DATE")
        found = found.with_columns(codes.alias("charge"), said.alias("level"), on.alias("on"))
        found = found.with_columns(pl.when(pl.col("on") <= pl.lit(self.as_of)).then(pl.col("on")))
        slim = found.select("number", "subject", "order", "county", "charge", "level", "on")
        told = pl.col("charge").is_in(marijuana) | pl.col("on").is_null() | pl.col("charge").is_in(self._unread())
        notes = found.filter(told).select(
            "number",
            record=_clean("RECORD_ID"),
            day_text=_clean("DISP_DATE"),
            status=_clean("CONV_STAT_DESCR"),
            comment=pl.col("COMMENT_TEXT"),
            court=_clean("STP_ORI_DESCR"),
        )
        return slim, notes

    def _unread(self) -> list[int]:
        return self._charges.where(lambda c: c.offense is None)

    def _comments(self, found: pl.DataFrame) -> list[tuple[int, str]]:
        """Those records whose comment names another charge of Proposition 64 than their offense."""
        made = []
        for number, text, comment in found.iter_rows():
            other = doj.other_charges(comment, doj.charge(doj.offense_text(text, comment), self.as_of))
            if other:
                made.append((number, other))
        return made

    # ---- deciding

    def _table(self, name: str) -> pl.DataFrame:
        return pl.concat(self._tables.pop(name), rechunk=True)

    def reviewed(self) -> list[Reviewed]:
        """The convictions under review, in the order of their records; what is counted of all others on the way."""
        if not self._tables:
            return []
        all_convictions = self._one_a_count(self._table("convictions"))
        people, births = self._people_of(all_convictions)
        self._count(all_convictions, births)
        marijuana = self._charges.where(lambda c: c.section or c.names_marijuana)
        here = pl.col("county").is_in(self._counties.where(lambda c: c == self.county))
        under = here & pl.col("charge").is_in(marijuana)
        people_under = all_convictions.filter(under).select("subject").unique()
        if not people_under.height:
            self._tables.clear()
            return []
        whole = all_convictions.join(people_under, on="subject", how="semi", maintain_order="left")
        del all_convictions
        whole = self._with_reliefs(whole).join(self._charge_flags(), on="charge", how="left", maintain_order="left")
        notes = self._table("notes")
        facts = self._person_table(whole, people, births, notes)
        table = whole.filter(under).join(self._charge_texts(), on="charge", how="left", maintain_order="left")
        table = table.join(notes, on="number", how="left", maintain_order="left")
        table = self._with_the_rest(table, whole).join(facts, on="subject", how="left", maintain_order="left")
        table = table.sort("number")
        numbers, findings = columns.decide(REMEDY, columns.Counts(self._facts(table), self.as_of))
        found = list(self._made(table, numbers, findings))
        self.tally.suspicious["case_number_missing"] += sum(not r.case_number for r in found)
        return found

    def _one_a_count(self, convictions: pl.DataFrame) -> pl.DataFrame:
        """One conviction a count: the first of the records that repeat it."""
        return convictions.unique(["subject", "order"], keep="first", maintain_order=True)

    def _people_of(self, convictions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Every person once, and the birth date of each: unknown where the records differ, or contradict it."""
        people = (
            self._table("people")
            .group_by("subject", maintain_order=True)
            .agg(
                pl.col("number").first(),
                pl.col("first_id").first(),
                *(pl.col(c).filter(pl.col(c) != "").first().fill_null("") for c in ("name", "gender", "race")),
            )
        )
        texts = (
            self._table("births")
            .group_by("subject", maintain_order=True)
            .agg(pl.col("birth").first().alias("birth_text"), (pl.col("birth").n_unique() > 1).alias("differ"))
        )
        births = people.select("subject").join(texts, on="subject", how="left", maintain_order="left")
        first = convictions.group_by("subject").agg(pl.col("on").min().alias("first_on"))
        births = births.join(first, on="subject", how="left", maintain_order="left").with_columns(
            pl.col("birth_text").fill_null(""), pl.col("differ").fill_null(False)
        )
        birth = pl.when(~pl.col("differ")).then(_day("birth_text"))
        fits = (birth <= pl.lit(self.as_of)) & (birth > pl.col("first_on")).ne_missing(True)
        return people, births.with_columns(birth=pl.when(fits).then(birth)).drop("first_on")

    def _count(self, convictions: pl.DataFrame, births: pl.DataFrame) -> None:
        tally, blank = self.tally, self._counties.where(lambda c: not c)
        tally.people, tally.convictions = births.height, convictions.height
        tally.earliest = convictions["on"].min()  # type: ignore[assignment]  # a column of dates
        counted = convictions.select(
            date_unreadable=pl.col("on").is_null().sum(),
            offense_unreadable=pl.col("charge").is_in(self._unread()).sum(),
            level_unknown=(pl.col("level") == 0).sum(),
            county_blank=pl.col("county").is_in(blank).sum(),
            count_unreadable=(pl.col("order") < 0).sum(),
        ).row(0, named=True)
        counted |= births.select(
            births_differ=pl.col("differ").sum(),
            birth_unreadable=(pl.col("birth").is_null() & ~pl.col("differ")).sum(),
        ).row(0, named=True)
        tally.suspicious.update({kind: n for kind, n in counted.items() if n})

    def _charge_flags(self) -> pl.DataFrame:
        """What is counted by, of every charge: small, because every conviction of everybody under review has it."""
        values: list[Charge] = self._charges.values
        sections = {section: n for n, section in enumerate(("", *SECTIONS))}
        same: dict[str, int] = {}
        return pl.DataFrame(
            {
                "charge": pl.Series(range(len(values)), dtype=_CODE),
                "section_code": pl.Series([sections[c.section] for c in values], dtype=pl.UInt8),
                "unread": pl.Series([c.offense is None for c in values], dtype=pl.Boolean),
                "super": pl.Series([c.superstrike == "Y" for c in values], dtype=pl.Boolean),
                "register": pl.Series([c.registrable == "Y" for c in values], dtype=pl.Boolean),
                "clear": pl.Series([c.superstrike == c.registrable == "N" for c in values], dtype=pl.Boolean),
                "same": pl.Series(
                    [same.setdefault(c.offense.offense, len(same)) if c.offense else None for c in values], dtype=_CODE
                ),
            }
        )

    def _charge_texts(self) -> pl.DataFrame:
        values: list[Charge] = self._charges.values
        of = [c.offense for c in values]
        return pl.DataFrame(
            {
                "charge": pl.Series(range(len(values)), dtype=_CODE),
                "offense": pl.Series([o.offense if o else None for o in of], dtype=pl.String),
                "subdivision": pl.Series([o.subdivision if o else None for o in of], dtype=pl.String),
                "paragraph": pl.Series([o.paragraph if o else None for o in of], dtype=pl.String),
                "attempt": pl.Series([o.attempt if o else None for o in of], dtype=pl.Boolean),
            }
        )

    def _with_reliefs(self, whole: pl.DataFrame) -> pl.DataFrame:
        """What later records of the same count did to each conviction. They are few: read one by one."""
        later = self._table("reliefs").join(
            whole.select("subject", "order", since="number", was="level"), on=["subject", "order"], how="inner"
        )
        later = later.filter(pl.col("number") > pl.col("since")).sort("number")
        done: dict[int, tuple[bool, bool, int, str]] = {}
        for code, since, was in later.select("disposition", "since", "was").iter_rows():
            relief: Relief = self._dispositions.values[code]
            dismissed, prop64, level, text = done.get(since, (False, False, was, ""))
            if relief.level and was != LEVELS.index("infraction"):
                level = LEVELS.index(relief.level)
            if relief.dismissed and not dismissed:
                text = relief.text
            done[since] = (dismissed or relief.dismissed, prop64 or relief.prop64, level, text)
        self._relieved = {number: d[3] for number, d in done.items()}
        rows = pl.DataFrame(
            {
                "number": pl.Series(list(done), dtype=pl.UInt32),
                "dismissed": pl.Series([d[0] for d in done.values()], dtype=pl.Boolean),
                "prop64": pl.Series([d[1] for d in done.values()], dtype=pl.Boolean),
                "now": pl.Series([d[2] for d in done.values()], dtype=pl.UInt8),
            }
        )
        return whole.join(rows, on="number", how="left", maintain_order="left").with_columns(
            pl.col("dismissed").fill_null(False),
            pl.col("prop64").fill_null(False),
            pl.col("now").fill_null(pl.col("level")),
        )

    def _person_table(
        self, whole: pl.DataFrame, people: pl.DataFrame, births: pl.DataFrame, notes: pl.DataFrame
    ) -> pl.DataFrame:
        """One row for each person under review: what their whole record says."""
        since = pl.lit(recent_since(self.as_of))
        live = ~pl.col("dismissed")
        unread, undated = pl.col("unread"), pl.col("on").is_null()
        serious = pl.col("super") | pl.col("register")
        table = whole.group_by("subject", maintain_order=True).agg(
            pl.len().alias("convictions"),
            *((pl.col("section_code") == n).sum().alias(f"of {s}") for n, s in enumerate(SECTIONS, 1)),
            _listed("super"),
            _listed("register"),
            pl.col("on").max().alias("latest"),
            pl.col("on").is_not_null().all().alias("all_dated"),
            ((pl.col("now") == 1) & live).sum().alias("felonies"),
            ((pl.col("now") == 0) & live).sum().alias("unclear"),
            live.sum().alias("live"),
            (live & (pl.col("on").is_null() | (pl.col("on") >= since))).sum().alias("recent"),
            pl.col("number").filter(undated).first().alias("undated"),
            pl.col("number").filter(unread).first().alias("first_unread"),
            (~unread & (pl.col("section_code") == 0)).any().alias("others"),
            unread.any().alias("some_unread"),
            serious.sum().alias("serious"),
            pl.col("clear").all(),
            pl.col("on").filter(serious).min().alias("serious_first"),
            pl.col("on").filter(serious).is_null().any().alias("serious_undated"),
        )
        told = notes.select(undated="number", undated_record="record", undated_text="day_text")
        table = table.join(told, on="undated", how="left", maintain_order="left")
        told = notes.select(first_unread="number", unread_record="record")
        table = table.join(told, on="first_unread", how="left", maintain_order="left")
        registered = self._table("registrations").group_by("subject").agg(pl.col("on").min().alias("registered_on"))
        registered = registered.with_columns(registered=pl.lit(True))
        deceased = self._table("deceased").unique().with_columns(deceased=pl.lit(True))
        for other in (people.rename({"number": "first"}), births, registered, deceased):
            table = table.join(other, on="subject", how="left", maintain_order="left")
        table = table.with_columns(pl.col("registered").fill_null(False), pl.col("deceased").fill_null(False))
        shown = (pl.col("serious") > 0) | pl.col("registered")
        exact = ~pl.col("registered") & ~pl.col("serious_undated")
        high = pl.min_horizontal("serious_first", "registered_on")
        return table.with_columns(
            superstrike_or_290c=pl.when(shown).then(True).when(pl.col("clear")).then(False),
            **{
                "superstrike_or_290c_date.low": pl.when(shown & exact).then(high),
                "superstrike_or_290c_date.high": pl.when(shown).then(high),
                "superstrike_or_290c_date.above": pl.lit(False),
                "superstrike_or_290c_date.below": pl.lit(False),
            },
        )

    def _with_the_rest(self, table: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
        """Arrests, case numbers, sentences, earlier convictions of the section, and a serious one in the same case."""
        table = table.with_columns(step6=_part_of_order(6), cycle=_part_of_order(3))
        steps = table.select("subject", "step6").unique()
        numbers = self._table("numbers").join(steps, on=["subject", "step6"], how="semi").sort("number")
        numbers = numbers.unique(["subject", "step6", "ofn"], keep="first", maintain_order=True)
        numbers = numbers.group_by("subject", "step6", maintain_order=True).agg(pl.col("ofn").str.join("; "))
        arrests = self._table("arrests").sort("number").unique(["subject", "cycle"], keep="first").drop("number")
        parts = self._table("parts").join(table.select("subject", "order"), on=["subject", "order"], how="semi")
        parts = parts.group_by("subject", "order").agg(
            pl.col("months").sum(), pl.col("days").sum(), pl.col("months").is_null().any().alias("part_unread")
        )
        serious = (
            whole.filter(pl.col("super") | pl.col("register"))
            .select("subject", step6=_part_of_order(6))
            .unique()
            .with_columns(bar_in_same_case=pl.lit(True))
        )
        same = table.filter(pl.col("same").is_not_null()).select("number", "subject", "same", "on")
        same = same.join(whole.select("subject", "same", other="number", then="on"), on=["subject", "same"])
        priors = (
            same.filter(pl.col("number") != pl.col("other"))
            .group_by("number")
            .agg(
                (pl.col("then") < pl.col("on")).fill_null(False).sum().cast(pl.Float64).alias("before"),
                (pl.col("then").is_null() | pl.col("on").is_null()).sum().cast(pl.Float64).alias("unsure"),
            )
        )
        table = table.join(numbers, on=["subject", "step6"], how="left", maintain_order="left")
        table = table.join(arrests.rename({"on": "arrest"}), on=["subject", "cycle"], how="left", maintain_order="left")
        table = table.join(parts, on=["subject", "order"], how="left", maintain_order="left")
        table = table.join(serious, on=["subject", "step6"], how="left", maintain_order="left")
        table = table.join(priors, on="number", how="left", maintain_order="left")
        return table.with_columns(
            pl.col("ofn").fill_null(""),
            _ending().alias("sentence_end"),
            pl.when(pl.col("arrest") <= pl.lit(self.as_of)).then(pl.col("arrest")),
            pl.when(pl.col("offense").is_not_null()).then(pl.col("before").fill_null(0.0)).alias("before"),
            pl.when(pl.col("offense").is_not_null()).then(pl.col("unsure").fill_null(0.0)).alias("unsure"),
        )

    def _facts(self, table: pl.DataFrame) -> pl.DataFrame:
        """The stated facts of the convictions, as `doj_extract.record_of` states them one by one."""
        return table.select(
            pl.col("birth").alias("birth_date"),
            "superstrike_or_290c",
            pl.col("^superstrike_or_290c_date\\..*$"),
            pl.col("on").alias("conviction_date"),
            pl.col("arrest").alias("arrest_date"),
            pl.lit("convicted").alias("disposition"),
            pl.col("sentence_end").alias("sentence_completed"),
            pl.col("dismissed").alias("dismissed_before"),
            "bar_in_same_case",
            "offense",
            "subdivision",
            "paragraph",
            "attempt",
            pl.col("now").replace_strict(range(4), [None, *LEVELS[1:]], return_dtype=pl.String).alias("level"),
            pl.col("prop64").alias("already_relieved"),
            pl.col("before").alias("same_section_priors.low"),
            (pl.col("before") + pl.col("unsure")).alias("same_section_priors.high"),
            pl.lit(False).alias("same_section_priors.above"),
            pl.lit(False).alias("same_section_priors.below"),
        )

    def _made(self, table: pl.DataFrame, numbers: pl.Series, findings: Sequence[Any]) -> Iterator[Reviewed]:
        people: dict[int, PersonFacts] = {}
        exactly = pl.col("arrest").is_not_null() & (pl.col("on").is_null() | (pl.col("arrest") <= pl.col("on")))
        table = table.with_columns(
            exactly=exactly, occurred=pl.when(exactly).then(pl.col("arrest")).otherwise(pl.col("on"))
        )
        for row, number in zip(table.iter_rows(named=True), numbers, strict=True):
            person = people.get(row["subject"])
            if person is None:
                person = people[row["subject"]] = self._person(row)
            charge: Charge = self._charges.values[row["charge"]]
            felony = None if not row["now"] else row["now"] == 1
            undated = row["undated_text"]
            yield Reviewed(
                number=row["number"],
                record_id=row["record"],
                order=f"{row['order']:012d}" if row["order"] >= 0 else str(row["order"]),
                court=row["court"],
                case_number=row["ofn"],
                charge=charge,
                convicted=row["on"],
                level=LEVELS[row["now"]],
                dismissed=row["dismissed"],
                sentence_end=row["sentence_end"],
                other=doj.other_charges(row["comment"], charge) if row["comment"] else "",
                occurred=row["occurred"],
                exactly=row["exactly"],
                person=person,
                of=Circumstances(
                    felony=felony,
                    section=charge.section or None,
                    birth=person.birth,
                    convicted=row["on"],
                    latest=person.latest,
                    all_dated=person.all_dated,
                    only_prop64=False if row["others"] else None if row["some_unread"] else True,
                    deceased=person.deceased,
                    relieved=self._relieved.get(row["number"], ""),
                    level_of="" if row["now"] else level_blame(row["record"], row["status"] or ""),
                    section_of="" if charge.section else offense_blame(row["record"]),
                    birth_of="" if row["birth"] else birth_blame(row["first_id"], row["birth_text"], row["differ"]),
                    convicted_of="" if row["on"] else date_blame(row["record"], row["day_text"] or ""),
                    latest_of="" if undated is None else date_blame(row["undated_record"], undated),
                    only_of=offense_blame(row["unread_record"]) if row["some_unread"] else "",
                ),
                finding=findings[number],
            )

    def _person(self, row: dict[str, Any]) -> PersonFacts:
        counts = [row[f"of {s}"] for s in SECTIONS]
        return PersonFacts(
            key=row["first"],
            subject_id=self._subjects.values[row["subject"]],
            name=row["name"],
            gender=row["gender"],
            race=row["race"],
            birth=row["birth"],
            convictions=row["convictions"],
            by_section=(counts[0], counts[1], counts[2], counts[3]),
            superstrikes=self._told(row["list of super"]),
            registrables=self._told(row["list of register"]),
            registered=row["registered"],
            deceased=row["deceased"],
            latest=row["latest"],
            all_dated=row["all_dated"],
            felonies=row["felonies"],
            unclear=row["unclear"],
            live=row["live"],
            recent=row["recent"],
        )

    def _told(self, charges: list[int]) -> str:
        return "; ".join(dict.fromkeys(self._charges.values[c].written for c in charges))

    def close(self) -> None:
        """Forgets what was read."""
        self._tables.clear()
        self._condensed.close()


def _step_of(text: str) -> int:
    words = text.strip(BLANKS).upper()
    if words.startswith("ARREST"):
        return ARREST
    return {"COURT ACTION": COURT, "REGISTRATION": REGISTRATION, "DECEASED": DECEASED}.get(words, 0)


def _disposition_of(text: str) -> Relief | bool | None:
    return True if text.strip(BLANKS).upper().startswith("CONVICTED") else doj.relief(text)


def _parts(found: pl.LazyFrame) -> pl.LazyFrame:
    """The sentence parts as months and days; a part that cannot be read has neither."""
    length = _clean("SENT_LENGTH")
    number = pl.when(length.str.contains("^[0-9]{1,5}$")).then(length).cast(pl.Int64, strict=False)
    unit = _clean("SENT_TIME_CODE").str.to_uppercase().str.head(1)
    months = pl.when(unit == "Y").then(number * 12).when(unit == "M").then(number).when(unit == "D").then(number * 0)
    days = pl.when(unit == "D").then(number).otherwise(number * 0)
    return found.select("subject", "order", months=months.cast(pl.Int32), days=days.cast(pl.Int32))


def _ending() -> pl.Expr:
    """`doj_extract.ending`: all months first, then all days; a day its month does not have counts on."""
    count = pl.col("on").dt.year().cast(pl.Int64) * 12 + pl.col("on").dt.month().cast(pl.Int64) - 1 + pl.col("months")
    readable = ~pl.col("part_unread") & (count < 120_000)
    first = pl.date(
        pl.when(readable).then(count // 12).cast(pl.Int32), (count % 12 + 1).cast(pl.Int8), pl.lit(1, dtype=pl.Int8)
    )
    more = pl.duration(days=pl.col("on").dt.day().cast(pl.Int64) - 1 + pl.col("days"))
    end = pl.when(readable).then(first) + more
    return pl.when(end <= pl.lit(date.max)).then(end)


def _people_in(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Each person of a block: the first of their records, and their first name, gender and race that is not blank."""

    def first(cells: pl.Expr) -> pl.Expr:
        return cells.filter(cells != "").first().fill_null("")

    return frame.group_by("subject", maintain_order=True).agg(
        pl.col("number").first(),
        _clean("RECORD_ID").first().alias("first_id"),
        first(_clean("PRI_NAME")).alias("name"),
        first(_clean("GENDER").str.to_uppercase()).alias("gender"),
        first(_clean("RACE_DESCR").str.to_uppercase()).alias("race"),
    )


def _listed(column: str) -> pl.Expr:
    """The charges, each once, of which it holds."""
    return pl.col("charge").filter(pl.col(column)).unique(maintain_order=True).alias(f"list of {column}")
