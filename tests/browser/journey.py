"""One person's way through the site, and what they say on it.

Controls are found by name, value and place, never by words, so that the same walk is taken in every language. Words
are compared with the catalog, through `translate`. What is said comes from `tests.web.teller`: a person who knows what
a document holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.visitor import Visitor
from tests.web.teller import ENDS, MOST_PAGES, Sent, Teller, one_case, told
from webapp.interview import document as doc
from webapp.interview import flow, forms
from webapp.language import translate

UNSURE = forms.UNSURE

NOTHING_ELSE: Mapping[str, Any] = {
    "serving_now": "nothing",
    "pending_charge": False,
    "fire_crew": False,
    "trafficked": False,
    "abused_into_it": False,
    "adult_court_under_18": False,
    "superstrike_or_290c": False,
}
# Less than an ounce, before 2016, at 21 or older, sentence over: dismissed and sealed as of right.
POSSESSION = one_case(
    offense="HS 11357",
    already_relieved=False,
    subdivision="b",
    county="Los Angeles",
    offense_date="1998-03-14",
    conviction_date="1999-02-03",
    age_at_offense={"at_least": 21},
    level="misdemeanor",
    sentence="probation",
    probation_outcome="completed",
)
# Possession for sale, a felony, no bar: redesignated as a misdemeanor.
FOR_SALE = one_case(
    offense="HS 11359",
    already_relieved=False,
    county="Kern",
    offense_date="2005",
    conviction_date="2006",
    age_at_offense={"at_least": 21},
    level="felony",
    sentence="probation",
    probation_outcome="completed",
    knowingly_to_minor=False,
    hired_under_21=False,
    same_section_priors={"at_most": 1},
)

CONTACT = {
    "name": "María José Núñez-Peña",
    "street": "1450 Calle Ocho, Apto. 2",
    "city": "Bakersfield",
    "state": "california",
    "zip": "933011234",
    "phone": "661.555.0100",
    "email": "maria@example.org",
}


def somebody(*cases: Mapping[str, Any], **person: Any) -> doc.Document:
    """A person with these cases who serves no sentence and has nothing else to tell."""
    return told(*cases, **{**NOTHING_ELSE, **person})


@dataclass
class Journey:
    person: Visitor
    lang: str
    held: doc.Document = field(default_factory=lambda: somebody(POSSESSION, FOR_SALE))
    words: Mapping[str, str] = field(default_factory=dict)
    citizenship: str = "yes"

    def __post_init__(self) -> None:
        self.teller = Teller(self.held, self.lang, words=self.words, citizenship=self.citizenship)

    @property
    def page(self) -> Page:
        return self.person.page

    @property
    def name(self) -> str:
        """The address of the page without language and query: "q/c1/offenses"."""
        return self.person.path.split("?")[0].removeprefix(f"/{self.lang}/")

    def say(self, message: str, **params: object) -> str:
        return " ".join(translate(self.lang, message, **params).split())

    def at(self, rest: str) -> bool:
        return self.person.path.split("?")[0] == f"/{self.lang}/{rest}"

    # ---- the interview

    def start(self) -> None:
        self.person.go(f"/{self.lang}/")
        self.person.send("main form[action$='/start'] button")
        assert self.at("q/c1/disposition"), self.person.path

    def question(self) -> flow.Question:
        """The question of this page; the heading asks it."""
        fact = self.name.rsplit("/", 1)[-1]
        fitting = [q for q in flow.load() if q.fact == fact]
        assert fitting, f"{self.person.path} asks no question"
        # Two questions may state one fact (the letter after 11357, after 11360): the heading says which is asked.
        found = [q for q in fitting if self.say(q.question) == self.person.heading]
        assert found, f"{self.person.path} is headed {self.person.heading!r}"
        return found[0]

    def fill(self, sent: Sent | None = None) -> Sent:
        """Puts an answer into the form without sending it: this one, or what the person knows. Returns it."""
        if sent is None:
            if self.name.startswith("q/") and not self.name.endswith("/offenses"):
                self.question()
            sent = self.teller.says(self.name)
        for name, value in sent.items():
            for each in [value] if isinstance(value, str) else value:
                self._put(name, each)
        return sent

    def _put(self, name: str, value: str) -> None:
        box = self.page.locator(f"main [name='{name}']").first
        match box.evaluate("e => e.type"):
            case "select-one":
                box.select_option(value)
            case "radio" | "checkbox":
                self.tap(f"main input[name='{name}'][value='{value}']")
            case _:
                box.fill(value)

    def answer(self, sent: Sent | None = None) -> None:
        self.fill(sent)
        self.person.send()

    def answer_until(self, *pages: str) -> list[str]:
        """Answers page after page, until one of these, or the end of the interview, is shown. Returns the pages
        answered."""
        answered: list[str] = []
        while self.name not in (*pages, *ENDS):
            answered.append(self.name)
            assert len(answered) < MOST_PAGES, f"the interview does not end: {answered[-5:]}"
            self.answer()
        return answered

    def to_summary(self) -> list[str]:
        """From here to the summary, past the warning for who is not a citizen."""
        answered = self.answer_until()
        if self.citizenship in {"no", "unsure"}:
            assert self.at("immigration"), self.person.path
            self.person.follow("main a.button")
        assert self.at("answers"), self.person.path
        return answered

    def shows(self, sent: Sent) -> bool:
        """Whether the controls of this page hold this answer, and no other choice."""
        for name, value in sent.items():
            boxes = self.page.locator(f"main [name='{name}']")
            if boxes.first.evaluate("e => ['radio', 'checkbox'].includes(e.type)"):
                chosen = self.page.locator(f"main input[name='{name}']:checked").evaluate_all(
                    "all => all.map(e => e.value)"
                )
                if sorted(chosen) != sorted([value] if isinstance(value, str) else value):
                    return False
            elif boxes.first.input_value() != value:
                return False
        return True

    def choose(self, value: str) -> None:
        """Sends a page of one group of choices."""
        self.answer({"answer": value})

    def shown_answers(self) -> dict[str, str]:
        """The summary: address of the question (without ?edit) -> the answer as the person reads it."""
        rows = self.page.locator(".answers > div").all()
        read = {}
        for row in rows:
            address = row.locator(".change a").get_attribute("href") or ""
            read[address.split("/q/")[1].split("?")[0]] = row.locator("dd").first.inner_text().strip()
        return read

    def change(self, where: str, sent: Sent) -> None:
        """Changes an answer from the summary."""
        self.person.follow(f"main .change a[href*='/q/{where}?']")
        self.answer(sent)

    # ---- the results

    def to_results(self) -> None:
        assert self.at("answers"), self.person.path
        self.person.follow("main .actions a.button")
        assert self.at("results"), self.person.path

    def verdicts(self) -> list[tuple[str, str]]:
        """Of each card, in order: its kind and all its words, the closed parts too."""
        cards = self.page.locator("section.verdict").all()
        return [
            (
                re.sub(r".*verdict-(\w+).*", r"\1", card.get_attribute("class") or ""),
                " ".join((card.text_content() or "").split()),
            )
            for card in cards
        ]

    def open_details(self) -> None:
        """Opens everything that opens on demand."""
        closed = self.page.locator("details:not([open]) > summary")
        while count := closed.count():
            closed.first.click()
            assert closed.count() < count

    # ---- the papers

    def give_details(self, contact: Mapping[str, str] = CONTACT) -> None:
        assert self.at("papers"), self.person.path
        for name, text in contact.items():
            self.page.locator(f"main input[name={name}]").fill(text)
        self.person.send()

    def give_case(self, case: str, court: str, **typed: str) -> None:
        assert self.at(f"papers/{case}"), self.person.path
        for name, text in typed.items():
            self.page.locator(f"main input[name={name}]").fill(text)
        self.tap(f"main input[name=court][value={court}]")
        self.person.send()

    def give_service(self, case: str, office: str = "blank", by: str = "unknown", **typed: str) -> None:
        """Who gets a copy, and how."""
        assert self.at(f"papers/{case}/service"), self.person.path
        self.tap(f'main input[name=office][value="{office}"]')
        self.tap(f"main input[name=serve_by][value={by}]")
        for name, text in typed.items():
            self.page.locator(f"main input[name={name}]").fill(text)
        self.person.send()

    def give_statement(self, **words: str) -> None:
        """Own words for the judge, in English, by question."""
        assert self.at("papers/statement"), self.person.path
        for name, text in words.items():
            self.page.locator(f"main textarea[name={name}]").fill(text)
        self.tap("main input[name=written_in][value=english]")
        self.person.send()

    def give_rights(self, case: str, *waived: str) -> None:
        assert self.at(f"papers/{case}/rights"), self.person.path
        for name in ("waive_judge", "waive_appearance"):
            assert not self.page.locator(f"main input[name={name}]").is_checked(), "a waiver is ticked beforehand"
        for name in waived:
            self.tap(f"main input[name={name}]")
        self.person.send()

    def tap(self, control: str) -> None:
        """Chooses as a thumb does: somewhere in the row, not on the little circle."""
        row = self.page.locator(".choice", has=self.page.locator(control.removeprefix("main ")))
        if not self.page.locator(control).is_checked():
            row.click()
        assert self.page.locator(control).is_checked()
