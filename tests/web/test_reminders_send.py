"""Sending against a real HTTP stub of Twilio's Messages API on this machine: every way it can go, each text once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest

from tests.web.texting import MORNING, NUMBER, OTHER_NUMBER, SITE, answers, asks, seconds, signed_up
from tests.web.twilio_stub import IMPATIENT, PATIENT, SERVICE, Message, Stub
from webapp.clock import moment
from webapp.reminders.petitions import with_step
from webapp.reminders.send import Outbox, Outcome, Refused, Taken, TwilioLine, Unknown, line_of, texting_works
from webapp.reminders.worker import GIVE_UP, LEASE, MOST_TRIES, SETTLES, Tally, Worker, run_for_ever
from webapp.settings import Settings
from webapp.store import Store

REF = bytes(range(16))
# Thursday, ten in the morning: the first "did you file?" of papers made on Tuesday.
FIRST = moment(date(2026, 12, 3), time(10))


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as made:
        yield made


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **more: float) -> None:
        self.at += timedelta(**more)


def ran(worker: Worker, clock: Clock) -> Tally:
    tally = worker.run(clock)
    assert tally is not None
    return tally


# ------------------------------------------------------------------------------------------------------------- the line


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("ok", Taken(f"SM{0:032x}")),
        ("21610", Refused(21610)),
        ("21211", Refused(21211)),
        ("429", Refused(20429, again=True, down=True)),
        ("401", Refused(20401, again=True, down=True)),
        ("500", Unknown()),
        ("500 taken", Unknown()),
        ("slow", Unknown()),
        ("reset", Unknown()),
        ("lost", Unknown()),
        ("garbled", Unknown()),
    ],
)
def test_what_each_answer_means(stub: Stub, step: str, outcome: Outcome) -> None:
    stub.next(step)
    line = stub.line(timeout=IMPATIENT if step == "slow" else PATIENT)
    assert line.send(NUMBER, "Limpio: one", REF, MORNING) == outcome
    # Nothing underneath tries again by itself.
    assert len(stub.asked) == 1


def test_a_provider_that_is_not_there_has_taken_nothing() -> None:
    with Stub() as gone:
        line = gone.line()
    assert line.send(NUMBER, "Limpio: one", REF, MORNING) == Refused(None, again=True, down=True)


def test_what_is_said_to_twilio(stub: Stub) -> None:
    stub.line(callback=f"{SITE}/sms/status").send(NUMBER, "Limpio: ¿qué tal?", REF, MORNING)
    stub.line(service=None, number="+19165550100").send(NUMBER, "Limpio: two", REF, MORNING)
    assert stub.asked == [
        {"To": NUMBER, "Body": "Limpio: ¿qué tal?", "MessagingServiceSid": SERVICE,
         "StatusCallback": f"{SITE}/sms/status?r={REF.hex()}"},
        {"To": NUMBER, "Body": "Limpio: two", "From": "+19165550100"},
    ]  # fmt: skip


def test_a_text_is_found_by_its_words_and_number(stub: Stub) -> None:
    line = stub.line()
    stub.clock = lambda: MORNING
    line.send(NUMBER, "Limpio: see https://x/t/abc", REF, MORNING)
    assert line.find(NUMBER, "Limpio: see https://x/t/abc", REF, MORNING) == stub.taken[0].sid
    assert line.find(NUMBER, "Limpio: see https://x/t/abd", REF, MORNING) is None
    assert line.find(OTHER_NUMBER, "Limpio: see https://x/t/abc", REF, MORNING) is None
    # The same words of last month are another text.
    assert line.find(NUMBER, "Limpio: see https://x/t/abc", REF, MORNING + timedelta(days=30)) is None


def test_neither_number_nor_words_reach_a_log(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line = stub.line()
    for step in ("ok", "21610", "reset", "500"):
        stub.next(step)
        line.send(NUMBER, "Limpio: secret words", REF, MORNING)
    line.find(NUMBER, "Limpio: secret words", REF, MORNING)
    assert NUMBER not in caplog.text
    assert "9164452841" not in caplog.text
    assert "secret words" not in caplog.text
    assert "a secret that only" not in caplog.text
    assert "a secret that only" not in repr(line)


def test_without_credentials_texts_go_to_the_outbox(settings: Settings, store: Store) -> None:
    line = line_of(settings, store)
    assert isinstance(line, Outbox)
    assert isinstance(line.send(NUMBER, "Limpio: one", REF, MORNING), Taken)
    assert line.find(NUMBER, "Limpio: one", REF, MORNING) is not None
    assert line.find(NUMBER, "Limpio: one", b"x" * 16, MORNING) is None
    line.send(NUMBER, "Limpio: one", REF, MORNING)
    assert store.texts.outbox() == [(NUMBER, "Limpio: one", seconds(MORNING))]
    assert texting_works(settings)
    assert not texting_works(Settings(instance=settings.instance, env="production"))


def test_with_credentials_it_is_twilio(settings: Settings, store: Store) -> None:
    told = Settings(
        instance=settings.instance,
        public_url=SITE,
        twilio_sid="AC" + "0" * 32,
        twilio_token="x",
        twilio_service=SERVICE,
    )
    line = line_of(told, store)
    assert isinstance(line, TwilioLine)
    assert (line.callback, line.service) == (f"{SITE}/sms/status", SERVICE)


# ----------------------------------------------------------------------------------------------------------- the worker


def test_a_reminder_goes_out_once_with_a_link_of_its_own(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST - timedelta(minutes=1))
    assert ran(worker, clock).sent == 0
    clock.on(minutes=1)
    assert ran(worker, clock).sent == 1
    clock.on(minutes=1)
    assert ran(worker, clock).sent == 0
    (message,) = stub.taken
    assert message.to == NUMBER
    code = message.body.split("/t/")[1].split()[0]
    found = store.texts.link(code, seconds(clock()))
    assert found is not None
    assert found.key == key
    assert store.texts.link(code, seconds(FIRST) + 72 * 3600) is None


def test_the_question_goes_first_and_nothing_else_before_the_yes(store: Store, stub: Stub) -> None:
    visit = store.new_visit("es")
    store.save(visit.id, answers("CR-180"))
    asks(store, visit.id, lang="es")
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    assert ran(worker, clock).sent == 1
    assert "responde SI" in stub.taken[0].body
    clock.at = FIRST + timedelta(days=20)
    assert ran(worker, clock).sent == 0
    assert len(stub.asked) == 1


def test_somebody_who_filed_after_it_was_queued_is_not_asked(store: Store, stub: Stub) -> None:
    visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    ran(worker, clock)
    assert [each.state for each in store.texts.history(key)] == ["planned"] * 3
    clock.at = FIRST
    # The change and the sending meet: the queue still has the question when it is claimed.
    due = store.texts.due(seconds(FIRST), 10)
    store.update(visit, lambda now: with_step(now, "c1", "CR-180", "filed", date(2026, 12, 2), FIRST))
    tally = Tally()
    worker._send(due, clock, tally)
    assert (tally.dropped, stub.asked) == (1, [])
    ran(worker, clock)
    kinds = {each.content["kind"] for each in store.texts.history(key) if each.state == "planned"}
    assert kinds == {"answer", "clerk"}
    assert stub.asked == []


def test_nothing_after_a_stop_a_deletion_and_an_expiry(store: Store, stub: Stub) -> None:
    gone, _ = signed_up(store, answers("CR-180"), number=OTHER_NUMBER)
    signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    ran(worker, clock)
    store.texts.stop(NUMBER, "text", seconds(MORNING))
    store.delete_visit(gone)
    clock.at = FIRST + timedelta(days=30)
    assert ran(worker, clock) == Tally()
    assert stub.asked == []
    assert store.texts.counts() == {}


def test_nights_and_sundays_wait_and_nothing_is_dropped(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    ran(worker, clock)
    # The machine was off from Thursday morning to Saturday night.
    clock.at = moment(date(2026, 12, 5), time(22))
    assert ran(worker, clock).sent == 0
    clock.at = moment(date(2026, 12, 6), time(12))
    assert ran(worker, clock).sent == 0
    clock.at = moment(date(2026, 12, 7), time(9))
    assert ran(worker, clock).sent == 1


def test_what_comes_too_late_is_not_sent(store: Store, stub: Stub) -> None:
    visit, key = signed_up(store, answers("CR-180"))
    store.update(visit, lambda now: with_step(now, "c1", "CR-180", "hearing", date(2027, 1, 14), MORNING))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    ran(worker, clock)
    clock.at = moment(date(2027, 1, 14), time(9))
    ran(worker, clock)
    sent = {each.content["kind"] for each in store.texts.history(key) if each.state == "sent"}
    assert sent == set()
    assert stub.asked == []


def test_twilios_own_stop_becomes_ours(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    stub.next("21610")
    assert ran(worker, clock).failed == 1
    assert store.texts.is_suppressed(NUMBER)
    assert [each[1] for each in store.texts.suppressed()] == ["carrier"]
    assert [each.error for each in store.texts.failures()] == [21610]
    clock.at = FIRST + timedelta(days=30)
    ran(worker, clock)
    assert len(stub.asked) == 1


def test_a_number_that_cannot_get_texts_is_not_tried_again(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    stub.next("21211")
    ran(worker, clock)
    clock.at = FIRST + timedelta(days=30)
    ran(worker, clock)
    assert len(stub.asked) == 1
    assert [each[1] for each in store.texts.suppressed()] == ["unreachable"]


def test_too_many_requests_wait_longer_each_time_and_are_not_lost(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    signed_up(store, answers("CR-180"), number=OTHER_NUMBER)
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    stub.next(*["429"] * 4)
    gaps: list[timedelta] = []
    last = FIRST
    while len(stub.taken) < 2:
        before = len(stub.asked)
        ran(worker, clock)
        if len(stub.asked) > before:
            gaps.append(clock() - last)
            last = clock()
        clock.on(seconds=20)
    assert sorted(each.to for each in stub.taken) == sorted([NUMBER, OTHER_NUMBER])
    assert max(gaps) >= timedelta(minutes=1)
    assert store.texts.failures() == []


@pytest.mark.parametrize("step", ["slow", "reset", "500 taken", "garbled"])
def test_what_was_taken_although_no_answer_came_is_not_sent_twice(store: Store, stub: Stub, step: str) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    line = stub.line(timeout=IMPATIENT if step == "slow" else PATIENT)
    worker, clock = Worker(store, line, site=SITE), Clock(FIRST)
    stub.clock = clock
    stub.next(step)
    assert ran(worker, clock).unknown == 1
    for _ in range(40):
        clock.on(minutes=1)
        ran(worker, clock)
    assert len(stub.asked) == len(stub.taken) == 1
    assert store.texts.history(key)[0].state == "sent"


@pytest.mark.parametrize("step", ["500", "lost"])
def test_what_was_not_taken_is_sent_once_more_after_ten_minutes(store: Store, stub: Stub, step: str) -> None:
    signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    stub.clock = clock
    stub.next(step)
    ran(worker, clock)
    clock.on(seconds=SETTLES - 20)
    ran(worker, clock)
    assert len(stub.asked) == 1
    clock.on(seconds=40)
    ran(worker, clock)
    assert (len(stub.asked), len(stub.taken)) == (2, 1)
    # A link of the text that was lost opens nothing twice: each text had its own.
    assert stub.asked[0]["Body"] != stub.asked[1]["Body"]


def test_a_text_that_never_arrives_is_given_up(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    stub.clock = clock
    stub.next(*["500"] * 50)
    for _ in range(60 * 9):
        ran(worker, clock)
        clock.on(minutes=1)
    assert len(stub.asked) == MOST_TRIES
    first = store.texts.history(key)[0]
    assert (first.state, first.tries) == ("failed", MOST_TRIES)


def test_while_twilio_cannot_be_asked_nothing_is_sent_again(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(timeout=IMPATIENT), site=SITE), Clock(FIRST)
    stub.next("slow")
    ran(worker, clock)
    stub.listing = False
    until = FIRST + timedelta(seconds=GIVE_UP + 1200)
    while clock() < until:
        ran(worker, clock)
        clock.on(minutes=7)
    assert len(stub.asked) == 1
    assert store.texts.history(key)[0].state == "failed"


def test_a_report_that_comes_before_the_answer_settles_it(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(callback=f"{SITE}/sms/status"), site=SITE), Clock(FIRST)

    def report(message: Message) -> None:
        ref = bytes.fromhex(str(message.callback).split("?r=")[1])
        assert store.texts.reported(ref, message.sid, "sent", None, seconds(FIRST)) == NUMBER

    stub.before_answer = report
    stub.next("reset")
    ran(worker, clock)
    row = store.texts.history(key)[0]
    assert (row.state, row.status) == ("sent", "sent")
    clock.on(hours=1)
    ran(worker, clock)
    assert len(stub.asked) == 1


def test_reports_never_go_back_and_may_come_twice(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    ran(Worker(store, stub.line(), site=SITE), Clock(FIRST))
    ref, sid = store.texts.history(key)[0].key, stub.taken[0].sid
    for status in ("queued", "delivered", "sent", "delivered", "queued"):
        store.texts.reported(ref, sid, status, None, seconds(FIRST))
    assert store.texts.history(key)[0].status == "delivered"
    assert store.texts.history(key)[0].state == "sent"
    assert store.texts.reported(b"?" * 16, sid, "delivered", None, seconds(FIRST)) is None


def test_a_text_that_did_not_arrive_is_shown_to_the_operator_and_not_repeated(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(FIRST)
    ran(worker, clock)
    ref = store.texts.history(key)[0].key
    store.texts.reported(ref, stub.taken[0].sid, "undelivered", 30003, seconds(FIRST))
    clock.on(days=1)
    ran(worker, clock)
    assert len(stub.asked) == 1
    (failure,) = store.texts.failures()
    assert (failure.kind, failure.state, failure.error) == ("file", "undelivered", 30003)


def test_one_person_whose_answers_cannot_be_read_keeps_nobody_back(
    store: Store, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    visit, _key = signed_up(store, answers("CR-180"))
    signed_up(store, answers("CR-180"), number=OTHER_NUMBER)
    worker, clock = Worker(store, stub.line(), site=SITE), Clock(MORNING)
    ran(worker, clock)
    store.update(visit, lambda now: {**now, "petitions": {"c1": {"CR-180": {"made": "in spring"}}}})
    clock.at = FIRST
    tally = ran(worker, clock)
    assert (tally.sent, tally.dropped) == (1, 1)
    assert [each.kind for each in store.texts.failures()] == ["file"]
    assert [each.to for each in stub.taken] == [OTHER_NUMBER]
    assert "in spring" not in caplog.text
    assert ran(worker, clock) == Tally()


def test_a_text_that_was_given_up_and_arrived_is_no_failure(store: Store, stub: Stub) -> None:
    _visit, key = signed_up(store, answers("CR-180"))
    ran(Worker(store, stub.line(), site=SITE), Clock(FIRST))
    ref, sid = store.texts.history(key)[0].key, stub.taken[0].sid
    store.texts.reported(ref, sid, "failed", 30008, seconds(FIRST))
    assert len(store.texts.failures()) == 1
    store.texts.reported(ref, sid, "delivered", None, seconds(FIRST))
    assert store.texts.failures() == []


def test_two_workers_one_turn(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    one, two = (Worker(store, stub.line(), site=SITE) for _ in range(2))
    clock = Clock(MORNING)
    assert one.run(clock) is not None
    assert two.run(clock) is None
    # The first one died: its turn ends by itself.
    clock.at = FIRST
    assert two.run(clock) == Tally(sent=1)
    assert one.run(clock) is None
    two.rest()
    assert one.run(clock) == Tally()
    assert len(stub.asked) == 1


def test_two_workers_at_the_very_same_moment_send_each_text_once(store: Store, stub: Stub) -> None:
    people = [f"+1916445{n:04d}" for n in range(2000, 2040)]
    for number in people:
        signed_up(store, answers("CR-180"), number=number)
    workers = [Worker(store, stub.line(), site=SITE) for _ in range(2)]
    workers[0].replan(lambda: MORNING)
    due = store.texts.due(seconds(FIRST), 100)
    assert len(due) == 40
    start = threading.Barrier(2)
    tallies = [Tally(), Tally()]

    def work(n: int) -> None:
        start.wait()
        for at in range(0, 40, 4):  # without turns: only the claims keep them apart
            workers[n]._send(due[at : at + 4], lambda: FIRST, tallies[n])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.to for each in stub.taken) == people
    assert tallies[0].sent + tallies[1].sent == 40


def test_a_claim_of_a_dead_worker_is_settled_by_another(store: Store, stub: Stub) -> None:
    signed_up(store, answers("CR-180"))
    one, two = (Worker(store, stub.line(), site=SITE) for _ in range(2))
    clock = Clock(FIRST)
    stub.clock = clock

    class Died(BaseException):
        pass

    class Dying:
        def send(self, number: str, body: str, ref: bytes, now: datetime) -> Outcome:
            stub.line().send(number, body, ref, now)
            raise Died

        find = None

    one._line = cast(TwilioLine, Dying())
    with pytest.raises(Died):
        one.run(clock)
    for _ in range(30):
        clock.on(minutes=1)
        two.run(clock)
    assert len(stub.taken) == 1
    assert LEASE < SETTLES


def test_the_thread_of_a_server_survives_a_bad_moment(
    store: Store, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    stopped = threading.Event()
    calls: list[int] = []

    class Bad(Worker):
        def run(self, _tick: object) -> Tally | None:
            calls.append(1)
            if len(calls) == 3:
                stopped.set()
            raise OSError("no disk for +19164452841")

    run_for_ever(Bad(store, stub.line(), site=SITE), stopped, pause=0.001)
    assert len(calls) == 3
    assert "OSError" in caplog.text
    assert NUMBER not in caplog.text


def test_answers_stay_as_long_as_a_text_is_to_come_and_no_longer(store: Store, stub: Stub) -> None:
    visit, _key = signed_up(store, answers("CR-180", made=date(2026, 12, 1)))
    worker = Worker(store, stub.line(), site=SITE)
    worker.replan(lambda: MORNING)
    now = datetime.now(UTC)
    # The last question is due on 22 December; answers are kept 30 days longer, whatever `keep_days` says.
    held = moment(date(2026, 12, 22), time(10)) + timedelta(days=30)
    store.purge(max(now, held - timedelta(seconds=1)))
    assert store.texts.of_visit(visit) is not None
    store.texts.stop(NUMBER, "text", seconds(MORNING))
    store.purge(held + timedelta(days=60))
    assert store.texts.of_number(NUMBER) == ()
    assert store.texts.is_suppressed(NUMBER)
