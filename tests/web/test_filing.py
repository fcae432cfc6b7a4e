"""Filing by county: what the data may say, what follows for a proof of service, and how it is said."""

from __future__ import annotations

import csv
import doctest
import io
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from forms import specs
from webapp.counties import COUNTIES
from webapp.language import message_id, translate
from webapp.packet import filing
from webapp.packet.filing import (
    CONFIRMED,
    KINDS,
    ROUTES,
    Office,
    cities,
    copies_words,
    county_of,
    days_before,
    envelope_words,
    facts,
    fee_words,
    lines,
    local_form_words,
    local_forms,
    office_words,
    offices_to_serve,
    paper_words,
    questions,
    read_facts,
    service_mode,
    service_words,
    timing_words,
)
from webapp.pages import county_help

HERE = Path(filing.__file__).parent
YAML = (HERE / "counties.yaml").read_text(encoding="utf-8")
CSV = (HERE / "local_forms.csv").read_text(encoding="utf-8")
DATA = yaml.safe_load(YAML)
ALL = list(facts().counties.values())
STATED = ("service", "copies", "envelope", "holes", "typed", "efile", "hearing", "own_forms", "old_fee")
LA_CITIES = [
    *("Burbank", "Hawthorne", "Hermosa Beach", "Inglewood", "Long Beach"),
    *("Los Angeles", "Pasadena", "Redondo Beach", "Santa Monica", "Torrance"),
]
# Forms of the Judicial Council that no county owns, and that the sentences may name.
STATE_FORMS = {"CR-180", "CR-181", "CR-105", "CR-106", "FW-001"}

# What a title says, and the kind of petition it then is about.
SAYS = {
    **dict.fromkeys(("Prop 64", "Prop. 64", "Proposition 64", "11361.8"), "prop64"),
    **dict.fromkeys(("Prop 47", "Prop. 47", "Proposition 47", "1170.18"), "prop47"),
    "851.87": "diversion_sealing",
    "851.91": "arrest_sealing",
    "Juvenile": "juvenile",
    "1203.4b": "fire_crew",
}


def of(name: str) -> filing.County:
    return facts().counties[name]


def names(county: str, city: str | None, *levels: str | None, **more: str) -> list[str]:
    return [office.name for office in offices_to_serve(county, city, levels, **more)]


# ------------------------------------------------------------------------------------------------------------- the data


def test_the_58_counties_stand_once_each() -> None:
    assert tuple(facts().counties) == COUNTIES
    assert all(county.name == name for name, county in facts().counties.items())


@pytest.mark.parametrize("county", ALL, ids=lambda county: county.name)
def test_whatever_has_no_source_is_unknown(county: filing.County) -> None:
    """Read against the file itself: a value is known exactly where the file names its source, and is that source's."""
    [entry] = [entry for entry in DATA["counties"] if entry["county"] == county.name]
    for name in STATED:
        stated = getattr(county, name)
        assert stated.known == (name in entry), name
        if name in entry:
            assert stated.value is not None
            assert stated.source == facts().sources[entry[name]["source"]]
        else:
            assert stated.value is None
            assert stated.source is None
            assert all(not stated.on(route).known for route in ROUTES)
    assert county.days is None or county.service.known
    assert county.prosecutor_source.confirmed == "V"


def test_most_counties_say_nothing_and_that_is_said() -> None:
    silent = [county for county in ALL if not any(getattr(county, name).known for name in STATED)]
    assert len(silent) >= 40
    for county in silent:
        for line in lines(county, "en"):
            assert line.about == "Fee" or (line.source is None and line.sentences[0].startswith("Ask the clerk: "))


def test_a_source_on_one_kind_of_petition_is_not_believed_on_another() -> None:
    tulare = of("Tulare")
    assert service_mode(tulare, "dismissal").value == "clerk"
    for route in ("prop64", "arrest_sealing", "prop47"):
        assert service_mode(tulare, route).value != "clerk", route
        assert not tulare.copies.on(route).known
    assert copies_words(tulare, "en", "prop64").startswith("Ask the clerk: ")


