"""The site as tests use it: an application over an empty store, and a client that audits every page it meets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from flask import Flask

from tests.web.audited_client import AuditedClient, audited
from webapp import create_app
from webapp.settings import Settings
from webapp.store import Store, open_store


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
