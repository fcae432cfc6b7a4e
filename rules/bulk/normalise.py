"""Record by record: the review without any library, slower and with the same results.

The lines of one person may stand anywhere in several files. So every line is first put into one of some hundred small
files by its subject (a `shard`); then one shard after the other is read, its lines grouped into people, and each person
decided as the website would decide them. Memory holds one shard, never the extract.

    review = ByRow(folder, "LOS ANGELES", date(2026, 7, 1))
    for block in blocks(paths):
        review.add(block)
    for one in review.reviewed():
        ...
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO
from zlib import crc32

from rules.bulk.decide import Circumstances
from rules.bulk.review import PersonFacts, Reviewed, recent_since
from rules.bulk.scan import Block, LineNumbers, Rejected, records
from rules.history import stated_by_count
from rules.judge import judge
from rules.remedies.hs_11361_8 import REMEDY
from rules.sources.doj_extract import (
    BLANKS,
    PLACES,
    READ,
    SECTIONS,
    Conviction,
    Line,
    Subject,
    charge,
    named_sections,
    offense_text,
    other_charges,
    part_of,
    record_of,
    subject_of,
)

SHARDS = 128
_READ = tuple(PLACES[name] for name in READ)


class Tally:
    """What is counted of the whole extract."""

    def __init__(self) -> None:
        self.records = 0
        self.people = 0
        self.convictions = 0
        self.earliest: date | None = None
        self.suspicious: Counter[str] = Counter()
        self.counties: set[str] = set()


def line_of(number: int, cells: list[str]) -> Line:
    """The cells of a record that are read."""
    return Line(number, *[cells[place] for place in _READ])


class ByRow:
    """The review of an extract, record by record."""

    name = "by row"

    def __init__(self, folder: Path, county: str, as_of: date) -> None:
        self.county, self.as_of, self.folder = county, as_of, folder
        self.tally = Tally()
        self.comments: dict[int, str] = {}
        self.rejected: list[tuple[int, Rejected]] = []  # with the place of its file
        self.sizes: list[tuple[int, bool]] = []  # of each block: its records, and whether every line is one
        self._lines = LineNumbers()
        self._subjects: set[str] = set()
        self._shards: list[IO[bytes] | None] = [None] * SHARDS

    def add(self, block: Block) -> int:
        """Reads one block; gives back how many bytes it had."""
        count = 0
        lines = block.data.count(b"\n")
        for record in records(block, self._lines.before(block, lines)):
            if isinstance(record, Rejected):
                self.rejected.append((block.file, record))
                continue
            line = line_of(self.tally.records + count, record.cells)
            count += 1
            self._keep(line)
            if county := line.county.strip(BLANKS).upper():
                self.tally.counties.add(county)
            if line.comment and any(True for _ in named_sections(line.comment)):
                other = other_charges(line.comment, charge(offense_text(line.offense, line.comment), self.as_of))
                if other:
                    self.comments[line.number] = other
        self.sizes.append((count, count == lines))  # what was rejected was a line too
        self.tally.records += count
        return len(block.data)

    def scan(self, blocks: Iterable[Block], done: Callable[[int], None]) -> None:
        """Reads all blocks; ``done`` is called with the bytes of each."""
        for block in blocks:
            done(self.add(block))

    def met(self) -> int:
        """How many people were met so far."""
        return len(self._subjects)

    def _keep(self, line: Line) -> None:
        subject = line.subject_id.strip(BLANKS)
        self._subjects.add(subject)
        place = crc32(subject.encode("latin-1")) % SHARDS
        file = self._shards[place]
        if file is None:
            file = self._shards[place] = (self.folder / f"shard-{place}").open("wb+")
        marshal.dump(tuple(line), file)

    def people(self) -> Iterator[Subject]:
        """Every person of the extract. To be read once."""
        for place, file in enumerate(self._shards):
            if file is None:
                continue
            file.seek(0)
            lines: dict[str, list[Line]] = {}
            with suppress(EOFError):
                while True:
                    line = Line(*marshal.load(file))  # noqa: S302  # written by _keep, in a folder of our own
                    lines.setdefault(line.subject_id.strip(BLANKS), []).append(line)
            file.close()
            (self.folder / f"shard-{place}").unlink(missing_ok=True)
            for of_one in lines.values():
                yield subject_of(of_one, self.as_of)

    def reviewed(self) -> list[Reviewed]:
        """The convictions under review, in the order of their records; what is counted of all others on the way."""
        found: list[Reviewed] = []
        for subject in self.people():
            self._count(subject)
            found += reviewed_of(subject, self.county, self.as_of)
        found.sort(key=lambda r: r.number)
        self.tally.suspicious["case_number_missing"] += sum(not r.case_number for r in found)
        return found

    def _count(self, subject: Subject) -> None:
        tally = self.tally
        tally.people += 1
        tally.convictions += len(subject.convictions)
        for conviction in subject.convictions:
            if conviction.on and (tally.earliest is None or conviction.on < tally.earliest):
                tally.earliest = conviction.on
        tally.suspicious.update(suspicions(subject))

    def close(self) -> None:
        """Removes what was written on the way."""
        for place, file in enumerate(self._shards):
            if file is not None:
                file.close()
                (self.folder / f"shard-{place}").unlink(missing_ok=True)


def suspicions(subject: Subject) -> Iterator[str]:
    """What about a person's records a person should look at, by kind (`report.SUSPICIOUS` has the words)."""
    if subject.births_differ:
        yield "births_differ"
    elif subject.birth is None:
        yield "birth_unreadable"
    for c in subject.convictions:
        if c.on is None:
            yield "date_unreadable"
        if c.charge.offense is None:
            yield "offense_unreadable"
        if not c.level:
            yield "level_unknown"
        if not c.county:
            yield "county_blank"
        if c.order.startswith("-"):
            yield "count_unreadable"