def test_sources_were_read_and_none_is_from_tomorrow() -> None:
    for name, source in facts().sources.items():
        assert date(2026, 1, 1) <= source.seen <= date(2026, 11, 28), name
        assert source.dated is None or 2010 <= source.dated <= 2026, name
        assert source.about, name
        assert source.confirmed in CONFIRMED


def test_every_local_form_spoken_of_is_in_the_list() -> None:
    """In the sentences about a county, and in those about free help there: a number is one of that county's list."""
    said: dict[str, list[str]] = {}
    for entry in DATA["counties"]:
        for name in ("own_forms", "hearing", "old_fee"):
            said.setdefault(entry["county"], []).extend(entry.get(name, {}).get("text", ()))
    for county in COUNTIES:
        for helper in county_help.county_helpers(county):
            said.setdefault(county, []).extend(helper.text)
    checked = 0
    for county, sentences in said.items():
        own = {form.number for form in of(county).forms}
        for sentence in sentences:
            for number in re.findall(r"\b[A-Z]{1,4}(?:-[A-Z]+)*[-.]?[A-Z]*\d{2,4}[A-Z]*(?:\.INFO)?\b", sentence):
                if number in STATE_FORMS or number in specs() or number.startswith(("AB", "SB")):
                    continue
                assert number in own, f"{county}: {number}"
                checked += 1
    assert checked >= 8


def test_the_list_is_what_the_scrape_says_and_no_more() -> None:
    rows = list(csv.DictReader(io.StringIO(CSV)))
    assert len(rows) == sum(len(county.forms) for county in ALL) == 118
    for row in rows:
        marked = {"yes": "Mandatory", "no": "Optional"}.get(row["must_use"])
        assert marked is None or marked in row["as_scraped"], "nobody marked it so"
        assert row["must_use"] != "unknown" or not re.search(r"\b(Mandatory|Optional)\b", row["as_scraped"])
        for word, route in SAYS.items():
            assert word not in row["as_scraped"] or route in row["routes"].split(), row["as_scraped"]


@pytest.mark.parametrize(
    ("county", "route", "number"),
    [
        ("San Diego", "dismissal", "CRM-204"),
        ("San Diego", "dismissal", "PKT-026"),
        ("San Diego", "dismissal", "PKT-027"),
        ("San Diego", "diversion_sealing", "CRM-307"),
        ("Napa", "dismissal", "CR-131"),
        ("Los Angeles", "diversion_sealing", "LASC-CRIM-223"),
        ("Los Angeles", "prop47", "LASC-CRIM-235"),
        ("Los Angeles", "juvenile", "LASC-JUV-011"),
        ("Orange", "prop64", "SHC-CRIM-12"),
        ("Tuolumne", "prop64", "TUO-CR-725"),
    ],
)
def test_a_form_is_found_by_its_route(county: str, route: Any, number: str) -> None:
    assert number in [form.number for form in local_forms(of(county), route)]


def test_sacramento_has_its_cover_sheet_and_napa_its_mandatory_transmittal() -> None:
    assert [form.kind for form in local_forms(of("Sacramento"), "dismissal")] == ["cover"]
    [transmittal] = [form for form in of("Napa").forms if form.number == "CR-131"]
    assert (transmittal.kind, transmittal.must_use) == ("cover", "yes")
    assert local_forms(of("Napa"), "dismissal")[0] is transmittal, "what must be used comes first"
    assert Counter(form.must_use for county in ALL for form in county.forms)["yes"] == 4


