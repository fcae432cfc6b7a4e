"""The fast lines say what the trees say."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings

from rules import expression as ex
from rules import straight_line
from rules.expression import compiled, parse
from rules.facts import derivations, dictionary
from rules.judge import build, derive
from rules.law import numbers, series
from rules.remedies import REMEDIES
from rules.span import Span, Value, could_be
from rules.straight_line import Taken, masks
from tests.rules.strategies import AS_OF, Dice, dice, knowledge, life

VALUES = numbers(AS_OF)
LAWS = [build(r, AS_OF) for r in REMEDIES]
DERIVATIONS = [(name, compiled(tree, VALUES)) for name, tree in derivations()]
ATOMS_OF = [[compiled(a, VALUES) for a in law.atoms] for law in LAWS]
PRESUMED_WHERE = [
    [
        (
            p,
            compiled(
                parse(
                    p.when,
                    dictionary(),
                    series(),
                    {q.name: parse(q.test, dictionary(), series()) for q in r.requirements},
                ),
                VALUES,
            ),
        )
        for p in r.presumptions
    ]
    for r in REMEDIES
]


def with_derived(facts: dict[str, Value]) -> dict[str, Value]:
    whole = dict(facts) | {"as_of": AS_OF}
    for name, computed in DERIVATIONS:
        whole[name] = computed(whole)
    return whole


@settings(max_examples=100, deadline=None)
@given(dice())
def test_what_follows_is_what_the_trees_say(d: Dice) -> None:
    facts = knowledge(d, life(d))
    whole = with_derived(facts)
    assert derive(facts, AS_OF) == {n: v for n, v in whole.items() if n != "as_of"}


@settings(max_examples=100, deadline=None)
@given(dice())
def test_the_reader_of_every_remedy_reads_what_the_trees_say(d: Dice) -> None:
    facts = knowledge(d, life(d))
    whole = with_derived(facts)
    for law, atoms, presumptions in zip(LAWS, ATOMS_OF, PRESUMED_WHERE, strict=True):
        known, presumed = law.read(derive(facts, AS_OF), AS_OF)
        assert known == tuple(atom(whole) for atom in atoms)
        taken = {
            p.fact: p.value
            for p, holds in presumptions
            if (facts.get(p.fact) is None or (isinstance(facts[p.fact], Span) and could_be(facts[p.fact], p.value)))
            and holds(whole) is True
        }
        again = with_derived(facts | taken) if taken else whole
        assert presumed == tuple(atom(again) for atom in atoms)


@settings(max_examples=100, deadline=None)
@given(dice())
def test_a_presumption_never_overrules_what_is_known(d: Dice) -> None:
    facts = derive(knowledge(d, life(d)), AS_OF)
    for law in LAWS:
        for atom, known, presumed in zip(law.atoms, *law.read(facts, AS_OF), strict=True):
            if not isinstance(atom, ex.Known):
                assert known is None or presumed is known, f"{law.remedy.name}: {ex.printed(atom)}"


@settings(max_examples=100, deadline=None)
@given(dice())
def test_the_gate_of_a_remedy_reads_its_atoms_alone(d: Dice) -> None:
    facts = derive(knowledge(d, life(d)), AS_OF)
    for law in LAWS:
        if law.gate is not None:
            known, _ = law.read(facts, AS_OF)
            assert law.gate.read(facts, AS_OF) == tuple(known[place] for place in law.gate.places)


ATOMS = {ex.Fact(n): i for i, n in enumerate("abc")}


@pytest.mark.parametrize(
    "text",
    ["a", "not a", "not (not a)", "a and b", "a or not b", "not (a and b) or c", "a and (b or not c)", "True", "False"],
)
def test_a_table_gives_three_valued_truth(text: str) -> None:
    tree = parse(text, "abc")
    table = straight_line.table([tree, ex.Fact("a")], ATOMS)
    for v in itertools.product((True, False, None), repeat=3):
        facts = dict(zip("abc", v, strict=True))
        assert table(*masks(v)) == (compiled(tree, {})(facts), v[0])


def test_the_first_row_that_is_not_ruled_out() -> None:
    rows = [parse(text, "abc") for text in ("a and b", "not c", "True")]
    first = straight_line.first(rows, ATOMS)
    assert first(*masks((True, True, True))) == 0
    assert first(*masks((True, None, True))) == ~0
    assert first(*masks((False, None, False))) == 1
    assert first(*masks((False, None, None))) == ~1
    assert first(*masks((False, None, True))) == 2
    with pytest.raises(ValueError, match="no row holds"):
        straight_line.first(rows[:1], ATOMS)(*masks((False, True, True)))


def test_masks() -> None:
    assert masks(()) == (0, 0)
    assert masks((True, False, None, True)) == (0b1001, 0b1101)


def test_what_is_taken_while_unknown() -> None:
    atoms = (parse("plants <= 6", ("plants",)), parse("gave", ("gave",)))
    read = straight_line.reader(atoms, (), [Taken("plants", 0, ex.Fact("gave"))], {})
    assert read({}, AS_OF) == ((None, None), (None, None))
    assert read({"gave": True}, AS_OF) == ((None, True), (True, True))
    assert read({"gave": False}, AS_OF) == ((None, False), (None, False))
    assert read({"gave": True, "plants": Span(0, 9)}, AS_OF) == ((None, True), (True, True))
    assert read({"gave": True, "plants": Span(5, 9)}, AS_OF) == ((None, True), (None, True))
    assert read({"gave": True, "plants": 7}, AS_OF) == ((False, True), (False, True))


def test_the_catalogue_is_asked_by_a_derived_section_once_that_is_known() -> None:
    """A section read from the printed text would be derived itself: its row cannot be looked up before it."""
    derived = [
        ("first_section", parse("given(True, printed)", {"printed"})),
        (
            "by_section",
            parse(
                'catalogue("level", first_section, subdivision, paragraph, attempt)', {"first_section", *dictionary()}
            ),
        ),
        ("stated", parse('catalogue("level", offense, subdivision, paragraph, attempt)', set(dictionary()))),
    ]
    derive_all = straight_line.deriver(derived, VALUES)
    facts = derive_all({"printed": "PC 187", "offense": "PC 415", "attempt": False}, AS_OF)
    assert (facts["by_section"], facts["stated"]) == (
        "F",
        VALUES[ex.OFFENSES].value("level", "PC 415", None, None, False),
    )
    assert facts["by_section"] != facts["stated"] is not None


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ex.BadExpression, match="neither yes nor no: 3"):
        straight_line.table([ex.Literal(3)], {})
    with pytest.raises(ex.BadExpression, match="cannot write 'gave'"):
        straight_line.reader(("gave",), (), (), {})  # type: ignore[arg-type]
