"""The command `limpio`. Each command is a few lines here; its work lives with its subject.

    limpio run                      the site on this machine, with demo people
    limpio serve                    the site in production: checks the settings, then serves
    limpio decide RECORD.json       findings as JSON (--schema prints the JSON Schema of a record)
    limpio packet RECORD.json --out papers.pdf
    limpio rules check CASES.csv    worked cases against the rules
    limpio rules audit [CASES.csv]  what the rules promise: proved, or tried out
    limpio rules book               the rule book
    limpio forms install            makes usable blanks of the official files
    limpio forms check              are they as pinned, and has the court changed a form (--from, --online)
    limpio forms adopt FORM FILE    a newer revision, once its map fits
    limpio store purge | check | rotate-key | trust-clock
    limpio reminders send | preview RECORD.json | suppressed | failures | proof NUMBER
    limpio bulk run | sample | explain    a county's whole extract

What can go wrong ends with exit code 2 and, on the error output, one sentence for each mistake in the language of
`--lang`: what is wrong, and what to do. Never with a traceback. Exit code 1 means that the command worked and the
answer is no: a case failed, an official file is missing, a record opens no form, a form has drifted. Files are written
whole or not at all.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import secrets
import socket
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

import forms as official_forms
from forms import DIFFERENCES, EDITS, REASONS, Adoption, Difference, FormProblem, FormSpec
from forms.last_check import DRIFT_FILE, Served, remember
from rules import Findings, decide, strict_json
from rules.audit import audit, report
from rules.book import markdown
from rules.explanation import as_data
from rules.record import BadRecord, from_json, schema
from rules.sentence import said
from rules.sources import worked_cases
from webapp import INSTANCE, clock
from webapp.bulk import bulk_group
from webapp.console import lang_option, stop
from webapp.court_site import Unreachable, fetch_form
from webapp.language import translate
from webapp.packet import NoPapers, build_packet
from webapp.packet.details import LONGEST, long_words, unprintable, unprintable_words
from webapp.reminders import command as reminders
from webapp.reminders import numbers
from webapp.reminders.send import texting_works
from webapp.server import address
from webapp.server import serve as serve_site
from webapp.settings import Settings, UnsafeSettings
from webapp.store import KeyRingError, Store, StoreError, open_store

P = ParamSpec("P")

SHARED_FORMS = INSTANCE.parent.parent / "shared" / "forms" / "official"
WORKED_CASES = INSTANCE.parent / "tests" / "rules"
LARGEST = 5_000_000
"""Bytes of a record file. A record of forty convictions takes about 40 kB."""
PORTS_TRIED = 20

CONTACT = ("name", "street", "city", "state", "zip", "phone", "email")
CASE_TEXTS = ("defendant", "case_number", "court_street", "court_mailing", "court_city_zip")
CASE_TICKS = ("court_confirmed", "waive_judge", "waive_appearance")
OF_THE_INTERVIEW = ("v", "unsure", "done", "seen", "petitions", "petitions_before")
"""Parts of an answers document that say nothing about papers; allowed, so that a whole document can be given."""


class Problem(Exception):
    """Sentences for the error output, already in the person's language."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def main() -> None:
    """The entry point of the command."""
    limpio(prog_name="limpio")