def test_the_parenthesis_the_scraper_left_open_is_not_shown() -> None:
    [packet] = of("Tulare").forms
    assert packet.as_scraped == "Misdemeanor/Felony Petition For Dismissal Packet (Penal Code 1203.4"
    assert packet.name == packet.quoted == "Misdemeanor/Felony Petition For Dismissal Packet"
    assert all(form.name and form.quoted.count("(") <= form.quoted.count(")") for c in ALL for form in c.forms)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - county: Alpine\n", "", "58 counties"),
        ("  - county: Alpine\n", "  - county: Alpine\n  - county: Alpine\n", "58 counties"),
        ("  - county: Alpine\n", "  - county: Alpina\n", "58 counties"),
        ("mode: filer, days: 15, source: humboldt_court", "mode: filer, days: 15", "Humboldt: needs a source"),
        ("mode: filer, days: 15, source: humboldt_court", "mode: maybe, source: humboldt_court", "mode must be one of"),
        ("days: 15, source: humboldt_court", "days: 0, source: humboldt_court", "days must be a int"),
        (
            "count: 5, source: tulare_public_defender",
            "count: true, source: tulare_public_defender",
            "count must be a int",
        ),
        ("count: 5, source: tulare_public_defender", "count: 5, source: hearsay", "Tulare: needs a source of the list"),
        ("holes: {needed: true", "holes: {needed: 2", "needed must be a bool"),
        ("    holes: {needed", "    hole: {needed", "Tulare: nobody reads hole"),
        ("numbers: [CR-131]", "numbers: [CR-132]", "Napa: not in local_forms.csv: CR-132"),
        ("seen: 2026-06-13\n    about: [dismissal]", "seen: June\n    about: [dismissal]", "the day it was seen"),
        ("confirmed: M", "confirmed: X", "torrance_memory: confirmed must be one of V, M, "),
        ("about: [diversion_sealing]", "about: [parking]", "about must be one of"),
        ("address: https://da.lacounty.gov", "address: javascript://da.lacounty.gov", "is no address of the web"),
        ("{city: Torrance, office: Torrance City Attorney", "{city: Torrance", "a city has a name and an office"),
        ("{city: Torrance,", "{city: Pasadena,", "a city is listed twice"),
        ("        - You can answer it in writing.", "        - ''", "needs sentences under text"),
        ("source: torrance_memory", "source: inglewood", "sources nobody uses: torrance_memory"),
    ],
)
def test_data_that_cannot_be_trusted_is_refused(old: str, new: str, said: str) -> None:
    assert old in YAML
    with pytest.raises(ValueError, match=re.escape(said)):
        read_facts(YAML.replace(old, new, 1), CSV)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Yolo,,Information", "Yuma,,Information", "one of the 58 counties"),
        ("Napa,CR-131,", "Napa,CR-130,", "Napa CR-130: is listed twice"),
        (",cover,dismissal,yes,", ",cover,dismissal,perhaps,", "must_use must be one of"),
        (",cover,dismissal,yes,", ",cover,,yes,", "needs a route"),
        (",cover,dismissal,yes,", ",cover,parking,yes,", "routes must be one of"),
        (",en,cover,dismissal,yes,", ",en,lid,dismissal,yes,", "kind must be one of"),
        (",en,cover,dismissal,yes,", ",fr,cover,dismissal,yes,", "lang is en or es"),
        ("unknown,,san_diego_forms", "unknown,,nobody", "CRM-307: needs a source of the list"),
        ("San Diego,CRM-307,,", "San Diego,,,", "a number or a title"),
    ],
)
def test_a_list_of_forms_that_cannot_be_trusted_is_refused(old: str, new: str, said: str) -> None:
    assert old in CSV
    with pytest.raises(ValueError, match=re.escape(said)):
        read_facts(YAML, CSV.replace(old, new, 1))


# -------------------------------------------------------------------------------------------------------- whom to serve


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kern", "Kern"),
        ("kern county", "Kern"),
        ("County of Los Angeles", "Los Angeles"),
        ("SAN FRANCISCO", "San Francisco"),
        ("Orange County, Florida", None),
        ("", None),
        (None, None),
    ],
)
def test_a_county_is_known_however_it_is_written(written: str | None, name: str | None) -> None:
    found = county_of(written)
    assert (found and found.name) == name


def test_the_cities_with_a_prosecutor_of_their_own() -> None:
    assert [city.name for city in cities("Los Angeles")] == LA_CITIES  # ten, as the District Attorney says
    assert [city.name for city in cities(of("San Diego"))] == ["San Diego"]
    assert [city.name for city in cities("Orange")] == ["Anaheim"]
    assert {county.name for county in ALL if county.cities} == {"Los Angeles", "San Diego", "Orange"}
    assert cities("Kern") == cities("Atlantis") == cities(None) == ()