def reviewed_of(subject: Subject, county: str, as_of: date) -> list[Reviewed]:
    """The person's convictions under review: of Proposition 64, or not to be told from one, in the county."""
    under_review = {
        id(c) for c in subject.convictions if c.county == county and (c.charge.section or c.charge.names_marijuana)
    }
    if not under_review:
        return []
    person = person_facts(subject, as_of)
    made = []
    record = record_of(subject, as_of)
    stated = [facts for _, _, facts in stated_by_count(record, as_of)]
    for conviction, facts in zip(subject.convictions, stated, strict=True):
        if id(conviction) not in under_review:
            continue
        arrest = subject.arrests.get(part_of(conviction.order, 3))
        exactly = arrest is not None and arrest <= as_of and (conviction.on is None or arrest <= conviction.on)
        made.append(
            Reviewed(
                number=conviction.number,
                record_id=conviction.record_id,
                order=conviction.order,
                court=conviction.court,
                case_number=subject.case_number(conviction),
                charge=conviction.charge,
                convicted=conviction.on,
                level=conviction.now,
                dismissed=conviction.dismissed,
                sentence_end=conviction.sentence_end,
                other=other_charges(conviction.comment, conviction.charge),
                occurred=arrest if exactly else conviction.on,
                exactly=exactly,
                person=person,
                of=_circumstances(subject, conviction, person),
                finding=judge(REMEDY, facts, as_of),
            )
        )
    return made


def person_facts(subject: Subject, as_of: date) -> PersonFacts:
    """What the record says of the person, for every conviction under review alike."""
    convictions = subject.convictions
    dates = [c.on for c in convictions if c.on]
    live = [c for c in convictions if not c.dismissed]
    since = recent_since(as_of)
    counted = Counter(c.charge.section for c in convictions)
    return PersonFacts(
        key=subject.first,
        subject_id=subject.key,
        name=subject.name,
        gender=subject.gender,
        race=subject.race,
        birth=subject.birth,
        convictions=len(convictions),
        by_section=(counted[SECTIONS[0]], counted[SECTIONS[1]], counted[SECTIONS[2]], counted[SECTIONS[3]]),
        superstrikes=_listed(c for c in convictions if c.charge.superstrike == "Y"),
        registrables=_listed(c for c in convictions if c.charge.registrable == "Y"),
        registered=subject.registered,
        deceased=subject.deceased,
        latest=max(dates, default=None),
        all_dated=len(dates) == len(convictions),
        felonies=sum(c.now == "felony" for c in live),
        unclear=sum(not c.now for c in live),
        live=len(live),
        recent=sum(c.on is None or c.on >= since for c in live),
    )


def _listed(convictions: Iterable[Conviction]) -> str:
    return "; ".join(dict.fromkeys(c.charge.written for c in convictions))


def _circumstances(subject: Subject, conviction: Conviction, person: PersonFacts) -> Circumstances:
    unread = [c for c in subject.convictions if c.charge.offense is None]
    others = any(c.charge.offense is not None and not c.charge.section for c in subject.convictions)
    undated = next((c for c in subject.convictions if c.on is None), None)
    return Circumstances(
        felony=None if not conviction.now else conviction.now == "felony",
        section=conviction.charge.section or None,
        birth=subject.birth,
        convicted=conviction.on,
        latest=person.latest,
        all_dated=person.all_dated,
        only_prop64=False if others else None if unread else True,
        deceased=subject.deceased,
        relieved=conviction.relief_text,
        level_of="" if conviction.now else level_blame(conviction.record_id, conviction.status_text),
        section_of="" if conviction.charge.section else offense_blame(conviction.record_id),
        birth_of="" if subject.birth else birth_blame(subject.first_id, subject.birth_text, subject.births_differ),
        convicted_of="" if conviction.on else date_blame(conviction.record_id, conviction.day_text),
        latest_of=date_blame(undated.record_id, undated.day_text) if undated else "",
        only_of=offense_blame(unread[0].record_id) if unread else "",
    )


# ---- what an unknown fact is to blame on, in words that name the cell


def level_blame(record_id: str, text: str) -> str:
    said = f"is {text!r}" if text else "is blank and OFFENSE_TOC is none of F, M, I"
    return f"CONV_STAT_DESCR of record {record_id} {said}: felony or not is unknown"


def offense_blame(record_id: str) -> str:
    return f"OFFENSE_DESCR of record {record_id} cannot be read as one section"


def birth_blame(record_id: str, text: str, differ: bool) -> str:
    if differ:
        return f"PRI_DOB of record {record_id} and of other records of the person differ"
    if not text:
        return f"PRI_DOB of record {record_id} is blank"
    return f"PRI_DOB of record {record_id} ({text}) is no date, or a day after a conviction or the review"


def date_blame(record_id: str, text: str) -> str:
    return f"DISP_DATE of record {record_id} {f'({text}) is no day up to the review' if text else 'is blank'}"
