import itertools

import pytest

from rules.truth import Truth, all_of, any_of, both, either, negate, word

THREE: tuple[Truth, ...] = (True, False, None)


def kleene(op: str, parts: tuple[Truth, ...]) -> Truth:
    """By definition: the value that every way of settling the unknowns agrees on."""
    answers = set()
    for ways in itertools.product(*[(True, False) if p is None else (p,) for p in parts]):
        answers.add(all(ways) if op == "and" else any(ways))
    return answers.pop() if len(answers) == 1 else None


@pytest.mark.parametrize(("a", "b"), list(itertools.product(THREE, THREE)))
def test_both_and_either_are_what_every_settling_agrees_on(a: Truth, b: Truth) -> None:
    assert both(a, b) is kleene("and", (a, b))
    assert either(a, b) is kleene("or", (a, b))


@pytest.mark.parametrize("parts", [p for n in range(4) for p in itertools.product(THREE, repeat=n)])
def test_all_and_any(parts: tuple[Truth, ...]) -> None:
    assert all_of(parts) is kleene("and", parts)
    assert any_of(iter(parts)) is kleene("or", parts)


def test_negation_and_words() -> None:
    assert [negate(t) for t in THREE] == [False, True, None]
    assert [word(t) for t in THREE] == ["yes", "no", "unknown"]
