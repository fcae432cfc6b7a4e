"""The command `limpio`: what it prints, its exit codes, and a sentence for everything that can go wrong."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

import forms
from tests.web.conftest import OFFICIAL
from webapp import clock
from webapp.cli import form_sources, free_port, limpio
from webapp.court_site import Unreachable
from webapp.demo import people
from webapp.language import translate
from webapp.settings import Settings
from webapp.store import open_store

REPOSITORY = Path(__file__).parents[2]
RECORD: dict[str, Any] = {
    "person": {},
    "cases": [
        {
            "county": "Kern",
            "sentence_status": "completed",
            "counts": [
                {"offense": "HS 11357(b)", "level": "misdemeanor", "offense_date": "1998-07-21", "age_at_offense": 30}
            ],
        }
    ],
}
CSV_HEAD = (
    "id,as_of,code,section,route,outcome,relief,level,offense_date,age_at_offense,sentence_type,substance,flower_g"
)
PASSES = "A1,2026-11-22,HS,11357(b),HS11361.8,eligible_mandatory,dismiss_and_seal,M,1998-07-21,30,completed,flower,20"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the test's own, for everything the command would keep."""
    for name in [name for name in os.environ if name.startswith("LIMPIO_") and name != "LIMPIO_FORMS"]:
        monkeypatch.delenv(name)
    instance = tmp_path / "instance"
    monkeypatch.setenv("LIMPIO_INSTANCE", str(instance))
    return instance


def call(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(limpio, [str(each) for each in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def file_of(folder: Path, content: Any) -> Path:
    path = folder / "record.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


# -------------------------------------------------------------------------------------------------------------- decide


def test_decide_prints_findings(tmp_path: Path) -> None:
    result = call("decide", file_of(tmp_path, RECORD), "--as-of", "2026-11-22")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["as_of"] == "2026-11-22"
    best = found["counts"][0]["findings"][0]
    assert (best["outcome"], best["relief"], best["form"]) == ("eligible_mandatory", "dismiss_and_seal", "CR-400")
    assert best["explanation"]


def test_decide_reads_the_standard_input_and_a_byte_order_mark() -> None:
    result = call("decide", "-", stdin=b"\xef\xbb\xbf" + json.dumps(RECORD).encode())
    assert result.exit_code == 0
    assert json.loads(result.stdout)["counts"]


def test_decide_speaks_spanish(tmp_path: Path) -> None:
    notice = "This is legal information, not legal advice. We are not your lawyers. The judge decides."
    found = json.loads(call("decide", file_of(tmp_path, RECORD), "--lang", "es").stdout)
    assert found["notice"] == translate("es", notice)


def test_decide_prints_a_schema_that_names_every_part() -> None:
    found = json.loads(call("decide", "--schema").stdout)
    assert set(found["properties"]) == {"person", "cases"}


def bad(record: Any) -> str:
    return json.dumps(record)


def with_count(**facts: Any) -> str:
    return bad({"cases": [{"counts": [facts]}]})


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        ("", "line 1, column 1"),
        ('{"cases":\n  [1,,2]}', "line 2, column 6"),
        (b'{"a": "\xff"}', "is not UTF-8 text (at byte 8)"),
        ("[" * 100_000, "without end"),
        ('{"cases": NaN}', "NaN is not a number"),
        ('{"cases": [], "cases": []}', "'cases' stands twice"),
        ("[]", "must be a JSON object"),
        ('{"people": {}}', "there is no fact named 'people'"),
        (with_count(offense_date="1998-02-30"), "is not a date that exists"),
        (with_count(offense_date="2031"), "is in the future"),
        (with_count(offense="weed"), "cannot read 'weed' as a code section"),
        (with_count(plants="six"), "expected a number"),
        (
            bad({"person": {"birth_date": "1990-01-01"}, "cases": [{"conviction_date": "1980-01-01"}]}),
            "before the birth",
        ),
        (bad({**RECORD, "contact": {"name": "Ana"}}), "there is no fact named 'contact'"),
        (" " * 5_000_001, "is larger than"),
    ],
)
def test_a_record_that_cannot_be_read_gets_a_sentence(stdin: str | bytes, says: str) -> None:
    result = call("decide", "-", stdin=stdin)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_every_mistake_gets_its_own_sentence() -> None:
    result = call("decide", "-", stdin=bad({"cases": [{"county": 5, "counts": [{"plants": "six", "level": "big"}]}]}))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path, lang: str) -> None:
    gone = call("decide", tmp_path / "gone.json", "--lang", lang)
    assert gone.exit_code == 2
    message = "There is no file %(file)s. Check the name and try again."
    assert gone.stderr.strip() == translate(lang, message, file=tmp_path / "gone.json")
    folder = call("decide", tmp_path, "--lang", lang)
    assert folder.exit_code == 2
    assert folder.stderr.strip() == translate(
        lang, "%(file)s is a folder. Give the name of a file in it.", file=tmp_path
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, RECORD)
    path.chmod(0)
    result = call("decide", path)
    assert result.exit_code == 2
    assert "may not be read by you" in result.stderr


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "20261122", "2026-11-22T00:00"])
def test_a_day_that_is_no_date(tmp_path: Path, day: str) -> None:
    result = call("decide", file_of(tmp_path, RECORD), "--as-of", day)
    assert result.exit_code == 2
    assert f"'{day}', which is not a date" in result.stderr


