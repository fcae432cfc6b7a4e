"""The fast lines say what the trees say."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import expression as ex
from rules import straight_line
from rules.expression import compiled, parse
from rules.facts import derivations, dictionary
from rules.judge import build
from rules.law import numbers, series
from rules.remedies import REMEDIES
from rules.span import Span, could_be
from rules.straight_line import Taken, masks
from tests.rules.strategies import AS_OF, knowledge, worlds

PROP64 = REMEDIES[0]
LAW = build(PROP64, AS_OF)
VALUES = numbers(AS_OF)


def with_derived(facts: dict[str, object]) -> dict[str, object]:
    whole = dict(facts) | {"as_of": AS_OF}
    for name, tree in derivations():
        whole[name] = compiled(tree, VALUES)(whole)
    return whole


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_reader_reads_what_the_trees_read(data: st.DataObject) -> None:
    facts = data.draw(knowledge(data.draw(worlds())))
    known, presumed = LAW.read(facts, AS_OF)
    whole = with_derived(facts)
    assert known == tuple(compiled(a, VALUES)(whole) for a in LAW.atoms)
    trees = {r.name: parse(r.test, dictionary(), series()) for r in PROP64.requirements}
    taken = {
        p.fact: p.value
        for p in PROP64.presumptions
        if (facts.get(p.fact) is None or (isinstance(facts[p.fact], Span) and could_be(facts[p.fact], p.value)))
        and compiled(parse(p.when, dictionary(), series(), trees), VALUES)(whole) is True
    }
    again = with_derived(facts | taken)
    assert presumed == tuple(compiled(a, VALUES)(again) for a in LAW.atoms)


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


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ex.BadExpression, match="neither yes nor no: 3"):
        straight_line.table([ex.Literal(3)], {})
    with pytest.raises(ex.BadExpression, match="cannot write 'gave'"):
        straight_line.reader(("gave",), (), (), {})  # type: ignore[arg-type]
