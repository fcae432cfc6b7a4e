"""A browser, the real server, and people who use both.

The browser is the one in LIMPIO_BROWSER, an installed Chromium or Chrome, or Playwright's own. Official blanks come
from LIMPIO_FORMS, else ../shared/forms/official. Without either the tests here are skipped, loudly; on the build
machine (CI=true) they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

import forms
from tests.browser.site import REPOSITORY, Site
from tests.browser.visitor import Visitor
from webapp.settings import Settings
from webapp.store import Store, open_store

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks for, nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or REPOSITORY.parent / "shared" / "forms" / "official")

Visitors = Callable[..., Visitor]


def cannot(told: str) -> NoReturn:
    """Fails on the build machine, skips with words that are seen elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def installed(playwright: Playwright) -> str | None:
    """The browser to use."""
    stated = os.environ.get("LIMPIO_BROWSER")
    if stated:
        return stated
    own = Path(playwright.chromium.executable_path)
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (str(own) if own.is_file() else None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = installed(playwright)
        if path is None:
            cannot("NO BROWSER: install Chromium or Chrome, or name one in LIMPIO_BROWSER")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CR-400 and MC-025, adopted."""
    if not any(OFFICIAL.glob("*.pdf")):
        cannot(f"NO OFFICIAL FORMS in {OFFICIAL}: set LIMPIO_FORMS to the folder that holds them")
    dest = tmp_path_factory.mktemp("blanks")
    results = forms.install([OFFICIAL], dest)
    assert {result.state for result in results} <= {"adopted", "prepared", "answers"}, [
        result.sentence() for result in results
    ]
    return dest


@pytest.fixture(scope="session")
def only_site(blanks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the tests of one worker. Tests ask for `site`, which is running."""
    site = Site(tmp_path_factory.mktemp("site"), blanks)
    yield site
    site.stop()
    log = site.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log
    assert " 500 " not in log, log


@pytest.fixture
def site(only_site: Site) -> Site:
    if not only_site.running:
        only_site.start()
    return only_site


@pytest.fixture
def site_store(site: Site) -> Iterator[Store]:
    """The database of the running server, opened beside it: for answers that a test does not want to type."""
    store = open_store(Settings(instance=site.instance))
    yield store
    store.close()


@pytest.fixture
def visitors(chromium: Browser, site: Site) -> Iterator[Visitors]:
    """Makes people, each with a browser of their own. What went wrong in any of them fails the test at its end."""
    made: list[Visitor] = []

    def visitor(*, js: bool = True, width: int = 360, height: int = 740, dark: bool = False) -> Visitor:
        made.append(Visitor(chromium, site.address, js=js, width=width, height=height, dark=dark))
        return made[-1]

    yield visitor
    problems = []
    for each in made:
        try:
            each.close()
        except AssertionError as wrong:
            problems.append(str(wrong))
    assert not problems, "\n".join(problems)
