"""A sentence about what is wrong can be said again in another language."""

from __future__ import annotations

import doctest

from rules import sentence
from rules.sentence import Sentence, said

SPANISH = {
    "case %(n)s": "caso %(n)s",
    "%(where)s: expected %(what)s.": "%(where)s: se esperaba %(what)s.",
}


def say(message: str) -> str:
    return SPANISH[message]


def test_a_sentence_is_its_own_text_and_knows_its_message() -> None:
    one = Sentence("case %(n)s", n=2)
    assert one == "case 2"
    assert (one.message, one.parts) == ("case %(n)s", {"n": 2})
    assert Sentence("nothing to put in") == "nothing to put in"


def test_it_is_said_in_another_language_with_the_sentences_inside_it() -> None:
    """The place is a sentence too; what a person wrote stays as it is, though it looks like one of ours."""
    whole = Sentence("%(where)s: expected %(what)s.", where=Sentence("case %(n)s", n=2), what="case 2")
    assert whole == "case 2: expected case 2."
    assert whole.said(say) == "caso 2: se esperaba case 2."


def test_what_is_no_sentence_of_ours_is_said_as_it_is() -> None:
    assert said("case 2", say) == "case 2"
    assert said(Sentence("case %(n)s", n=2), say) == "caso 2"


def test_the_examples_in_the_essay_are_true() -> None:
    found = doctest.testmod(sentence)
    assert (found.failed, found.attempted) == (0, 3)