def test_doubt_about_a_city_stays_visible() -> None:
    tags = {city.name: city.source.confirmed for city in cities("Los Angeles")}
    assert {name: tag for name, tag in tags.items() if tag != "V"} == {
        "Burbank": "?",
        "Hermosa Beach": "?",
        "Torrance": "M",
    }


@pytest.mark.parametrize("county", ALL, ids=lambda county: county.name)
def test_a_felony_is_the_district_attorneys_everywhere(county: filing.County) -> None:
    for city in (None, "", "elsewhere", *(city.name for city in county.cities)):
        assert offices_to_serve(county, city, ["felony"]) == (Office(county.prosecutor, "district_attorney"),)


@pytest.mark.parametrize(
    ("county", "office"),
    [
        ("Kern", "District Attorney of Kern County"),
        ("Los Angeles", "District Attorney of Los Angeles County"),
        ("San Francisco", "District Attorney of San Francisco"),
    ],
)
def test_the_office_is_printed_by_its_name(county: str, office: str) -> None:
    assert names(county, None, "felony") == [office]


@pytest.mark.parametrize("level", ["misdemeanor", "infraction"])
@pytest.mark.parametrize("city", [city for city in LA_CITIES if city not in {"Burbank", "Hermosa Beach", "Torrance"}])
def test_small_cases_of_a_checked_city_are_the_citys(city: str, level: str) -> None:
    [office] = offices_to_serve("Los Angeles", city, [level])
    assert (office.kind, office.sure) == ("city_prosecutor", True)
    assert office.name.startswith(city)


@pytest.mark.parametrize(
    ("city", "office"),
    [
        ("Burbank", "Burbank City Attorney"),
        ("Hermosa Beach", "Redondo Beach City Attorney"),
        ("Torrance", "Torrance City Attorney"),
    ],
)
def test_an_unchecked_city_means_both(city: str, office: str) -> None:
    offices = offices_to_serve("Los Angeles", city, ["misdemeanor"])
    assert [each.name for each in offices] == ["District Attorney of Los Angeles County", office]
    assert [each.sure for each in offices] == [False, False]
    assert "send a copy to both" in " ".join(office_words(of("Los Angeles"), offices, "en"))


def test_san_diego_and_anaheim() -> None:
    assert names("San Diego", "San Diego", "misdemeanor") == ["San Diego City Attorney"]
    assert names("San Diego", "Chula Vista", "misdemeanor") == ["District Attorney of San Diego County"]
    assert names("Orange", " anaheim ", "infraction") == ["Anaheim City Attorney"]
    assert names("Orange", "Irvine", "misdemeanor") == ["District Attorney of Orange County"]


@pytest.mark.parametrize("levels", [["misdemeanor"], ["infraction"], [None], [], ["felony", None]])
def test_where_the_city_is_not_known_both_possibilities_are_said(levels: list[str | None]) -> None:
    attorney, city = offices_to_serve("San Diego", None, levels)
    assert (attorney.name, attorney.sure) == ("District Attorney of San Diego County", False)
    assert (city.name, city.sure) == ("San Diego City Attorney", False)
    attorney, city = offices_to_serve("Los Angeles", "", levels)
    assert (city.name, city.kind, city.sure) == ("", "city_prosecutor", False), "ten cities: only the person knows"
    said = " ".join(office_words(of("Los Angeles"), (attorney, city), "en"))
    assert "District Attorney of Los Angeles County, or to the prosecutor of the city" in said
    assert all(name in said for name in LA_CITIES)
    assert "If you cannot tell, send a copy to both." in said


def test_with_a_felony_and_a_misdemeanor_the_district_attorney_is_sure() -> None:
    offices = offices_to_serve("Los Angeles", "Long Beach", ["felony", "misdemeanor"])
    assert [(office.kind, office.sure) for office in offices] == [
        ("district_attorney", True),
        ("city_prosecutor", False),
    ]


def test_without_a_city_prosecutor_the_city_does_not_matter() -> None:
    for city in (None, "", "Bakersfield", "Los Angeles"):
        assert names("Kern", city, "misdemeanor") == ["District Attorney of Kern County"]


