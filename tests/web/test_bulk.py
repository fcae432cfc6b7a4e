"""The commands `limpio bulk`, as a county's analyst meets them: words, exit codes, papers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result

from rules.bulk.review import Decided, decided
from rules.sources.doj_extract import COLUMNS
from tests.rules.bulk.made_up import AS_OF, cells, convicted, extract, saved
from tests.rules.bulk.test_agreement import both
from webapp import bulk
from webapp.cli import limpio
from webapp.packet.extract import INDEX, as_convicted, cases, fill_all

POLICY = {"baselineEligibility": {"dismiss": ["11357"], "reduce": ["11359"]}}


def limpio_bulk(*args: str | Path) -> Result:
    return CliRunner().invoke(limpio, ["bulk", *map(str, args)])


def run(path: Path, out: Path, *more: str | Path, county: str = "los angeles") -> Result:
    return limpio_bulk("run", path, "--county", county, "--as-of", "2026-07-01", "--out", out, *more)


def policy(folder: Path, data: object = POLICY) -> Path:
    path = folder / "policy.json"
    path.write_text(json.dumps(data))
    return path


def test_a_clean_review_says_what_it_found_and_ends_with_0(tmp_path: Path) -> None:
    result = run(saved(tmp_path, [convicted(), convicted(SUBJECT_ID="2")]), tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "2 records of 2 people" in result.output
    assert "report.html" in result.output


def test_rejects_end_with_3_and_are_counted(tmp_path: Path) -> None:
    path = saved(tmp_path, [convicted()])
    path.write_bytes(path.read_bytes() + b"short,line\n")
    result = run(path, tmp_path / "out")
    assert result.exit_code == 3
    assert "no records: 1" in result.output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--as-of", "July 1"), "--as-of is 'July 1'"),
        (("--policy", "missing.json"), "missing.json cannot be read"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_a_sentence(tmp_path: Path, args: Sequence[str], words: str) -> None:
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out", *args)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_every_mistake_in_a_policy_is_a_sentence(tmp_path: Path) -> None:
    bad = {"baselineEligibility": {"dismiss": ["1"], "reduce": 5}, "more": 1}
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out", "--policy", policy(tmp_path, bad))
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 3
    (tmp_path / "policy.json").write_bytes(b"\xff\xfe")
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out", "--policy", tmp_path / "policy.json")
    assert "not UTF-8" in result.output


def test_it_speaks_spanish(tmp_path: Path) -> None:
    result = run(tmp_path / "no.csv", tmp_path / "out", "--lang", "es")
    assert result.exit_code == 2
    assert "No hay un archivo" in result.output
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out", "--lang", "es")
    assert result.exit_code == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "Convictions" not in page


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(saved(tmp_path, [convicted()]), tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "could not be written" in result.output


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rules.bulk.run.run", stopped)
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out")
    assert result.exit_code == 130
    assert "--resume" in result.output


def test_progress_is_a_line_a_minute_away_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter((0.0, 0.0, 30.0, 61.0, 70.0, 130.0))
    progress = bulk.Progress(str, lambda: next(times))
    for done in (10, 20, 50, 60, 100):
        progress("read", done * 10**6, 100 * 10**6, 1234)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0] == "Reading [##########..........] 50%, 1,234 people, 1 MB a second, 1:01 left"


# ---- the made-up extract


def test_a_sample_is_the_same_for_the_same_seed_and_says_what_it_is(tmp_path: Path) -> None:
    for name, seed in (("a-sample.csv", "3"), ("b-sample.csv", "3"), ("c-sample.csv", "4")):
        result = limpio_bulk("sample", "--people", "6", "--seed", seed, "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
    first, second, third = (p.read_bytes() for p in sorted(tmp_path.glob("*-sample.csv")))
    assert first == second != third
    rows = list(csv.reader(io.StringIO(first.decode("latin-1"))))
    assert rows[0] == list(COLUMNS)
    assert {len(row) for row in rows} == {95}
    assert len({row[2] for row in rows[1:]}) == 6
    assert all("MADE UP" in row[93] or row[93] for row in rows[1:])
    refused = limpio_bulk("sample", "--people", "6", "--out", tmp_path / "extract.csv")
    assert refused.exit_code == 2
    assert "made up" in refused.output


def test_a_sample_is_like_the_real_thing() -> None:
    from rules.bulk import sample

    text = b"".join(sample.people(150, 2)).decode("latin-1")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(io.StringIO(text))]
    people = len({r["SUBJECT_ID"] for r in rows})
    share = sum(r["DISP_DESCR"].startswith("CONVICTED") for r in rows) / len(rows)
    assert 60 < len(rows) / people < 120
    assert 0.25 < share < 0.45
    assert {"COURT ACTION", "DECEASED", "REGISTRATION", "PROBATION"} <= {r["STP_TYPE_DESCR"] for r in rows}
    assert any("Ñ" in r["PRI_NAME"] or "É" in r["PRI_NAME"] for r in rows)
    assert any(r["OFFENSE_DESCR"].startswith("SEE COMMENT") for r in rows)
    assert any("SET ASIDE" in r["DISP_DESCR"] for r in rows)
    assert len({r["STP_ORI_CNTY_NAME"] for r in rows}) > 40
    assert len(sample.COUNTIES) == 58 == len({name for name, _ in sample.COUNTIES})


# ---- one person


def test_a_person_is_told_as_the_website_would_tell_it(tmp_path: Path) -> None:
    path = saved(tmp_path, [
        cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20050101", CNT_ORDER="001001001000"),
        convicted(SENT_LENGTH="3", SENT_TIME_CODE="Y"),
        convicted(SUBJECT_ID="2"),
    ])  # fmt: skip
    result = limpio_bulk("explain", path, "--person", "1", "--as-of", "2026-07-01", "--policy", policy(tmp_path))
    assert result.exit_code == 0, result.output
    assert "Convictions in the extract: 1." in result.output
    assert "It happened before November 9, 2016" in result.output
    assert "HSC 11361.8" in result.output
    assert "Would be settled by: Knowingly sold" in result.output
    assert "Under the county's policy: Eligible for Reduction. Reduce all HS 11359 convictions" in result.output
    assert "RUIZ" not in result.output
    as_data = limpio_bulk("explain", path, "--person", "1", "--as-of", "2026-07-01", "--json")
    assert json.loads(as_data.output)["counts"][0]["findings"][0]["outcome"] == "eligible_mandatory"
    missing = limpio_bulk("explain", path, "--person", "9")
    assert (missing.exit_code, "No record has" in missing.output) == (2, True)


# ---- the papers


def relief(tmp_path: Path, records: list[list[str]]) -> list[Decided]:
    path = tmp_path / "x.csv"
    path.write_bytes(extract(records))
    _, found = both(path, "LOS ANGELES")
    return [one for one in decided(found, None, AS_OF) if one.answer.what.startswith("Eligible")]


def test_one_paper_a_case_sorted_by_courthouse(tmp_path: Path) -> None:
    arrest = {"STP_TYPE_DESCR": "ARREST", "STP_EVENT_DATE": "20050101", "CNT_ORDER": "001001001000"}
    later = {"CNT_ORDER": "002002001000", "OFN": "ZZ1", "STP_ORI_DESCR": "AIRPORT COURT", "DISP_DATE": "20160101"}
    found = cases(
        relief(tmp_path, [
            cells(**arrest),
            convicted(SENT_LENGTH="3", SENT_TIME_CODE="Y"),
            convicted(CNT_ORDER="001002002000", OFFENSE_DESCR="11358 HS-X", SENT_LENGTH="1", SENT_TIME_CODE="Y"),
            convicted(SENT_LENGTH="20", SENT_TIME_CODE="Y", **later),
        ]),
        "LOS ANGELES",
        AS_OF,
    )  # fmt: skip
    assert [(p.court, p.case_number, p.sections, p.request) for p in found] == [
        ("AIRPORT COURT", "ZZ1", ("11359",), "2a"),  # twenty years from 2016: it goes on
        ("LOS ANGELES SUPERIOR COURT", "BA123456", ("11358", "11359"), "2b"),
    ]
    assert {p.name for p in found} == {"ANA RUIZ"}


def test_the_papers_are_filled_and_listed(tmp_path: Path, blanks: Path) -> None:
    records = [
        convicted(SUBJECT_ID=str(n), OFN=f"BA{n:03d}", PRI_NAME="PE\xd1A,JOS\xc9", SENT_LENGTH="3", SENT_TIME_CODE="Y")
        for n in range(5)
    ]
    records.append(convicted(SUBJECT_ID="9", OFN="", SENT_LENGTH="3", SENT_TIME_CODE="Y"))
    records.append(convicted(SUBJECT_ID="8", OFN="BA999", SENT_LENGTH="LIFE"))
    folder = tmp_path / "papers"
    folder.mkdir()
    found = relief(tmp_path, records)
    assert fill_all(found, folder, county="LOS ANGELES", as_of=AS_OF, blanks=blanks, a_file=4) == 6
    names = sorted(p.name for p in folder.iterdir())
    assert names == [INDEX, "los-angeles-superior-court-001.pdf", "los-angeles-superior-court-002.pdf"]
    with (folder / INDEX).open(newline="", encoding="utf-8") as file:
        index = {row["Case Number"]: row for row in csv.DictReader(file)}
    assert index["BA002"]["Defendant"] == "JOSÉ PEÑA"
    pages = pypdf.PdfReader(folder / index["BA002"]["File"]).pages
    text = pages[int(index["BA002"]["Page"]) - 1].extract_text()
    assert "JOSÉ PEÑA" in text
    assert "BA002" in text
    assert "no case number" in index[""]["To do"]
    assert "choose 2a or 2b" in index["BA999"]["To do"]
    assert {(folder / name).stat().st_mode & 0o777 for name in names} == {0o600}


@pytest.mark.parametrize(
    ("written", "name"),
    [("RUIZ,ANA M", "ANA M RUIZ"), (" RUIZ , ANA ", "ANA RUIZ"), ("CHER", "CHER"), ("RUIZ,", "RUIZ")],
)
def test_names_as_convicted(written: str, name: str) -> None:
    assert as_convicted(written) == name


def test_papers_without_a_blank_are_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPIO_INSTANCE", str(tmp_path / "instance"))
    result = run(saved(tmp_path, [convicted()]), tmp_path / "out", "--papers")
    assert result.exit_code == 2
    assert "limpio forms install" in result.output
    assert not (tmp_path / "out").exists()


def test_a_review_with_papers(tmp_path: Path, blanks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPIO_INSTANCE", str(tmp_path / "instance"))
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "forms").symlink_to(blanks)
    path = saved(tmp_path, [convicted(SENT_LENGTH="3", SENT_TIME_CODE="Y"), convicted(SUBJECT_ID="2", OFN="BA2")])
    result = run(path, tmp_path / "out", "--papers", "--policy", policy(tmp_path))
    assert result.exit_code == 0, result.output
    assert "Court papers filled: 2." in result.output
    assert (tmp_path / "out" / "papers" / INDEX).exists()
    assert date.fromisoformat(json.loads((tmp_path / "out" / "summary.json").read_text())["as_of"]) == AS_OF
