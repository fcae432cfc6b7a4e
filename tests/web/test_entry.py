"""How a case is entered: how it ended, what it was for, one more case; and the words people use for an offense."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from werkzeug.test import TestResponse

from rules import catalogue
from rules import offense as offenses
from tests.web.audited_client import AuditedClient, read_page, text_of
from tests.web.steps import (
    begin,
    body,
    errors_of,
    holding,
    kept,
    main_of,
    name_of,
    value_of,
    values_of,
)
from tests.web.teller import one_case, told
from webapp import clock
from webapp.interview import document as doc
from webapp.interview import flow, forms, offense_names
from webapp.language import public_locales, translate
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
COMMON = next(q for q in flow.load() if q.kind == "offense")
ENDS = next(q for q in flow.load() if q.fact == "disposition")
LINES = ("line1", "line2", "line3", "line4")
AS_OF = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AS_OF)


def box(offense: str) -> str:
    return str(next(i for i, a in enumerate(COMMON.answers) if a.value == offense))


def ended(client: AuditedClient, lang: str = "en", disposition: str = "convicted") -> TestResponse:
    """The page of all offenses of the first case, after how it ended was said."""
    answer = next(i for i, a in enumerate(ENDS.answers) if a.value == disposition)
    page = client.submit(begin(client, lang), {"answer": str(answer)})
    assert name_of(page) == "q/c1/offenses"
    return page


def named(document: doc.Document, case: int = 0) -> list[str]:
    """What the case is for: numbers as papers write them, in quotes the words that are not settled yet."""
    return [
        forms.written_offense(count)
        if count.get("offense")
        else repr(count.get("said", ""))
        if count.get("said")
        else "?"
        for count in document["cases"][case]["counts"]
    ]


def offered(page: TestResponse) -> dict[str, str]:
    """The radios of a page: value -> label and help."""
    read = read_page(body(page), page.request.path)
    ids = {each.get("id"): each for each in read.root.iter() if each.get("id")}
    found = {}
    for radio in read.all("input"):
        if radio.get("name") == "answer":
            label = next(each for each in read.all("label") if each.get("for") == radio.get("id"))
            help_ = ids.get(radio.get("aria-describedby"))
            found[radio.get("value", "")] = f"{text_of(label)} | {text_of(help_) if help_ is not None else ''}"
    return found


# ---- how it ended


@pytest.mark.parametrize("answer", range(len(ENDS.answers)))
def test_every_way_a_case_can_end_is_kept_whole(client: AuditedClient, site_store: Store, answer: int) -> None:
    page = client.submit(begin(client), {"answer": str(answer)})
    assert name_of(page) == "q/c1/offenses"
    (case,) = kept(client, site_store)["cases"]
    said = ENDS.answers[answer]
    assert case == {"id": "c1", "counts": [], "disposition": said.value, **dict(said.sets)}
    assert kept(client, site_store)["unsure"] == []
    assert value_of(client.get("/en/q/c1/disposition"), "answer") == str(answer)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_it_ended_has_its_own_not_sure_and_no_second_one(client: AuditedClient, lang: str) -> None:
    page = begin(client, lang)
    assert list(offered(page)) == [str(i) for i in range(len(ENDS.answers))]
    assert client.submit(page, {"answer": forms.UNSURE}, tampered=True).status_code == 422


def test_changing_how_it_ended_forgets_what_hung_on_it(client: AuditedClient, site_store: Store) -> None:
    served = one_case(
        offense="HS 11351",
        county="Kern",
        sentence="felony_term",
        felony_term="prison",
        release_date="2001",
        conviction_date="1999",
    )
    holding(client, site_store, "en", {**told(served, serving_now="nothing"), "done": True, "seen": ["citizenship"]})
    assert "c1/release_date" in body(client.get("/en/answers"))
    page = client.submit("/en/q/c1/disposition?edit=1", {"answer": "2"})
    assert ENDS.answers[2].value == "never_charged"
    (case,) = kept(client, site_store)["cases"]
    assert set(case) == {"id", "county", "disposition", "juvenile", "counts"}
    assert name_of(page).startswith("q/")
    open_ = flow.open_questions(flow.load(), kept(client, site_store), AS_OF)
    assert {"c1/k1/offense_date", "c1/evaded"} <= {a.place.path for a in open_}, "what an arrest needs is asked now"
    shown = body(client.get("/en/answers"))
    assert not any(f"c1/{fact}?" in shown for fact in ("release_date", "felony_term", "sentence", "conviction_date"))


def test_a_case_that_ended_otherwise_asks_for_the_most_serious_charge_alone(
    client: AuditedClient, site_store: Store
) -> None:
    page = ended(client, disposition="never_charged")
    lines = [each.get("name") for each in read_page(body(page), "/").all("input") if each.get("type") == "text"]
    assert lines == ["line1"]
    for too_many in (
        {"common": [box("PC 484"), box("PC 242")]},
        {"common": [box("PC 484")], "line1": "PC 211"},
    ):
        wrong = client.submit(page, too_many)
        assert wrong.status_code == 422
        assert len(errors_of(wrong)) == 1
        assert kept(client, site_store)["cases"][0]["counts"] == []
    assert client.submit(page, {"line1": "PC 211"}).status_code == 200
    assert named(kept(client, site_store)) == ["PC 211"]
    more = client.submit("/en/q/c1/offenses", {"common": [box("PC 242")]})
    assert more.status_code == 422, "the one that is there already counts"


# ---- what it was for


def test_several_at_once(client: AuditedClient, site_store: Store) -> None:
    page = ended(client)
    sent = {
        "common": [box("HS 11357"), box("PC 242")],
        "line1": "459 PC-SECOND DEGREE",
        "line3": "664/187 PC",
        "county": "Kern",
    }
    page = client.submit(page, sent)
    assert name_of(page) == "another", "each is one offense: nothing has to be chosen"
    document = kept(client, site_store)
    assert named(document) == ["HS 11357", "PC 242", "PC 459 second", "PC 664/187"]
    assert document["cases"][0]["county"] == "Kern"
    assert document["unsure"] == []
    assert [k["attempt"] for k in document["cases"][0]["counts"]] == [False, False, False, True]
    read = main_of(page)
    for count in document["cases"][0]["counts"]:
        assert offense_names.name_of(count, AS_OF, str) in read


@pytest.mark.parametrize("answer", range(len(COMMON.answers)))
def test_every_box_is_one_offense_of_the_catalogue(client: AuditedClient, site_store: Store, answer: int) -> None:
    client.submit(ended(client), {"common": [str(answer)]})
    (count,) = kept(client, site_store)["cases"][0]["counts"]
    said = COMMON.answers[answer]
    assert {name: count.get(name) for name, _ in said.sets} == dict(said.sets)
    title, _, number = offense_names.name_of(count, AS_OF, str).rpartition(", ")
    assert title, "it is called by more than its number"
    assert number == forms.written_offense(count)
    assert catalogue.on(AS_OF).rows(
        count["offense"], count.get("subdivision"), count.get("paragraph"), count.get("attempt")
    )


def test_a_county_not_chosen_is_not_known(client: AuditedClient, site_store: Store) -> None:
    client.submit(ended(client), {"common": [box("PC 242")]})
    document = kept(client, site_store)
    assert "county" not in document["cases"][0]
    assert document["unsure"] == ["c1/county"]
    page = client.submit("/en/q/c1/county?edit=1", {"answer": "Napa"})
    assert page.status_code == 200
    assert kept(client, site_store)["cases"][0]["county"] == "Napa"
    assert kept(client, site_store)["unsure"] == []


def test_a_county_that_is_none_is_not_kept(client: AuditedClient, site_store: Store) -> None:
    client.submit(ended(client), {"common": [box("PC 242")], "county": "Atlantis"}, tampered=True)
    assert "Atlantis" not in str(kept(client, site_store))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_not_known_what_it_was_for(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = client.submit(ended(client, lang), {"unsure": "y"})
    assert name_of(page) == "another"
    document = kept(client, site_store)
    assert named(document) == ["?"]
    assert set(document["unsure"]) == {"c1/county", "c1/k1/offense"}
    assert translate(lang, "Offense not known") in main_of(page)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, 1),
        ({"line2": "   "}, 1),
        ({"county": "Kern"}, 1),
        ({"unsure": "y", "line1": "PC 484"}, 1),
        ({"unsure": "y", "common": ["0"]}, 1),
        ({"line1": "x" * 81}, 1),
        ({"line1": "PC 484", "line2": "x" * 10_000, "line4": "🌿" * 81}, 2),
        ({"common": ["99"]}, 1),
        ({"common": ["Atlantis", "-1", "²"]}, 1),
    ],
)
def test_a_page_of_offenses_that_cannot_be_taken(
    client: AuditedClient, site_store: Store, lang: str, sent: dict[str, Any], fields: int
) -> None:
    page = ended(client, lang)
    before = kept(client, site_store)
    wrong = client.submit(page, sent, tampered=True)
    assert wrong.status_code == 422
    assert len(errors_of(wrong)) == fields
    for name in (*LINES, "county"):
        assert value_of(wrong, name) == sent.get(name, "")
    assert values_of(wrong, "common") == [v for v in sent.get("common", ()) if v == "0"]
    assert bool(values_of(wrong, "unsure")) is ("unsure" in sent)
    assert kept(client, site_store) == before


def test_no_more_than_one_visit_holds(client: AuditedClient, site_store: Store) -> None:
    document = told(one_case(offense="PC 242", county="Kern"))
    document["cases"][0]["counts"] = [
        {"id": f"k{n}", "offense": "PC 242", "attempt": False} for n in range(1, doc.MOST_CONVICTIONS - 1)
    ]
    holding(client, site_store, "en", document)
    wrong = client.submit("/en/q/c1/offenses", {"line1": "PC 484", "line2": "PC 211", "line3": "robbery"})
    assert wrong.status_code == 422
    assert str(doc.MOST_CONVICTIONS) in errors_of(wrong)[0]
    assert kept(client, site_store) == document, "all or none"
    assert client.submit("/en/q/c1/offenses", {"line1": "PC 484", "line2": "PC 211"}).status_code == 200
    full = client.submit("/en/another", {"answer": "new"})
    assert full.status_code == 422
    assert str(doc.MOST_CONVICTIONS) in errors_of(full)[0]


def test_a_page_sent_again_adds_only_what_is_new(client: AuditedClient, site_store: Store) -> None:
    page = ended(client)
    client.submit(page, {"common": [box("PC 484")], "line1": "something odd", "county": "Kern"})
    client.submit(page, {"common": [box("PC 484"), box("PC 242")], "line1": "something odd", "county": "Kern"})
    assert named(kept(client, site_store)) == ["PC 484", "'something odd'", "PC 242"]
    # Two counts of one offense are said on a page that knows of the first.
    client.submit("/en/q/c1/offenses", {"common": [box("PC 484")]})
    assert named(kept(client, site_store)) == ["PC 484", "'something odd'", "PC 242", "PC 484"]


def test_who_comes_back_to_the_page_and_adds_nothing_goes_on(client: AuditedClient, site_store: Store) -> None:
    client.submit(ended(client), {"common": [box("PC 484")]})
    page = client.submit("/en/q/c1/offenses", {"county": "Napa"})
    assert name_of(page) == "another"
    assert named(kept(client, site_store)) == ["PC 484"]
    assert kept(client, site_store)["cases"][0]["county"] == "Napa"


def test_a_case_that_is_not_there_leads_on(client: AuditedClient) -> None:
    begin(client)
    page = client.get("/en/q/c7/offenses", follow_redirects=True)
    assert name_of(page) == "q/c1/disposition"


# ---- in words


@pytest.mark.parametrize(("lang", "words"), [("en", "shoplifting"), ("es", "robo en tienda"), ("es", "shoplifting")])
def test_words_are_searched_and_the_person_chooses(
    client: AuditedClient, site_store: Store, lang: str, words: str
) -> None:
    page = client.submit(ended(client, lang), {"line1": words, "county": "Kern"})
    assert name_of(page) == "q/c1/k1/offense"
    assert named(kept(client, site_store)) == [repr(words)]
    assert words in main_of(page)
    found = offense_names.found(words, lang, lambda m: translate(lang, m), AS_OF)
    assert {a.value for a in found} >= {"PC 459.5", "PC 484"}
    first = len(COMMON.answers)
    shown = offered(page)
    assert list(shown) == [*(str(first + i) for i in range(len(found))), forms.OTHER, forms.UNSURE]
    for i, answer in enumerate(found):
        title, _, number = shown[str(first + i)].partition(" | ")
        assert title == translate(lang, answer.label)
        assert answer.help in number
    choice = next(i for i, a in enumerate(found) if a.value == "PC 484")
    page = client.submit(page, {"answer": str(first + choice)})
    assert name_of(page) == "another"
    assert named(kept(client, site_store)) == ["PC 484"]
    assert not kept(client, site_store)["cases"][0]["counts"][0].get("said")


def test_several_words_are_asked_one_after_the_other(client: AuditedClient, site_store: Store) -> None:
    page = client.submit(ended(client), {"common": [box("PC 242")], "line1": "shoplifting", "line2": "robbery"})
    asked = []
    while name_of(page).endswith("/offense"):
        asked.append(name_of(page))
        page = client.submit(page, {"answer": str(len(COMMON.answers))})
    assert asked == ["q/c1/k2/offense", "q/c1/k3/offense"]
    assert name_of(page) == "another"
    assert all(count["offense"] for count in kept(client, site_store)["cases"][0]["counts"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_with_several_parts_is_asked_which(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = client.submit(ended(client, lang), {"line1": "PC 487"})
    assert name_of(page) == "q/c1/k1/offense"
    rows = catalogue.on(AS_OF).rows("PC 487", None, None, False)
    assert len(rows) > 1
    numbers = [help_ for help_ in offered(page).values() if "487" in help_]
    assert len(numbers) == len(rows)
    chosen = str(len(COMMON.answers) + 1)
    client.submit(page, {"answer": chosen})
    (count,) = kept(client, site_store)["cases"][0]["counts"]
    assert forms.written_offense(count) in offered(page)[chosen]
    assert count["subdivision"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_insists_on_a_number_is_taken_at_their_word(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = client.submit(ended(client, lang), {"line1": "PC 487"})
    assert value_of(page, "other") == "PC 487"
    page = client.submit(page, {"answer": forms.OTHER})
    assert name_of(page) == "another"
    assert named(kept(client, site_store)) == ["PC 487"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", ["zzzzz", "🌿", "§§§", "' OR 1=1 --", "{{ 7*7 }} %(zq)d"])
def test_nothing_found_says_so_and_can_be_tried_again(
    client: AuditedClient, site_store: Store, lang: str, words: str
) -> None:
    client.auditing = "{{" not in words  # what was typed is shown as it is
    page = client.submit(ended(client, lang), {"line1": words})
    assert name_of(page) == "q/c1/k1/offense"
    assert offense_names.found(words, lang, str, AS_OF) == []
    assert words in main_of(page)
    assert list(offered(page))[:-2] == [str(i) for i in range(len(COMMON.answers))], "the most common ones are offered"
    again = client.submit(page, {"answer": forms.OTHER, "other": "robbery"})
    assert name_of(again) == "q/c1/k1/offense"
    assert any("PC 211" in shown for shown in offered(again).values())
    done = client.submit(again, {"answer": forms.UNSURE})
    assert name_of(done) == "another"
    assert kept(client, site_store)["unsure"] == ["c1/county", "c1/k1/offense"]
    assert named(kept(client, site_store)) == ["?"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_box_for_another_offense(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = client.submit(ended(client, lang), {"line1": "shoplifting"})
    before = kept(client, site_store)
    for words in ("", "   ", "x" * 81):
        wrong = client.submit(page, {"answer": forms.OTHER, "other": words})
        assert wrong.status_code == 422
        assert len(errors_of(wrong)) == 1
        assert (value_of(wrong, "answer"), value_of(wrong, "other")) == (forms.OTHER, words)
    assert kept(client, site_store) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_that_would_be_code_stay_words(client: AuditedClient, site_store: Store, lang: str) -> None:
    words = "<script>alert(1)</script>\"><b>'&amp;"
    page = client.submit(ended(client, lang), {"line1": words, "line2": "PC 484"})
    document = kept(client, site_store)
    assert named(document) == [repr(words), "PC 484"]
    for where in ("q/c1/k1/offense", "q/c1/offenses", "another", "answers", "results"):
        shown = client.get(f"/{lang}/{where}", follow_redirects=True)
        assert shown.status_code == 200
        assert "<script>alert" not in body(shown)
        assert "&lt;script&gt;alert(1)" in body(shown), where
    assert value_of(page, "other") == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_that_nobody_knows_goes_on_and_the_result_says_what_that_leaves_open(
    client: AuditedClient, site_store: Store, lang: str
) -> None:
    assert catalogue.on(AS_OF).rows("PC 99999", None, None, False) == ()
    page = client.submit(ended(client, lang), {"line1": "99999 PC", "county": "Kern"})
    assert name_of(page) == "another"
    page = client.submit(page, {"answer": "no"})
    while name_of(page).startswith("q/"):
        kinds = {q.fact: q.kind for q in flow.load()}
        kind = kinds[name_of(page).rsplit("/", 1)[1]]
        page = client.submit(page, {"instead" if kind == "date" else "answer": forms.UNSURE})
    shown = main_of(client.get(f"/{lang}/results"))
    assert "PC 99999" in shown
    (found,) = flow.findings(kept(client, site_store), AS_OF).counts
    assert found.best.outcome == "need_info"
    assert not found.sequence, "nothing is open on the ground of a number nobody knows"
    assert translate(lang, "What we do not know yet") in shown


# ---- one more case


def test_one_more_case_and_no_more(client: AuditedClient, site_store: Store) -> None:
    page = client.submit(ended(client), {"common": [box("PC 484")], "county": "Kern"})
    page = client.submit(page, {"answer": "new"})
    assert name_of(page) == "q/c2/disposition"
    page = client.submit(page, {"answer": "0"})
    page = client.submit(page, {"line1": "PC 211", "county": "Napa"})
    assert name_of(page) == "another"
    page = client.submit(page, {"answer": "no"})
    assert name_of(page).startswith("q/person/")
    document = kept(client, site_store)
    assert [named(document, n) for n in (0, 1)] == [["PC 484"], ["PC 211"]]
    assert document["done"]


@pytest.mark.parametrize("said", [(), ("0",)])
def test_who_wanted_no_other_case_after_all_can_go_back(
    client: AuditedClient, site_store: Store, said: tuple[str, ...]
) -> None:
    page = client.submit(ended(client), {"common": [box("PC 484")], "county": "Kern"})
    page = client.submit(page, {"answer": "new"})
    for answer in said:
        page = client.submit(page, {"answer": answer})
    back = [
        text_of(a) and a.get("href")
        for nav in read_page(body(page), "/").all("nav")
        if nav.get("class") == "back"
        for a in nav
    ]
    assert back == ["/en/q/c2/disposition" if said else "/en/another"]
    page = client.get("/en/another")
    assert len(read_page(body(page), "/").all("ol")[0]) == 1, "only what was told is listed"
    page = client.submit(page, {"answer": "no"})
    assert name_of(page).startswith("q/person/")
    assert [case["id"] for case in kept(client, site_store)["cases"]] == ["c1"]


def test_no_case_at_all_cannot_be_finished(client: AuditedClient, site_store: Store) -> None:
    begin(client)
    page = client.submit("/en/another", {"answer": "no"})
    assert name_of(page) == "q/c1/disposition"
    assert not kept(client, site_store)["done"]


def test_the_way_back_leads_through_the_pages_that_were_seen(client: AuditedClient) -> None:
    def back(page: TestResponse) -> str:
        (link,) = [a for nav in read_page(body(page), "/").all("nav") if nav.get("class") == "back" for a in nav]
        return str(link.get("href")).removeprefix("/en/")

    page = begin(client)
    assert back(page) == ""
    page = client.submit(page, {"answer": "0"})
    assert back(page) == "q/c1/disposition"
    page = client.submit(page, {"common": [box("PC 484")], "line1": "robbery"})
    assert back(page) == "q/c1/offenses"
    page = client.submit(page, {"answer": forms.UNSURE})
    assert back(page) == "q/c1/disposition"
    page = client.submit(page, {"answer": "no"})
    assert back(page) == "another"
    seen = name_of(page)
    page = client.submit(page, {"answer": "0"})
    assert back(page) == seen


# ---- a page of boxes


CHECKS = next(q for q in flow.load() if q.kind == "checks")
BOXES = [a.value for a in CHECKS.answers]
WHERE = f"q/person/{CHECKS.fact}"


@pytest.fixture
def boxes(client: AuditedClient, site_store: Store) -> AuditedClient:
    holding(client, site_store, "en", {**told(one_case(offense="PC 484", county="Kern")), "done": True})
    return client


def facts(client: AuditedClient, store: Store) -> dict[str, Any]:
    return {name: v for name, v in kept(client, store)["person"].items() if name in BOXES}


@pytest.mark.parametrize(
    ("sent", "true"), [([forms.NONE], []), (BOXES[:1], BOXES[:1]), (BOXES[1:3], BOXES[1:3]), (BOXES, BOXES)]
)
def test_every_box_is_a_yes_or_a_no_of_its_own(
    boxes: AuditedClient, site_store: Store, sent: list[str], true: list[str]
) -> None:
    page = boxes.get(f"/en/{WHERE}")
    assert values_of(page, "answer") == []
    page = boxes.submit(page, {"answer": sent})
    assert name_of(page) != WHERE
    assert facts(boxes, site_store) == {name: name in true for name in BOXES}
    assert kept(boxes, site_store)["unsure"] == []
    assert values_of(boxes.get(f"/en/{WHERE}"), "answer") == sent
    shown = main_of(boxes.get("/en/answers"))
    assert all((a.label in shown) is (a.value in true) for a in CHECKS.answers)


def test_not_saying_it_leaves_all_of_it_open(boxes: AuditedClient, site_store: Store) -> None:
    boxes.submit(f"/en/{WHERE}", {"answer": BOXES[:2]})
    page = boxes.submit(f"/en/{WHERE}", {"answer": [forms.UNSURE]})
    assert name_of(page) != WHERE, "it is not asked again"
    assert facts(boxes, site_store) == {}
    assert kept(boxes, site_store)["unsure"] == [f"person/{CHECKS.fact}"]
    assert values_of(boxes.get(f"/en/{WHERE}"), "answer") == [forms.UNSURE]
    boxes.submit(f"/en/{WHERE}", {"answer": [forms.NONE]})
    assert kept(boxes, site_store)["unsure"] == []
    assert facts(boxes, site_store) == dict.fromkeys(BOXES, False)


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [forms.NONE, forms.UNSURE],
        [BOXES[0], forms.NONE],
        [*BOXES, forms.UNSURE],
        ["Atlantis"],
        ["superstrike_or_290c"],
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_boxes_that_do_not_go_together(boxes: AuditedClient, site_store: Store, lang: str, sent: list[str]) -> None:
    before = kept(boxes, site_store)
    page = boxes.submit(f"/{lang}/{WHERE}", {"answer": sent}, tampered=True)
    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert values_of(page, "answer") == [v for v in sent if v in (*BOXES, forms.NONE, forms.UNSURE)]
    assert kept(boxes, site_store) == before


def test_a_number_can_be_read_as_it_is_shown() -> None:
    """What a page calls an offense, typed by the person, is that offense again."""
    for entry in catalogue.on(AS_OF).entries:
        count = {n: v for n in ("offense", "subdivision", "paragraph", "attempt") if (v := getattr(entry, n))}
        read = offenses.read(forms.written_offense(count))
        assert read is not None
        assert (read.offense, read.subdivision, read.paragraph, read.attempt) == (
            entry.offense,
            entry.subdivision,
            entry.paragraph,
            entry.attempt,
        )
