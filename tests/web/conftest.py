"""The site as tests use it: an application over an empty store, and a client that audits every page it meets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask

import forms
from tests.web.audited_client import AuditedClient, audited
from webapp import create_app
from webapp.settings import Settings
from webapp.store import Store, open_store

OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or Path(__file__).parents[3] / "shared" / "forms" / "official")


@pytest.fixture(scope="session")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shipped form, adopted. Without the official PDFs tests that need them are skipped, but never under CI."""
    if not any(OFFICIAL.glob("*.pdf")):
        told = f"NO OFFICIAL FORMS in {OFFICIAL}: set LIMPIO_FORMS to their folder"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    dest = tmp_path_factory.mktemp("blanks")
    forms.install([OFFICIAL], dest)
    return dest


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    cast(Store, made.extensions["limpio_store"]).close()


@pytest.fixture
def client(app: Flask) -> AuditedClient:
    """One browser."""
    return audited(app)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A store without a site around it."""
    made = open_store(settings)
    yield made
    made.close()


@pytest.fixture
def site_store(app: Flask) -> Store:
    """The store of `app`."""
    return cast(Store, app.extensions["limpio_store"])
