"""Settings: unusable values are named, unsafe production does not start, all reasons at once."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from webapp import clock, create_app
from webapp.settings import Settings, UnsafeSettings
from webapp.store import open_store

SAFE = {"LIMPIO_ENV": "production", "LIMPIO_PUBLIC_URL": "https://limpio.example.org", "LIMPIO_PROXIES": "1"}


def read(instance: Path, **environ: str) -> Settings:
    return Settings.from_environ(environ, instance=instance)


def test_an_empty_environment_gives_the_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.env, settings.keep_days, settings.demo, settings.public_url) == ("development", 30, False, None)
    assert settings.forms_dir == tmp_path / "forms"
    assert settings.host == "127.0.0.1"


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        LIMPIO_INSTANCE=str(tmp_path / "there"),
        LIMPIO_KEEP_DAYS=" 7 ",
        LIMPIO_BLANKS=str(tmp_path / "blanks"),
        LIMPIO_DEMO="Yes",
        LIMPIO_PROXIES="2",
        LIMPIO_RATE_LIMITS="off",
        LIMPIO_HOST="0.0.0.0",  # noqa: S104 - not bound
        LIMPIO_PORT="9000",
        LIMPIO_WORKERS="3",
        LIMPIO_THREADS="8",
        LIMPIO_PUBLIC_URL="http://192.168.1.5:9000/",
    )
    assert settings.instance == tmp_path / "there"
    assert settings.forms_dir == tmp_path / "blanks"
    assert (settings.keep_days, settings.demo, settings.trusted_proxies, settings.rate_limits) == (7, True, 2, False)
    assert (settings.host, settings.port, settings.workers, settings.threads) == ("0.0.0.0", 9000, 3, 8)  # noqa: S104
    assert settings.public_url == "http://192.168.1.5:9000"


def test_safe_production_starts(tmp_path: Path) -> None:
    settings = read(tmp_path / "instance", **SAFE)
    assert settings.production
    assert settings.https
    assert settings.unsafe() == []


@pytest.mark.parametrize("text", ["0", "91", "-1", "never", "", "30.5", "1e1", "٣٠", "99999999999999999999", "30 days"])
def test_days_that_cannot_be_kept_refuse_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        read(tmp_path, LIMPIO_KEEP_DAYS=text)
    (sentence,) = refused.value.sentences
    assert sentence.startswith(f'LIMPIO_KEEP_DAYS is "{text}".')
    assert "from 1 to 90" in sentence


@given(text=st.text(max_size=12))
def test_no_text_slips_through_as_days(text: str) -> None:
    try:
        days = read(Path("instance"), LIMPIO_KEEP_DAYS=text).keep_days
    except UnsafeSettings:
        return
    assert 1 <= days <= 90


def test_days_given_in_code_are_checked_too(settings: Settings) -> None:
    endless = Settings(instance=settings.instance, env="test", keep_days=36500)
    with pytest.raises(UnsafeSettings, match="LIMPIO_KEEP_DAYS"):
        create_app(endless)


def test_unsafe_production_names_everything_at_once(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    open_store(Settings(instance=instance, env="test")).close()
    (instance / "keys.json").chmod(0o644)
    with pytest.raises(UnsafeSettings) as refused:
        read(
            instance,
            LIMPIO_ENV="production",
            LIMPIO_DEMO="1",
            LIMPIO_DEBUG="1",
            LIMPIO_RATE_LIMITS="no",
            LIMPIO_KEEP_DAYS="x",
        )
    told = refused.value.sentences
    for name in (
        "LIMPIO_PUBLIC_URL",
        "LIMPIO_DEMO",
        "LIMPIO_DEBUG",
        "LIMPIO_RATE_LIMITS",
        "LIMPIO_PROXIES",
        "LIMPIO_KEEP_DAYS",
        str(instance / "keys.json"),
    ):
        assert sum(sentence.startswith(name) for sentence in told) == 1, name
    assert len(told) == 7
    assert str(refused.value) == "\n".join(told)


@pytest.mark.parametrize(
    "address",
    [
        "limpio.example.org",
        "ftp://limpio.example.org",
        "https://",
        "https://limpio.example.org/app",
        "https://a:b@limpio.example.org",
        "https://limpio.example.org?x=1",
        "https://limpio.example.org:99999",
        "https://[::1",
    ],
)
def test_addresses_that_are_none_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        read(tmp_path, **{**SAFE, "LIMPIO_PUBLIC_URL": address})
    (sentence,) = refused.value.sentences
    assert sentence.startswith(f'LIMPIO_PUBLIC_URL is "{address}".')


def test_plain_http_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="https address"):
        read(tmp_path, **{**SAFE, "LIMPIO_PUBLIC_URL": "http://limpio.example.org"})


def test_flask_debug_counts_as_debug(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="FLASK_DEBUG"):
        read(tmp_path, **SAFE, FLASK_DEBUG="1")


@pytest.mark.parametrize("name", ["LIMPIO_DEMO", "LIMPIO_DEBUG", "LIMPIO_RATE_LIMITS"])
def test_a_switch_is_yes_or_no(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeSettings, match=f'{name} is "perhaps"'):
        read(tmp_path, **{name: "perhaps"})


def test_an_unknown_environment_is_judged_as_production(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        read(tmp_path, LIMPIO_ENV="prod")
    told = refused.value.sentences
    assert told[0].startswith('LIMPIO_ENV is "prod".')
    assert any(sentence.startswith("LIMPIO_PUBLIC_URL") for sentence in told)


def test_production_refuses_from_a_command_line(tmp_path: Path) -> None:
    program = "from webapp import create_app; create_app()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"LIMPIO_ENV": "production", "LIMPIO_INSTANCE": str(tmp_path / "instance"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "UnsafeSettings" in done.stderr
    assert "LIMPIO_PUBLIC_URL" in done.stderr
    assert "LIMPIO_PROXIES" in done.stderr
    assert not (tmp_path / "instance").exists()


def test_today_is_californias_day() -> None:
    with time_machine.travel("2026-07-01T06:30:00Z", tick=False):
        assert clock.today() == date(2026, 6, 30)
    with time_machine.travel("2026-07-01T07:00:00Z", tick=False):
        assert clock.today() == date(2026, 7, 1)
    with time_machine.travel("2026-12-01T07:59:00Z", tick=False):
        assert clock.today() == date(2026, 11, 30)
    assert clock.now().utcoffset() is not None