def test_decide_without_a_record_says_how() -> None:
    result = call("decide")
    assert result.exit_code == 2
    assert "limpio decide RECORD.json" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this machine has no /dev/full")
def test_a_full_disk_behind_the_standard_output(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "webapp.cli", "decide", file_of(tmp_path, RECORD)],
            stdout=full, stderr=subprocess.PIPE, cwd=REPOSITORY, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "the standard output could not be written: the disk is full. Make room and try again."
    )


# -------------------------------------------------------------------------------------------------------------- packet


@pytest.fixture
def ready(environment: Path, blanks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIMPIO_BLANKS", str(blanks))
    return environment


def test_packet_writes_a_pdf_only_its_owner_reads(ready: Path, tmp_path: Path) -> None:
    record = file_of(tmp_path, {**RECORD, "contact": {"name": "Ana Ñandú"}, "papers": {"1": {"case_number": "BA 1"}}})
    target = tmp_path / "papers.pdf"
    result = call("packet", record, "--out", target, "--lang", "es")
    assert result.exit_code == 0, result.stderr
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    reader = PdfReader(target)
    shown = "\n".join(page.extract_text() for page in reader.pages)
    assert "Ana Ñandú" in shown
    assert "BA 1" in shown
    assert reader.trailer["/Root"]["/Lang"] == "es"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["papers.pdf", "record.json"]


@pytest.mark.parametrize("person", ["several", "juvenile", "over-or-not"])
def test_packet_takes_a_whole_answers_document(ready: Path, tmp_path: Path, person: str) -> None:
    target = tmp_path / "papers.pdf"
    result = call("packet", file_of(tmp_path, people()[person].document), "--out", target)
    assert result.exit_code == 0, result.stderr
    assert people()[person].name in "".join(page.extract_text() for page in PdfReader(target).pages)


def test_packet_without_blanks_is_an_answer_sheet_and_says_so(environment: Path, tmp_path: Path) -> None:
    target = tmp_path / "papers.pdf"
    result = call("packet", file_of(tmp_path, RECORD), "--out", target)
    assert result.exit_code == 0
    assert "limpio forms install" in result.stderr
    assert "Answers to copy onto form CR-400" in "".join(page.extract_text() for page in PdfReader(target).pages)


def test_packet_where_nothing_is_open_writes_nothing(ready: Path, tmp_path: Path) -> None:
    target = tmp_path / "papers.pdf"
    result = call("packet", file_of(tmp_path, people()["ticket"].document), "--out", target)
    assert result.exit_code == 1
    assert "no file was written" in result.stderr
    assert not target.exists()


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"contact": []}, "contact: expected an object."),
        ({"papers": "none"}, "papers: expected an object."),
        ({"papers": {"1": None, "2": 5}}, "papers, 2: expected an object."),
        ({"contact": {"name": 5}}, "contact, name: expected a text."),
        ({"contact": {"fax": "1"}}, "contact, fax: there is no such name."),
        ({"contact": {"name": "A" * 10_000}}, "contact, name: This is too long for a court form: 10000 letters."),
        ({"contact": {"name": "Ana 😀"}}, "U+1F600 GRINNING FACE"),
        ({"contact": {"street": "1 St\u0000"}}, "A hidden sign (U+0000)"),
        ({"papers": {"1": {"waive_judge": "yes"}}}, "papers, 1, waive_judge: expected true or false."),
        (
            {"cases": [{"county": "Kern 😀", **{k: v for k, v in RECORD["cases"][0].items() if k != "county"}}]},
            "U+1F600",
        ),
        ({"cases": [{"county": "\ud800", **{k: v for k, v in RECORD["cases"][0].items() if k != "county"}}]}, "U+D800"),
    ],
)
def test_details_that_cannot_be_printed_get_a_sentence(ready: Path, tmp_path: Path, extra: Any, says: str) -> None:
    target = tmp_path / "papers.pdf"
    result = call("packet", file_of(tmp_path, {**RECORD, **extra}), "--out", target)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not target.exists()


