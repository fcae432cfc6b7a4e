"""What is planned when: the schedule of law/courts.md section 4, closed days, hours, and that states end texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.court_days import holidays
from tests.web.texting import CASE, MORNING, answers
from webapp.clock import CALIFORNIA, moment
from webapp.demo import people
from webapp.interview import document as doc
from webapp.reminders.opening import opening_days
from webapp.reminders.petitions import petitions, undone, with_decision, with_made, with_step, with_undo
from webapp.reminders.plan import TOPICS, next_open, plan, read, schedule

HELD = schedule()
DAY = timedelta(days=1)


def planned(document: doc.Document, *, topics: tuple[str, ...] = TOPICS, opening: tuple[date, ...] = ()) -> list[str]:
    found = plan(petitions(document), opening, topics, MORNING, HELD)
    return [f"{each.kind} {each.due.astimezone(CALIFORNIA):%a %Y-%m-%d %H:%M}" for each in found]


def step(document: doc.Document, name: str, day: date, form: str = "CR-180") -> doc.Document:
    return with_step(document, "c1", form, name, day, MORNING)  # type: ignore[arg-type]


def test_papers_made_are_asked_about_three_times_and_then_never() -> None:
    assert planned(answers("CR-180")) == [
        "file Thu 2026-12-03 10:00", "file Tue 2026-12-08 10:00", "file Tue 2026-12-22 10:00"
    ]  # fmt: skip


def test_who_filed_is_not_asked_whether_they_filed() -> None:
    filed = step(answers("CR-180"), "filed", date(2026, 12, 1))
    # 20, 30, 45, 60 and 90 days; the 20th is a Monday, the 31st of December no holiday, 1 March is one of nobody's.
    assert planned(filed) == [
        "answer Mon 2026-12-21 10:00", "clerk Thu 2026-12-31 10:00", "clerk Fri 2027-01-15 10:00",
        "clerk Sat 2027-01-30 10:00", "clerk Mon 2027-03-01 10:00",
    ]  # fmt: skip


def test_a_felony_gets_the_later_days() -> None:
    felony = answers("CR-180", counts=[{"id": "k1", "offense": "HS 11359", "level": "felony"}])
    assert [line for line in planned(step(felony, "filed", date(2026, 12, 1))) if line.startswith("clerk")] == [
        "clerk Fri 2027-01-15 10:00", "clerk Mon 2027-03-01 10:00", "clerk Thu 2027-04-01 10:00"
    ]  # fmt: skip


def test_a_county_that_is_slower_has_days_of_its_own() -> None:
    filed = step(answers("CR-180", county="Tulare"), "filed", date(2026, 12, 1))
    # 56 days are 8 weeks; 31 March, the 120th for a felony, is a holiday.
    assert [line for line in planned(filed) if line.startswith("clerk")] == [
        "clerk Tue 2027-01-26 10:00", "clerk Tue 2027-02-09 10:00", "clerk Mon 2027-03-01 10:00"
    ]  # fmt: skip
    felony = {**filed, "cases": [{**filed["cases"][0], "counts": [{"id": "k1", "level": "felony"}]}]}
    assert [line for line in planned(felony) if line.startswith("clerk")] == [
        "clerk Mon 2027-03-01 10:00", "clerk Thu 2027-04-01 10:00"
    ]  # fmt: skip


def test_served_then_the_proof_is_due_the_next_open_day() -> None:
    # Served on a Saturday: the day after is a Sunday.
    served = step(step(answers("CR-180"), "filed", date(2026, 12, 1)), "served", date(2026, 12, 5))
    assert "proof Mon 2026-12-07 10:00" in planned(served)


def test_a_known_hearing_replaces_calls_to_the_clerk() -> None:
    known = step(step(answers("CR-180"), "filed", date(2026, 12, 1)), "hearing", date(2027, 2, 25))
    assert planned(known) == [
        "answer Mon 2026-12-21 10:00", "hearing Thu 2027-02-11 16:00", "hearing Mon 2027-02-22 16:00",
        "hearing Wed 2027-02-24 16:00",
    ]  # fmt: skip


def test_before_a_hearing_texts_move_to_earlier_days_and_never_past_it() -> None:
    # Tuesday after Martin Luther King's day: the day before is a holiday, before it a Sunday. Three days before is
    # that Saturday too: one text, the nearer.
    known = step(answers("CR-180"), "hearing", date(2027, 1, 19))
    assert [line for line in planned(known) if line.startswith("hearing")] == [
        "hearing Tue 2027-01-05 16:00", "hearing Sat 2027-01-16 16:00"
    ]  # fmt: skip


def test_after_a_yes_the_copy_and_the_record_and_nothing_else() -> None:
    filed = step(answers("CR-180"), "filed", date(2026, 12, 1))
    granted = with_decision(filed, "c1", "CR-180", "granted", date(2026, 12, 1), MORNING)
    # 60 days: 30 January is a Saturday. 120 days: 31 March is a holiday.
    assert planned(granted) == [
        "copy Tue 2026-12-08 10:00", "recheck Sat 2027-01-30 10:00", "recheck Thu 2027-04-01 10:00"
    ]  # fmt: skip
    assert planned(with_decision(filed, "c1", "CR-180", "denied", date(2026, 12, 1), MORNING)) == []


def test_a_day_that_opens_something() -> None:
    # The day itself is a holiday (31 March), two weeks before is a Wednesday.
    assert planned(doc.whole({}), opening=(date(2027, 3, 31),)) == [
        "open Wed 2027-03-17 10:00", "open Thu 2027-04-01 10:00", "open Wed 2027-04-14 10:00"
    ]  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
def test_only_what_was_asked_for(topic: str) -> None:
    filed = step(step(answers("CR-180"), "filed", date(2026, 12, 1)), "hearing", date(2027, 2, 25))
    both = with_made(filed, [("c1", "CR-400")], date(2026, 12, 1), MORNING)
    granted = with_decision(both, "c1", "CR-400", "granted", date(2026, 12, 1), MORNING)
    found = {line.split()[0] for line in planned(granted, topics=(topic,), opening=(date(2027, 3, 31),))}
    assert found == {
        "steps": {"answer", "copy"}, "hearing": {"hearing"}, "open": {"open"}, "recheck": {"recheck"}
    }[topic]  # fmt: skip


def test_petitions_of_one_day_make_one_text() -> None:
    two = answers("CR-180", "CR-400")
    found = plan(petitions(two), (), TOPICS, MORNING, HELD)
    assert [each.of for each in found] == [(("c1", "CR-180"), ("c1", "CR-400"))] * 3
    # One of them filed: the text is about the other, and is the same text.
    one = plan(petitions(step(two, "filed", date(2026, 12, 2))), (), TOPICS, MORNING, HELD)
    asked = [each for each in one if each.kind == "file"]
    assert [each.ref for each in asked] == [each.ref for each in found]
    assert all(each.of == (("c1", "CR-400"),) for each in asked)


def test_what_was_over_when_we_were_told_is_not_texted() -> None:
    told = datetime(2027, 1, 10, 20, tzinfo=UTC)
    late = with_step(answers("CR-180"), "c1", "CR-180", "filed", date(2026, 12, 1), told)
    # 20 and 30 days after filing were over on 10 January.
    assert planned(late) == ["clerk Fri 2027-01-15 10:00", "clerk Sat 2027-01-30 10:00", "clerk Mon 2027-03-01 10:00"]


def test_nothing_from_before_the_yes() -> None:
    yes = MORNING + timedelta(days=10)
    assert [each.days for each in plan(petitions(answers("CR-180")), (), TOPICS, yes, HELD)] == [21]


def test_petitions_of_a_case_that_is_gone_are_gone() -> None:
    document = answers("CR-180")
    assert len(petitions(document)) == 1
    without = doc.without_conviction(document, "c1", "k1")
    assert petitions(without) == ()
    assert not without["petitions"]
    # A new case gets the free name, not the old one's state.
    assert petitions(doc.with_conviction(without)) == ()


def test_the_last_change_can_be_taken_back_once() -> None:
    before = answers("CR-180")
    after = with_undo(before, step(before, "filed", date(2026, 12, 2)))
    assert petitions(after)[0]["filed"] == date(2026, 12, 2)
    back = undone(after)
    assert back is not None
    assert petitions(back) == petitions(before)
    assert undone(back) is None
    assert undone(before) is None


def test_printing_again_changes_no_day() -> None:
    again = with_made(answers("CR-180"), [("c1", "CR-180"), ("c9", "CR-180")], date(2026, 12, 9), MORNING)
    assert again == answers("CR-180")


days = st.dates(date(2026, 11, 1), date(2029, 12, 31))
decisions = st.tuples(days, st.sampled_from(["granted", "denied"]))
STATES = st.fixed_dictionaries(
    {"made": days}, optional={"filed": days, "served": days, "hearing": days, "decided": decisions}
)


@given(st.lists(STATES, min_size=1, max_size=3), st.lists(days, max_size=3), st.booleans())
def test_what_holds_of_every_plan(states: list[dict[str, object]], opening: list[date], felony: bool) -> None:
    document = doc.whole({"cases": []})
    for n, state in enumerate(states):
        level = "felony" if felony else "misdemeanor"
        document["cases"].append({**CASE, "id": f"c{n}", "counts": [{"id": "k1", "level": level}]})
        for name in ("made", "filed", "served", "hearing"):
            if isinstance(day := state.get(name), date):
                document = with_step(document, f"c{n}", "CR-180", name, day, MORNING)  # type: ignore[arg-type]
        if isinstance(decided := state.get("decided"), tuple):
            document = with_decision(document, f"c{n}", "CR-180", decided[1], decided[0], MORNING)
    known = petitions(document)
    found = plan(known, opening, TOPICS, MORNING, HELD)
    assert list(found) == sorted(found)
    assert len({each.ref for each in found}) == len(found)
    by_name = {(each.case, each.form): each for each in known}
    for each in found:
        there = each.due.astimezone(CALIFORNIA)
        # Hours, Sundays, holidays: on the clock of the wall, whatever the season.
        assert time(9) <= there.time() < time(20)
        assert there.weekday() != 6
        assert there.date() not in holidays(there.year)
        assert MORNING < each.due <= each.last
        if each.kind == "hearing":
            assert there.date() < each.anchor
        for name in each.of:
            state = by_name[name]
            if each.kind not in ("copy", "recheck"):
                assert state["decided"] is None
            else:
                assert state.outcome == "granted"
            assert each.kind != "file" or state["filed"] is None
            assert each.kind != "clerk" or state["hearing"] is None
    # Two texts of one kind and date never fall together.
    assert len({(each.kind, each.anchor, each.due) for each in found}) == len(found)


@pytest.mark.parametrize("day", [date(2027, 3, 13), date(2027, 3, 15), date(2027, 11, 6), date(2027, 11, 8)])
def test_the_hour_is_the_same_on_both_sides_of_a_change_of_time(day: date) -> None:
    made = with_made(doc.whole({"cases": [CASE]}), [("c1", "CR-180")], day - 2 * DAY, MORNING)
    first = plan(petitions(made), (), TOPICS, MORNING, HELD)[0]
    assert first.due.astimezone(CALIFORNIA).time() == time(10)
    assert first.due.hour == (18 if day in (date(2027, 3, 13), date(2027, 11, 8)) else 17)


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-12-01T08:59", "2026-12-01T09:00"),
        ("2026-12-01T09:00", "2026-12-01T09:00"),
        ("2026-12-01T19:59", "2026-12-01T19:59"),
        ("2026-12-01T20:00", "2026-12-02T09:00"),
        ("2026-12-05T21:00", "2026-12-07T09:00"),  # Saturday night: Monday
        ("2026-12-24T23:00", "2026-12-26T09:00"),  # Christmas, then a Saturday
        ("2026-11-25T20:30", "2026-11-28T09:00"),  # Thanksgiving and the Friday after
        ("2027-03-13T21:00", "2027-03-15T09:00"),  # the clocks go forward on the Sunday
    ],
)
def test_nights_sundays_and_holidays_wait(at: str, then: str) -> None:
    def there(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=CALIFORNIA).astimezone(UTC)

    assert next_open(there(at), HELD) == there(then)


def test_the_question_that_was_asked_for_waits_for_the_night_only() -> None:
    sunday = moment(date(2026, 12, 6), time(12))
    assert next_open(sunday, HELD, any_day=True) == sunday
    assert next_open(moment(date(2026, 12, 6), time(22)), HELD, any_day=True) == moment(date(2026, 12, 7), time(9))


def test_days_that_open_something_come_from_the_findings() -> None:
    waiting = people()["waiting"].document
    today = date(2026, 12, 1)
    found = opening_days(waiting, (), today)
    assert found == (date(2027, 5, 6),)  # as tests of the demo people hold it
    (day,) = found
    # Two weeks after the day it is still known; long after it is not; and papers made on it end it.
    assert day in opening_days(waiting, (), day + timedelta(days=14))
    assert day not in opening_days(waiting, (), day + timedelta(days=40))
    made = waiting
    for each in waiting["cases"]:
        made = with_made(made, [(each["id"], "CR-180")], day, MORNING)
    assert day not in opening_days(made, petitions(made), day + timedelta(days=7))
    assert opening_days(doc.whole({}), (), today) == ()


def test_a_schedule_that_cannot_be_used_is_refused() -> None:
    text = files("webapp.reminders").joinpath("schedule.yaml").read_text(encoding="utf-8")
    assert read(text) == HELD
    for old, new, told in (
        ('at: "16:00"', 'at: "20:00"', "hearing"),
        ("days: [2, 7, 21]", "days: [7, 2, 21]", "not in order"),
        ("topic: recheck", "topic: weather", "no such topic"),
        ("- name: proof", "- name: file", "two rows"),
        ("  checked: 2026-11-28\n  zone", "  zone", "was checked"),
    ):
        assert old in text
        with pytest.raises(ValueError, match=told):
            read(text.replace(old, new, 1))
