"""Reads about deliveries of registers, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, Min, Q, QuerySet, Value, When

from citizens.enums import BatchState, Role, UnitKind
from citizens.models import Batch, User
from citizens.rules import MAY_IMPORT, MAY_SEE_REGISTERS, MAY_SEE_SENSITIVE_ROWS
from citizens.selectors.officials import roles_of

_BEGUN = (BatchState.READING, BatchState.APPLYING)


class Turn(StrEnum):
    """What a batch waits for; HELD waits for a person's word, everything else goes by itself."""

    WAITING = "waiting"
    HELD = "held"
    TAKING = "taking"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_moving(self) -> bool:
        """Whether it will change without anybody doing anything."""
        return self in (Turn.WAITING, Turn.TAKING)


def turn_of(batch: Batch) -> Turn:
    """Return what a batch waits for.

    A batch that was read without being taken over (its encoding is known, its state is still
    RECEIVED) waits for a person; `refusal` says why.
    """
    match batch.state:
        case BatchState.RECEIVED:
            return Turn.HELD if batch.encoding else Turn.WAITING
        case BatchState.DONE:
            return Turn.DONE
        case BatchState.REFUSED:
            return Turn.REFUSED
    return Turn.TAKING


def held_batches() -> QuerySet[Batch]:
    """Return the batches that wait for a person's word."""
    return Batch.objects.filter(state=BatchState.RECEIVED).exclude(encoding="")


def due_batches() -> QuerySet[Batch]:
    """Return the batches to be imported: those that were begun, then by the hour of arrival.

    What a command at a terminal imports has no stored file, and is carried on there.
    """
    begun = Q(state__in=_BEGUN)
    waiting = Q(state=BatchState.RECEIVED, encoding="")
    order = Case(When(begun, then=Value(0)), default=Value(1))
    return Batch.objects.filter(begun | waiting).exclude(stored_as="").order_by(order, "pk")


def begun_batches() -> QuerySet[Batch]:
    """Return the batches whose import was begun and has not ended, by whomever."""
    return Batch.objects.filter(state__in=_BEGUN)


def is_without_file(batch: Batch) -> bool:
    """Return whether a batch was begun by a command, which runs still or died with its file."""
    return batch.state in _BEGUN and not batch.stored_as


def may_see_registers(*, user: User, day: date) -> bool:
    """Return whether an official may see the figures of registers on `day`."""
    if user.is_superuser:
        return True
    return any(grant.role in MAY_SEE_REGISTERS for grant in roles_of(user=user, day=day))


def may_import(*, user: User, day: date) -> bool:
    """Return whether an official may import on `day`: a register is the whole province's.

    A role that was granted over a commune is not enough: a delivery names people of all of them.
    """
    return user.is_superuser or over_the_province(user, day, MAY_IMPORT)


def sees_sensitive_rows(*, user: User, day: date) -> bool:
    """Return whether an official sees sensitive columns of rejected rows on `day`.

    Looking after the software is no reason to.
    """
    return over_the_province(user, day, MAY_SEE_SENSITIVE_ROWS)


def over_the_province(user: User, day: date, roles: frozenset[Role]) -> bool:
    """Return whether an official holds one of `roles` on `day` over the whole province."""
    return any(
        grant.role in roles and grant.unit.kind == UnitKind.PROVINCE
        for grant in roles_of(user=user, day=day)
    )


@dataclass(frozen=True)
class Mistakes:
    """A kind of mistake: how many lines have it, in which columns, and one of its reasons."""

    code: str
    line_count: int
    columns: tuple[str, ...]
    reason_vi: str
    reason_en: str


def mistakes_of(*, batch: Batch) -> list[Mistakes]:
    """Return the kinds of mistakes in a delivery, the most frequent first."""
    kinds = batch.rejections.order_by().values("code")
    found = kinds.annotate(
        lines=Count("line", distinct=True),
        columns=ArrayAgg("column", distinct=True),
        vi=Min("reason_vi"),
        en=Min("reason_en"),
    )
    return [
        Mistakes(row["code"], row["lines"], tuple(row["columns"]), row["vi"], row["en"])
        for row in found.order_by("-lines", "code")
    ]
