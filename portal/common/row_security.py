"""Row security: inside `only_rows_of` the database shows one person's rows, whatever is asked.

The rows are chosen by three settings that last until the transaction ends. Where none is set, there
is no row. The policies stand in the migration of dossiers, whose room sees all the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE

# For the conditions of policies. A setting that was never made is null, one that has ended is "".
# As scalar sub-selects they are computed once a query, not once a row.
PERSON = "(SELECT nullif(current_setting('portal.person', true), '')::bigint)"
PARTY_LIST = "(SELECT string_to_array(current_setting('portal.parties', true), ',')::bigint[])"
PARTIES = "ANY ((SELECT string_to_array(current_setting('portal.parties', true), ','))::bigint[])"
FAMILY = "ANY ((SELECT string_to_array(current_setting('portal.family', true), ','))::bigint[])"

_is_confined: ContextVar[bool] = ContextVar("is_confined", default=False)


@contextmanager
def only_rows_of(*, person: int, parties: Iterable[int], family: Iterable[int]) -> Iterator[None]:
    """Run a block as one transaction that reads this person's rows only, and writes nothing.

    `parties` are the person and those they may act for today, `family` those and everybody whom a
    form of theirs may name. RuntimeError inside another such block: one request, one person.
    """
    if _is_confined.get():
        raise RuntimeError("A block already reads the rows of one person only.")
    is_whole = not connection.in_atomic_block
    with transaction.atomic():
        _become(CITIZEN_ROLE, person=str(person), parties=_joined(parties), family=_joined(family))
        mark = _is_confined.set(True)
        try:
            yield
        finally:
            _is_confined.reset(mark)
        if not is_whole:  # else the settings end with the transaction
            _become(APP_ROLE, person="", parties="", family="")


@contextmanager
def with_application_rights() -> Iterator[None]:
    """Let services inside `only_rows_of` write, and see the rows of others that they must change.

    They decide for themselves what the person may do. An error takes back what the block wrote.
    Outside of `only_rows_of` it changes nothing.
    """
    if not _is_confined.get():
        yield
        return
    with transaction.atomic():
        _become(APP_ROLE)
        mark = _is_confined.set(False)
        try:
            yield
        finally:
            _is_confined.reset(mark)
        _become(CITIZEN_ROLE)


def _joined(keys: Iterable[int]) -> str:
    return ",".join(str(key) for key in sorted(keys))


def _become(role: str, **settings: str) -> None:
    """Take a role on, and make settings, until the transaction (or savepoint) ends; one query."""
    made = {"role": role} | {f"portal.{name}": value for name, value in settings.items()}
    calls = ", ".join(["set_config(%s, %s, true)"] * len(made))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in made.items() for part in pair])