def test_all_mistakes_of_record_and_details_are_told_at_once(ready: Path, tmp_path: Path) -> None:
    wrong = {"contact": {"name": 5}, "cases": [{"county": 5}]}
    result = call("packet", file_of(tmp_path, wrong), "--out", tmp_path / "p.pdf")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2


def test_a_place_that_cannot_be_written(ready: Path, tmp_path: Path) -> None:
    record = file_of(tmp_path, RECORD)
    folder = call("packet", record, "--out", tmp_path)
    assert (folder.exit_code, "is a folder" in folder.stderr) == (2, True)
    gone = call("packet", record, "--out", tmp_path / "gone" / "papers.pdf")
    assert (gone.exit_code, "that folder does not exist" in gone.stderr) == (2, True)
    circle = tmp_path / "circle.pdf"
    circle.symlink_to(circle)
    turned = call("packet", record, "--out", circle)
    assert turned.exit_code == 2
    assert circle.is_symlink()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this machine has no /dev/full")
def test_a_full_disk_is_told_and_a_device_stays_a_device(ready: Path, tmp_path: Path) -> None:
    result = call("packet", file_of(tmp_path, RECORD), "--out", "/dev/full")
    assert result.exit_code == 2
    assert "the disk is full" in result.stderr
    assert Path("/dev/full").is_char_device()


def test_an_older_file_stays_when_the_new_one_cannot_be_written(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "papers.pdf"
    target.write_text("older")
    record = file_of(tmp_path, RECORD)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = call("packet", record, "--out", target)
    assert result.exit_code == 2
    assert "the disk is full" in result.stderr
    assert target.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["papers.pdf", "record.json"]


# --------------------------------------------------------------------------------------------------------------- rules


def cases(folder: Path, *rows: str) -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join((CSV_HEAD, *rows)) + "\n", encoding="utf-8")
    return path


def test_rules_check_counts_what_passes_fails_and_is_skipped(tmp_path: Path) -> None:
    fails = PASSES.replace("A1", "A2").replace("dismiss_and_seal", "redesignate_infraction")
    skipped = PASSES.replace("A1", "A3").replace("HS11361.8", "PC1170.99")
    result = call("rules", "check", cases(tmp_path, PASSES, fails, skipped))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "A2: relief: expected redesignate_infraction, found dismiss_and_seal",
        "A3: skipped: the remedy PC1170.99 is not built yet",
        "1 passed, 1 failed, 1 skipped",
    ]


def test_rules_check_is_content_when_nothing_fails(tmp_path: Path) -> None:
    result = call("rules", "check", cases(tmp_path, PASSES))
    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed, 0 skipped\n")