def told(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose problems become sentences and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Problem as problem:
            stop(problem.sentences)
        except UnsafeSettings as problem:
            stop(problem.sentences)
        except (KeyRingError, StoreError) as problem:
            stop([str(problem)])

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def limpio() -> None:
    """Clears old California convictions: says what the law opens, and fills in the court's own forms."""


limpio.add_command(bulk_group)


# ---------------------------------------------------------------------------------------------------- reading, writing


def read_json(source: str, lang: str) -> Any:
    """The JSON in a file, or on the standard input for "-". Raises Problem saying what is wrong and where."""
    name = translate(lang, "the standard input") if source == "-" else source
    data = _read(source, name, lang)
    if len(data) > LARGEST:
        raise Problem(
            translate(lang, "%(file)s is larger than %(most)s bytes, so it is not a record.", file=name, most=LARGEST)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise Problem(
            translate(
                lang,
                "%(file)s is not UTF-8 text (at byte %(at)s). Save it as UTF-8 and try again.",
                file=name,
                at=bad.start + 1,
            )
        ) from None
    try:
        return strict_json.loads(text)
    except json.JSONDecodeError as bad:
        raise Problem(
            translate(
                lang,
                "%(file)s is not JSON: line %(line)s, column %(column)s: %(what)s. Correct it there and try again.",
                file=name,
                line=bad.lineno,
                column=bad.colno,
                what=bad.msg,
            )
        ) from None
    except RecursionError:
        raise Problem(
            translate(lang, "%(file)s holds lists inside lists without end, so it is not a record.", file=name)
        ) from None
    except ValueError as bad:
        raise Problem(translate(lang, "%(file)s cannot be read: %(what)s.", file=name, what=bad)) from None


def _read(source: str, name: str, lang: str) -> bytes:
    try:
        if source == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(source).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as bad:
        raise Problem(_unreadable(name, bad, lang)) from None


def _unreadable(name: str, bad: OSError | ValueError, lang: str) -> str:
    if isinstance(bad, FileNotFoundError):
        return translate(lang, "There is no file %(file)s. Check the name and try again.", file=name)
    if isinstance(bad, IsADirectoryError):
        return translate(lang, "%(file)s is a folder. Give the name of a file in it.", file=name)
    if isinstance(bad, PermissionError):
        return translate(
            lang,
            "You do not have permission to read %(file)s. Ask its owner, or copy it to a place of your own.",
            file=name,
        )
    cause = (bad.strerror or type(bad).__name__) if isinstance(bad, OSError) else str(bad)
    return translate(lang, "%(file)s cannot be read (%(cause)s).", file=name, cause=cause)


def _unwritten(name: str, bad: OSError, lang: str) -> str:
    if bad.errno == errno.ENOSPC:
        return translate(lang, "%(file)s could not be written: the disk is full. Make room and try again.", file=name)
    if isinstance(bad, FileNotFoundError | NotADirectoryError):
        return translate(
            lang, "%(file)s could not be written: that folder does not exist. Make it, or name another.", file=name
        )
    if isinstance(bad, IsADirectoryError):
        return translate(lang, "%(file)s is a folder. Give the name of the file to write.", file=name)
    if isinstance(bad, PermissionError):
        return translate(
            lang, "%(file)s could not be written: you may not write there. Choose another folder.", file=name
        )
    return translate(
        lang, "%(file)s could not be written (%(cause)s).", file=name, cause=bad.strerror or type(bad).__name__
    )


def write_whole(path: Path, data: bytes, lang: str) -> None:
    """Writes a file, readable by its owner only, whole or not at all. Raises Problem.

    A device or a pipe cannot be replaced by a file: it is written into.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                device.write(data)
            return
        target = path.resolve()
        partial = target.with_name(f".{target.name[:80]}.{secrets.token_hex(6)}")
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        finally:
            with suppress(OSError):
                partial.unlink()
    except (OSError, RuntimeError) as bad:  # RuntimeError: links that lead in a circle
        cause = bad if isinstance(bad, OSError) else OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        raise Problem(_unwritten(str(path), cause, lang)) from None


def out(text: str, lang: str) -> None:
    """Prints a line as UTF-8, whatever the terminal is set to. A closed pipe ends the command quietly."""
    stream = sys.stdout.buffer
    try:
        stream.write(text.encode("utf-8", "replace") + b"\n")
        stream.flush()
    except BrokenPipeError:
        _silence()
        raise SystemExit(1) from None
    except OSError as bad:
        _silence()
        raise Problem(_unwritten(translate(lang, "the standard output"), bad, lang)) from None


def _silence() -> None:
    # What is left in the buffer would raise again when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def day_of(text: str | None, lang: str) -> date:
    """The day of `--as-of`; today in California without it. Raises Problem."""
    if text is None:
        return clock.today()
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(
            translate(lang, "--as-of is %(text)s, which is not a date. Write it like 2026-11-22.", text=repr(text))
        ) from None


def judged(data: object, as_of: date, lang: str) -> Findings:
    """The findings for a record given as JSON data. Raises Problem with a sentence for every mistake in it."""
    try:
        return decide(from_json(data, as_of), as_of)
    except BadRecord as bad:
        raise Problem(*(said(problem, partial(translate, lang)) for problem in bad.problems)) from None


# -------------------------------------------------------------------------------------------------------------- decide


@limpio.command("decide")
@click.argument("record", required=False)
@click.option("--as-of", help="The day to decide for, like 2026-11-22. Default: today in California.")
@click.option("--schema", "want_schema", is_flag=True, help="Print the JSON Schema of a record and stop.")
@lang_option
@told
def decide_command(record: str | None, as_of: str | None, want_schema: bool, lang: str) -> None:
    """Says what the law opens for RECORD (a JSON file, or - for the standard input), as JSON."""
    if want_schema:
        out(_json(schema()), lang)
        return
    if record is None:
        raise Problem(translate(lang, "Name a record: limpio decide RECORD.json, or - for the standard input."))
    day = day_of(as_of, lang)
    findings = judged(read_json(record, lang), day, lang)
    out(_json(as_data(findings, say=lambda message: translate(lang, message))), lang)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


# -------------------------------------------------------------------------------------------------------------- packet


@limpio.command("packet")
@click.argument("record")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
@click.option("--as-of", help="The day to decide for, like 2026-11-22. Default: today in California.")
@lang_option
@told
def packet_command(record: str, target: Path, as_of: str | None, lang: str) -> None:
    """Makes the court papers for RECORD: a record that may also hold `contact` and `papers`."""
    day = day_of(as_of, lang)
    data = read_json(record, lang)
    if not isinstance(data, Mapping):
        judged(data, day, lang)
        return
    document = {part: data[part] for part in ("contact", "papers") if part in data}
    wrong = paper_problems(document, lang)
    stated = {part: value for part, value in data.items() if part not in (*document, *OF_THE_INTERVIEW)}
    try:
        findings = judged(stated, day, lang)
    except Problem as problem:
        raise Problem(*wrong, *problem.sentences) from None
    if wrong:
        raise Problem(*wrong)
    settings = _settings()
    try:
        pdf = build_packet(findings, document, lang=lang, blanks=settings.forms_dir)
    except NoPapers:
        click.echo(
            translate(lang, "This record opens no court form that can be filled in, so no file was written."), err=True
        )
        raise SystemExit(1) from None
    except FormProblem as bad:
        raise Problem(translate(lang, REASONS[bad.reason], **bad.details)) from None
    write_whole(target, pdf, lang)
    for state in official_forms.check(settings.forms_dir):
        if state.state in ("missing", "refused"):
            click.echo(adoption_words(state, lang), err=True)


def paper_problems(document: Mapping[str, Any], lang: str) -> list[str]:
    """A sentence for everything in `contact` and `papers` that cannot go on a form."""
    found = _text_problems(document.get("contact"), "contact", CONTACT, (), lang)
    entries = document.get("papers")
    if entries is not None and not isinstance(entries, Mapping):
        return [*found, _wrong_kind("papers", translate(lang, "an object"), lang)]
    for case_id, entry in (entries or {}).items():
        found += _text_problems(entry, f"papers, {case_id}", CASE_TEXTS, CASE_TICKS, lang)
    return found


def _wrong_kind(where: str, expected: str, lang: str) -> str:
    return translate(lang, "%(where)s: expected %(expected)s.", where=where, expected=expected)


def _text_problems(part: object, where: str, texts: Sequence[str], ticks: Sequence[str], lang: str) -> list[str]:
    if part is None:
        return []
    if not isinstance(part, Mapping):
        return [_wrong_kind(where, translate(lang, "an object"), lang)]
    found = []
    for key, value in part.items():
        at = f"{where}, {key}"
        if key in ticks:
            if not isinstance(value, bool):
                found.append(_wrong_kind(at, translate(lang, "true or false"), lang))
        elif key not in texts:
            known = ", ".join((*texts, *ticks))
            found.append(
                translate(lang, "%(where)s: there is no such name. The names are %(known)s.", where=at, known=known)
            )
        elif not isinstance(value, str):
            found.append(_wrong_kind(at, translate(lang, "a text"), lang))
        elif len(value) > LONGEST[key]:
            found.append(f"{at}: {long_words(LONGEST[key], len(value), lang)}")
        elif bad := unprintable(value.strip()):
            found.append(f"{at}: {unprintable_words(bad, lang)}")
    return found


# --------------------------------------------------------------------------------------------------------------- rules


@limpio.group("rules")
def rules_group() -> None:
    """The rules: worked cases, the audit and the rule book."""


def worked_rows(cases: str, lang: str) -> list[dict[str, str]]:
    """The rows of a file of worked cases. Raises Problem."""
    try:
        return worked_cases.read_rows(cases)
    except UnicodeDecodeError as bad:
        raise Problem(
            translate(
                lang,
                "%(file)s is not UTF-8 text (at byte %(at)s). Save it as UTF-8 and try again.",
                file=cases,
                at=bad.start + 1,
            )
        ) from None
    except (OSError, ValueError, csv.Error) as bad:
        raise Problem(_unreadable(cases, bad if isinstance(bad, OSError) else ValueError(str(bad)), lang)) from None


@rules_group.command("check")
@click.argument("cases")
@lang_option
@told
def rules_check(cases: str, lang: str) -> None:
    """Compares the worked cases in CASES (a CSV file, columns as law/cases.csv) with what the rules find."""
    rows = worked_rows(cases, lang)
    checked = worked_cases.check(rows)
    for row in checked:
        if row.state == "failed":
            for problem in row.problems:
                out(f"{row.id}: {problem}", lang)
        elif row.state == "skipped":
            out(f"{row.id}: skipped: {'; '.join(row.problems)}", lang)
        # Words from which no fact was read are never dropped in silence.
        for words in row.not_read:
            out(f"{row.id}: not read: {words}", lang)
    count = {state: sum(row.state == state for row in checked) for state in ("passed", "failed", "skipped")}
    out(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped", lang)
    if count["failed"]:
        raise SystemExit(1)


@rules_group.command("audit")
@click.argument("cases", nargs=-1)
@click.option("--as-of", help="The day whose law is audited first, like 2026-11-22. Default: today in California.")
@lang_option
@told
def rules_audit(cases: tuple[str, ...], as_of: str | None, lang: str) -> None:
    """Proves or tries out what every remedy promises: one outcome for every combination of facts, no row, requirement,
    box or flag that never happens, and in CASES (CSV files, by default those of the tests) a case for yes, no and
    unknown."""
    day = day_of(as_of, lang)
    rows = [
        row for file in cases or map(str, sorted(WORKED_CASES.glob("*_cases.csv"))) for row in worked_rows(file, lang)
    ]
    audited = audit(rows, day)
    for line in report(audited):
        out(line, lang)
    if any(a.problems for a in audited):
        raise SystemExit(1)


@rules_group.command("book")
@lang_option
@told
def rules_book(lang: str) -> None:
    """Prints the rule book: every remedy, requirement and outcome, with its citation."""
    out(markdown(lambda message: translate(lang, message)), lang)


# --------------------------------------------------------------------------------------------------------------- forms


@limpio.group("forms")
def forms_group() -> None:
    """The official blank forms: adopting them, and checking that they are unchanged."""


from_option = click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder (or file) with official PDFs; may be repeated.",
)


def form_sources(given: Sequence[Path], environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where official PDFs are looked for: --from, then LIMPIO_FORMS, then ../shared/forms/official."""
    stated = environ.get("LIMPIO_FORMS")
    return (*given, *([Path(stated)] if stated else []), SHARED_FORMS)


def adoption_words(adoption: Adoption, lang: str) -> str:
    details = dict(adoption.details)
    if adoption.differences:
        details["differences"] = "; ".join(difference_words(each, lang) for each in adoption.differences)
    return translate(lang, REASONS[adoption.reason], **details)


def difference_words(difference: Difference, lang: str) -> str:
    return translate(lang, DIFFERENCES[difference.reason], **difference.details)


@forms_group.command("install")
@from_option
@lang_option
@told
def forms_install(sources: tuple[Path, ...], lang: str) -> None:
    """Makes usable blanks of the official PDFs. They are found by their fingerprint, whatever their names."""
    found = official_forms.install(form_sources(sources, os.environ), _settings().forms_dir, on=clock.today())
    for adoption in found:
        out(adoption_words(adoption, lang), lang)
    if any(adoption.state in ("missing", "refused") for adoption in found):
        raise SystemExit(1)


@forms_group.command("adopt")
@click.argument("form")
@click.argument("file", type=click.Path(path_type=Path))
@lang_option
@told
def forms_adopt(form: str, file: Path, lang: str) -> None:
    """Uses FILE for FORM (like CR-400), also a newer revision, once its map in forms/FORM fits. Otherwise says which
    line of the map to edit. Exit code 1 when it was refused."""
    try:
        found = official_forms.adopt_revision(form, file, _settings().forms_dir, on=clock.today())
    except FormProblem as bad:
        raise Problem(translate(lang, REASONS[bad.reason], **bad.details)) from None
    out(adoption_words(found, lang), lang)
    if found.state == "refused":
        for difference in found.differences:
            out(f"  {translate(lang, EDITS[difference.reason], **difference.details)}", lang)
        raise SystemExit(1)
    if found.reason == "adopted_new":
        out(adoption_words(replace(found, reason="pin_it"), lang), lang)


@forms_group.command("check")
@from_option
@click.option("--online", is_flag=True, help="Ask the court's own site for every form. Nothing is fetched without it.")
@lang_option
@told
def forms_check(sources: tuple[Path, ...], online: bool, lang: str) -> None:
    """Says of every blank whether it is there and as pinned, and of every form that --from holds or the court's site
    serves (--online) whether it is still the one Limpio was made for. Exit code 0: all as pinned. 1: a form has
    drifted. 2: a blank is missing or changed, or a file or the site could not be read."""
    from forms import drift  # reads PDFs with pikepdf, which no other command needs at its start

    blanks = _settings().forms_dir
    states = official_forms.check(blanks)
    for adoption in states:
        out(adoption_words(adoption, lang), lang)
    served = list(drift.look(sources, blanks)) if sources else []
    served += [_served_online(spec, blanks) for spec in official_forms.specs().values()] if online else []
    for each in served:
        out(translate(lang, REASONS[each.reason], **each.details), lang)
        for difference in each.differences:
            out(f"  {difference_words(difference, lang)}", lang)
        if each.drifted and each.reason != "served_unmapped" and not any(one.blocks for one in each.differences):
            out(f"  {adoption_words(Adoption(each.form, 'already', 'nothing_moved', each.details), lang)}", lang)
    if served:
        try:
            remember(served, blanks, clock.today())
        except OSError as bad:
            raise Problem(_unwritten(str(blanks / DRIFT_FILE), bad, lang)) from None
    if any(state.state in ("missing", "refused") for state in states) or any(each.unread for each in served):
        raise SystemExit(2)
    if any(state.reason == "ready_new" for state in states) or any(each.drifted for each in served):
        raise SystemExit(1)


def _served_online(spec: FormSpec, blanks: Path) -> Served:
    from forms import drift

    try:
        address, data = fetch_form(spec.addresses)
    except Unreachable as problem:
        return drift.unreachable(spec, problem.address, problem.cause)
    return drift.compare(spec, data, where=address, blanks=blanks)


# --------------------------------------------------------------------------------------------------------------- store


@limpio.group("store")
def store_group() -> None:
    """The answers at rest: erasing what is over, health, keys."""


def _settings(**environ: str) -> Settings:
    """The settings of the environment, with these variables where it is silent. Raises UnsafeSettings."""
    return Settings.from_environ({**environ, **os.environ}, instance=INSTANCE)


def _store(lang: str) -> Store:
    settings = _settings()
    if not settings.database.exists():
        raise Problem(
            translate(
                lang,
                "There is no database in %(folder)s yet. Set LIMPIO_INSTANCE to the folder of the site, or start the "
                "site once.",
                folder=settings.instance,
            )
        )
    try:
        return open_store(settings)
    except (OSError, sqlite3.Error) as bad:
        raise Problem(
            translate(
                lang, "The database in %(folder)s cannot be opened (%(cause)s).", folder=settings.instance, cause=bad
            )
        ) from None


@store_group.command("purge")
@lang_option
@told
def store_purge(lang: str) -> None:
    """Erases at once the answers whose time is over. The site does it by itself; this is for a machine that was off."""
    store = _store(lang)
    gone = store.purge()
    store.close()
    out(translate(lang, "Visits erased because their time was over: %(num)s.", num=gone), lang)


@store_group.command("check")
@lang_option
@told
def store_check(lang: str) -> None:
    """Says whether the database can be written, the keys be read, and the clock be trusted. Exit code 1 if not."""
    store = _store(lang)
    health = store.health()
    store.close()
    for reason in health.reasons:
        out(reason, lang)
    if not health.ok:
        raise SystemExit(1)
    out(translate(lang, "The database and its keys are well."), lang)


@store_group.command("rotate-key")
@click.option(
    "--drop-old", is_flag=True, help="Remove the old keys too. Backups made before then need a copy of the key file."
)
@lang_option
@told
def store_rotate_key(drop_old: bool, lang: str) -> None:
    """Makes a new key and rewrites every saved answer with it. May run beside the site."""
    store = _store(lang)
    store.vault.rotate()
    rewritten = store.reseal()
    out(translate(lang, "A new key is in use. Answers rewritten with it: %(num)s.", num=rewritten), lang)
    if drop_old:
        out(translate(lang, "Old keys removed: %(num)s.", num=store.drop_old_keys()), lang)
    store.close()


@store_group.command("trust-clock")
@lang_option
@told
def store_trust_clock(lang: str) -> None:
    """Takes this machine's time as it is now, after its clock had run ahead and was put right."""
    store = _store(lang)
    store.trust_clock()
    store.close()
    out(
        translate(
            lang, "The time of this machine is taken as right: %(now)s.", now=clock.now().isoformat(timespec="seconds")
        ),
        lang,
    )


# ----------------------------------------------------------------------------------------------------------- reminders


@limpio.group("reminders")
def reminders_group() -> None:
    """Texts: sending what is due, and who gets none."""


now_option = click.option("--now", "at", help="As if it were this moment, like 2026-12-24T10:00. Default: now.")


def moment(at: str | None, lang: str) -> datetime:
    """The moment of `--now`. Raises Problem."""
    try:
        return reminders.moment_of(at)
    except ValueError:
        raise Problem(
            translate(lang, "--now is %(text)s, which is not a time. Write it like 2026-12-24T10:00.", text=repr(at))
        ) from None


@reminders_group.command("send")
@now_option
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@lang_option
@told
def reminders_send(at: str | None, dry_run: bool, lang: str) -> None:
    """Sends what is due, once each. For cron; the site does it by itself too. May run beside it."""
    now = moment(at, lang)
    settings = _settings()
    if not texting_works(settings):
        raise Problem(
            translate(
                lang, "This site has no Twilio account. Set the LIMPIO_TWILIO_ variables, see webapp/settings.py."
            )
        )
    store = _store(lang)
    lines = (
        reminders.dry_run(store, settings, now, lang)
        if dry_run
        else reminders.send(store, settings, now if at else None, lang)
    )
    for line in lines:
        out(line, lang)
    store.close()


@reminders_group.command("preview")
@click.argument("record")
@now_option
@lang_option
@told
def reminders_preview(record: str, at: str | None, lang: str) -> None:
    """Prints every text that RECORD (an answers document as JSON, with its petitions) would bring, and when."""
    now = moment(at, lang)
    data = read_json(record, lang)
    # The rules read the record first: what is wrong with it is said as everywhere.
    own = ("contact", "papers", *OF_THE_INTERVIEW)
    stated = {k: v for k, v in data.items() if k not in own} if isinstance(data, Mapping) else data
    judged(stated, now.astimezone(clock.CALIFORNIA).date(), lang)
    try:
        lines = list(reminders.preview(data, now, lang))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise Problem(
            translate(
                lang, 'petitions: expected {"c1": {"CR-180": {"made": "2026-12-01"}}}, with a case of the record.'
            )
        ) from None
    for line in lines:
        out(line, lang)


@reminders_group.command("suppressed")
@lang_option
@told
def reminders_suppressed(lang: str) -> None:
    """Lists who gets no texts any more, by hash, with when and why."""
    store = _store(lang)
    for line in reminders.suppressed(store, lang):
        out(line, lang)
    store.close()


@reminders_group.command("failures")
@lang_option
@told
def reminders_failures(lang: str) -> None:
    """Lists texts that did not arrive, with Twilio's error numbers. Exit code 1 if there are any."""
    store = _store(lang)
    lines = list(reminders.failures(store, lang))
    store.close()
    for line in lines:
        out(line, lang)
    if len(lines) > 1:
        raise SystemExit(1)


@reminders_group.command("proof")
@click.argument("number")
@lang_option
@told
def reminders_proof(number: str, lang: str) -> None:
    """Shows what was agreed to, and taken back, from NUMBER."""
    try:
        read = numbers.read(number)
    except numbers.NotANumber as bad:
        raise Problem(translate(lang, numbers.NUMBER_PROBLEMS[bad.reason])) from None
    store = _store(lang)
    for line in reminders.proofs(store, read, lang):
        out(line, lang)
    store.close()


# ------------------------------------------------------------------------------------------------------------- serving


def free_port(host: str, first: int, tried: int = PORTS_TRIED) -> int | None:
    """The first free port from `first` on; None when none of `tried` is."""
    for port in range(first, min(first + tried, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((host, port))
                return port
    return None


@limpio.command("run")
@from_option
@click.option("--port", type=click.IntRange(1, 65535), help="The port to try first. Default: 8000.")
@lang_option
@told
def run_command(sources: tuple[Path, ...], port: int | None, lang: str) -> None:
    """Serves the site on this machine for trying it out: blanks adopted, demo people loaded."""
    settings = replace(_settings(LIMPIO_ENV="development"), env="development", demo=True, workers=1)
    missing = [
        adoption_words(adoption, lang)
        for adoption in official_forms.install(form_sources(sources, os.environ), settings.forms_dir, on=clock.today())
        if adoption.state in ("missing", "refused")
    ]
    chosen = free_port(settings.host, port or settings.port)
    if chosen is None:
        raise Problem(
            translate(
                lang,
                "No port from %(first)s on is free on %(host)s. Stop another server, or give one with --port.",
                first=port or settings.port,
                host=settings.host,
            )
        )
    official_forms.warm()

    def ready(where: str) -> None:
        out("", lang)
        if missing:
            out(
                translate(lang, "SOME OFFICIAL FORMS ARE MISSING. People get an answer sheet to copy from instead."),
                lang,
            )
            for sentence in missing:
                out(f"  {sentence}", lang)
            out(translate(lang, "To add them: limpio forms install --from FOLDER, with the PDFs in that folder."), lang)
            out("", lang)
        out(translate(lang, "Demo people: %(address)s", address=f"{where}/{lang}/demo"), lang)
        out(translate(lang, "Limpio is running at %(address)s (press Ctrl-C to stop)", address=where), lang)

    _serve(replace(settings, port=chosen), ready, lang)


@limpio.command("serve")
@lang_option
@told
def serve_command(lang: str) -> None:
    """Serves the site in production, as LIMPIO_ variables say. Refuses unsafe settings and names them all."""
    settings = _settings(LIMPIO_ENV="production")
    for adoption in official_forms.check(settings.forms_dir):
        if adoption.state in ("missing", "refused"):
            click.echo(adoption_words(adoption, lang), err=True)
    if free_port(settings.host, settings.port, 1) is None:
        raise Problem(
            translate(
                lang, "%(address)s cannot be listened on: the port is taken, or not allowed.", address=address(settings)
            )
        )
    official_forms.warm()
    _serve(settings, lambda where: out(translate(lang, "Limpio is running at %(address)s", address=where), lang), lang)


def _serve(settings: Settings, ready: Callable[[str], None], lang: str) -> None:
    try:
        serve_site(settings, ready=ready)
    except (OSError, sqlite3.Error) as bad:
        raise Problem(translate(lang, "The site could not start (%(cause)s).", cause=bad)) from None


if __name__ == "__main__":
    main()
