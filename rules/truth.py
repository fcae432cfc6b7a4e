"""Yes, no and unknown, and how they combine.

A person often does not know how much a plant weighed in 1998. Programs that force such a fact to "no" (or, worse, to
"yes") print answers nobody gave. Here a truth is ``True``, ``False`` or ``None`` for "unknown", combined as Kleene did:
an unknown part leaves the whole unknown only where it could still tip it.

    >>> both(None, False)      # whatever the unknown is, the whole is no
    False
    >>> either(None, False) is None
    True

The same three values are what Polars does with null booleans, so that the rules mean the same over columns.
"""

from collections.abc import Iterable

Truth = bool | None


def negate(a: Truth) -> Truth:
    return None if a is None else not a


def both(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: Truth, b: Truth) -> Truth:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """No if any is no, else unknown if any is unknown, else yes (yes for none at all)."""
    result: Truth = True
    for t in truths:
        if t is False:
            return False
        if t is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Yes if any is yes, else unknown if any is unknown, else no (no for none at all)."""
    result: Truth = False
    for t in truths:
        if t is True:
            return True
        if t is None:
            result = None
    return result


def word(t: Truth) -> str:
    return "unknown" if t is None else "yes" if t else "no"
