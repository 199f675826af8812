"""SQL terms that every statement of the scan shares: stages, days and birthdays.

A CASE of Django costs more to put together than the database needs to answer it, and the scan puts
some hundred of them together; hence one expression for a whole ladder of stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    Expression,
    F,
    Func,
    QuerySet,
    SmallIntegerField,
)
from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, list[Any]]


class _Term(Func):
    """A function whose text is put together by `text`."""

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return the SQL and its parameters."""
        raise NotImplementedError

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """Return `text` as Django wants it."""
        sql, params = self.text(compiler)
        return sql, tuple(params)


class Years(Func):
    """`date + years` as a date: 29 February becomes 28 February in years that have no 29th."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(years => "
    output_field = DateField()


class Days(Func):
    """`date + days` as a date."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


class InShare(_Term):
    """The condition that a party is among the first so many per cent in a rule's own order.

    The order is a hash, so that each rule begins with others, and a larger share includes the
    smaller one. SHA-256, because what was told must stay as it is under any later server.
    """

    output_field = BooleanField()

    def __init__(self, party: str, rule_id: int, percent: int, *, after: int = 0) -> None:
        """Take the column with the party's key; the first `after` per cent are not among them."""
        super().__init__(F(party))
        self.rule_id = rule_id
        self.bounds = (after, percent - 1)

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return the first two bytes of the hash of `rule:party`, modulo 100, within the share."""
        party, params = compiler.compile(self.get_source_expressions()[0])
        digest = f"sha256(convert_to(concat(%s::text, ':', {party}), 'UTF8'))"
        number = f"(get_byte({digest}, 0) * 256 + get_byte({digest}, 1))"
        one = [str(self.rule_id), *params]
        return f"{number} %% 100 BETWEEN %s AND %s", [*one, *one, *self.bounds]


class ReachedStage(_Term):
    """The most urgent of `leads` reached on `day` for a due date, NULL before the first.

    The same answer as `procedures.rules.stage_due`, as an expression.
    """

    output_field = SmallIntegerField()

    def __init__(self, due_on: Expression | F | str, leads: Sequence[int], day: date) -> None:
        """Take the due date, the lead days in any order, and the civil date of the scan."""
        super().__init__(due_on)
        self.leads = tuple(sorted(leads))
        self.day = day

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return CASE WHEN due ≤ day + 1 THEN 1 WHEN due ≤ day + 7 THEN 7 … END."""
        due, params = compiler.compile(self.get_source_expressions()[0])
        steps = [(f"WHEN {due} <= %s THEN %s", lead) for lead in self.leads]
        values = [[*params, self.day + timedelta(days=lead), lead] for _, lead in steps]
        return _case([text for text, _ in steps], values)


class StageToTell(ReachedStage):
    """The stage reached by a suggestion; of one that was snoozed at least the first."""

    def __init__(
        self, due_on: str, state: str, leads: Sequence[int], day: date, *, snoozed: str
    ) -> None:
        """Take the columns of the due date and of the state, which is `snoozed` of such a one."""
        super().__init__(due_on, leads, day)
        self.set_source_expressions([*self.get_source_expressions(), F(state)])
        self.snoozed = snoozed

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return CASE WHEN due ≤ day + 1 THEN 1 … WHEN state = 'snoozed' THEN 90 END."""
        reached, params = super().text(compiler)
        state, more = compiler.compile(self.get_source_expressions()[1])
        woken = f"{reached.removesuffix('END')}WHEN {state} = %s THEN %s END"
        return woken, [*params, *more, self.snoozed, max(self.leads)]


class DayOfNextStage(_Term):
    """The day of the stage that follows stage `told`, counted from a due date; NULL after the last.

    Without a stage told it is the day of the first. `told` may be a stage that a later version of
    the rule does not know. The day may lie in the past: then that stage is to be told now.
    """

    output_field = DateField()

    def __init__(
        self, due_on: Expression | F | str, leads: Sequence[int], told: Expression | F | str
    ) -> None:
        """Take the due date, the lead days in any order, and the stage told last (or NULL)."""
        super().__init__(due_on, told)
        self.leads = tuple(sorted(leads, reverse=True))

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return CASE WHEN told IS NULL THEN due - 90 WHEN told > 60 THEN due - 60 … END."""
        (due, p), (told, q) = (compiler.compile(part) for part in self.get_source_expressions())
        first = [f"WHEN {told} IS NULL THEN {due} - %s"]
        later = [f"WHEN {told} > %s THEN {due} - %s"] * len(self.leads)
        values = [[*q, *p, self.leads[0]], *[[*q, lead, *p, lead] for lead in self.leads]]
        return _case(first + later, values)


class has(Func):  # noqa: N801 - reads as the condition it is
    """The condition that `rows`, which refer to the outer row, exist.

    Like `Exists(rows)`, but never made into a join: right after a first run the planner takes a
    ledger for empty, and would compare each fact with each of its rows. Asked like this it looks
    the rows up by their index, or hashes them.
    """

    template = "(%(expressions)s) IS TRUE"
    output_field = BooleanField()

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        """Take a queryset with OuterRef."""
        super().__init__(Exists(rows))


class lacks(has):  # noqa: N801
    """The condition that `rows` do not exist; see `has`."""

    template = "(%(expressions)s) IS FALSE"


class _Later:
    """Stands in a statement for keys that are named when it runs; there is one of it."""

    def __copy__(self) -> _Later:
        return self

    def __deepcopy__(self, _memo: object) -> _Later:
        return self


LATER = cast("Sequence[int]", _Later())


class among(_Term):  # noqa: N801
    """The condition that a column holds one of many keys, sent as one array.

    Of keys that are named LATER the statement has that in the array's place.
    """

    output_field = BooleanField()

    def __init__(self, column: str, keys: Sequence[int]) -> None:
        """Take the column's name and the keys."""
        super().__init__(F(column))
        self.keys = keys if keys is LATER else list(keys)

    def text(self, compiler: SQLCompiler) -> Compiled:
        """Return column = ANY(array)."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        return f"{column} = ANY(%s)", [*params, self.keys]


def _case(whens: Sequence[str], values: Sequence[Sequence[Any]]) -> Compiled:
    return f"CASE {' '.join(whens)} END", [value for row in values for value in row]
