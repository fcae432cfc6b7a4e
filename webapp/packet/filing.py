"""Filing in one county: who gets a copy, who sends it, how many copies, what hearing, whose form, and who told us.

Fifty-eight courts do the same thing in fifty-eight ways, and a paper that is short of a copy or never reached the
prosecutor comes back. `counties.yaml` holds what a source says of each county, and nothing else: a value without a
source cannot be written there, and what is not written is unknown. Unknown is a fine answer here. It becomes "Ask the
clerk: ..." with the safe thing to do meanwhile, on paper and on the page of the county, where all such questions make
a list that a person can read out on the phone.

    >>> humboldt = county_of("Humboldt County")
    >>> service_mode(humboldt, "dismissal").value
    'filer'
    >>> service_mode(humboldt, "prop64").known       # the court's page speaks of petitions under 1203.4 only
    False
    >>> [office.name for office in offices_to_serve("Los Angeles", "Long Beach", ["misdemeanor"])]
    ['Long Beach City Prosecutor']
    >>> [office.name for office in offices_to_serve("Los Angeles", "Long Beach", ["felony"])]
    ['District Attorney of Los Angeles County']

A source is believed only for the kinds of petition it speaks of (`ROUTES`). Names of offices are as a proof of service
prints them, in English. Their addresses are held nowhere: no public list of them was found, so `Office.address` is
empty and the words say whom to ask.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar, cast, get_args
from urllib.parse import urlsplit

from rules import plain_yaml
from webapp.counties import COUNTIES
from webapp.language import N_, message_id, translate
from webapp.packet.courts import court_of

Say = Callable[..., str]
T = TypeVar("T")

Route = Literal[
    "dismissal",
    "reduction",
    "early_end",
    "arrest_sealing",
    "diversion_sealing",
    "prop47",
    "prop64",
    "juvenile",
    "resentencing",
    "automatic",
    "deferred_entry",
    "fire_crew",
]
ROUTES: Mapping[Route, str] = MappingProxyType(
    {
        "dismissal": N_("to dismiss a conviction"),
        "reduction": N_("to change a felony to a misdemeanor"),
        "early_end": N_("to end probation early"),
        "arrest_sealing": N_("to seal an arrest"),
        "diversion_sealing": N_("to seal an arrest after a diversion program"),
        "prop47": N_("Proposition 47"),
        "prop64": N_("Proposition 64, marijuana"),
        "juvenile": N_("a case from before you were 18"),
        "resentencing": N_("a lower sentence or a lesser crime (the title does not say under which law)"),
        "automatic": N_("what the state clears by itself"),
        "deferred_entry": N_("a plea in an old drug program (Penal Code 1203.43)"),
        "fire_crew": N_("people who worked on a fire crew (Penal Code 1203.4b)"),
    }
)
"""The kinds of petition that sources and local forms are about, in words for people."""

ROUTE_OF_FORM: Mapping[str, Route] = MappingProxyType(
    {"CR-180": "dismissal", "CR-400": "prop64", "CR-409": "arrest_sealing", "JV-744": "juvenile"}
)

Kind = Literal["petition", "order", "proof", "sheet", "packet", "cover", "form"]
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        "petition": N_("a petition"),
        "order": N_("an order for the judge to sign"),
        "proof": N_("a proof of service"),
        "sheet": N_("information"),
        "packet": N_("a packet of papers"),
        "cover": N_("a cover sheet"),
        "form": N_("a form"),
    }
)

Confirmed = Literal["V", "M", "?"]
CONFIRMED: Mapping[Confirmed, str] = MappingProxyType(
    {
        "V": N_("checked against a source"),
        "M": N_("from memory, not confirmed"),
        "?": N_("named by others, not confirmed"),
    }
)

ServiceMode = Literal["filer", "clerk", "both"]
MustUse = Literal["yes", "no", "unknown"]
OfficeKind = Literal["district_attorney", "city_prosecutor", "arresting_agency"]


# ------------------------------------------------------------------------------------------------------------ the data


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. `name` is shown in English as it is; `seen` is the day it was read, `dated` the year of the page."""

    name: str
    address: str
    confirmed: Confirmed
    seen: date
    dated: int | None
    about: frozenset[Route]


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value somebody states, with its source; or unknown, with neither."""

    value: T | None = None
    source: Source | None = None

    @property
    def known(self) -> bool:
        return self.source is not None

    def on(self, route: Route) -> Stated[T]:
        """This value if its source speaks of that kind of petition, else unknown."""
        return self if self.source and route in self.source.about else Stated()


@dataclass(frozen=True, slots=True)
class City:
    """A city whose own prosecutor takes misdemeanors and infractions. `office` is the name to print."""

    name: str
    office: str
    source: Source


@dataclass(frozen=True, slots=True)
class LocalForm:
    """A form of the court's own. `as_scraped` is its title as a third party's program read it: to quote, not to trust.
    `lang` is the language of that title; `number` and `as_scraped` may be empty, never both; `page` too."""

    number: str
    as_scraped: str
    lang: str
    kind: Kind
    routes: tuple[Route, ...]
    must_use: MustUse
    page: str
    source: Source

    @property
    def quoted(self) -> str:
        """The title up to the parenthesis the program left open, if it did."""
        opened: list[int] = []
        for place, letter in enumerate(self.as_scraped):
            if letter == "(":
                opened.append(place)
            elif letter == ")" and opened:
                opened.pop()
        return self.as_scraped[: opened[0]].rstrip() if opened else self.as_scraped

    @property
    def name(self) -> str:
        """The number, or where there is none the title."""
        return self.number or self.quoted


@dataclass(frozen=True, slots=True)
class OwnForms:
    """Sentences (message ids) about the court's own forms, and the numbers of local_forms.csv they speak of."""

    sentences: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class County:
    """What is known about filing in one county. Sentences are message ids; copies are those besides the original;
    `days` is how long before the hearing the prosecutor must have the copy, where the source of `service` says."""

    name: str
    prosecutor: str
    prosecutor_source: Source
    cities: tuple[City, ...] = ()
    service: Stated[ServiceMode] = Stated()
    days: int | None = None
    copies: Stated[int] = Stated()
    envelope: Stated[bool] = Stated()
    holes: Stated[bool] = Stated()
    typed: Stated[bool] = Stated()
    efile: Stated[bool] = Stated()
    hearing: Stated[tuple[str, ...]] = Stated()
    own_forms: Stated[OwnForms] = Stated()
    old_fee: Stated[tuple[str, ...]] = Stated()
    forms: tuple[LocalForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Statewide:
    """What holds in every county: the fee, who serves where a state form says so, what is safe where nobody says."""

    prosecutor: str
    prosecutor_source: Source
    copies: Stated[int]
    envelope: Stated[bool]
    fee: Stated[tuple[str, ...]]
    service: Mapping[Route, tuple[Stated[ServiceMode], int | None]]


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """Everything of counties.yaml and local_forms.csv."""

    statewide: Statewide
    counties: Mapping[str, County]
    sources: Mapping[str, Source]


COUNTY_KEYS = frozenset(
    {
        *("county", "prosecutor", "cities", "service", "copies", "envelope", "holes", "typed", "efile"),
        *("hearing", "own_forms", "old_fee"),
    }
)


class _Reader:
    """Reads the data with every name checked; `at` says where it is, for the sentence of an error."""

    def __init__(self, sources: Mapping[str, Any]) -> None:
        self.at = "sources"
        self.sources = {name: self._source(name, entry) for name, entry in sources.items()}
        self.used: set[str] = set()

    def error(self, said: str) -> ValueError:
        return ValueError(f"counties.yaml: {self.at}: {said}")

    def one_of(self, value: object, allowed: Any, what: str) -> Any:
        if value not in get_args(allowed):
            raise self.error(f"{what} must be one of {', '.join(map(str, get_args(allowed)))}, not {value!r}")
        return value

    def _source(self, name: str, entry: Mapping[str, Any]) -> Source:
        self.at = f"source {name}"
        seen = entry.get("seen")
        if not entry.get("name") or not isinstance(seen, date):
            raise self.error("a source has a name and the day it was seen")
        return Source(
            name=entry["name"],
            address=self.web(entry.get("address", "")),
            confirmed=self.one_of(entry.get("confirmed"), Confirmed, "confirmed"),
            seen=seen,
            dated=entry.get("dated"),
            about=frozenset(self.one_of(route, Route, "about") for route in entry.get("about", ())),
        )

    def web(self, address: str) -> str:
        if address and urlsplit(address).scheme not in {"http", "https"}:
            raise self.error(f"{address!r} is no address of the web")
        return address

    def source(self, entry: Mapping[str, Any]) -> Source:
        name = entry.get("source", "")
        if name not in self.sources:
            raise self.error(f"needs a source of the list, not {name!r}")
        self.used.add(name)
        return self.sources[name]

    def stated(self, entry: Mapping[str, Any] | None, key: str, kind: type[T]) -> Stated[T]:
        if entry is None:
            return Stated()
        value = entry.get(key)
        # True is an int to Python, and five copies are not "true".
        if type(value) is not kind or (kind is int and cast(int, value) < 1):
            raise self.error(f"{key} must be a {kind.__name__}, not {value!r}")
        return Stated(value, self.source(entry))

    def sentences(self, entry: Mapping[str, Any] | None) -> Stated[tuple[str, ...]]:
        if entry is None:
            return Stated()
        return Stated(self._text(entry), self.source(entry))

    def _text(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        text = tuple(message_id(sentence) for sentence in entry.get("text") or ())
        if not all(text) or not text:
            raise self.error("needs sentences under text")
        return text

    def own_forms(self, entry: Mapping[str, Any] | None, forms: Iterable[LocalForm]) -> Stated[OwnForms]:
        if entry is None:
            return Stated()
        numbers = tuple(entry.get("numbers") or ())
        if missing := set(numbers) - {form.number for form in forms}:
            raise self.error(f"not in local_forms.csv: {', '.join(sorted(missing))}")
        return Stated(OwnForms(self._text(entry), numbers), self.source(entry))

    def service(self, entry: Mapping[str, Any] | None) -> tuple[Stated[ServiceMode], int | None]:
        if entry is None:
            return Stated(), None
        mode: ServiceMode = self.one_of(entry.get("mode"), ServiceMode, "mode")
        days = self.stated(entry, "days", int).value if "days" in entry else None
        return Stated(mode, self.source(entry)), days

    def city(self, entry: Mapping[str, Any]) -> City:
        if not entry.get("city") or not entry.get("office"):
            raise self.error("a city has a name and an office")
        return City(entry["city"], entry["office"], self.source(entry))

    def form(self, row: Mapping[str, str]) -> LocalForm:
        self.at = f"local_forms.csv, {row['county']} {row['number'] or row['as_scraped']}"
        if row["county"] not in COUNTIES or not (row["number"] or row["as_scraped"]):
            raise self.error("a form has one of the 58 counties, and a number or a title")
        routes = tuple(self.one_of(route, Route, "routes") for route in row["routes"].split())
        if not routes:
            raise self.error("needs a route")
        if row["lang"] not in {"en", "es"}:
            raise self.error("lang is en or es")
        return LocalForm(
            number=row["number"],
            as_scraped=row["as_scraped"],
            lang=row["lang"],
            kind=self.one_of(row["kind"], Kind, "kind"),
            routes=routes,
            must_use=self.one_of(row["must_use"], MustUse, "must_use"),
            page=self.web(row["page"]),
            source=self.source(row),
        )

    def county(self, entry: Mapping[str, Any], statewide: Statewide, forms: tuple[LocalForm, ...]) -> County:
        name = entry["county"]
        self.at = name
        if unknown := set(entry) - COUNTY_KEYS:
            raise self.error(f"nobody reads {', '.join(sorted(unknown))}")
        own = entry.get("prosecutor")
        service, days = self.service(entry.get("service"))
        cities = tuple(self.city(city) for city in entry.get("cities", ()))
        if len({city.name for city in cities}) != len(cities):
            raise self.error("a city is listed twice")
        return County(
            name=name,
            prosecutor=own["office"] if own else statewide.prosecutor.format(county=name),
            prosecutor_source=self.source(own) if own else statewide.prosecutor_source,
            cities=cities,
            service=service,
            days=days,
            copies=self.stated(entry.get("copies"), "count", int),
            envelope=self.stated(entry.get("envelope"), "needed", bool),
            holes=self.stated(entry.get("holes"), "needed", bool),
            typed=self.stated(entry.get("typed"), "needed", bool),
            efile=self.stated(entry.get("efile"), "offered", bool),
            hearing=self.sentences(entry.get("hearing")),
            own_forms=self.own_forms(entry.get("own_forms"), forms),
            old_fee=self.sentences(entry.get("old_fee")),
            forms=forms,
        )


def read_facts(counties_yaml: str, local_forms_csv: str) -> FilingFacts:
    """The facts written in the two texts. Raises ValueError, with the place, for a county missing, named twice or out
    of order, a value without a source of the list, an unknown name, and a source nobody uses."""
    data = plain_yaml.load(counties_yaml)
    read = _Reader(data["sources"])
    read.at = "statewide"
    everywhere = data["statewide"]
    statewide = Statewide(
        prosecutor=everywhere["prosecutor"]["office"],
        prosecutor_source=read.source(everywhere["prosecutor"]),
        copies=read.stated(everywhere["copies"], "count", int),
        envelope=read.stated(everywhere["envelope"], "needed", bool),
        fee=read.sentences(everywhere["fee"]),
        service={
            read.one_of(route, Route, "service"): read.service(entry) for route, entry in everywhere["service"].items()
        },
    )
    forms: dict[str, list[LocalForm]] = {}
    for row in csv.DictReader(io.StringIO(local_forms_csv)):
        form = read.form(row)
        if any(form.name == other.name for other in forms.setdefault(row["county"], [])):
            raise read.error("is listed twice")
        forms[row["county"]].append(form)
    names = tuple(entry["county"] for entry in data["counties"])
    if names != COUNTIES:
        raise ValueError(
            f"counties.yaml must list the {len(COUNTIES)} counties of webapp/counties.py, once each, in order"
        )
    found = {
        entry["county"]: read.county(entry, statewide, tuple(forms.get(entry["county"], ())))
        for entry in data["counties"]
    }
    if unused := set(read.sources) - read.used:
        raise ValueError(f"counties.yaml: sources nobody uses: {', '.join(sorted(unused))}")
    return FilingFacts(statewide, MappingProxyType(found), MappingProxyType(read.sources))


@cache
def facts() -> FilingFacts:
    """What the project holds about filing."""
    here = Path(__file__).parent
    return read_facts(
        (here / "counties.yaml").read_text(encoding="utf-8"), (here / "local_forms.csv").read_text(encoding="utf-8")
    )


def county_of(name: str | None) -> County | None:
    """The county of that name, however it is written; None when that is no county of California."""
    court = court_of(name)
    return facts().counties[court.county] if court else None


def service_mode(county: County, route: Route) -> Stated[ServiceMode]:
    """Who has the copy delivered, for that kind of petition: what the county says, else what a state form says."""
    here = county.service.on(route)
    return here if here.known else facts().statewide.service.get(route, (Stated(), None))[0]


def days_before(county: County, route: Route) -> int | None:
    """How many days before the hearing the prosecutor must have the copy, where the same source says so."""
    if county.service.on(route).known:
        return county.days
    return facts().statewide.service.get(route, (Stated(), None))[1]


def local_forms(county: County, route: Route) -> tuple[LocalForm, ...]:
    """The court's own forms for that kind of petition, those that must be used first."""
    fitting = [form for form in county.forms if route in form.routes]
    return tuple(sorted(fitting, key=lambda form: form.must_use != "yes"))


# ------------------------------------------------------------------------------------------------------ whom to serve


@dataclass(frozen=True, slots=True)
class Office:
    """One office that gets a copy. `name` is what a proof of service prints; empty where only the person knows it.
    `address` is empty: none is held. `sure` is False for an office that may be the right one, beside others."""

    name: str
    kind: OfficeKind
    sure: bool = True
    address: str = ""


def cities(county: County | str | None) -> tuple[City, ...]:
    """The cities of the county that have a prosecutor of their own, for a list to choose from; empty in most. Add
    "another place" and "I'm not sure" to them."""
    found = county if isinstance(county, County) else county_of(county)
    return found.cities if found else ()


def offices_to_serve(
    county: County | str | None,
    city: str | None,
    levels: Iterable[str | None],
    *,
    form: str = "CR-180",
    arresting_agency: str = "",
) -> tuple[Office, ...]:
    """The offices that get a copy of a petition in one case.

    `city` is where it happened: the name of one of `cities`, any other text for another place, None or "" when it is
    not known. `levels` are felony, misdemeanor or infraction as they stand now, None where not known. Felonies are the
    District Attorney's. When it may have been the city, both are named, neither `sure`: one copy too many costs a
    stamp, one too few may cost the order. `arresting_agency` goes with CR-409, which the agency gets as well (form
    CR-409-INFO). Empty for a place that is no county of California.
    """
    found = county if isinstance(county, County) else county_of(county)
    if found is None:
        return ()
    offices = _prosecutors(found, city, set(levels) or {None})
    if ROUTE_OF_FORM.get(form) == "arrest_sealing":
        offices += (Office(arresting_agency.strip(), "arresting_agency"),)
    return offices


def _prosecutors(county: County, city: str | None, levels: set[str | None]) -> tuple[Office, ...]:
    attorney = Office(county.prosecutor, "district_attorney")
    maybe = Office(county.prosecutor, "district_attorney", sure=False)
    if not county.cities or levels == {"felony"}:
        return (attorney,)
    if not city:
        only = county.cities[0].office if len(county.cities) == 1 else ""
        return maybe, Office(only, "city_prosecutor", sure=False)
    own = next((each for each in county.cities if each.name.casefold() == city.strip().casefold()), None)
    if own is None:
        return (attorney,)
    if "felony" in levels:
        # One complaint has one prosecutor, and with a felony in it that is the District Attorney. Which counts came in
        # one complaint is not known here.
        return attorney, Office(own.office, "city_prosecutor", sure=False)
    if own.source.confirmed == "V":
        return (Office(own.office, "city_prosecutor"),)
    return maybe, Office(own.office, "city_prosecutor", sure=False)


def office_words(county: County, offices: Iterable[Office], lang: str) -> tuple[str, ...]:
    """Who gets a copy, sentence by sentence; names of offices stay English, as the form prints them."""
    _: Say = partial(translate, lang)
    offices = tuple(offices)
    prosecutors = [office for office in offices if office.kind != "arresting_agency"]
    names = "; ".join(office.name for office in prosecutors if office.name)
    told = []
    if len(prosecutors) == 1:
        told.append(_("A copy goes to this office: %(office)s.", office=names))
        if prosecutors[0].kind == "city_prosecutor":
            told.append(_("If the case began as a felony, it is the District Attorney instead."))
        told.append(_("The complaint in your case names the office. If it names another one, use that one."))
    elif prosecutors:
        if all(office.name for office in prosecutors):
            told.append(_("A copy goes to one of these offices: %(offices)s.", offices=names))
        else:
            told.append(_("A copy goes to the %(office)s, or to the prosecutor of the city.", office=names))
            told.append(
                _(
                    "Some cities take misdemeanors and infractions themselves. They are: %(cities)s.",
                    cities=", ".join(city.name for city in county.cities),
                )
            )
        told.append(_("The complaint in your case names the right one. If you cannot tell, send a copy to both."))
    for office in offices:
        if office.kind == "arresting_agency" and office.name:
            told.append(
                _("A copy also goes to the police or sheriff that arrested you: %(agency)s.", agency=office.name)
            )
        elif office.kind == "arresting_agency":
            told.append(_("A copy also goes to the police or sheriff that arrested you. Write in the name."))
    told.append(_("We do not know the address. Call the office and ask where it takes court papers."))
    return tuple(told)


# ------------------------------------------------------------------------------------------------------------- in words
#
# `ask` False leaves out the questions to the clerk, for a page that has them in a list of their own (`questions`).


def ask_clerk(question: str, lang: str) -> str:
    """'Ask the clerk: How many copies do I need?' `question` is already in that language."""
    return translate(lang, "Ask the clerk: %(question)s", question=question)


def service_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> str:
    """Who has the copy delivered in this county; when nobody says, the question and the safe thing to do."""
    _: Say = partial(translate, lang)
    mode, days = service_mode(county, route), days_before(county, route)
    yourself = _("Another person, 18 or older, must hand over or mail the copy. That person cannot be you.")
    if not mode.known:
        safe = _("Until you know, it is safe to have another person hand over or mail the copy.")
        return f"{ask_clerk(_service_question(lang), lang)} {safe}" if ask else safe
    told = {
        "filer": _("The court does not send the copy to the prosecutor for you."),
        "clerk": _("The court sends the copy to the prosecutor for you. Ask the clerk if that is still so."),
        "both": _("The court sends a copy to the prosecutor, and you must have one delivered too."),
    }[cast(ServiceMode, mode.value)]
    if mode.value == "clerk":
        otherwise = _("If not, another person, 18 or older, must hand over or mail the copy.")
        return f"{told} {otherwise}"
    by_when = _("The prosecutor must have it at least %(days)s days before the hearing.", days=days) if days else ""
    return " ".join(filter(None, (told, yourself, by_when)))


def copies_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> str:
    """How many copies to bring besides the original."""
    _: Say = partial(translate, lang)
    here = county.copies.on(route)
    if here.known:
        return _("Bring the original and %(count)s copies of each form.", count=here.value)
    safe = _(
        "Until you know, bring the original and %(count)s copies. Bring one more for each other office.",
        count=facts().statewide.copies.value,
    )
    return f"{ask_clerk(_copies_question(lang), lang)} {safe}" if ask else safe


def envelope_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> str:
    """Whether to bring an envelope for the order."""
    _: Say = partial(translate, lang)
    here = county.envelope.on(route)
    if not here.known:
        safe = _("It is safe to bring one. Many courts want it.")
        return f"{ask_clerk(_envelope_question(lang), lang)} {safe}" if ask else safe
    if here.value:
        return _("Bring an envelope with a stamp and your own address. The court mails you the order in it.")
    return _("You do not need to bring an envelope.")


def paper_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> str:
    """Holes at the top, and typing."""
    _: Say = partial(translate, lang)
    holes, typed = county.holes.on(route), county.typed.on(route)
    told = []
    if holes.known:
        told.append(_("Punch two holes at the top of every paper.") if holes.value else _("No holes are needed."))
    if typed.known and typed.value:
        told.append(_("The court wants the papers typed, not written by hand."))
    if not holes.known and ask:
        told.append(ask_clerk(_holes_question(lang), lang))
    return " ".join(told)


def efile_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> str:
    """Whether papers can be filed online or by mail."""
    _: Say = partial(translate, lang)
    here = county.efile.on(route)
    if not here.known:
        return ask_clerk(_efile_question(lang), lang) if ask else ""
    return _("You can file online.") if here.value else _("You cannot file these papers online.")


def timing_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> tuple[str, ...]:
    """What hearing there is, and when."""
    here = county.hearing.on(route)
    if here.value is None:
        return (ask_clerk(_hearing_question(lang), lang),) if ask else ()
    return tuple(translate(lang, sentence) for sentence in here.value)


def fee_words(county: County, lang: str, route: Route = "dismissal") -> tuple[str, ...]:
    """What old pages of this county still say of a fee, and that none is due."""
    old, none_due = county.old_fee.on(route).value or (), facts().statewide.fee.on(route).value or ()
    return tuple(translate(lang, sentence) for sentence in (*old, *none_due))


def local_form_words(county: County, lang: str, route: Route = "dismissal", *, ask: bool = True) -> tuple[str, ...]:
    """The court's own forms for that kind of petition. Their numbers and titles stay as the court's list has them."""
    _: Say = partial(translate, lang)
    own = county.own_forms.on(route).value
    told = [translate(lang, sentence) for sentence in own.sentences] if own else []
    named = own.numbers if own else ()
    fitting = [form for form in local_forms(county, route) if form.number not in named or not form.number]
    if must := [form.name for form in fitting if form.must_use == "yes"]:
        told.append(_("The court's list marks these as forms you must use: %(forms)s.", forms="; ".join(must)))
    if others := [form.name for form in fitting if form.must_use != "yes"]:
        told.append(_("The court also has papers of its own for this: %(forms)s.", forms="; ".join(others)))
    if fitting:
        told.append(_("We know only their titles, as a list of June 2026 had them. We did not see the papers."))
    if ask:
        told.append(ask_clerk(_forms_question(lang), lang))
    return tuple(told)


def _service_question(lang: str) -> str:
    return translate(lang, "Do you send the copy to the prosecutor, or must I have it served?")


def _copies_question(lang: str) -> str:
    return translate(lang, "How many copies do I need to bring?")


def _envelope_question(lang: str) -> str:
    return translate(lang, "Should I bring an envelope with a stamp and my address?")


def _holes_question(lang: str) -> str:
    return translate(lang, "Do the papers need two holes at the top?")


def _efile_question(lang: str) -> str:
    return translate(lang, "Can I file by mail or online, or do I have to come in?")


def _hearing_question(lang: str) -> str:
    return translate(lang, "Will there be a hearing? When does the judge decide?")


def _forms_question(lang: str) -> str:
    return translate(lang, "Do you want a form of your own with my papers?")


def questions(county: County, lang: str, route: Route = "dismissal") -> tuple[str, ...]:
    """What to ask the clerk on the phone, in the person's own voice: where to file, then whatever is unknown for this
    kind of petition, and what an old page says only as a question."""
    _: Say = partial(translate, lang)
    asked = [_("Which building takes papers for old criminal cases? What is its address?")]
    if not service_mode(county, route).known:
        asked.append(_service_question(lang))
    elif service_mode(county, route).value == "clerk":
        asked.append(_("Do you still send the copy to the prosecutor for me?"))
    asked.append(_("What is the address of the prosecutor's office for court papers?"))
    if county.cities:
        asked.append(_("Who brought my case, the District Attorney or the city?"))
    for known, question in (
        (county.copies, _copies_question),
        (county.envelope, _envelope_question),
        (county.holes, _holes_question),
        (county.efile, _efile_question),
        (county.hearing, _hearing_question),
    ):
        if not cast(Stated[object], known).on(route).known:
            asked.append(question(lang))
    asked.append(_forms_question(lang))
    return tuple(asked)


# --------------------------------------------------------------------------------------------- one line after another


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about filing, for a page: what it is about, the sentences in the reader's language, and who says so;
    `source` is None where nobody does."""

    about: str
    sentences: tuple[str, ...]
    source: Source | None


def lines(county: County, lang: str, route: Route = "dismissal") -> tuple[Line, ...]:
    """What is known and not known about filing that kind of petition there, in the order of doing it."""
    _: Say = partial(translate, lang)
    fee = facts().statewide.fee.on(route).source
    return (
        Line(_("Copies"), (copies_words(county, lang, route),), county.copies.on(route).source),
        Line(_("The prosecutor's copy"), (service_words(county, lang, route),), service_mode(county, route).source),
        Line(_("Envelope"), (envelope_words(county, lang, route),), county.envelope.on(route).source),
        Line(
            _("The papers"),
            (paper_words(county, lang, route),),
            county.holes.on(route).source or county.typed.on(route).source,
        ),
        Line(_("By mail or online"), (efile_words(county, lang, route),), county.efile.on(route).source),
        Line(_("Hearing"), timing_words(county, lang, route), county.hearing.on(route).source),
        Line(_("Fee"), fee_words(county, lang, route), county.old_fee.on(route).source or fee),
    )
