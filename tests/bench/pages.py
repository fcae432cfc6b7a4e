"""Pages that each demo person answers from nothing to complete findings, counted as a person counts them: how each case
ended, what it was for, another case, every question, citizenship. Three ways: knowing what their answers hold; "I'm not
sure" wherever a page offers it, but for what each case was for; and "I'm not sure" to that too.

    $ .venv/bin/python -m tests.bench.pages
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.web.audited_client import audited
from tests.web.steps import answered
from tests.web.teller import Teller
from webapp import create_app
from webapp.demo import people
from webapp.settings import Settings


def pages(person: str, *, unsure: bool = False, lost: bool = False) -> int:
    """How many pages this demo person answers."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app(Settings(instance=Path(name) / "instance", env="test"))
        client = audited(app)
        client.auditing = False
        counted = len(answered(client, Teller(people()[person].document, unsure=unsure, lost=lost)))
        app.extensions["limpio_store"].close()
    return counted


def run() -> list[tuple[str, str]]:
    """(name of the figure, value with its unit)."""
    rows = []
    for name, person in people().items():
        counts = sum(len(case["counts"]) for case in person.document["cases"])
        known, unsure, lost = pages(name), pages(name, unsure=True), pages(name, unsure=True, lost=True)
        rows.append((f"pages to complete findings, {name} ({counts} counts)", str(known)))
        rows.append((f"pages, unsure of all but the offenses, {name}", str(unsure)))
        rows.append((f"pages, unsure of everything, {name}", str(lost)))
    return rows


if __name__ == "__main__":
    for name, value in run():
        print(f"{value:>4}  {name}")