def test_a_place_that_is_no_county_names_nobody() -> None:
    assert offices_to_serve("Atlantis", None, ["felony"]) == offices_to_serve(None, "Long Beach", []) == ()


def test_an_arrest_is_told_to_the_agency_too() -> None:
    assert names("Kern", None, "felony", form="CR-409", arresting_agency=" Kern County Sheriff ") == [
        "District Attorney of Kern County",
        "Kern County Sheriff",
    ]
    offices = offices_to_serve("Kern", None, ["felony"], form="CR-409")
    assert [(office.name, office.kind) for office in offices][1] == ("", "arresting_agency")
    assert "Write in the name." in " ".join(office_words(of("Kern"), offices, "en"))
    assert names("Kern", None, "felony", form="CR-180", arresting_agency="Kern County Sheriff") == [
        "District Attorney of Kern County"
    ]


def test_no_address_is_made_up() -> None:
    for county in ALL:
        for city in (None, *(city.name for city in county.cities)):
            for office in offices_to_serve(county, city, ["misdemeanor"], form="CR-409"):
                assert office.address == ""
        told = office_words(county, offices_to_serve(county, None, ["felony"]), "en")
        assert told[-1] == "We do not know the address. Call the office and ask where it takes court papers."


def test_a_case_that_began_as_a_felony_is_not_the_citys() -> None:
    # A level is what the conviction is now; a felony that was reduced was the District Attorney's.
    said = office_words(of("Los Angeles"), offices_to_serve("Los Angeles", "Long Beach", ["misdemeanor"]), "en")
    assert "If the case began as a felony, it is the District Attorney instead." in said


# ------------------------------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("county", "mode", "days"),
    [
        ("Tulare", "clerk", None),
        ("Humboldt", "filer", 15),
        ("San Diego", "filer", None),
        ("Kern", None, None),
    ],
)
def test_who_serves_a_petition_to_dismiss(county: str, mode: str | None, days: int | None) -> None:
    assert service_mode(of(county), "dismissal").value == mode
    assert days_before(of(county), "dismissal") == days


def test_service_in_words() -> None:
    assert service_words(of("Tulare"), "en").startswith("The court sends the copy to the prosecutor for you.")
    assert "If not, another person, 18 or older" in service_words(of("Tulare"), "en"), "an old page: never only that"
    assert "at least 15 days before the hearing" in service_words(of("Humboldt"), "en")
    assert "The court does not send the copy" in service_words(of("San Diego"), "en")
    assert "days before" not in service_words(of("San Diego"), "en")
    kern = service_words(of("Kern"), "en")
    assert kern.startswith("Ask the clerk: Do you send the copy")
    assert "it is safe to have another person hand over or mail the copy" in kern


def test_state_forms_say_who_serves_in_every_county() -> None:
    for county in ALL:
        assert service_mode(county, "arrest_sealing").value == "filer"
        assert days_before(county, "arrest_sealing") == 15
        assert service_mode(county, "juvenile").value == "clerk"
        assert not service_mode(county, "prop64").known


def test_both_is_a_way_to_serve() -> None:
    changed = read_facts(YAML.replace("mode: clerk, source: tulare", "mode: both, source: tulare"), CSV)
    said = service_words(changed.counties["Tulare"], "en")
    assert said.startswith("The court sends a copy to the prosecutor, and you must have one delivered too.")
    assert "That person cannot be you." in said


def test_copies_envelope_and_holes() -> None:
    assert copies_words(of("Tulare"), "en") == "Bring the original and 5 copies of each form."
    assert copies_words(of("Placer"), "en") == "Bring the original and 2 copies of each form."
    assert "Until you know, bring the original and 2 copies." in copies_words(of("Kern"), "en")
    assert envelope_words(of("Placer"), "en").startswith("Bring an envelope with a stamp")
    assert "It is safe to bring one." in envelope_words(of("Kern"), "en")
    assert paper_words(of("Tulare"), "en") == "Punch two holes at the top of every paper."
    assert paper_words(of("Placer"), "en").startswith("The court wants the papers typed")
    assert paper_words(of("Placer"), "en").endswith("Ask the clerk: Do the papers need two holes at the top?")


