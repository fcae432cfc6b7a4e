"""A year of many people's lives, with two workers that die at every step of their work, over a provider that fails.

People come from Hypothesis: when papers are made, when (and whether) they are filed, served, heard and decided, when
somebody says stop, deletes everything, or makes up their mind and takes a step back. They tell us by page or by text.
The provider takes texts, loses answers, and says that it is busy. Workers die before and after each of their steps: the
claim, the call, the record. Time passes over both changes of the clock.

What must hold at the end is checked here by rules of its own, written from law/courts.md section 4 and
law/sms-privacy.md section 3, and not by the program's plan:

* no text twice; none at night, on a Sunday or a judicial holiday;
* none after a stop, a deletion, or before the yes;
* none to a state that it does not fit, in the moment in which it was sent;
* none lost: every text that a person's state asked for, and that nothing ended before its time, went out.

LIMPIO_YEAR_PEOPLE=5000 runs the full number in `test_a_year_of_many_people`; without it there are fewer.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rules.court_days import holidays
from tests.web.texting import CASE, seconds
from webapp.clock import CALIFORNIA
from webapp.interview import document as doc
from webapp.reminders import consent
from webapp.reminders.conversation import answer
from webapp.reminders.petitions import with_decision, with_made, with_step
from webapp.reminders.plan import TOPICS
from webapp.reminders.send import LineDown, Outcome, Refused, Taken, Unknown
from webapp.reminders.worker import SETTLES, Worker, confirmation
from webapp.settings import Settings
from webapp.store import Store, VisitGone, open_store, visits

PEOPLE = int(os.environ.get("LIMPIO_YEAR_PEOPLE", "60"))
SITE = "https://limpio.example.org"
DAY = timedelta(days=1)
NOON = time(12)
# The year begins before the winter holidays and holds both changes of the clock.
BEGIN = date(2026, 12, 1)
LENGTH = 366
# When the workers look at the queue: at night too, where they must not send.
BEFORE_NOON = tuple(time(hour, minute) for hour in (8, 9, 10, 11) for minute in (5, 25, 45))
AFTER_NOON = tuple(time(hour, minute) for hour in (13, 16, 17, 19, 20, 21) for minute in (0, 13, 40))

# law/courts.md section 4, once more and in another form: (kind, what it counts from, days, hour).
ROWS: tuple[tuple[str, str, tuple[int, ...], int], ...] = (
    ("file", "made", (2, 7, 21), 10),
    ("proof", "served", (1,), 10),
    ("answer", "filed", (20,), 10),
    ("hearing", "hearing", (-14, -3, -1), 16),
    ("clerk", "filed", (30, 45, 60, 90), 10),
    ("copy", "granted", (7,), 10),
    ("recheck", "granted", (60, 120), 10),
)


class Died(BaseException):
    """A process is gone: nothing of ours may catch it."""


@dataclass(frozen=True)
class Life:
    """What one person does, as days from BEGIN. `stop` and `delete` end everything; `undo` takes `filed` back."""

    signs_up: int
    made: int
    filed: int | None
    served: int | None
    hearing: int | None  # the day of it; told the day after filing
    decided: int | None
    granted: bool
    stop: int | None
    delete: int | None
    undo: bool
    by_text: bool
    says_yes: bool


def some_life(chance: random.Random) -> Life:
    """What somebody may do."""

    def often(share: float) -> bool:
        return chance.random() < share

    made = chance.randrange(250)
    filed = made + chance.randrange(60) if often(0.75) else None
    served = hearing = decided = None
    if filed is not None:
        served = filed + chance.randrange(20) if often(0.5) else None
        hearing = filed + chance.randrange(2, 90) if often(0.5) else None
        decided = (hearing or filed) + chance.randrange(1, 60) if often(0.5) else None
    return Life(
        signs_up=max(0, made - chance.randrange(6)),
        made=made,
        filed=filed,
        served=served,
        hearing=hearing,
        decided=decided,
        granted=often(0.5),
        stop=made + chance.randrange(120) if often(0.16) else None,
        delete=made + chance.randrange(120) if often(0.16) else None,
        undo=often(0.16),
        by_text=often(0.5),
        says_yes=often(0.9),
    )


lives = st.builds(some_life, st.randoms(use_true_random=False))


@dataclass
class Person:
    number: str
    life: Life
    visit: str = ""
    key: bytes = b""
    yes: datetime | None = None
    ended: datetime | None = None
    # What was true from when on: (moment, state), the last one holds now.
    states: list[tuple[datetime, dict[str, date]]] = field(default_factory=list)

    def state(self, at: datetime) -> dict[str, date]:
        return next((state for moment, state in reversed(self.states) if moment <= at), {})


@dataclass(frozen=True)
class Got:
    """A text that a phone got."""

    at: datetime
    number: str
    body: str
    ref: bytes


class Provider:
    """Takes texts as Twilio does, in memory: the stub over HTTP would take an hour for five thousand people. Sometimes
    it takes one and the answer is lost; sometimes it is busy, or cannot be asked."""

    def __init__(self, chance: random.Random) -> None:
        self.got: list[Got] = []
        self.calm = False
        self._chance = chance

    def send(self, number: str, body: str, ref: bytes, now: datetime) -> Outcome:
        happens = 1.0 if self.calm else self._chance.random()
        if happens < 0.02:
            raise Died  # before the call reached anybody
        if happens < 0.04:
            return Refused(20429, again=True, down=True)
        if happens < 0.06:
            return Unknown()
        self.got.append(Got(now, number, body, ref))
        if happens < 0.08:
            return Unknown()
        if happens < 0.10:
            raise Died  # taken, and the process died before it heard so
        return Taken(f"SM{len(self.got)}")

    def find(self, number: str, body: str, ref: bytes, _since: datetime) -> str | None:
        if not self.calm and self._chance.random() < 0.1:
            raise LineDown
        return next((f"SM{n}" for n, got in enumerate(self.got) if got == Got(got.at, number, body, ref)), None)


class World:
    """Everybody, for a year."""

    def __init__(self, folder: Path, found: list[Life], seed: int) -> None:
        self.chance = random.Random(seed)
        self.store = open_store(Settings(instance=folder / "instance", env="test", keep_days=90))
        # Processes die here, the power does not fail: the disk need not be waited for.
        self.store._db().execute("PRAGMA synchronous = OFF")
        self.now = datetime.combine(BEGIN, time(8), CALIFORNIA).astimezone(UTC)
        self.people = [Person(f"+1916{2_000_000 + n:07d}", life) for n, life in enumerate(found)]
        self.provider = Provider(self.chance)
        self.workers = [self._worker() for _ in range(2)]
        self.died = 0
        self.doings: dict[int, list[Callable[[], None]]] = defaultdict(list)
        for person in self.people:
            self._prepare(person)

    def _worker(self) -> Worker:
        # One call at a time, so that the same seed is the same year.
        worker = Worker(self.store, self.provider, site=SITE, parallel=1)
        worker._texts = Dying(self.store, self)  # type: ignore[assignment]
        return worker

    # -- what people do

    def _prepare(self, person: Person) -> None:
        life = person.life
        plans: list[tuple[int | None, Callable[[], None]]] = [
            (life.signs_up, lambda: self._signs_up(person)),
            (life.made, lambda: self._tells(person, "made", self._today())),
            (life.filed, lambda: self._tells(person, "filed", self._today())),
            (life.filed if life.undo else None, lambda: self._tells(person, "filed", None)),
            (life.served, lambda: self._tells(person, "served", self._today())),
            (life.decided, lambda: self._decides(person)),
            (life.stop, lambda: self._stops(person)),
            (life.delete, lambda: self._deletes(person)),
        ]
        if life.hearing is not None and life.filed is not None:
            day = _court_day(BEGIN + timedelta(days=life.hearing))
            plans.append((life.filed + 1, lambda: self._tells(person, "hearing", day)))
        for n, doing in plans:
            if n is not None and n < LENGTH:
                self.doings[n].append(doing)

    def _today(self) -> date:
        return self.now.astimezone(CALIFORNIA).date()

    def _signs_up(self, person: Person) -> None:
        made = self.store.new_visit("en")
        person.visit = made.id
        self.store.save(made.id, doc.whole({"cases": [CASE]}))
        # Asking the rules what opens takes most of the time: one in ten wants to know.
        topics = TOPICS if self.chance.random() < 0.1 else ("steps", "hearing", "recheck")
        texting = self.store.texts.ask(
            made.id, person.number, lang="en", topics=topics, pin=None, wording=(consent.version("en"), "x"),
            page="/texts", confirm=confirmation(self.now), now=seconds(self.now),
        )  # fmt: skip
        person.key = texting.key
        if person.life.says_yes:
            answer(self.store, person.number, "YES", now=self.now, site=SITE)
            person.yes = self.now

    def _alive(self, person: Person) -> bool:
        return person.ended is None and bool(person.visit)

    def _tells(self, person: Person, step: str, day: date | None) -> None:
        if not self._alive(person):
            return
        if step == "filed" and day is not None and person.life.by_text and person.yes:
            said = answer(self.store, person.number, f"FILED {day.month}/{day.day}", now=self.now, site=SITE)
            person.ended = None if "noted" in (said or "") else self.now
        elif step == "made":
            self._update(person, lambda now: with_made(now, [("c1", "CR-180")], self._today(), self.now))
        else:
            self._update(person, lambda now: with_step(now, "c1", "CR-180", step, day, self.now))  # type: ignore[arg-type]
        if person.ended is not None:
            return
        state = {**person.state(self.now), step: day}
        person.states.append((self.now, {name: day for name, day in state.items() if day is not None}))

    def _decides(self, person: Person) -> None:
        if not self._alive(person):
            return
        outcome: Any = "granted" if person.life.granted else "denied"
        if not self._update(person, lambda now: with_decision(now, "c1", "CR-180", outcome, self._today(), self.now)):
            return
        state = {**person.state(self.now), "decided": self._today()}
        if person.life.granted:
            state["granted"] = self._today()
        person.states.append((self.now, state))

    def _update(self, person: Person, change: Callable[[doc.Document], doc.Document]) -> bool:
        try:
            self.store.update(person.visit, change)
        except VisitGone:  # not used for 90 days, and no text to come: over, as promised
            person.ended = self.now
        return person.ended is None

    def _stops(self, person: Person) -> None:
        if self._alive(person):
            answer(self.store, person.number, "¡Basta!", now=self.now, site=SITE)
            person.ended = self.now

    def _deletes(self, person: Person) -> None:
        if self._alive(person):
            self.store.delete_visit(person.visit)
            person.ended = self.now

    # -- the year

    def run(self) -> None:
        for n in range(LENGTH + 30):
            day = BEGIN + timedelta(days=n)
            self._work(day, BEFORE_NOON)
            self.now = datetime.combine(day, NOON, CALIFORNIA).astimezone(UTC)
            for doing in self.doings.get(n, ()):
                doing()
            self._work(day, AFTER_NOON)

    def _work(self, day: date, hours: tuple[time, ...]) -> None:
        """The workers look at the queue through that day, now one, now the other, and die. When there is nothing for
        them they look now and then only: a year has many hours."""
        for at in hours:
            self.now = datetime.combine(day, at, CALIFORNIA).astimezone(UTC)
            # Nothing goes wrong in the evening: what is due at 16:00 on the eve of a hearing has no other day.
            self.provider.calm = at.hour >= 17
            texts, now = self.store.texts, seconds(self.now)
            if not (texts.due(now, 1) or texts.lapsed(now, 1) or texts.stale(1)) and self.chance.random() < 0.98:
                continue
            n = self.chance.randrange(2)
            try:
                self.workers[n].run(lambda: self.now)
            except Died:
                self.died += 1
                self.workers[n] = self._worker()  # a new process in its place

    def close(self) -> None:
        self.store.close()


class Dying:
    """The store's texts for a worker that may die before and after each thing it writes."""

    STEPS = frozenset({"claim", "sent", "again", "fail", "wait", "take_over", "replan", "stop"})

    def __init__(self, store: Store, world: World) -> None:
        self._texts, self._world = store.texts, world

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._texts, name)
        return self._perhaps(found) if name in self.STEPS else found

    def _perhaps(self, doing: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            self._die()
            done = doing(*args, **kwargs)
            self._die()
            return done

        return step

    def _die(self) -> None:
        if not self._world.provider.calm and self._world.chance.random() < 0.01:
            raise Died


# ------------------------------------------------------------------------------------------- what must hold, on its own


def _closed(day: date) -> bool:
    return day.weekday() == 6 or day in holidays(day.year)


def _court_day(day: date) -> date:
    while _closed(day) or day.weekday() == 5:
        day += DAY
    return day


def _due(anchor: date, days: int, hour: int) -> datetime:
    day = anchor + timedelta(days=days)
    while _closed(day):
        day += -DAY if days < 0 else DAY
    return datetime.combine(day, time(hour), CALIFORNIA).astimezone(UTC)


def fits(kind: str, state: dict[str, date]) -> bool:
    """Whether a text of this kind may go to a person in this state."""
    if kind in ("copy", "recheck"):
        return "granted" in state
    if "decided" in state:
        return False
    if kind == "clerk":
        return "filed" in state and "hearing" not in state
    if kind == "file":
        return "made" in state and "filed" not in state
    return {"proof": "served", "answer": "filed", "hearing": "hearing"}[kind] in state


@dataclass(frozen=True)
class Wanted:
    kind: str
    due: datetime
    last: datetime


def wanted(person: Person, until: datetime) -> Iterator[Wanted]:
    """Every text that this person's life asks for without doubt: due after they told us and said yes, and still fitting
    a whole day later (so that a delay by crashes ends before the state does)."""
    if person.yes is None:
        return
    firsts: dict[tuple[str, date], datetime] = {}
    for moment, state in person.states:
        for step, day in state.items():
            firsts.setdefault((step, day), moment)
    for (step, day), told in firsts.items():
        for kind, anchor, days, hour in ROWS:
            if anchor != step:
                continue
            dues = [_due(day, n, hour) for n in days]
            for place, due in enumerate(dues):
                later = dues[place + 1 :]
                if due in later:
                    continue  # the nearer one goes out
                grace = due + timedelta(days=3)
                end = person.ended or until
                if due <= max(told, person.yes) or grace > end or any(each <= grace for each in later):
                    continue
                if kind == "hearing" and grace.astimezone(CALIFORNIA).date() >= day:
                    grace = due + timedelta(hours=4)  # until we close that evening
                span = [person.state(due), *(state for at, state in person.states if due <= at <= grace)]
                if all(fits(kind, each) and each.get(step) == day for each in span):
                    yield Wanted(kind, due, grace)


STARTS = {
    "Limpio: to get": "confirm", "Limpio: have you done": "file", "Limpio: you have one short": "proof",
    "Limpio: it is time to check your mail": "answer", "Limpio: you saved": "hearing",
    "Limpio: it is time for a": "clerk",
    "Limpio: you can pick up": "copy", "Limpio: it is time to look": "recheck",
}  # fmt: skip


def kind_of(body: str) -> str:
    (found,) = (kind for start, kind in STARTS.items() if body.startswith(start))
    return found


def check(world: World) -> Counter[str]:
    """Fails for everything that must not be. Returns how many texts of each kind there were."""
    by_number: dict[str, list[Got]] = defaultdict(list)
    for got in world.provider.got:
        by_number[got.number].append(got)
    assert len({got.ref for got in world.provider.got}) == len(world.provider.got), "a text went out twice"
    seen: Counter[str] = Counter()
    busiest: Counter[int] = Counter()
    end = world.now
    for person in world.people:
        mine = by_number.pop(person.number, [])
        kinds = Counter((kind_of(got.body), got.at.astimezone(CALIFORNIA).date()) for got in mine)
        assert all(count == 1 for count in kinds.values()), ("twice", person.life, kinds)
        for got in mine:
            kind, there = kind_of(got.body), got.at.astimezone(CALIFORNIA)
            seen[kind] += 1
            told = (kind, there, person.life)
            assert time(9) <= there.time() < time(20), told
            assert kind == "confirm" or not _closed(there.date()), told
            assert person.ended is None or got.at < person.ended, told
            if kind != "confirm":
                assert person.yes is not None, told
                assert got.at >= person.yes, told
                assert fits(kind, person.state(got.at)), (told, person.state(got.at))
        # What people are told: about four a month, sometimes more.
        days = sorted(got.at for got in mine)
        month = max((sum(at <= each < at + timedelta(days=30) for each in days) for at in days), default=0)
        busiest[month] += 1
        for each in wanted(person, end):
            came = [got for got in mine if kind_of(got.body) == each.kind and each.due <= got.at <= each.last]
            assert came, ("lost", each, person.life, person.states, [(kind_of(g.body), g.at) for g in mine])
    often = sum(people for month, people in busiest.items() if month > consent.A_MONTH)
    assert often <= max(1, len(world.people) / 4), busiest
    assert not by_number, "somebody got a text who never was here"
    return seen


def lived(folder: Path, found: list[Life], seed: int) -> tuple[Counter[str], int]:
    """A whole year of these people: (texts of each kind, how often a worker died)."""
    world = World(folder, found, seed)
    original = visits.Store.now
    # The store's own clock stands where the year stands.
    visits.Store.now = lambda _store: seconds(world.now)  # type: ignore[method-assign]
    try:
        world.run()
        return check(world), world.died
    finally:
        visits.Store.now = original  # type: ignore[method-assign]
        world.close()


@hypothesis_settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(lives, min_size=1, max_size=3), st.integers(0, 2**32))
def test_a_year_of_a_few_people(tmp_path_factory: pytest.TempPathFactory, found: list[Life], seed: int) -> None:
    lived(tmp_path_factory.mktemp("year"), found, seed)


