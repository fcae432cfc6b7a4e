"""A person who knows their record and is asked page by page: what they send for each page of the interview.

The record is a document as the interview keeps it; whatever it does not hold, the person is not sure of. Answers come
out as a form sends them, control by control, so that one person walks through the site without a browser, in one, and
in the measurements.

    person = Teller(people()["many"].document, "es")
    person.says("q/c1/disposition")           # {"answer": "0"}
    person.says("q/c1/offenses")              # {"common": ["2"], "line1": "PC 459 second", ...}
    person.says("another")                    # {"answer": "new"}

    walked = person.walk(first_page, send)    # every page, until the summary; see `Pages`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules import offense
from webapp import clock
from webapp.interview import document as doc
from webapp.interview import flow, forms, offense_names
from webapp.language import SOURCE, translate

Sent = dict[str, str | list[str]]
MOST_PAGES = 120
LINES = ("line1", "line2", "line3", "line4")
# Where the interview ends.
ENDS = ("answers", "immigration", "results")


@dataclass
class Teller:
    """`unsure`: "I'm not sure" wherever a page offers it, but for what each case was for and how it ended; `lost`: for
    what it was for, too. `words`: what the person types for an offense, instead of its number."""

    held: doc.Document
    lang: str = SOURCE
    unsure: bool = False
    lost: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    citizenship: str = "yes"
    begun: set[str] = field(default_factory=set)  # the cases asked about so far

    def __post_init__(self) -> None:
        self._questions = flow.load()
        self._asked = {a.place: a for a in flow.asked_in_order(self._questions, self.held, clock.today())}

    def translated(self, message: str) -> str:
        return translate(self.lang, message)

    # ---- pages

    def walk(self, first: str, send: Callable[[str, Sent], str], until: tuple[str, ...] = ENDS) -> list[str]:
        """Answers every page from `first` on, until one of `until` is shown. `send` sends the form of a page and gives
        the address where that led. Addresses are without language and query. Returns the pages answered, in order."""
        pages: list[str] = []
        page = first
        while page not in until:
            pages.append(page)
            assert len(pages) < MOST_PAGES, f"the interview does not end: {pages[-5:]}"
            page = send(page, self.says(page))
        return pages

    def says(self, page: str) -> Sent:
        """What this person sends for the page at this address."""
        match page.split("/"):
            case ["another"]:
                return {"answer": "new" if len(self.begun) < len(self.held["cases"]) else "no"}
            case ["citizenship"]:
                return {"answer": self.citizenship}
            case ["q", case, "offenses"]:
                self.begun.add(case)
                return self._offenses(self._case(case))
            case ["q", case, count, "offense"]:
                return self._offense(self._count(case, count))
            case ["q", *path]:
                return self._answer(self._place(path))
        raise AssertionError(f"this person has nothing to say on the page {page!r}")

    def interview(self) -> tuple[doc.Document, list[str]]:
        """The same without pages: the cases and counts as they are held, and every open question answered, the entry's
        too. Returns what the site would keep, and the address of each question asked, in order."""
        as_of = clock.today()
        document = {**doc.empty(), "cases": [_bare(case) for case in self.held["cases"]], "done": True}
        asked: list[str] = []
        while open_ := flow.open_questions(self._questions, document, as_of):
            at = open_[0]
            asked.append(at.place.path)
            assert len(asked) < MOST_PAGES, f"the interview does not end: {asked[-5:]}"
            value = None if self.unsure and not at.question.certain else doc.value(self.held, at.place)
            also = {} if value is None else self._also(at)
            document = flow.answer(self._questions, document, at, value, as_of, unsure=value is None, also={**also})
        return document, asked

    def _also(self, at: flow.Asked) -> dict[str, Any]:
        """What else the answer states."""
        if at.question.kind in ("checks", "offense"):
            said = {
                name: doc.value(self.held, flow.place_of(name, at.place.case, at.place.count))
                for name in at.question.states
            }
            return {name: value for name, value in said.items() if value is not None}
        answer = flow.answer_of(at.question, self.held, at.place)
        return dict(answer.sets) if answer else {}

    # ---- the record behind an address

    def _case(self, case: str) -> dict[str, Any]:
        """The case of the record that is the site's c1, c2, ...: they are told in order."""
        found: dict[str, Any] = self.held["cases"][int(case[1:]) - 1]
        return found

    def _told(self, case: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The counts of a case as they are told: those with a box first, in the order of the boxes."""
        boxes = {count["id"]: self._box(count) for count in case["counts"]}
        return sorted(case["counts"], key=lambda count: (boxes[count["id"]] is None, boxes[count["id"]] or 0))

    def _count(self, case: str, count: str) -> dict[str, Any]:
        told = self._case(case)["counts"] if self.lost else self._told(self._case(case))
        return told[int(count[1:]) - 1]

    def _place(self, path: list[str]) -> doc.Place:
        match path:
            case ["person", fact]:
                return doc.Place(None, None, fact)
            case [case, fact]:
                return doc.Place(self._case(case)["id"], None, fact)
            case [case, count, fact]:
                return doc.Place(self._case(case)["id"], self._count(case, count)["id"], fact)
        raise AssertionError(f"{'/'.join(path)!r} is not the address of a question")

    # ---- offenses

    def _box(self, count: Mapping[str, Any]) -> int | None:
        """The box of the page of all offenses that says just this."""
        if not count.get("offense") or count["offense"] in self.words:
            return None
        return next((i for i, a in enumerate(self._common.answers) if self._begins(a, count)), None)

    def _begins(self, box: flow.Answer, count: Mapping[str, Any]) -> bool:
        """Whether a box says of the offense what the count holds, but for a letter that a question of its own asks."""
        case = next(case for case in self.held["cases"] if count in case["counts"])
        letter = doc.Place(case["id"], count["id"], "subdivision")
        asked = letter in self._asked and "subdivision" not in dict(box.sets)
        return _says_all(box, {**count, "subdivision": None} if asked else count)

    @property
    def _common(self) -> flow.Question:
        return next(q for q in self._questions if q.kind == "offense")

    def _typed(self, count: Mapping[str, Any]) -> str:
        return self.words.get(count["offense"]) or forms.written_offense(count)

    def _offenses(self, case: Mapping[str, Any]) -> Sent:
        if self.lost:
            return {"county": forms.UNSURE, "unsure": "y"}
        told = self._told(case)
        named = [count for count in told if count.get("offense")]
        typed = [self._typed(count) for count in named if self._box(count) is None]
        assert len(typed) <= len(LINES), "one page takes four offenses that have no box"
        sent: Sent = {"county": case.get("county", ""), **dict(zip(LINES, typed, strict=False))}
        if boxes := [str(self._box(count)) for count in named if self._box(count) is not None]:
            sent["common"] = boxes
        if not named:
            sent["unsure"] = "y"
        return sent

    def _offense(self, count: Mapping[str, Any]) -> Sent:
        """Which one it is, of those that a search for the typed words found."""
        if self.lost or not count.get("offense"):
            return {"answer": forms.UNSURE}
        typed = self._typed(count)
        found = offense_names.found(typed, self.lang, self.translated, clock.today())
        fitting = [i for i, a in enumerate(found) if _says_all(a, count)]
        assert fitting, f"the search for {typed!r} does not find {forms.written_offense(count)}"
        return {"answer": str(len(self._common.answers) + fitting[0])}

    # ---- questions

    def _answer(self, place: doc.Place) -> Sent:
        asked = self._asked.get(place)
        question = asked.question if asked else next(q for q in self._questions if q.fact == place.fact)
        not_sure = (self.unsure or self.lost) and not question.certain
        held = None if not_sure or asked is None else doc.value(self.held, place)
        match question.kind:
            case "date":
                return self._date(question, held)
            case "checks":
                if held is None:
                    return {"answer": [forms.UNSURE]}
                true = [a.value for a in question.answers if self.held["person"].get(a.value)]
                return {"answer": true or [forms.NONE]}
            case "county":
                return {"answer": held or forms.UNSURE}
        answer = flow.answer_of(question, self.held, place) if held is not None else None
        return {"answer": forms.UNSURE if answer is None else str(question.answers.index(answer))}

    @staticmethod
    def _date(question: flow.Question, held: Any) -> Sent:
        if isinstance(held, str):
            year, month, day = [*(part.lstrip("0") for part in held.split("-")), "", ""][:3]
            return {"month": month, "day": day, "year": year}
        answers = [str(i) for i, a in enumerate(question.answers) if a.value == held]
        return {"instead": answers[0] if answers else forms.UNSURE}


def _says_all(answer: flow.Answer, count: Mapping[str, Any]) -> bool:
    """Whether an answer says of the offense just what the count holds. Papers leave an attempt that was none unsaid."""
    said = {"offense": answer.value, **dict(answer.sets)}
    parts = ("offense", "subdivision", "paragraph")
    return all(said.get(p) == count.get(p) for p in parts) and bool(said.get("attempt")) == bool(count.get("attempt"))


def _bare(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case of which only the county is known yet."""
    county = {"county": case["county"]} if case.get("county") else {}
    return {"id": case["id"], **county, "counts": [{"id": count["id"]} for count in case["counts"]]}


def one_case(**facts: Any) -> dict[str, Any]:
    """A case of one conviction that a court has not touched since: the facts of case and count together."""
    known = {"juvenile": False, "disposition": "convicted", "dismissed_before": False, "attempt": False, **facts}
    entry = {name: value for name, value in known.items() if flow.place_of(name, "c", "k").count is None}
    count = {name: value for name, value in known.items() if name not in entry}
    if (written := count.get("offense")) and (read := offense.read(written)) is not None:
        count["offense"] = read.offense
    return {"id": "", **entry, "counts": [{"id": "k1", **count}]}


def told(*cases: Mapping[str, Any], **person: Any) -> doc.Document:
    """The document of a person with these cases (of `one_case`)."""
    return {
        **doc.empty(),
        "person": person,
        "cases": [{**case, "id": f"c{n}"} for n, case in enumerate(cases, 1)],
    }


def every_question() -> doc.Document:
    """Answers to which, together, every question of flow.yaml applies. The first two cases open papers."""
    adult = {"already_relieved": False, "offense_date": "1998-03-14", "age_at_offense": {"at_least": 21}}
    over = {"conviction_date": "1999-02-03", "sentence_status": "completed", "county": "Kern"}
    bare = [
        {**adult, "offense": "HS 11357", "subdivision": "b", "level": "misdemeanor", "county": "Los Angeles"},
        {**adult, "offense": "HS 11357", "subdivision": "b", "level": "misdemeanor", "county": "San Luis Obispo"},
        {**adult, "offense": "HS 11357", "age_at_offense": {"under": 18}, "substance": "both"},
        {**adult, "offense": "HS 11358"},
        {**adult, "offense": "HS 11359"},
        {**adult, "offense": "HS 11360", "conduct": "gave"},
        {"offense": "PC 459", "paragraph": "second", "level": "felony", "sentence": "probation"},
        {"offense": "PC 484", "sentence": "no_probation"},
        {"offense": "PC 187", "subdivision": "a", "sentence": "felony_term", "felony_term": "prison"},
        {"offense": "PC 211", "sentence": "probation", "sentence_status": "probation"},
        {"offense": "VC 10851", "subdivision": "a", "level": "felony"},
        {"offense": "PC 470", "subdivision": "d", "level": "felony"},
        {"offense": "PC 476A", "level": "felony"},
        {"offense": "VC 2800"},
        {"offense": "PC 602", "juvenile": True},
        {"offense": "PC 273.5", "subdivision": "a", "disposition": "never_charged"},
    ]
    document = told(
        *(one_case(**{**over, **facts}) for facts in bare),
        serving_now="probation",
        superstrike_or_290c=True,
        superstrike_or_290c_date="2010",
    )
    return {
        **document,
        "done": True,
        "seen": ["citizenship"],
        "contact": {"name": "María José Núñez-Peña"},
    }
