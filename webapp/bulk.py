"""The commands `limpio bulk`: a county's whole extract, one person of it, and a made-up one for trying things out.

    limpio bulk sample --people 1000 --seed 1 --out sample.csv
    limpio bulk run FILE... --county "LOS ANGELES" --as-of 2026-07-01 [--policy POLICY.json] [--papers]
    limpio bulk explain FILE... --person 40000007

The work is done in `rules/bulk` and, for the court papers, in `packet/extract.py`; it is loaded only when a command
needs it. Exit codes: 0 finished, 2 nothing could be done (each reason a sentence on the error output), 3 finished, and
some lines were rejected, 130 stopped by hand (`--resume` goes on).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial, wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, ParamSpec

import click

from rules.remedy import N_
from rules.sentence import Sentence
from webapp import INSTANCE, clock
from webapp.console import lang_option, stop
from webapp.language import translate
from webapp.settings import Settings

if TYPE_CHECKING:
    from rules.bulk.decide import Policy

P = ParamSpec("P")
REJECTS, INTERRUPTED = 3, 130
LARGEST_POLICY = 100_000
"""Bytes of a policy. One with everything in it has about 500."""


def told(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose problems become sentences in the language of `--lang` and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from rules.bulk.decide import BadPolicy
        from rules.bulk.run import Stopped, unwritten
        from rules.bulk.scan import Unreadable

        lang = str(kwargs["lang"])
        target = kwargs.get("out")
        try:
            command(*args, **kwargs)
        except Stopped as stopped:
            _stop(lang, *stopped.sentences)
        except BadPolicy as bad:
            _stop(lang, *bad.problems)
        except Unreadable as bad:
            _stop(lang, bad.sentence)
        except KeyboardInterrupt:
            click.echo("", err=True)
            words = N_("Stopped. Nothing half-written has its final name. The same command with --resume goes on.")
            click.echo(translate(lang, words), err=True)
            raise SystemExit(INTERRUPTED) from None
        except BrokenPipeError:  # whoever read the output has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as bad:
            _stop(lang, unwritten(Path(str(target or bad.filename or ".")), bad))

    return run


def _stop(lang: str, *sentences: Sentence) -> NoReturn:
    stop(sentence.said(partial(translate, lang)) for sentence in sentences)


files_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
as_of_option = click.option("--as-of", help="The day to decide for, like 2026-11-22. Default: today in California.")
policy_option = click.option("--policy", "policy_file", type=click.Path(path_type=Path), help="The county's policy.")


@click.group("bulk")
def bulk_group() -> None:
    """A county's whole criminal-history extract by the same rules."""


def day_of(text: str | None) -> date:
    """The day of `--as-of`; today in California without it. Raises Stopped."""
    from rules.bulk.run import Stopped

    if text is None:
        return clock.today()
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        words = N_("--as-of is %(text)s, which is not a date. Write it like 2026-11-22.")
        raise Stopped(Sentence(words, text=repr(text))) from None


def policy_of(path: Path | None) -> Policy | None:
    """The policy in a file; None where none is named. Raises Stopped and BadPolicy."""
    from rules.bulk.decide import read_policy
    from rules.bulk.run import Stopped

    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return read_policy(file.read(LARGEST_POLICY).decode("utf-8-sig"))
    except OSError as bad:
        words = N_("The policy %(file)s cannot be read (%(cause)s).")
        raise Stopped(Sentence(words, file=path, cause=bad.strerror or type(bad).__name__)) from None
    except UnicodeDecodeError:
        raise Stopped(Sentence(N_("The policy %(file)s is not UTF-8 text."), file=path)) from None


# ----------------------------------------------------------------------------------------------------------------- run


@bulk_group.command("run")
@files_argument
@click.option("--county", required=True, help='The county as the extract names it, like "LOS ANGELES".')
@as_of_option
@policy_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("limpio-results"),
    show_default=True,
    help="The folder for the results. It must not have results yet.",
)
@click.option("--papers", is_flag=True, help="Fill the court papers of every case with relief (CR-400).")
@click.option("--per-file", type=click.IntRange(1, 2000), default=200, show_default=True, help="Papers in one file.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Blocks worked on at a time. Default: one more than there are cores."
)
@click.option("--resume", is_flag=True, help="Go on with a review that was stopped.")
@click.option("--by-row", is_flag=True, help="Record by record, as without the extra [bulk]: slower, the same results.")
@lang_option
@told
def bulk_run(
    files: tuple[Path, ...],
    county: str,
    as_of: str | None,
    policy_file: Path | None,
    out: Path,
    papers: bool,
    per_file: int,
    workers: int | None,
    resume: bool,
    by_row: bool,
    lang: str,
) -> None:
    """Reviews all convictions of Proposition 64 that FILES have of a county, and writes results and a report."""
    from rules.bulk.run import WORKERS, Options, run

    say = partial(translate, lang)
    day = day_of(as_of)
    name = " ".join(county.upper().split())
    options = Options(files, name, day, out, policy_of(policy_file), workers or WORKERS, resume, by_row)
    fill = _filler(name, day, per_file) if papers else None
    progress = Progress(say)
    review = run(options, progress, say, lang, fill)
    progress.end()
    found = review.summary
    words = N_(
        "Read: %(records)s records of %(people)s people, %(convictions)s convictions. Prop 64 convictions in the "
        "county: %(reviewed)s. People with some relief: %(helped)s."
    )
    click.echo(
        say(words)
        % {
            "records": f"{found['read']['records']:,}",
            "people": f"{found['read']['people']:,}",
            "convictions": f"{found['read']['convictions']:,}",
            "reviewed": f"{found['prop64_in_county']['convictions']:,}",
            "helped": f"{found['people_with_relief']:,}",
        }
    )
    if review.papers is not None:
        click.echo(say(N_("Court papers filled: %(num)s.")) % {"num": f"{review.papers:,}"})
    click.echo(
        say(N_("The results are in %(folder)s. Open %(report)s.")) % {"folder": out, "report": out / "report.html"}
    )
    if review.rejected:
        words = N_("Lines that were no records: %(num)s. They are in rejected.csv with the reason.")
        click.echo(say(words) % {"num": f"{review.rejected:,}"}, err=True)
        raise SystemExit(REJECTS)


