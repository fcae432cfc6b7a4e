"""What every test stands on: no network but this machine, settings in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:  # the tests of rules and forms do not load the site
    from webapp.settings import Settings

# No deadline: two busy cores make a fast example look slow now and then.
hypothesis_settings.register_profile("limpio", deadline=None, max_examples=60)
hypothesis_settings.load_profile("limpio")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # Read by pytest-socket: connections go to this machine or fail the test.
    config.option.allow_hosts = "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a test, with an empty instance folder that does not exist yet."""
    from webapp.settings import Settings

    return Settings(instance=tmp_path / "instance", env="test")