def test_what_a_source_may_also_say() -> None:
    text = YAML.replace(
        "    holes: {needed: true, source: tulare_public_defender}",
        "    holes: {needed: false, source: tulare_public_defender}\n"
        "    efile: {offered: false, source: tulare_public_defender}",
    ).replace("envelope: {needed: true, source: tulare", "envelope: {needed: false, source: tulare")
    tulare = read_facts(text, CSV).counties["Tulare"]
    assert paper_words(tulare, "en") == "No holes are needed."
    assert envelope_words(tulare, "en") == "You do not need to bring an envelope."
    assert filing.efile_words(tulare, "en") == "You cannot file these papers online."
    assert "Can I file by mail or online, or do I have to come in?" not in questions(tulare, "en")


@pytest.mark.parametrize(
    ("county", "said"),
    [
        ("Humboldt", "at least 30 days after you file"),
        ("Tulare", "about 90 days after you file"),
        ("Alameda", "30 to 60 days"),
        ("Contra Costa", "The afternoon before"),
        ("San Mateo", "two to three weeks before the hearing"),
        ("Sonoma", "with a hearing or without one"),
    ],
)
def test_hearings(county: str, said: str) -> None:
    assert said in " ".join(timing_words(of(county), "en"))
    assert timing_words(of(county), "en", "prop64") == (
        "Ask the clerk: Will there be a hearing? When does the judge decide?",
    )


@pytest.mark.parametrize("county", ALL, ids=lambda county: county.name)
def test_no_fee_is_due_whatever_an_old_page_says(county: filing.County) -> None:
    told = fee_words(county, "en")
    assert told[-1].startswith("Since July 2023 no fee should be charged.")
    assert any("$" in sentence for sentence in told) == (county.name in {"Tulare", "Sonoma"})


def test_own_forms_in_words() -> None:
    napa = local_form_words(of("Napa"), "en")
    assert napa[0].startswith("Form CR-131 goes along with your papers.")
    assert "The court also has papers of its own for this: CR-130." in napa
    assert not any("CR-131; CR-130" in sentence or sentence.count("CR-131") > 1 for sentence in napa)
    tuolumne = local_form_words(of("Tuolumne"), "en", "prop64")
    assert tuolumne[0] == "The court's list marks these as forms you must use: TUO-CR-725; TUO-CR-750."
    assert local_form_words(of("Alpine"), "en") == ("Ask the clerk: Do you want a form of your own with my papers?",)
    assert local_form_words(of("Tuolumne"), "en", "dismissal") == local_form_words(of("Alpine"), "en")


def test_the_call_asks_for_what_is_unknown_and_only_that() -> None:
    kern, tulare = questions(of("Kern"), "en"), questions(of("Tulare"), "en")
    assert len(kern) == 9
    assert len(set(kern)) == len(kern)
    assert all(question.endswith("?") for question in kern)
    assert "How many copies do I need to bring?" in kern
    assert "How many copies do I need to bring?" not in tulare
    assert "Do you still send the copy to the prosecutor for me?" in tulare
    assert "Who brought my case, the District Attorney or the city?" in questions(of("San Diego"), "en")
    assert "How many copies do I need to bring?" in questions(of("Tulare"), "en", "prop64")


@pytest.mark.parametrize("county", ALL, ids=lambda county: county.name)
def test_every_line_is_said_in_both_languages(county: filing.County) -> None:
    for route in ("dismissal", "prop64", "arrest_sealing", "juvenile"):
        english, spanish = lines(county, "en", route), lines(county, "es", route)
        assert [len(line.sentences) for line in english] == [len(line.sentences) for line in spanish]
        for here, there in zip(english, spanish, strict=True):
            assert here.source == there.source
            assert all(a != b and a and b for a, b in zip(here.sentences, there.sentences, strict=True))


def test_words_for_kinds_and_routes_are_translated() -> None:
    for words in (*ROUTES.values(), *KINDS.values(), *CONFIRMED.values()):
        assert translate("es", words) != words
        assert message_id(words) == words


def test_the_examples_in_the_essay_are_true() -> None:
    found = doctest.testmod(filing)
    assert (found.failed, found.attempted) == (0, 5)