@pytest.mark.parametrize(
    ("content", "says"), [(b"a,b\n1,2\n", "it has no column"), (b"\xff\xfe", "is not UTF-8"), (b"", "no column")]
)
def test_rules_check_refuses_a_file_that_is_no_table_of_cases(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    result = call("rules", "check", path)
    assert result.exit_code == 2
    assert says in result.stderr
    assert call("rules", "check", tmp_path / "gone.csv").exit_code == 2
    assert call("rules", "check", tmp_path).exit_code == 2


def test_rules_book_names_statute_and_cases() -> None:
    result = call("rules", "book")
    assert result.exit_code == 0
    assert "HSC 11361.8" in result.stdout
    assert "People v. Medina" in result.stdout


# --------------------------------------------------------------------------------------------------------------- forms


def test_forms_install_and_check(environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.cli.SHARED_FORMS", tmp_path / "nowhere")
    monkeypatch.delenv("LIMPIO_FORMS", raising=False)
    empty = tmp_path / "empty"
    empty.mkdir()
    missing = call("forms", "install", "--from", empty)
    assert missing.exit_code == 1
    assert "No official file for CR-400 was found" in missing.stdout
    assert call("forms", "check").exit_code == 2


def test_forms_install_finds_the_official_files(blanks: Path, environment: Path) -> None:
    # `blanks` says whether there are official files on this machine at all
    assert call("forms", "install").exit_code == 0
    again = call("forms", "check")
    assert again.exit_code == 0
    assert "The blank form CR-400 is in place and unchanged." in again.stdout
    (environment / "forms" / "CR-400.pdf").write_bytes(b"%PDF damaged")
    assert call("forms", "check").exit_code == 2


def revised(tmp_path: Path, by: float) -> Path:
    """Another CR-400, whose DEFENDANT box stands higher by some points."""
    folder = tmp_path / "served"
    folder.mkdir(exist_ok=True)
    official = next(OFFICIAL.glob("cr-400*.pdf"))
    with pikepdf.open(official) as pdf:
        box = next(each for each in pdf.pages[0].obj.Annots if str(each.get("/T", "")) == "Party2[0]")
        box.Rect = pikepdf.Array([float(edge) + by for edge in box.Rect])
        pdf.save(folder / "cr400.pdf", encryption=False)
    return folder


def test_forms_check_tells_a_drift_and_keeps_it(blanks: Path, environment: Path, tmp_path: Path) -> None:
    assert call("forms", "install").exit_code == 0
    same = call("forms", "check", "--from", OFFICIAL)
    assert same.exit_code == 0, same.output
    assert "is the CR-400 that Limpio knows (Rev. January 1, 2024)." in same.stdout
    found = call("forms", "check", "--from", revised(tmp_path, 5))
    assert found.exit_code == 1
    assert '  "DEFENDANT:" (defendant) moved on page 1, from ' in found.stdout
    assert "limpio forms adopt CR-400 FILE" in found.stdout
    kept = forms.remembered(environment / "forms")
    assert {form for form, each in kept.items() if each.drifted} == {"CR-400"}
    assert kept["CR-400"].checked_on == clock.today()
    spanish = call("forms", "check", "--from", tmp_path / "served", "--lang", "es")
    assert '  "DEFENDANT:" (defendant) se movió en la página 1, de ' in spanish.stdout
    (tmp_path / "served" / "cr400.pdf").write_bytes(b"")
    assert call("forms", "check", "--from", tmp_path / "served").exit_code == 2


def test_forms_adopt_says_what_to_edit_or_how_to_pin(blanks: Path, environment: Path, tmp_path: Path) -> None:
    refused = call("forms", "adopt", "CR-400", revised(tmp_path, 5) / "cr400.pdf")
    assert refused.exit_code == 1
    name = forms.specs()["CR-400"].fields["defendant"].name
    assert f'  In fields.toml, at name = "{name}": rect = [' in refused.stdout
    assert not (environment / "forms").exists()
    adopted = call("forms", "adopt", "CR-400", revised(tmp_path, 0.5) / "cr400.pdf")
    assert adopted.exit_code == 0, adopted.output
    sha = hashlib.sha256((environment / "forms" / "CR-400.pdf").read_bytes()).hexdigest()
    assert f'under [blank] sha256 = "{sha}"' in adopted.stdout
    assert forms.adopted_on("CR-400", environment / "forms") == clock.today()
    call("forms", "install")
    checked = call("forms", "check", "--from", tmp_path / "served")
    assert checked.exit_code == 1, "not as pinned"
    assert "that was adopted here by hand" in checked.stdout
    assert "Every box of CR-400 that Limpio fills is where it was." in checked.stdout


def test_forms_adopt_names_what_is_not_there(environment: Path, tmp_path: Path) -> None:
    unknown = call("forms", "adopt", "ZZ-1", tmp_path / "x.pdf")
    assert (unknown.exit_code, unknown.stderr.strip()) == (2, "Limpio does not know a form called ZZ-1.")
    absent = call("forms", "adopt", "CR-400", tmp_path / "x.pdf")
    assert absent.exit_code == 1
    assert f"There is no file {tmp_path / 'x.pdf'}." in absent.stdout


def test_forms_check_asks_the_court_only_when_told(
    blanks: Path, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("forms", "install")
    asked: list[str] = []
    same = next(OFFICIAL.glob("cr-400*.pdf")).read_bytes()

    def fetched(addresses: Sequence[str]) -> tuple[str, bytes]:
        asked.append(addresses[0])
        if "cr400" not in addresses[0]:
            raise Unreachable(addresses[0], "Network is unreachable")
        return addresses[0], same

    monkeypatch.setattr("webapp.cli.fetch_form", fetched)
    assert call("forms", "check").exit_code == 0
    assert asked == []
    online = call("forms", "check", "--online")
    assert len(asked) == len(forms.specs())
    assert online.exit_code == 2
    assert "could not be reached at" in online.stdout
    assert "(Network is unreachable), so nothing is known about CR-180." in online.stdout
    assert "https://courts.ca.gov/sites/default/files/courts/default/2024-11/cr400.pdf is the CR-400" in online.stdout
    assert set(forms.remembered(environment / "forms")) == {"CR-400"}


def test_forms_check_on_a_full_disk_says_so(blanks: Path, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("forms", "install")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = call("forms", "check", "--from", OFFICIAL)
    assert result.exit_code == 2
    assert "drift.json could not be written: the disk is full." in result.stderr


def test_forms_are_looked_for_where_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.cli.SHARED_FORMS", tmp_path)
    found = form_sources([Path("a"), Path("b")], {"LIMPIO_FORMS": "c"})
    assert found == (Path("a"), Path("b"), Path("c"), tmp_path)
    # Named even where it does not exist, so that the message says where the files may be put.
    monkeypatch.setattr("webapp.cli.SHARED_FORMS", tmp_path / "nowhere")
    assert form_sources([], {}) == (tmp_path / "nowhere",)


# --------------------------------------------------------------------------------------------------------------- store


@pytest.mark.parametrize("command", ["purge", "check", "rotate-key", "trust-clock"])
def test_a_store_command_without_a_database_makes_none(environment: Path, command: str) -> None:
    result = call("store", command)
    assert result.exit_code == 2
    assert "There is no database" in result.stderr
    assert not environment.exists()


def test_store_commands(environment: Path) -> None:
    store = open_store(Settings(instance=environment))
    visit = store.new_visit("en")
    store.save(visit.id, {"county": "Kern"})
    keys = len(store.vault.ring.seal)
    assert call("store", "check").stdout == "The database and its keys are well.\n"
    assert call("store", "purge").stdout == "Visits erased because their time was over: 0.\n"
    assert call("store", "rotate-key").stdout == "A new key is in use. Answers rewritten with it: 1.\n"
    store.vault.refresh()
    assert len(store.vault.ring.seal) == keys + 1
    assert "Old keys removed: 2." in call("store", "rotate-key", "--drop-old").stdout
    assert call("store", "trust-clock").exit_code == 0
    found = store.visit(visit.id)
    assert found is not None
    assert found.document == {"county": "Kern"}
    store.close()


def test_a_damaged_key_file_is_told(environment: Path) -> None:
    open_store(Settings(instance=environment)).close()
    (environment / "keys.json").write_text("{}")
    result = call("store", "check")
    assert result.exit_code == 2
    assert "is damaged" in result.stderr


def test_unsafe_settings_are_all_named(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPIO_KEEP_DAYS", "never")
    result = call("store", "purge")
    assert result.exit_code == 2
    assert "LIMPIO_KEEP_DAYS" in result.stderr
    monkeypatch.delenv("LIMPIO_KEEP_DAYS")
    result = call("serve")
    assert result.exit_code == 2
    assert "LIMPIO_PUBLIC_URL" in result.stderr
    assert "LIMPIO_PROXIES" in result.stderr


# ------------------------------------------------------------------------------------------------------------- serving


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port, 1) is None
        found = free_port("127.0.0.1", port, 50)
        assert found is not None
        assert found > port


@pytest.fixture
def served(environment: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "run", "--port", str(port)],
        cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = ""
        until = time.monotonic() + 60
        for line in process.stdout:
            told += line
            if line.startswith("Limpio is running at ") or time.monotonic() > until:
                break
        assert "Limpio is running at " in told
        yield told
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def test_run_serves_the_site_with_demo_people_and_tells_where(served: str) -> None:
    address = served.rsplit("Limpio is running at ", 1)[1].split()[0]
    with urllib.request.urlopen(f"{address}/healthz") as answer:  # noqa: S310 - our own server
        assert json.load(answer)["ok"] is True
    demo = served.split("Demo people: ", 1)[1].split()[0]
    with urllib.request.urlopen(demo) as answer:  # noqa: S310
        page = BytesIO(answer.read()).getvalue().decode()
    assert all(person.name in page for person in people().values())