def _filler(county: str, day: date, per_file: int) -> Callable[..., int]:
    """Fills the papers; refuses at once, before hours of work, where the blank is missing. Raises Stopped."""
    import forms
    from forms import FormProblem
    from rules.bulk.run import Stopped
    from webapp.packet.extract import FORM, fill_all

    blanks = Settings.from_environ({**os.environ}, instance=INSTANCE).forms_dir
    if not forms.available(FORM, blanks):
        words = N_("The blank %(form)s is not here. Run limpio forms install --from FOLDER, or leave --papers out.")
        raise Stopped(Sentence(words, form=FORM))

    def fill(relief: object, folder: Path) -> int:
        try:
            return fill_all(relief, folder, county=county, as_of=day, blanks=blanks, a_file=per_file)  # type: ignore[arg-type]  # what run() hands over
        except FormProblem as problem:
            raise Stopped(Sentence(N_("The court papers could not be filled: %(why)s"), why=problem)) from None

    return fill


PHASES = MappingProxyType({"read": N_("Reading"), "write": N_("Writing")})


class Progress:
    """How far a review is: a bar on a terminal, a line a minute elsewhere, on the error output."""

    def __init__(self, say: Callable[[str], str], now: Callable[[], float] = time.monotonic) -> None:
        self.say, self.now = say, now
        self.terminal = sys.stderr.isatty()
        self.began = self.last = now()
        self.phase = ""
        self.drawn = False

    def __call__(self, phase: str, done: int, total: int, people: int) -> None:
        moment = self.now()
        if phase != self.phase:
            self.phase, self.began = phase, moment
        if moment - self.last < (0.2 if self.terminal else 60):
            return
        self.last = moment
        line = self.line(done, total, people, moment - self.began)
        if self.terminal:
            self.drawn = True
            click.echo(f"\r{line:<100}", nl=False, err=True)
        else:
            click.echo(line, err=True)

    def line(self, done: int, total: int, people: int, passed: float) -> str:
        """Phase, bar, share, people, rate and the time left."""
        share = done / total if total else 1.0
        left = passed / share - passed if share else 0.0
        bar = "#" * round(20 * share) + "." * (20 - round(20 * share))
        words = N_("%(phase)s [%(bar)s] %(percent)s%%, %(people)s people, %(rate)s MB a second, %(left)s left")
        return self.say(words) % {
            "phase": self.say(PHASES[self.phase]),
            "bar": bar,
            "percent": round(100 * share),
            "people": f"{people:,}",
            "rate": f"{done / 1e6 / passed:,.0f}" if passed else "0",
            "left": f"{int(left) // 60}:{int(left) % 60:02d}",
        }

    def end(self) -> None:
        """Clears the bar."""
        if self.drawn:
            click.echo("\r" + " " * 100 + "\r", nl=False, err=True)


# -------------------------------------------------------------------------------------------------------------- sample


@bulk_group.command("sample")
@click.option("--people", type=click.IntRange(1, 10_000_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same people.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help='A file with "sample" in its name.')
@lang_option
@told
def bulk_sample(people: int, seed: int, out: Path, lang: str) -> None:
    """Makes up an extract in the Department's 95 columns. Nobody in it is real, and the file's name has to say so."""
    from rules.bulk import sample
    from rules.bulk.run import Stopped

    if not sample.checked_name(out):
        words = N_('%(file)s does not say that it is made up. Choose a name with the word "sample" in it.')
        raise Stopped(Sentence(words, file=out))
    partial_file = out.with_name(f".{out.name}.part")
    descriptor = os.open(partial_file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sample.header())
            for piece in sample.people(people, seed):
                file.write(piece)
        partial_file.replace(out)
    finally:
        with suppress(OSError):
            partial_file.unlink()
    click.echo(translate(lang, "Made-up people written to %(file)s: %(num)s.", file=out, num=f"{people:,}"))


# ------------------------------------------------------------------------------------------------------------- explain


@bulk_group.command("explain")
@files_argument
@click.option("--person", required=True, help="The SUBJECT_ID of the person.")
@as_of_option
@policy_option
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON, as limpio decide gives them.")
@lang_option
@told
def bulk_explain(
    files: tuple[Path, ...], person: str, as_of: str | None, policy_file: Path | None, as_json: bool, lang: str
) -> None:
    """Tells one person's whole decision, as the website would."""
    import json

    from rules.bulk.explain import explain
    from rules.bulk.explain import told as told_of
    from rules.bulk.run import Stopped
    from rules.explanation import NOTICE, as_data

    say = partial(translate, lang)
    found = explain(files, person, day_of(as_of), policy_of(policy_file))
    if found is None:
        words = N_("No record has the SUBJECT_ID %(person)s. Check the number.")
        raise Stopped(Sentence(words, person=person))
    if as_json:
        click.echo(json.dumps(as_data(found.findings, say=say), ensure_ascii=False, indent=1))
        return
    for line in told_of(found, say):
        click.echo(line)
    click.echo("")
    click.echo(say(NOTICE))
