"""What the site is told from outside, read once.

The environment is read by `Settings.from_environ` and by nothing else; everything later gets a frozen `Settings`.
A setting that cannot be used, or that would be unsafe in production, stops the start. All of them are named in one go,
because an operator who fixes one and meets the next at each attempt gives up, or starts guessing.

| variable           | field           | default        | notes                                                      |
|--------------------|-----------------|----------------|------------------------------------------------------------|
| LIMPIO_ENV         | env             | development    | development, production or test                            |
| LIMPIO_INSTANCE    | instance        | by the caller  | folder of database, keys and adopted blanks                |
| LIMPIO_PUBLIC_URL  | public_url      | none           | needed in production: https, no path                       |
| LIMPIO_KEEP_DAYS   | keep_days       | 30             | 1 to 90; answers are erased after so many days without use |
| LIMPIO_PROXIES     | trusted_proxies | 0              | proxies of yours in front; needed in production            |
| LIMPIO_DEMO        | demo            | no             | demo people; refused in production                         |
| LIMPIO_DEBUG       | debug           | no             | refused in production                                      |
| LIMPIO_RATE_LIMITS | rate_limits     | yes            | "no" is refused in production                              |
| LIMPIO_BLANKS      | forms_dir       | instance/forms | adopted official blanks                                    |
| LIMPIO_HOST        | host            | 127.0.0.1      | where the server listens                                   |
| LIMPIO_PORT        | port            | 8000           |                                                            |
| LIMPIO_WORKERS     | workers         | 2              | server processes                                           |
| LIMPIO_THREADS     | threads         | 4              | threads in each                                            |
| LIMPIO_TWILIO_SID     | twilio_sid     | none         | account, AC...; without it texts go to the outbox          |
| LIMPIO_TWILIO_TOKEN   | twilio_token   | none         | its secret; also proves what Twilio sends us               |
| LIMPIO_TWILIO_SERVICE | twilio_service | none         | messaging service, MG...; goes before the number           |
| LIMPIO_TWILIO_NUMBER  | twilio_number  | none         | +1 and ten digits                                          |
| LIMPIO_TWILIO_API     | twilio_api     | Twilio's own | a stand-in for tests; refused in production                |
| LIMPIO_TEXTS          | texts_worker   | yes          | "no": only `limpio reminders send` sends                   |

>>> Settings.from_environ({"LIMPIO_KEEP_DAYS": "never"}, instance=Path("instance"))
Traceback (most recent call last):
webapp.settings.UnsafeSettings: LIMPIO_KEEP_DAYS is "never". ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

__all__ = ["Environment", "Settings", "UnsafeSettings"]

Environment = Literal["development", "production", "test"]

KEEP_DAYS = range(1, 91)
KEYS_FILE = "keys.json"
TWILIO = "https://api.twilio.com"
YES = frozenset({"1", "yes", "true", "on", "y"})
NO = frozenset({"", "0", "no", "false", "off", "n"})


class UnsafeSettings(Exception):
    """The site must not start like this.

    `sentences` holds one sentence a problem: what is set, why that is refused, what to do.
    """

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    instance: Path
    env: Environment = "development"
    public_url: str | None = None
    keep_days: int = 30
    forms_dir: Path = Path()  # the empty path means: instance/forms
    demo: bool = False
    trusted_proxies: int = 0
    debug: bool = False
    rate_limits: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    twilio_sid: str | None = None
    twilio_token: str = field(default="", repr=False)
    twilio_service: str | None = None
    twilio_number: str | None = None
    twilio_api: str = TWILIO
    texts_worker: bool = True

    def __post_init__(self) -> None:
        if self.forms_dir == Path():
            object.__setattr__(self, "forms_dir", self.instance / "forms")

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def keys_file(self) -> Path:
        return self.instance / KEYS_FILE

    @property
    def database(self) -> Path:
        return self.instance / "limpio.db"

    @property
    def https(self) -> bool:
        """True when people reach the site over https, so that cookies may be bound to it."""
        return self.production or (self.public_url or "").startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], instance: Path) -> Settings:
        """Settings as the environment gives them; `instance` is the folder used when LIMPIO_INSTANCE is not set.

        Raises UnsafeSettings with a sentence for every unusable value and, in production, every unsafe one.
        """
        wrong: list[str] = []
        folder = Path(environ.get("LIMPIO_INSTANCE") or instance)
        settings = cls(
            instance=folder,
            env=_environment(environ.get("LIMPIO_ENV", ""), wrong),
            public_url=_public_url(environ.get("LIMPIO_PUBLIC_URL", ""), wrong),
            keep_days=_whole(environ, "LIMPIO_KEEP_DAYS", 30, KEEP_DAYS, _KEEP_WHY, wrong),
            forms_dir=Path(environ.get("LIMPIO_BLANKS", "")),
            demo=_flag(environ, "LIMPIO_DEMO", False, wrong),
            trusted_proxies=_whole(environ, "LIMPIO_PROXIES", 0, range(11), _PROXIES_WHY, wrong),
            debug=_flag(environ, "LIMPIO_DEBUG", False, wrong) or _flag(environ, "FLASK_DEBUG", False, wrong),
            rate_limits=_flag(environ, "LIMPIO_RATE_LIMITS", True, wrong),
            host=environ.get("LIMPIO_HOST", "").strip() or "127.0.0.1",
            port=_whole(environ, "LIMPIO_PORT", 8000, range(65536), "A port is a whole number.", wrong),
            workers=_whole(environ, "LIMPIO_WORKERS", 2, range(1, 65), "It is the number of server processes.", wrong),
            threads=_whole(environ, "LIMPIO_THREADS", 4, range(1, 129), "It is the threads in each process.", wrong),
            twilio_sid=environ.get("LIMPIO_TWILIO_SID", "").strip() or None,
            twilio_token=environ.get("LIMPIO_TWILIO_TOKEN", "").strip(),
            twilio_service=environ.get("LIMPIO_TWILIO_SERVICE", "").strip() or None,
            twilio_number=environ.get("LIMPIO_TWILIO_NUMBER", "").strip() or None,
            twilio_api=environ.get("LIMPIO_TWILIO_API", "").strip().rstrip("/") or TWILIO,
            texts_worker=_flag(environ, "LIMPIO_TEXTS", True, wrong),
        )
        unusable = {sentence.split(" ", 1)[0] for sentence in wrong}
        wrong += [sentence for sentence in settings.unsafe() if sentence.split(" ", 1)[0] not in unusable]
        if wrong:
            raise UnsafeSettings(wrong)
        return settings

    def unsafe(self) -> list[str]:
        """One sentence for everything that forbids a start, all at once; empty when it is safe to start."""
        found = []
        if self.keep_days not in KEEP_DAYS:
            found.append(_refused("LIMPIO_KEEP_DAYS", str(self.keep_days), KEEP_DAYS, _KEEP_WHY))
        found += self._half_a_line()
        if not self.production:
            return found
        if not (self.public_url or "").startswith("https://"):
            found.append(
                "LIMPIO_PUBLIC_URL must be the https address people type, for example https://limpio.example.org. "
                "Without https anyone on the way can read the answers."
            )
        if self.debug:
            found.append(
                "LIMPIO_DEBUG (or FLASK_DEBUG) is on. Debug pages show answers and code to strangers. Turn it off."
            )
        if self.demo:
            found.append(
                "LIMPIO_DEMO is on. Demo people would stand among real people's answers. Turn it off in production."
            )
        if not self.rate_limits:
            found.append(
                "LIMPIO_RATE_LIMITS is off. Without limits a stranger can try resume codes without end. Turn it on."
            )
        if self.trusted_proxies < 1:
            found.append(
                "LIMPIO_PROXIES is not set. In production a proxy of yours must speak https in front of this server: "
                "say how many there are, for example LIMPIO_PROXIES=1. "
                "Otherwise all visitors look like one address and would share one limit."
            )
        if self.twilio_api != TWILIO:
            found.append(
                "LIMPIO_TWILIO_API names another machine than Twilio's. It would get every phone number. Leave it out."
            )
        found += self._open_files()
        return found

    def _half_a_line(self) -> list[str]:
        """Credentials that are there in part, or cannot be ones: texts would be lost without a word."""
        given = (self.twilio_sid, self.twilio_token, self.twilio_service, self.twilio_number)
        if not any(given):
            return []
        found = []
        if not re.fullmatch(r"AC[0-9a-f]{32}", self.twilio_sid or ""):
            found.append(
                "LIMPIO_TWILIO_SID must be the account's id: AC and 32 letters and digits. Copy it from Twilio."
            )
        if not self.twilio_token:
            found.append(
                "LIMPIO_TWILIO_TOKEN is missing. Without it no text goes out, and none that comes in is believed."
            )
        if not (self.twilio_service or self.twilio_number):
            found.append(
                "LIMPIO_TWILIO_SERVICE or LIMPIO_TWILIO_NUMBER must say who sends the texts. Copy one from Twilio."
            )
        if self.twilio_service and not re.fullmatch(r"MG[0-9a-f]{32}", self.twilio_service):
            found.append("LIMPIO_TWILIO_SERVICE must be MG and 32 letters and digits. Copy it from Twilio.")
        if self.twilio_number and not re.fullmatch(r"\+1\d{10}", self.twilio_number):
            found.append("LIMPIO_TWILIO_NUMBER must be +1 and ten digits, for example +19165550100.")
        if not self.public_url:
            found.append(
                "LIMPIO_PUBLIC_URL is missing, and texts need it: links in them lead there, and answers come in there."
            )
        return found

    def _open_files(self) -> list[str]:
        if not self.keys_file.exists():
            return []
        mode = self.keys_file.stat().st_mode & 0o777
        if not mode & 0o077:
            return []
        return [
            f"{self.keys_file} can be read by other users of this machine (its mode is {mode:o}). "
            f"Whoever reads it can read every answer. Run: chmod 600 {self.keys_file}"
        ]


_KEEP_WHY = "It is the number of days answers are kept without use, and answers must not be kept without end."
_PROXIES_WHY = "It is the number of proxies of yours in front of this server."


def _refused(name: str, value: str, allowed: range, why: str) -> str:
    return f'{name} is "{value}". {why} Give a whole number from {allowed[0]} to {allowed[-1]}, or leave it out.'


def _whole(environ: Mapping[str, str], name: str, default: int, allowed: range, why: str, wrong: list[str]) -> int:
    text = environ.get(name)
    if text is None:
        return default
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 10 and int(plain) in allowed:
        return int(plain)
    wrong.append(_refused(name, text, allowed, why))
    return default


def _flag(environ: Mapping[str, str], name: str, default: bool, wrong: list[str]) -> bool:
    text = environ.get(name)
    if text is None:
        return default
    word = text.strip().lower()
    if word in YES or word in NO:
        return word in YES
    wrong.append(f'{name} is "{text}". It is a switch. Say yes or no.')
    return default


def _environment(text: str, wrong: list[str]) -> Environment:
    word = text.strip().lower() or "development"
    if word in get_args(Environment):
        return cast(Environment, word)
    wrong.append(f'LIMPIO_ENV is "{text}". Say development, production or test.')
    return "production"  # the strictest reading, so that the other problems are named too


def _public_url(text: str, wrong: list[str]) -> str | None:
    address = text.strip().rstrip("/")
    if not address:
        return None
    if _usable(address):
        return address
    wrong.append(
        f'LIMPIO_PUBLIC_URL is "{text}". It must be the address people type, with https:// and no path, '
        "for example https://limpio.example.org."
    )
    return None


def _usable(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port != 0
