"""The rules' own trees over columns: a million counts at a time, and nothing written twice.

`expression.py` has the trees; here each becomes a Polars expression. A yes/no column with empty cells is exactly
Kleene's logic in Polars (an empty cell is "unknown", ``&``, ``|`` and ``~`` treat it as `truth.py` does). Texts and
yes/no facts are one column. Dates and numbers may be known only roughly (`span.py`): such a fact is four columns, its
two ends and whether an end is itself left out; an exact value is a span whose ends are the same.

A remedy is a table over *atoms*, the smallest yes/no parts, and decides from the tuple of atoms alone (judge.py). So a
decision over columns is: read the atoms as columns, as known and as presumed; give every distinct tuple one number;
let the judge decide *one* count of each number, and join the answers back. Exact by construction: the table, the
presumptions and the words are the judge's own. A hundred thousand counts share a few hundred tuples.

Worked example: three possessions for sale (11359). Two people have no earlier conviction of the section and one has
two; their atoms differ in ``same_section_priors >= law.prior_limit`` alone::

    same_section_priors   atom    number   decided once
    0                     false   0        redesignate_misdemeanor
    0                     false   0
    2                     true    1        needs_lawyer

What is told besides the decision, the facts that would settle it, hangs on which facts are known at all: that is part
of the number. Days are not: they differ from count to count, and are the judge's to give.

Polars comes with the extra `[bulk]`; nothing else of `rules` imports this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import polars as pl

from . import expression as ex
from .facts import derivations, dictionary
from .judge import Finding, judged, ready
from .law import numbers
from .remedy import Remedy
from .span import Ordered, Span, Value

CATALOGUE_KEYS = ("offense", "subdivision", "paragraph", "attempt")
_DTYPES: Mapping[str, type[pl.DataType]] = {
    "yes_no": pl.Boolean,
    "date": pl.Date,
    "number": pl.Float64,
    "choice": pl.String,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class Exact:
    """A value known exactly or not at all: one column."""

    of: pl.Expr


@dataclass(frozen=True, slots=True)
class Rough:
    """A date or a number that may be known roughly: the ends of its span, and whether an end is left out."""

    low: pl.Expr
    high: pl.Expr
    above: pl.Expr
    below: pl.Expr


Column = Exact | Rough
_NO, _YES = pl.lit(False), pl.lit(True)


class Counts:
    """Counts as columns. A fact is a column of its name; one known roughly is four: ``name.low``, ``name.high``,
    ``name.above`` and ``name.below``. A fact without a column is unknown for all."""

    def __init__(self, facts: pl.DataFrame, as_of: date) -> None:
        self.as_of = as_of
        self.law = numbers(as_of)
        self.frame = _with_catalogue(facts, self.law)
        self._stated = frozenset(facts.columns)
        self._derived = dict(derivations())
        self._names = 0

    def column(self, tree: ex.Expr) -> Column:
        """The tree over all counts. Raises BadExpression for a tree that has no columns."""
        return _Reader(self, {}).of(tree)

    def truths(self, trees: Sequence[ex.Expr], taken: Mapping[str, Column] | None = None) -> list[pl.Series]:
        """Each tree as a column of yes, no and unknown (empty). ``taken``: facts that stand in place of the stated ones
        (a presumption)."""
        reader = _Reader(self, {} if taken is None else taken)
        expressions = [_exact(reader.of(t), t).cast(pl.Boolean).alias(str(i)) for i, t in enumerate(trees)]
        return self.frame.select(expressions).get_columns()

    def fact(self, name: str) -> Column:
        """A stated fact, as it stands in the frame."""
        if name in self._stated:
            return Exact(pl.col(name))
        if f"{name}.low" in self._stated:
            return Rough(*(pl.col(f"{name}.{part}") for part in ("low", "high", "above", "below")))
        return Exact(pl.lit(None, dtype=_DTYPES[dictionary()[name].type]))

    def kept(self, column: Column) -> Column:
        """The same column, computed now and once: what is built on it stays small."""
        self._names += 1
        name = f"\0{self._names}"
        if isinstance(column, Exact):
            self.frame = self.frame.with_columns(column.of.alias(name))
            return Exact(pl.col(name))
        parts = {"low": column.low, "high": column.high, "above": column.above, "below": column.below}
        self.frame = self.frame.with_columns([e.alias(f"{name}.{part}") for part, e in parts.items()])
        return Rough(*(pl.col(f"{name}.{part}") for part in parts))

    def stated_at(self, row: int) -> dict[str, Value]:
        """The stated facts of one count, as the judge reads them; unknown ones are left out."""
        cells = self.frame.row(row, named=True)
        found: dict[str, Value] = {}
        for name in dictionary():
            if name in self._stated:
                value = cells[name]
            elif f"{name}.low" in self._stated:
                value = _value(*(cells[f"{name}.{part}"] for part in ("low", "high", "above", "below")))
            else:
                continue
            if value is not None:
                found[name] = value
        return found

    def pattern(self) -> list[pl.Expr]:
        """Which stated facts are known, and which exactly: two columns of yes and no each."""
        made = []
        for name in dictionary():
            if name in self._stated:
                made.append(pl.col(name).is_not_null())
            elif f"{name}.low" in self._stated:
                low, high = pl.col(f"{name}.low"), pl.col(f"{name}.high")
                made += [low.is_not_null() | high.is_not_null(), low.eq_missing(high)]
        return made


def decide(remedy: Remedy, counts: Counts) -> tuple[pl.Series, list[Finding]]:
    """What the remedy gives every count: the number of its finding, and the findings by number. A finding is that of
    the first count with its number: outcome, reasons and open facts are the same for all of them, its dates are its
    own."""
    law = ready(remedy, counts.as_of)
    if not counts.frame.height:
        return pl.Series("finding", [], dtype=pl.UInt32), []
    taken: dict[str, Column] = {}
    for p in law.taken:
        taken[p.fact] = counts.kept(_presumed(counts, p.fact, p.value, counts.column(p.when)))
    known, presumed = counts.truths(law.atoms), counts.truths(law.atoms, taken)
    patterns = counts.frame.select([e.alias(str(i)) for i, e in enumerate(counts.pattern())]).get_columns()
    keys = _packed([*known, *presumed, *patterns])
    numbered = keys.with_row_index("row").group_by(keys.columns, maintain_order=True).agg(pl.col("row").first())
    numbered = numbered.with_row_index("finding")
    findings = [judged(law, counts.stated_at(row), counts.as_of) for row in numbered["row"]]
    joined = keys.join(numbered, on=keys.columns, how="left", maintain_order="left")
    return joined["finding"], findings


def _packed(truths: Sequence[pl.Series]) -> pl.DataFrame:
    """The truths of a row as a few whole numbers: 40 of them, each no, yes or unknown, fit one number. (3^40 is less
    than 2^64. A sum past the largest whole number goes on at the smallest, and no two meet.)"""
    frame = pl.DataFrame([s.alias(str(i)) for i, s in enumerate(truths)])
    packs = []
    for start in range(0, len(truths), 40):
        digits = [
            pl.col(str(i)).cast(pl.Int64).fill_null(2) * 3 ** (i - start)
            for i in range(start, min(start + 40, len(truths)))
        ]
        packs.append(reduce(lambda a, b: a + b, digits).alias(f"key{start}"))
    return frame.select(packs)


def _presumed(counts: Counts, fact: str, value: bool | int | str, when: Column) -> Column:
    """The fact, with ``value`` where it is unknown (of a span: where it could be that) and the condition holds."""
    stated, holds = counts.fact(fact), _exact(when, ex.Literal(True))
    if isinstance(stated, Exact):
        return Exact(pl.when(stated.of.is_null() & holds).then(pl.lit(value)).otherwise(stated.of))
    exact = _rough(Exact(pl.lit(value)))
    could = ~_known(stated) | _equal(stated, exact).ne_missing(_NO)
    return _choose(could & holds, exact, stated)


def _with_catalogue(facts: pl.DataFrame, law: ex.Law) -> pl.DataFrame:
    """The frame with what the offense catalogue says of each count, a column ``catalogue.<column>`` for each of its
    own; every distinct offense is looked up once."""
    columns = sorted({n.column for _, t in derivations() for n in ex.walk(t) if isinstance(n, ex.LookUp)})
    dtypes: Mapping[str, type[pl.DataType]] = {"attempt": pl.Boolean}
    missing = [pl.lit(None, dtype=dtypes.get(k, pl.String)).alias(k) for k in CATALOGUE_KEYS if k not in facts.columns]
    keys = facts.select([*(pl.col(k) for k in CATALOGUE_KEYS if k in facts.columns), *missing]).select(CATALOGUE_KEYS)
    if not facts.height:
        keys = keys.clear()
    elif keys.height == 1:  # all keys were missing: one row of literals
        keys = pl.concat([keys] * facts.height)
    distinct = keys.unique()
    answers = [law[ex.OFFENSES].answers(*row) for row in distinct.iter_rows()]
    told = pl.DataFrame(
        {f"catalogue.{c}": [a[c] for a in answers] for c in columns},
        schema={f"catalogue.{c}": pl.String for c in columns},
    )
    found = keys.join(
        distinct.hstack(told), on=list(CATALOGUE_KEYS), how="left", nulls_equal=True, maintain_order="left"
    )
    return facts.hstack(found.select(told.columns))


class _Reader:
    """Trees to columns; facts that follow from others are computed once and kept."""

    def __init__(self, counts: Counts, taken: Mapping[str, Column]) -> None:
        self.counts, self.taken = counts, taken
        self.made: dict[str, Column] = {}

    def of(self, tree: ex.Expr) -> Column:
        match tree:
            case ex.Literal() | ex.LawNumber():
                return Exact(pl.lit(ex.constant(tree, self.counts.law)))  # nothing in a rule is written roughly
            case ex.Fact(name):
                return self._fact(name)
            case ex.Known(of):
                return Exact(_known(self.of(of)))
            case ex.Compare(op, left, right):
                return Exact(_compare(op, self.of(left), self.of(right)))
            case ex.Among(of, values):
                return Exact(_among(self.of(of), values))
            case ex.LookUp(column, of_) if of_ == tuple(ex.Fact(k) for k in CATALOGUE_KEYS):
                return Exact(pl.col(f"catalogue.{column}"))
            case ex.Not(of):
                return Exact(~_exact(self.of(of), of))
            case ex.All(parts):
                return Exact(reduce(lambda a, b: a & b, [_exact(self.of(p), p) for p in parts]))
            case ex.Any(parts):
                return Exact(reduce(lambda a, b: a | b, [_exact(self.of(p), p) for p in parts]))
            case ex.Call("given", (condition, then)):
                holds = _exact(self.of(condition), condition)
                return _masked(holds, self.of(then))
            case ex.Call(name, arguments) if name in _CALLS:
                return _CALLS[name](self.counts, [self.of(a) for a in arguments])
        raise ex.BadExpression(f"has no columns: {ex.printed(tree)}")

    def _fact(self, name: str) -> Column:
        if name == "as_of":
            return Exact(pl.lit(self.counts.as_of))
        if name in self.taken:
            return self.taken[name]
        if name not in self.made:
            derived = self.counts._derived.get(name)
            self.made[name] = self.counts.fact(name) if derived is None else self.counts.kept(self.of(derived))
        return self.made[name]


# ---- values


def _value(low: Ordered | None, high: Ordered | None, above: bool | None, below: bool | None) -> Value:
    if low is None and high is None:
        return None
    return low if low == high and not above and not below else Span(low, high, bool(above), bool(below))


def _exact(column: Column, tree: ex.Expr) -> pl.Expr:
    if isinstance(column, Rough):
        raise ex.BadExpression(f"neither yes nor no: {ex.printed(tree)}")
    return column.of


def _rough(column: Column) -> Rough:
    return column if isinstance(column, Rough) else Rough(column.of, column.of, _NO, _NO)


def _known(column: Column) -> pl.Expr:
    if isinstance(column, Exact):
        return column.of.is_not_null()
    return column.low.is_not_null() | column.high.is_not_null()


def _masked(holds: pl.Expr, column: Column) -> Column:
    """The value where the condition holds, else unknown."""
    if isinstance(column, Exact):
        return Exact(pl.when(holds).then(column.of))
    return Rough(
        pl.when(holds).then(column.low),
        pl.when(holds).then(column.high),
        pl.when(holds).then(column.above).otherwise(_NO),
        pl.when(holds).then(column.below).otherwise(_NO),
    )


def _choose(condition: pl.Expr, yes: Rough, no: Rough) -> Rough:
    which = pl.when(condition)
    return Rough(
        which.then(yes.low).otherwise(no.low),
        which.then(yes.high).otherwise(no.high),
        which.then(yes.above).otherwise(no.above),
        which.then(yes.below).otherwise(no.below),
    )


def _among(column: Column, values: tuple[Value, ...]) -> pl.Expr:
    numbers_ = [float(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if isinstance(column, Exact):
        return column.of.cast(pl.Float64).is_in(numbers_) if numbers_ else column.of.is_in(list(values))
    # Only numbers can be known roughly and be written in a list.
    exact = column.low.eq(column.high).fill_null(False) & ~column.above & ~column.below
    return pl.when(_known(column)).then(exact & column.low.cast(pl.Float64).is_in(numbers_))


# ---- comparing (span.py, line for line)


def _three(yes: pl.Expr, no: pl.Expr) -> pl.Expr:
    return pl.when(yes.fill_null(False)).then(_YES).when(no.fill_null(False)).then(_NO)


def _less(a: Rough, b: Rough) -> pl.Expr:
    yes = (a.high < b.low).fill_null(False) | ((a.high == b.low) & (a.below | b.above))
    return _three(yes, (b.high < a.low).fill_null(False) | (a.low == b.high))


def _at_most(a: Rough, b: Rough) -> pl.Expr:
    no = (b.high < a.low).fill_null(False) | ((a.low == b.high) & (a.above | b.below))
    return _three((a.high < b.low).fill_null(False) | (a.high == b.low), no)


def _equal(a: Rough, b: Rough) -> pl.Expr:
    apart = _less(a, b).fill_null(False) | _less(b, a).fill_null(False)
    same = (a.low == a.high) & (b.low == b.high) & (a.low == b.low)
    return pl.when(apart).then(_NO).when(same.fill_null(False)).then(_YES)


def _compare(op: str, left: Column, right: Column) -> pl.Expr:
    if isinstance(left, Exact) and isinstance(right, Exact):
        return _EXACT[op](left.of, right.of)
    a, b = _rough(left), _rough(right)
    return _ROUGH[op](a, b)


_EXACT: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ROUGH: Mapping[str, Callable[[Rough, Rough], pl.Expr]] = {
    "==": _equal,
    "!=": lambda a, b: ~_equal(a, b),
    "<": _less,
    "<=": _at_most,
    ">": lambda a, b: _less(b, a),
    ">=": lambda a, b: _at_most(b, a),
}


# ---- functions of the rule language (when.py and span.py, over columns)


def _moved(column: Column, by: Column, unit: str) -> Column:
    steps = pl.format("{}" + unit, _exact(by, ex.Literal(0)).cast(pl.Int64))
    if isinstance(column, Exact):
        return Exact(column.of.dt.offset_by(steps))
    return Rough(column.low.dt.offset_by(steps), column.high.dt.offset_by(steps), _NO, _NO)


def _age(born: pl.Expr, on: pl.Expr) -> pl.Expr:
    birthday_to_come = (on.dt.month() < born.dt.month()) | (
        (on.dt.month() == born.dt.month()) & (on.dt.day() < born.dt.day())
    )
    years = on.dt.year().cast(pl.Int64) - born.dt.year().cast(pl.Int64) - birthday_to_come.cast(pl.Int64)
    return years.clip(0)


def _years_between(_: Counts, arguments: Sequence[Column]) -> Column:
    start, end = arguments
    if isinstance(start, Exact) and isinstance(end, Exact):
        return Exact(_age(start.of, end.of))
    s, e = _rough(start), _rough(end)
    both = _known(start) & _known(end)
    low = pl.coalesce(_age(s.high, e.low), pl.lit(0, dtype=pl.Int64))
    return Rough(pl.when(both).then(low), pl.when(both).then(_age(s.low, e.high)), _NO, _NO)


def _earliest(_: Counts, arguments: Sequence[Column]) -> Column:
    dates = [_rough(a) for a in arguments]
    all_known = pl.all_horizontal([d.low.is_not_null() for d in dates])
    low = pl.when(all_known).then(pl.min_horizontal([d.low for d in dates]))
    return Rough(low, pl.min_horizontal([d.high for d in dates]), _NO, _NO)


def _latest_known(_: Counts, arguments: Sequence[Column]) -> Column:
    dates = [_rough(a) for a in arguments]
    endless = pl.any_horizontal([d.low.is_not_null() & d.high.is_null() for d in dates])
    return Exact(pl.when(~endless).then(pl.max_horizontal([d.high for d in dates])))


def _number(_: Counts, arguments: Sequence[Column]) -> Column:
    text = _exact(arguments[0], ex.Literal(0)).cast(pl.String)
    # More digits than a whole number can hold are a number all the same.
    return Exact(pl.when(text.str.contains(r"^[0-9]+$")).then(text).cast(pl.Float64))


def _first_known(counts: Counts, arguments: Sequence[Column]) -> Column:
    exact = [a.of for a in arguments if isinstance(a, Exact)]
    if len(exact) == len(arguments):
        return Exact(pl.coalesce(exact))
    *earlier, last = [_rough(a) for a in arguments]
    found = last
    for column in reversed(earlier):
        found = _rough(counts.kept(_choose(_known(column), column, found)))
    return found


def _narrowed(counts: Counts, arguments: Sequence[Column]) -> Column:
    first, *others = [_rough(a) for a in arguments]
    for other in others:
        first = _rough(counts.kept(_overlap(_rough(counts.kept(first)), _rough(counts.kept(other)))))
    return first


def _overlap(a: Rough, b: Rough) -> Rough:
    """Where two agree; ``a`` where they do not, and whichever is known where one is not."""
    low, above = _tighter(a.low, a.above, b.low, b.above, a.low > b.low)
    high, below = _tighter(a.high, a.below, b.high, b.below, a.high < b.high)
    agree = low.is_null() | high.is_null() | (low < high) | ((low == high) & ~above & ~below)
    both = Rough(low, high, above, below)
    return _choose(~_known(a), b, _choose(_known(b) & agree, both, a))


def _tighter(
    a: pl.Expr, a_open: pl.Expr, b: pl.Expr, b_open: pl.Expr, a_further_in: pl.Expr
) -> tuple[pl.Expr, pl.Expr]:
    end = pl.when(a.is_null()).then(b).when(b.is_null()).then(a).when(a_further_in).then(a).otherwise(b)
    left_out = (
        pl.when(a.is_null())
        .then(b_open)
        .when(b.is_null())
        .then(a_open)
        .when(a == b)
        .then(a_open | b_open)
        .when(a_further_in)
        .then(a_open)
        .otherwise(b_open)
    )
    return end, left_out


def _at_most_of(_: Counts, arguments: Sequence[Column]) -> Column:
    """Of "3 or more" nothing is left: unknown. (In span.py it is a span without ends, of which every comparison is
    unknown too; no rule asks whether it is known.)"""
    of = _rough(arguments[0])
    # `when` without `otherwise` gives a column of nothing that has the kind of its values.
    return Rough(pl.when(_NO).then(of.low), of.high, _NO, of.below)


def _over(_: Counts, arguments: Sequence[Column]) -> Column:
    of = _rough(arguments[0])
    return Rough(of.low, pl.when(_NO).then(of.high), of.low.is_not_null(), _NO)


_CALLS: Mapping[str, Callable[[Counts, Sequence[Column]], Column]] = {
    "add_years": lambda _, a: _moved(a[0], a[1], "y"),
    "add_days": lambda _, a: _moved(a[0], a[1], "d"),
    "years_between": _years_between,
    "earliest": _earliest,
    "latest_known": _latest_known,
    "number": _number,
    "first_known": _first_known,
    "narrowed": _narrowed,
    "at_most": _at_most_of,
    "over": _over,
}