def test_a_year_of_many_people(tmp_path: Path) -> None:
    chance = random.Random(20261201)
    seen, died = lived(tmp_path, [some_life(chance) for _ in range(PEOPLE)], 20261201)
    print(f"{PEOPLE} people, {sum(seen.values())} texts {dict(seen)}, workers died {died} times")
    # The year really tried everything.
    assert set(seen) == {"confirm", *(kind for kind, *_ in ROWS)}
    assert died > PEOPLE / 10


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    """The rules above are no decoration: each refuses a world in which that very thing happened."""
    life = Life(0, 1, None, None, None, None, False, None, None, False, False, True)
    world = World(tmp_path, [life], 1)
    world.close()
    (person,) = world.people
    begin = datetime.combine(BEGIN, NOON, CALIFORNIA).astimezone(UTC)
    person.yes, person.states = begin, [(begin + DAY, {"made": BEGIN + DAY})]
    world.now = begin + timedelta(days=60)
    body = "Limpio: have you done the step you planned?"
    due = [_due(BEGIN + DAY, n, 10) for n in (2, 7, 21)]
    right = [Got(at, person.number, body, bytes([n])) for n, at in enumerate(due)]
    world.provider.got = right
    assert check(world) == Counter(file=3)
    night = due[0].replace(hour=6)
    wrong: dict[str, list[Got]] = {
        "lost": right[1:],
        "twice": [*right, Got(due[0], person.number, body, b"x")],
        "same ref": [*right, Got(due[0] + 2 * DAY, person.number, body, right[0].ref)],
        "night": [*right, Got(night, person.number, body, b"x")],
        "sunday": [*right, Got(datetime(2026, 12, 6, 18, tzinfo=UTC), person.number, body, b"x")],
        "holiday": [*right, Got(datetime(2026, 12, 25, 18, tzinfo=UTC), person.number, body, b"x")],
        "unfit": [*right, Got(due[0] + DAY, person.number, "Limpio: you saved a date", b"x")],
        "stranger": [*right, Got(due[0], "+19165550100", body, b"x")],
        "early": [*right, Got(begin - timedelta(hours=1), person.number, body, b"x")],
    }
    for name, got in wrong.items():
        world.provider.got = got
        with pytest.raises(AssertionError):
            check(world)
        assert name
    world.provider.got = right
    person.ended = due[2] - timedelta(minutes=1)
    with pytest.raises(AssertionError):
        check(world)
    assert SETTLES < 3600
