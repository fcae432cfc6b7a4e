"""A whole review: the files it leaves, byte for byte where that matters, and what happens when it is stopped."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from rules.bulk import outputs, sample
from rules.bulk import run as whole
from rules.bulk.decide import Policy
from rules.bulk.outputs import ALL, CONDENSED, CONDENSED_NAMES, PROP64, WORK
from rules.bulk.review import ADDED
from rules.bulk.run import Options, Stopped, run
from rules.bulk.summary import age_band, withheld
from rules.sources.doj_extract import COLUMNS
from tests.rules.bulk.made_up import AS_OF, cells, convicted, extract, saved

POLICY = Policy(("11357", "11358"), ("11359", "11360"), True, 57, 10, 5, only_prop64=True, deceased=True)
ENGINES = pytest.mark.parametrize("without", [False, True], ids=["by columns", "by row"])


def quiet(*_: object) -> None:
    pass


def review(path: Path | Sequence[Path], out: Path, **others: Any) -> whole.Review:
    files = (path,) if isinstance(path, Path) else tuple(path)
    return run(Options(files, "LOS ANGELES", AS_OF, out, **others), quiet)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="latin-1") as file:
        return list(csv.DictReader(file))


def made_up(folder: Path, people: int, seed: int) -> Path:
    path = folder / f"sample-{seed}.csv"
    path.write_bytes(sample.header() + b"".join(sample.people(people, seed)))
    return path


HISTORY = [
    cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE="20050101", CNT_ORDER="001001001000"),
    convicted(COMMENT_TEXT='ALSO "11358" HS, TWICE', SENT_LENGTH="3", SENT_TIME_CODE="Y"),
    convicted(SENT_LENGTH="90", SENT_TIME_CODE="D"),
    convicted(CNT_ORDER="001002002000", OFFENSE_DESCR="484 PC-THEFT", CONV_STAT_DESCR="MISDEMEANOR"),
    convicted(STP_ORI_CNTY_NAME="ALAMEDA", CNT_ORDER="002002001000", OFN="A7", OFFENSE_DESCR="11357(B) HS-X"),
    cells(STP_TYPE_DESCR="PROBATION", CNT_ORDER="003001001000", COMMENT_TEXT="TRANSFERRED, 11360(A) HS"),
]


@ENGINES
def test_the_three_files_have_exactly_their_columns(tmp_path: Path, without: bool) -> None:
    review(saved(tmp_path, HISTORY), tmp_path / "out", without_columns=without)
    heads = {
        name: (tmp_path / "out" / name).read_text(encoding="latin-1").splitlines()[0]
        for name in (ALL, CONDENSED, PROP64)
    }
    assert next(csv.reader([heads[ALL]])) == [*COLUMNS, *ADDED] == next(csv.reader([heads[PROP64]]))
    assert next(csv.reader([heads[CONDENSED]])) == [*CONDENSED_NAMES, *ADDED]
    assert (
        tuple(COLUMNS[i] for i in (11, 12, 13, 14, 22, 37, 40, 46, 48, 51, 52, 54, 80, 82, 86, 87, 88, 90, 93, 94))
        == CONDENSED_NAMES
    )
    assert len(ADDED) == 18


@ENGINES
def test_every_line_passes_through_and_the_reviewed_one_gets_its_cells(tmp_path: Path, without: bool) -> None:
    source = extract(HISTORY)
    (tmp_path / "x.csv").write_bytes(source)
    review(tmp_path / "x.csv", tmp_path / "out", without_columns=without)
    made = (tmp_path / "out" / ALL).read_bytes()
    assert [m[: len(s)] for s, m in zip(source.split(b"\n"), made.split(b"\n"), strict=True)] == source.split(b"\n")
    found = rows(tmp_path / "out" / ALL)
    reviewed = found[1]
    assert {name: reviewed[name] for name in ADDED[:-2]} == {
        "Case Number": "BA123456",
        "# of convictions on record": "3",
        "Possible Other P64 Charges": 'ALSO "11358" HS, TWICE',
        "Occurred after 11/9/2016": "-",
        "Superstrike Code Section(s)": "-",
        "PC290 Code Section(s)": "-",
        "PC290 Registration": "-",
        "Date of Conviction": "06/01/2005",
        "Years Since This Conviction": "21.1",
        "Years Since Any Conviction": "21.1",
        "# of Prop 64 convictions": "2",
        "# of HS 11357 convictions": "1",
        "# of HS 11358 convictions": "0",
        "# of HS 11359 convictions": "1",
        "# of HS 11360 convictions": "0",
        "Deceased": "-",
    }
    assert reviewed["Eligibility Determination"] == "Eligible for Reduction"
    assert "HSC 11361.8(f)" in reviewed["Eligibility Reason"]
    for other in (0, 2, 3, 4):  # an arrest, a repeated count, another offense, another county
        assert {found[other][name] for name in ADDED} == {""}
    assert found[5]["Possible Other P64 Charges"] == "TRANSFERRED, 11360(A) HS"
    assert {found[5][name] for name in ADDED if name != "Possible Other P64 Charges"} == {""}
    assert rows(tmp_path / "out" / PROP64) == [reviewed]
    short = rows(tmp_path / "out" / CONDENSED)
    assert [{n: r[n] for n in (*CONDENSED_NAMES, *ADDED)} for r in found] == short


@ENGINES
def test_what_is_not_known_is_blank_and_what_is_there_is_listed(tmp_path: Path, without: bool) -> None:
    history = [
        convicted(DISP_DATE="20011399", OFN="NULL"),
        convicted(OFFENSE_DESCR="187(A) PC-MURDER", CNT_ORDER="002002001000", DISP_DATE="19990101"),
        convicted(OFFENSE_DESCR="288(A) PC-X", CNT_ORDER="003002001000", DISP_DATE="19990101"),
        cells(STP_TYPE_DESCR="REGISTRATION", OFFENSE_DESCR="290(B) PC-X", CNT_ORDER="004001001000"),
        cells(STP_TYPE_DESCR="DECEASED", CNT_ORDER="005001001000"),
    ]
    review(saved(tmp_path, history), tmp_path / "out", without_columns=without, policy=POLICY)
    (found,) = rows(tmp_path / "out" / PROP64)
    assert {n: found[n] for n in ADDED[2:10]} == {
        "Possible Other P64 Charges": "-",
        "Occurred after 11/9/2016": "",
        "Superstrike Code Section(s)": "PC 187(a); PC 288(a)",
        "PC290 Code Section(s)": "PC 288(a)",
        "PC290 Registration": "Yes",
        "Date of Conviction": "",
        "Years Since This Conviction": "",
        "Years Since Any Conviction": "",
    }
    assert found["Case Number"] == "-"
    assert found["Deceased"] == "Yes"
    # The date could not have changed the answer: whoever has died is relieved by this policy.
    assert (found["Eligibility Determination"], found["Eligibility Reason"]) == (
        "Eligible for Dismissal",
        "Individual is deceased",
    )


def test_both_ways_leave_the_same_files(tmp_path: Path) -> None:
    path = made_up(tmp_path, 60, 5)
    dirty = path.read_bytes().split(b"\n")
    dirty[40:40] = [b"too,short", dirty[40].replace(b"EOR", b'"E\nOR"'), dirty[40].replace(b"EOR", b'"E\rOR"')]
    path.write_bytes(b"\r\n".join(dirty))
    for policy in (None, POLICY):
        kept = []
        for without, size in ((True, 1 << 20), (False, 1 << 20), (False, 30_000)):
            out = tmp_path / f"{policy is None}-{without}-{size}"
            found = review(path, out, without_columns=without, policy=policy, block=size)
            assert found.rejected == 1
            kept.append({p.name: p.read_bytes() for p in out.iterdir()})
        assert kept[0] == kept[1] == kept[2]
        assert len(kept[0]) == 9


@ENGINES
def test_a_person_split_over_files_is_one_person(tmp_path: Path, without: bool) -> None:
    one = saved(tmp_path, [convicted(DISP_DATE="19950101"), convicted(SUBJECT_ID="2")], "one.csv")
    two = saved(tmp_path, [convicted(CNT_ORDER="002002001000")], "two.csv")
    review([one, two], tmp_path / "out", without_columns=without)
    found = rows(tmp_path / "out" / ALL)
    assert [(r["SUBJECT_ID"], r["# of convictions on record"]) for r in found] == [("1", "2"), ("2", "1"), ("1", "2")]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["read"]["records"], summary["read"]["people"]) == (3, 2)


@ENGINES
def test_rejected_lines_are_copied_and_counted_and_the_run_goes_on(tmp_path: Path, without: bool) -> None:
    data = extract(HISTORY).split(b"\n")
    data.insert(3, b'1,2,"caf\xe9",x')
    data.insert(5, b'"open')
    (tmp_path / "x.csv").write_bytes(b"\n".join(data))
    found = review(tmp_path / "x.csv", tmp_path / "out", without_columns=without)
    assert found.rejected == 2
    copied = rows(tmp_path / "out" / "rejected.csv")
    assert [(r["File"], r["Line"], r["Record"]) for r in copied] == [
        ("x.csv", "4", '1,2,"caf\xe9",x'),
        ("x.csv", "6", '"open'),
    ]
    assert found.summary["read"]["rejected"] == {
        "4 columns instead of 95": 1,
        "a quotation mark without its partner": 1,
    }
    assert len(rows(tmp_path / "out" / ALL)) == len(HISTORY)


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = os.umask(0)
    try:
        review(saved(tmp_path, HISTORY), out)
    finally:
        os.umask(old)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}
    assert not (out / WORK).exists()


def test_a_county_that_no_record_has_lists_those_there_are(tmp_path: Path) -> None:
    path = saved(tmp_path, HISTORY)
    with pytest.raises(Stopped) as stopped:
        run(Options((path,), "LOS ANGELS", AS_OF, tmp_path / "out"), quiet)
    assert "ALAMEDA, LOS ANGELES" in stopped.value.sentences[0]
    assert not (tmp_path / "out").exists()  # nothing is left, so that the right name can be tried at once


def test_a_file_of_nothing_but_bad_lines_is_unusable(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\nc,d\n")
    with pytest.raises(Stopped, match="No record of the files could be read"):
        review(path, tmp_path / "out")
    assert len(rows(tmp_path / "out" / "rejected.csv")) == 2


def test_results_are_never_written_over(tmp_path: Path) -> None:
    path = saved(tmp_path, HISTORY)
    review(path, tmp_path / "out")
    with pytest.raises(Stopped, match="finished review"):
        review(path, tmp_path / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(Stopped, match="is a file"):
        review(path, tmp_path / "file")


@ENGINES
def test_progress_is_told_in_bytes_and_people(tmp_path: Path, without: bool) -> None:
    path = made_up(tmp_path, 12, 8)
    told: list[tuple[str, int, int, int]] = []
    options = Options((path,), "LOS ANGELES", AS_OF, tmp_path / "out", without_columns=without, block=200_000)
    run(options, lambda *where: told.append(where))
    for phase in ("read", "write"):
        its = [where for where in told if where[0] == phase]
        assert len(its) > 2
        assert [done for _, done, _, _ in its] == sorted(done for _, done, _, _ in its)
        assert its[-1][1] >= path.stat().st_size * 0.99
        assert its[-1][3] == 12


# ---- stopped half-way


class Cut(Exception):
    """The power goes."""


def cut_after(monkeypatch: pytest.MonkeyPatch, blocks: int, how: BaseException) -> None:
    """Stops a review after so many blocks of results, each of which had reached the disk."""
    add: Callable[[Any, Any], None] = outputs.Results.add

    def cut(self: Any, block: Any) -> None:
        if self.blocks == blocks:
            raise how
        add(self, block)
        self._note()
        self._noting.result()

    monkeypatch.setattr(outputs.Results, "add", cut)


@pytest.mark.parametrize("how", [Cut(), KeyboardInterrupt()], ids=["power cut", "Ctrl-C"])
def test_a_stopped_review_leaves_nothing_under_a_final_name_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: BaseException
) -> None:
    path = made_up(tmp_path, 12, 8)
    others = {"block": 100_000, "policy": POLICY}
    review(path, tmp_path / "whole", **others)
    out = tmp_path / "out"
    with monkeypatch.context() as stopped:
        cut_after(stopped, 3, how)
        with pytest.raises(type(how)):
            review(path, out, **others)
    assert [p.name for p in out.iterdir()] == [WORK]
    with pytest.raises(Stopped, match="--resume"):
        review(path, out, **others)
    # What had not reached the disk may be torn; it is cut off before the review goes on.
    with (out / WORK / ALL).open("ab") as file:
        file.write(b"torn")
    counted: list[int] = []
    real = outputs.Results.add

    def counting(self: Any, block: Any) -> None:
        counted.append(self.blocks)
        real(self, block)

    monkeypatch.setattr(outputs.Results, "add", counting)
    found = review(path, out, resume=True, **others)
    assert found.resumed
    assert counted[0] == 3
    assert {p.name: p.read_bytes() for p in out.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "whole").iterdir()
    }


def test_a_review_of_other_files_or_another_day_does_not_go_on_but_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made_up(tmp_path, 12, 8)
    with monkeypatch.context() as stopped:
        cut_after(stopped, 2, Cut())
        with pytest.raises(Cut):
            review(path, tmp_path / "out", block=100_000)
    found = run(
        replace(
            Options((path,), "LOS ANGELES", AS_OF, tmp_path / "out", resume=True, block=100_000),
            as_of=AS_OF.replace(day=2),
        ),
        quiet,
    )
    assert not found.resumed
    assert len(rows(tmp_path / "out" / ALL)) == found.summary["read"]["records"]


def test_a_full_disk_is_said_and_can_be_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_up(tmp_path, 12, 8)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with monkeypatch.context() as stopped:
        cut_after(stopped, 2, full)
        with pytest.raises(OSError, match="No space") as refused:
            review(path, tmp_path / "out", block=100_000)
    assert "the disk is full" in whole.unwritten(tmp_path / "out", refused.value)
    assert "--resume" in whole.unwritten(tmp_path / "out", refused.value)
    assert "may not write" in whole.unwritten(tmp_path, PermissionError(13, "Permission denied"))
    assert review(path, tmp_path / "out", block=100_000, resume=True).resumed


def test_a_file_that_changes_between_its_readings_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, HISTORY)
    decide = whole._decide

    def changed(*args: Any) -> Any:
        path.write_bytes(extract(HISTORY[:-1]))
        return decide(*args)

    monkeypatch.setattr(whole, "_decide", changed)
    with pytest.raises(ValueError, match="does not have the 6 records"):
        review(path, tmp_path / "out")
    assert not (tmp_path / "out" / ALL).exists()


# ---- the report


def test_counts_add_up_and_small_cells_are_withheld(tmp_path: Path) -> None:
    people = [
        convicted(SUBJECT_ID=str(n), RACE_DESCR="WHITE" if n < 30 else "BLACK" if n < 45 else "SAMOAN")
        for n in range(47)
    ]
    people[0] = convicted(SUBJECT_ID="0", RACE_DESCR="WHITE", CONV_STAT_DESCR="ODD")
    data = review(saved(tmp_path, people), tmp_path / "out", policy=POLICY).summary
    assert data["prop64_in_county"]["convictions"] == 47
    assert data["prop64_in_county"]["by_section"] == {"11357": 0, "11358": 0, "11359": 47, "11360": 0}
    assert data["prop64_in_county"]["by_level"] == {"felony": 46, "unknown": 1}
    assert sum(a["convictions"] for a in data["determinations"].values()) == 47
    assert data["people_left"]["policy"] == {
        "no_felony": 46,
        "no_conviction": 47,
        "no_conviction_in_seven_years": 0,
    }
    assert data["people_left"]["statute"]["no_conviction"] == 0
    assert data["who_is_helped"]["race"] == {
        "BLACK": {"people": None, "helped": None},  # the next smallest, or the total would give SAMOAN away
        "SAMOAN": {"people": None, "helped": None},
        "WHITE": {"people": 30, "helped": 30},
    }
    text = (tmp_path / "out" / "report.html").read_text()
    assert "withheld" in text
    assert "RUIZ" not in text


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 11, "b": 200}, {"a": 11, "b": 200}),
        ({"a": 10, "b": 200}, {"a": None, "b": None}),
        ({"a": 10}, {"a": None}),
        ({"a": 0, "b": 3, "c": 12}, {"a": None, "b": None, "c": 12}),
        ({"a": 5, "b": 20, "c": 12}, {"a": None, "b": 20, "c": None}),
        ({}, {}),
    ],
)
def test_what_is_withheld(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert withheld(counts) == shown


def test_age_bands_change_on_the_birthday() -> None:
    assert age_band(AS_OF.replace(year=2005), AS_OF) == "21 to 29"
    assert age_band(AS_OF.replace(year=2005, day=2), AS_OF) == "under 21"
    assert age_band(None, AS_OF) == "unknown"


def test_the_report_puts_the_offices_work_first_and_prints(tmp_path: Path) -> None:
    odd = convicted(PRI_DOB="19600230", CONV_STAT_DESCR="FELONY")
    policy = Policy(reduce=("11359",), age=50)
    data = review(saved(tmp_path, [odd]), tmp_path / "out", policy=policy).summary
    assert data["determinations"]["Hand Review"]["convictions"] == 1
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.index("To be reviewed by hand") < page.index("All determinations")
    assert "PRI_DOB of record 1" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    pdf = pypdf.PdfReader(io.BytesIO((tmp_path / "out" / "report.pdf").read_bytes()))
    told = " ".join(" ".join(p.extract_text() for p in pdf.pages).split())
    for words in ("To be reviewed by hand", "19600230", "Who is helped: Race", "What the statute says"):
        assert words in told
    (by_hand,) = rows(tmp_path / "out" / "Hand_Review.csv")
    assert by_hand["What to look up"].startswith("PRI_DOB of record 1 (19600230)")
    assert [r["Determination"] for r in rows(tmp_path / "out" / "Determinations.csv")] == ["Hand Review"]


def test_without_the_extra_the_same_command_reviews_record_by_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, HISTORY)
    assert review(path, tmp_path / "with").engine == "by columns"
    monkeypatch.setattr(whole, "has_columns", lambda: False)
    assert review(path, tmp_path / "without").engine == "by row"
    assert (tmp_path / "with" / ALL).read_bytes() == (tmp_path / "without" / ALL).read_bytes()


def test_nothing_but_the_engine_of_columns_needs_polars() -> None:
    import subprocess
    import sys

    code = "import sys; sys.modules['polars'] = None; import rules.bulk.run, rules.bulk.explain, webapp.packet.extract"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
