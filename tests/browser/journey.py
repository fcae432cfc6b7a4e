"""One person's way through the site, and what they say on it.

Controls are found by name, value and place, never by words, so that the same walk is taken in every language. Words
are compared with the catalog, through `translate`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.visitor import Visitor
from webapp.interview import flow
from webapp.language import translate

UNSURE = "unsure"

# What people say, by fact: a value as flow.yaml has it, (month, day, year) for a date, or UNSURE.
Answers = Mapping[str, Any]

# Less than an ounce, before 2016, at 21 or older, sentence over: dismissed and sealed as of right.
POSSESSION: Answers = {
    "already_relieved": False,
    "offense": "HS 11357",
    "subdivision": "b",
    "county": "Los Angeles",
    "offense_date": ("3", "14", "1998"),
    "age_at_offense": {"at_least": 21},
    "level": "misdemeanor",
    "sentence_status": "completed",
    "conviction_date": ("", "", "1999"),
}
# Possession for sale, a felony, no bar: redesignated as a misdemeanor.
FOR_SALE: Answers = {
    "already_relieved": False,
    "offense": "HS 11359",
    "county": "Kern",
    "offense_date": ("", "", "2005"),
    "age_at_offense": {"at_least": 21},
    "level": "felony",
    "sentence_status": "completed",
    "knowingly_to_minor": False,
    "hired_under_21": False,
    "same_section_priors": {"at_most": 1},
    "superstrike_or_290c": False,
}

CONTACT = {
    "name": "María José Núñez-Peña",
    "street": "1450 Calle Ocho, Apto. 2",
    "city": "Bakersfield",
    "state": "california",
    "zip": "933011234",
    "phone": "661.555.0100",
    "email": "maria@example.org",
}


@dataclass
class Journey:
    person: Visitor
    lang: str

    @property
    def page(self) -> Page:
        return self.person.page

    def say(self, message: str, **params: object) -> str:
        return " ".join(translate(self.lang, message, **params).split())

    def at(self, rest: str) -> bool:
        return self.person.path.split("?")[0] == f"/{self.lang}/{rest}"

    # ---- the interview

    def start(self) -> None:
        self.person.go(f"/{self.lang}/")
        self.person.send("main form[action$='/start'] button")

    def where(self) -> str | None:
        """The path of the question being asked, like "c1/k1/offense"; None on other pages."""
        found = re.fullmatch(rf"/{self.lang}/q/([^?]+)(\?.*)?", self.person.path)
        return found[1] if found else None

    def question(self) -> flow.Question:
        fact = (self.where() or "").rsplit("/", 1)[-1]
        fitting = [q for q in flow.load() if q.fact == fact]
        assert fitting, f"{self.person.path} asks no question"
        # Two questions may state one fact (the letter after 11357, after 11360): the heading says which is asked.
        return next((q for q in fitting if self.say(q.question) == self.person.heading), fitting[0])

    def fill(self, said: Any) -> None:
        """Puts one answer into the form, without sending it."""
        asked = self.question()
        assert self.person.heading == self.say(asked.question)
        if asked.kind == "county":
            self.page.locator("select[name=answer]").select_option(said)
        elif asked.kind == "date" and said != UNSURE:
            for box, text in zip(("month", "day", "year"), said, strict=True):
                self.page.locator(f"input[name={box}]").fill(text)
        else:
            self.tap(radio(asked, said))

    def answer(self, said: Any) -> None:
        self.fill(said)
        self.person.send()

    def answer_all(self, answers: Answers) -> list[str]:
        """Answers until no question is asked. Returns the facts asked, in order."""
        asked: list[str] = []
        while self.where():
            fact = self.question().fact
            asked.append(fact)
            assert len(asked) < 40, f"the interview does not end: {asked}"
            assert fact in answers, f"{self.person.path} asks for {fact}, which this person was not prepared for"
            self.answer(answers[fact])
        return asked

    def another(self, choice: str) -> None:
        assert self.at("another"), self.person.path
        self.choose(choice)

    def choose(self, value: str) -> None:
        """Sends a page of one group of choices."""
        self.tap(f"main input[name=answer][value='{value}']")
        self.person.send()

    def to_summary(self, citizenship: str = "yes") -> None:
        """From "another conviction?" to the summary."""
        self.another("no")
        assert self.at("citizenship"), self.person.path
        self.choose(citizenship)
        if citizenship in {"no", "unsure"}:
            assert self.at("immigration"), self.person.path
            self.person.follow("main a.button")
        assert self.at("answers"), self.person.path

    def shown_answers(self) -> dict[str, str]:
        """The summary: address of the question (without ?edit) -> the answer as the person reads it."""
        rows = self.page.locator(".answers > div").all()
        read = {}
        for row in rows:
            address = row.locator(".change a").get_attribute("href") or ""
            read[address.split("/q/")[1].split("?")[0]] = row.locator("dd").first.inner_text().strip()
        return read

    def change(self, where: str, said: Any) -> None:
        """Changes an answer from the summary."""
        self.person.follow(f"main .change a[href*='/q/{where}?']")
        self.answer(said)

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

    def give_rights(self, case: str, *waived: str) -> None:
        assert self.at(f"papers/{case}/rights"), self.person.path
        for name in ("waive_judge", "waive_appearance"):
            assert not self.page.locator(f"main input[name={name}]").is_checked(), "a waiver is ticked beforehand"
        for name in waived:
            self.tap(f"main input[name={name}]")
        self.person.send()

    def tap(self, control: str) -> None:
        """Chooses as a thumb does: somewhere in the row, not on the little circle."""
        self.page.locator(".choice", has=self.page.locator(control.removeprefix("main "))).click()
        assert self.page.locator(control).is_checked()


def radio(asked: flow.Question, said: Any) -> str:
    """The control for an answer, as a selector."""
    group = "instead" if asked.kind == "date" else "answer"
    if said == UNSURE:
        return f"main input[name={group}][value={UNSURE}]"
    index = next(i for i, answer in enumerate(asked.answers) if answer.value == said)
    return f"main input[name={group}][value='{index}']"
