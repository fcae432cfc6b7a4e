from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import expression as ex
from rules.expression import BadExpression, atoms_in, compiled, facts_in, law_in, names_in, parse, printed, walk
from rules.facts import dictionary
from rules.law import numbers
from rules.span import Span, at_most, over
from tests.rules.strategies import AS_OF

NAMES = {"plants", "level", "for_sale", "gave", "offense_date", "birth_date"}
LAW = {"limit": 6, "act": date(2016, 11, 9), "gone": None}


def value(text: str, **facts: object) -> object:
    return compiled(parse(text, NAMES, LAW), LAW)(facts)  # the facts stand in a plain dict, unknown ones left out


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("plants <= law.limit", {"plants": 6}, True),
        ("plants <= law.limit", {"plants": 7}, False),
        ("plants <= law.limit", {}, None),
        ("plants <= law.limit", {"plants": at_most(6)}, True),
        ("plants <= law.gone", {"plants": 6}, None),
        ("plants == 6", {"plants": 6}, True),
        ("law.limit >= plants", {"plants": 6}, True),
        ("law.limit in [6, 7]", {}, True),
        ("gave and law.limit > 5", {"gave": True}, True),
        ("gave or law.limit > 5", {"gave": False}, True),
        ("first_known(plants, law.limit)", {}, 6),
        ("given(law.limit > 5, plants)", {"plants": 4}, 4),
        ("given(gave, law.limit)", {"gave": True}, 6),
        ("not (plants <= law.limit)", {"plants": 6}, False),
        ("not law.gone", {}, None),
        ("plants != 6", {"plants": 6}, False),
        ("plants < 6", {"plants": 6}, False),
        ("plants > 5", {"plants": 6}, True),
        ("plants >= 6", {"plants": 6}, True),
        ("plants > -1", {"plants": 0}, True),
        ("6 > plants", {"plants": 5}, True),
        ("offense_date < law.act", {"offense_date": date(2016, 11, 8)}, True),
        ('level in ["felony", "misdemeanor"]', {"level": "felony"}, True),
        ('level in ["felony", "misdemeanor"]', {"level": "infraction"}, False),
        ('level in ["felony"]', {}, None),
        ('level not in ["felony"]', {"level": "felony"}, False),
        ("not for_sale", {"for_sale": False}, True),
        ("not for_sale", {}, None),
        ("for_sale and gave", {"gave": False}, False),
        ("for_sale and gave", {"gave": True}, None),
        ("for_sale or gave", {"gave": True}, True),
        ("for_sale or gave", {"gave": False}, None),
        ("for_sale or gave", {"gave": False, "for_sale": False}, False),
        ("for_sale and gave", {"gave": True, "for_sale": True}, True),
        ("known(plants)", {}, False),
        ("known(plants <= law.limit)", {"plants": 3}, True),
        ("known(plants)", {"plants": over(6)}, True),
        ("known(for_sale and gave)", {"gave": False}, True),
        ("given(gave, 7)", {"gave": True}, 7),
        ("given(gave, 7)", {"gave": False}, None),
        ("given(gave, 7)", {}, None),
        ("first_known(plants, given(gave, 2), 3)", {"gave": True}, 2),
        ("first_known(plants, given(gave, 2), 3)", {"plants": 0}, 0),
        ("first_known(plants, 3)", {}, 3),
        ("first_known(plants)", {}, None),
        ("narrowed(plants, at_most(law.limit))", {"plants": Span(4, 9)}, Span(4, 6)),
        ("at_most(plants)", {}, None),
        ("over(plants)", {}, None),
        ("over(plants)", {"plants": 6}, over(6)),
        ("add_years(offense_date, 2)", {"offense_date": date(2016, 2, 29)}, date(2018, 2, 28)),
        ("add_days(offense_date, 2)", {"offense_date": date(2016, 2, 28)}, date(2016, 3, 1)),
        (
            "years_between(birth_date, offense_date)",
            {"birth_date": date(2000, 1, 1), "offense_date": date(2016, 1, 1)},
            16,
        ),
        (
            "earliest(offense_date, birth_date)",
            {"birth_date": date(2000, 1, 1), "offense_date": date(2016, 1, 1)},
            date(2000, 1, 1),
        ),
        ("as_of > law.act", {"as_of": date(2026, 1, 1)}, True),
        ("True", {}, True),
        ('"text"', {}, "text"),
    ],
)
def test_what_a_rule_gives(text: str, facts: dict[str, object], expected: object) -> None:
    assert value(text, **facts) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("plant <= 6", "neither a fact of facts.yaml nor a requirement of this remedy ('plant')"),
        ("plants <= law.limits", "no number of that name in rules/law; known: act, gone, limit ('law.limits')"),
        ("plants <= other.limit", "not part of the rule language ('other.limit')"),
        ("plants <=", "cannot read the rule 'plants <='"),
        ("plants) or (gave", "unmatched ')' at column 7"),
        ("__import__('os').system('true')", "not part of the rule language"),
        ("__import__('os')", "not part of the rule language (\"__import__('os')\")"),
        ("eval('1')", "not part of the rule language"),
        ("gave.__class__", "not part of the rule language ('gave.__class__')"),
        ("[g for g in gave]", "not part of the rule language"),
        ("lambda: 1", "not part of the rule language"),
        ("plants + 1 > 2", "not part of the rule language ('plants + 1')"),
        ("1 < plants < 6", "not part of the rule language"),
        ("plants if gave else 1", "not part of the rule language"),
        ("level in level", "not part of the rule language"),
        ("level in [gave]", "only plain texts and numbers may stand in a list ('gave')"),
        ("level in [b'x']", "only plain texts and numbers"),
        ("plants is 6", "not part of the rule language"),
        ("f'{gave}'", "not part of the rule language"),
        ("None", "not part of the rule language"),
        ("known(gave, plants)", "not part of the rule language"),
        ("known(of=gave)", "not part of the rule language"),
        ("given(gave)", "given takes 2 to 2 arguments"),
        ("first_known()", "first_known takes 1 to 9 arguments"),
        ("add_years(offense_date, 1, 2)", "add_years takes 2 to 2 arguments"),
        ("given(gave, then=1)", "not part of the rule language"),
        ("gave := True", "cannot read the rule"),
        ("gave\x00", "cannot read the rule"),
        ("(" * 500 + "gave" + ")" * 500, "cannot read the rule"),
        ("", "cannot read the rule"),
    ],
)
def test_what_is_not_of_the_language_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse(text, NAMES, LAW)
    assert says in str(refused.value)


