"""Whose answers a request is about.

The signed cookie holds one random id (and the secret of the form tokens). `current()` opens the visit of that id, at
most once a request; `require` guards a view that makes no sense without one; `update` saves.

    @bp.post("/papers")
    @visit.require
    def details():
        visit.update(lambda answers: {**answers, "name": form.name.data})

The cookie ends with the browser, because many of our people use a shared computer. The resume code outlives it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, g, make_response, render_template, session
from flask.typing import ResponseReturnValue

from webapp import guard
from webapp.store import Visit, VisitGone

__all__ = ["cookie_id", "current", "document", "enter", "forget", "lost", "require", "update"]

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)

_COOKIE_ID = "visit"
_ID_LENGTH = range(20, 100)


def cookie_id() -> str | None:
    """The id in the cookie; None when there is none or it is not one of ours."""
    found = session.get(_COOKIE_ID)
    return found if isinstance(found, str) and len(found) in _ID_LENGTH else None


def current() -> Visit | None:
    """The visit of this request; None when there is no cookie, a tampered one, or the visit is deleted or expired."""
    if "limpio_visit" not in g:
        known = cookie_id()
        g.limpio_visit = guard.store().visit(known) if known else None
        if g.limpio_visit is None:
            session.pop(_COOKIE_ID, None)
    found: Visit | None = g.limpio_visit
    return found


def document() -> dict[str, Any]:
    """The answers of this request's visit. For views behind `require`; raises VisitGone, which becomes `lost()`."""
    visit = current()
    if visit is None:
        raise VisitGone("There is no visit in this request.")
    return visit.document


def update(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Visit:
    """Saves the answers of this request's visit: `change` gets them as they are now, another tab's included.

    On the disk when it returns. Raises VisitGone, which becomes the page of `lost()`.
    """
    visit = current()
    if visit is None:
        raise VisitGone("There is no visit in this request.")
    g.limpio_visit = guard.store().update(visit.id, change)
    saved: Visit = g.limpio_visit
    return saved


def enter(visit: Visit) -> None:
    """From now on this browser has `visit` open. Nothing of an earlier visit stays in the cookie."""
    session.clear()
    session[_COOKIE_ID] = visit.id
    g.limpio_visit = visit


def forget() -> None:
    """This browser has no visit open any more; its form tokens end too."""
    session.clear()
    g.limpio_visit = None


def lost() -> Response:
    """The page for somebody whose answers are not here: why that may be, the code, starting again; and what was just
    typed, so that it is not lost. Status 410."""
    return make_response(render_template("visit/lost.html", typed=guard.typed()), 410)


def require(view: Callable[P, R]) -> Callable[P, R | Response]:
    """A view that needs a visit; without one it becomes the page of `lost()`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return lost() if current() is None else view(*args, **kwargs)

    return guarded
