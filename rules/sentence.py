"""A sentence about what is wrong, in English, that still knows its message and what was put into it.

It is a ``str``, so whoever only prints it needs nothing more; whoever has another language asks it to be said there.
Parts that are sentences themselves ("case 1, count 2") are said in that language too.

    >>> at = Sentence("case %(n)s", n=2)
    >>> Sentence("%(where)s: expected a number.", where=at)
    'case 2: expected a number.'
    >>> Sentence("%(where)s: expected a number.", where=at).said(lambda m: m.replace("case", "caso"))
    'caso 2: expected a number.'
"""

from __future__ import annotations

from collections.abc import Callable


class Sentence(str):
    """``message`` is the message id, ``parts`` its placeholders."""

    __slots__ = ("message", "parts")
    message: str
    parts: dict[str, object]

    def __new__(cls, message: str, /, **parts: object) -> Sentence:
        made = super().__new__(cls, message % parts)
        made.message = message
        made.parts = parts
        return made

    def said(self, say: Callable[[str], str]) -> str:
        """The sentence in the language of ``say``."""
        parts = {k: v.said(say) if isinstance(v, Sentence) else v for k, v in self.parts.items()}
        return say(self.message) % parts


def said(text: str, say: Callable[[str], str]) -> str:
    """``text`` in the language of ``say`` if it is a sentence of ours; as it is otherwise."""
    return text.said(say) if isinstance(text, Sentence) else text