def test_a_rule_too_deep_to_read_is_shown_in_part() -> None:
    with pytest.raises(BadExpression) as refused:
        parse("(" * 500 + "gave" + ")" * 500, NAMES, LAW)
    assert str(refused.value).startswith("cannot read the rule '((((")
    assert len(str(refused.value)) < 1_100


def test_a_rule_nested_beyond_measure_is_refused_like_any_other() -> None:
    with pytest.raises(BadExpression, match=r"^cannot read the rule 'not not not "):
        parse("not " * 20_000 + "gave", NAMES, LAW)


BY_SECTION = 'catalogue("level", offense, subdivision, paragraph, attempt)'


def test_the_catalogue_is_asked_for_the_offense_of_the_record() -> None:
    law = numbers(AS_OF)
    tree = parse(f'{BY_SECTION} == "F"', dictionary())
    assert isinstance(tree, ex.Compare)
    level = compiled(tree.left, law)
    assert level({"offense": "PC 187", "attempt": False}) == "F"
    assert level({"offense": "PC 242", "attempt": False}) == "M"
    assert level({"offense": "PC 288", "subdivision": "a", "attempt": False}) == "F"
    assert level({"offense": "PC 288", "attempt": False}) is None, "(c) is a wobbler"
    assert level({}) is None
    assert facts_in(tree) == ("offense", "subdivision", "paragraph", "attempt")
    assert printed(tree) == f'{BY_SECTION} == "F"'


@pytest.mark.parametrize("arguments", ["offense", "offense, subdivision, paragraph", "1, 2, 3, 4, 5"])
def test_the_catalogue_is_asked_with_all_four_parts_of_an_offense(arguments: str) -> None:
    says = "catalogue takes a column, then offense, subdivision, paragraph, attempt"
    with pytest.raises(BadExpression) as refused:
        parse(f'catalogue("level", {arguments})', dictionary())
    place = f"""catalogue('level', {arguments})"""
    assert str(refused.value) == f"""in the rule 'catalogue("level", {arguments})': {says} ({place!r})"""


@pytest.mark.parametrize(
    "text",
    [
        'level not in ["felony", "misdemeanor"]',
        "not (gave and for_sale)",
        "gave and (for_sale or plants > 6)",
        "gave and not for_sale",
        "narrowed(plants, at_most(6), 3)",
    ],
)
def test_a_rule_is_printed_as_a_lawyer_would_write_it(text: str) -> None:
    """No bracket and no "not" more than needed: the book is read by people."""
    assert printed(parse(text, NAMES)) == text


def test_texts_are_printed_as_they_are() -> None:
    assert printed(parse('level == "señal"', NAMES)) == 'level == "señal"'


def test_list_members_are_told_by_place() -> None:
    with pytest.raises(BadExpression, match=r"\('gave'\)"):
        parse('level in ["a", gave]', NAMES, LAW)


def test_requirements_stand_for_their_trees() -> None:
    small = parse("plants <= law.limit", NAMES, LAW)
    tree = parse("small and not gave", {"gave"}, (), {"small": small})
    assert tree == ex.All((small, ex.Not(ex.Fact("gave"))))
    with pytest.raises(BadExpression):
        parse("small and plants > 1", (), (), {"small": small})


def test_a_rule_may_be_written_on_several_lines() -> None:
    assert parse("plants > 1\n     and gave", NAMES) == parse("plants > 1 and gave", NAMES)


def test_reading_a_tree() -> None:
    tree = parse(
        '(plants <= law.limit or level in ["felony"]) and not gave and known(birth_date) and as_of > law.act',
        NAMES,
        LAW,
    )
    assert facts_in(tree) == ("plants", "level", "gave", "birth_date")
    assert law_in(tree) == ("limit", "act")
    assert [printed(a) for a in atoms_in(tree)] == [
        "plants <= law.limit",
        'level in ["felony"]',
        "gave",
        "known(birth_date)",
        "as_of > law.act",
    ]
    assert facts_in(parse("years_between(birth_date, offense_date) > 1", NAMES)) == ("birth_date", "offense_date")
    assert names_in("gave and (plants > 1 or not level) and gave") == ("gave", "plants", "level")
    assert next(iter(walk(tree))) is tree


def test_what_is_neither_yes_nor_no_is_no_requirement() -> None:
    with pytest.raises(BadExpression, match="neither yes nor no: add_days"):
        list(atoms_in(parse("add_days(offense_date, 1)", NAMES)))
    with pytest.raises(BadExpression, match="neither yes nor no"):
        list(atoms_in(parse("gave and 1", NAMES)))


def test_what_is_no_tree_is_refused() -> None:
    with pytest.raises(BadExpression, match="cannot compile 'gave'"):
        compiled("gave", {})  # type: ignore[arg-type]
    with pytest.raises(BadExpression, match="cannot print 'gave'"):
        printed("gave")  # type: ignore[arg-type]


names = st.sampled_from(sorted(NAMES)).map(ex.Fact)
literals = st.sampled_from([True, False, 6, 28.5, -2, "felony", 'a "quoted" text', "it's"]).map(ex.Literal)
atoms = st.one_of(
    names,
    st.builds(ex.Compare, st.sampled_from(sorted(ex.OPERATIONS)), names, literals | st.just(ex.LawNumber("limit"))),
    st.builds(ex.Among, names, st.lists(st.sampled_from(["a", "b", 3]), min_size=1, max_size=3).map(tuple)),
    st.builds(ex.Known, names),
)
trees = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(ex.Not, inner),
        st.builds(ex.All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(ex.Any, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(trees)
def test_a_printed_rule_reads_as_the_same_rule(tree: ex.Expr) -> None:
    assert parse(printed(tree), NAMES, LAW) == tree
