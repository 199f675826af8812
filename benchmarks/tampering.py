"""Ways in which somebody with every right over the database falsifies the sealed log of views.

Each takes a random place, does it with triggers and keys switched off, and says what `verify_log`
must name first. Tests use them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import connection, transaction

from citizens.enums import UserKind, ViewPurpose
from citizens.models import AccessLog, Seal, User
from citizens.services.log_faults import Fault, Finding
from citizens.services.seal_format import NOTHING, row_digest, seal_root
from citizens.services.seal_views import make_seal, seal_views
from portal.common import clock
from portal.common.db_roles import APP_ROLE

# All columns but the key, as they are written: exchanged between two rows.
_CONTENT = "actor_id, office_id, purpose, page, reference, fields, subject_ids, recorded_at"
_COPY = (
    f"INSERT INTO citizens_accesslog (id, {_CONTENT})"  # noqa: S608 - names of our own columns
    f" SELECT %s, {_CONTENT} FROM citizens_accesslog WHERE id = %s"
)
_EXCHANGE = (
    "UPDATE citizens_accesslog log SET "  # noqa: S608 - names of our own columns
    + ", ".join(f"{name} = other.{name}" for name in _CONTENT.split(", "))
    + " FROM citizens_accesslog other WHERE (log.id, other.id) IN ((%s, %s), (%s, %s))"
)
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """What must be named first."""

    fault: Fault
    seal: int | None
    row: int | None

    def is_named_by(self, finding: Finding) -> bool:
        """Return whether a finding tells exactly this."""
        return (finding.fault, finding.seal, finding.row) == (self.fault, self.seal, self.row)


def seeded(seed: int) -> Random:
    """Return a source of chance that gives the same again."""
    return Random(seed)  # noqa: S311 - nothing here is a secret


# ------------------------------------------------------------------------------ the sealed log
def fill_log(*, rows: int, seals: int, random: Random) -> None:
    """Write views of invented people and seal them in `seals` portions; some keys stay unused."""
    actor, _ = User.objects.get_or_create(
        username="nguoi-xem-mau",
        defaults={"kind": UserKind.OFFICIAL, "display_name": "Người xem mẫu"},
    )
    start = clock.now()
    for number in range(seals):
        share = rows * (number + 1) // seals - rows * number // seals
        AccessLog.objects.bulk_create(_view(actor, random) for _ in range(share))
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('citizens_accesslog', 'id'))")
        seal_views(now=start + timedelta(milliseconds=number))


def _view(actor: User, random: Random) -> AccessLog:
    shown = random.sample(("full_name", "birth_date", "address", "phone_masked"), 2)
    return AccessLog(
        actor=actor,
        purpose=random.choice(list(ViewPurpose)),
        page="admin:citizens_citizen_changelist",
        reference=f"{next(_serial):07d}",
        fields=shown,
        subject_ids=sorted(random.sample(range(1, 10_000), random.randint(1, 5))),
    )


# ------------------------------------------------------------------------------ the ways
def change_a_row(random: Random) -> Place:
    """Write something else into one column of a row."""
    seal, row = _some_row(random)
    column, value = random.choice(
        [
            ("page", "'admin:index'"),
            ("purpose", "CASE purpose WHEN 'audit' THEN 'support' ELSE 'audit' END"),
            ("reference", "reference || ' '"),
            ("fields", "fields[2:] || fields[1]"),
            ("fields", "ARRAY[fields[1] || fields[2]]"),
            ("subject_ids", "subject_ids[2:] || 77777::bigint"),
            ("subject_ids", "'{}'"),
            ("recorded_at", "recorded_at + interval '1 microsecond'"),
            ("recorded_at", "recorded_at - interval '1 day'"),
            ("office_id", "-1"),
            ("actor_id", "actor_id + 1"),
        ]
    )
    _run(f"UPDATE citizens_accesslog SET {column} = {value} WHERE id = %s", row)  # noqa: S608
    return Place(Fault.CHANGED, seal, row)


def delete_a_row(random: Random) -> Place:
    """Take out a row that is not the last."""
    seal, row = _some_row(random, but_last=True)
    _run("DELETE FROM citizens_accesslog WHERE id = %s", row)
    return Place(Fault.DELETED, seal, row)


def insert_a_row(random: Random) -> Place:
    """Put a row where a key was never used, or behind the last."""
    taken = set(AccessLog.objects.values_list("pk", flat=True))
    free = [key for key in range(min(taken), max(taken) + 50) if key not in taken]
    row = random.choice(free)
    _run(
        _COPY,
        row,
        _some_row(random)[1],
    )
    later = (seal.number for seal in Seal.objects.order_by("number") if seal.row_ids[-1] > row)
    return Place(Fault.INSERTED, next(later, None), row)


def exchange_two_rows(random: Random) -> Place:
    """Let two rows hold what the other held."""
    places = sorted({_some_row(random) for _ in range(20)})
    (seal, one), (_seal, other) = sorted(random.sample(places, 2))
    _run(_EXCHANGE, one, other, other, one)
    return Place(Fault.EXCHANGED, seal, one)


def cut_rows_off(random: Random) -> Place:
    """Take the last rows away and leave their seals."""
    keys = [(seal.number, key) for seal in Seal.objects.order_by("number") for key in seal.row_ids]
    seal, row = keys[-random.randint(1, min(50, len(keys)))]
    _run("DELETE FROM citizens_accesslog WHERE id >= %s", row)
    return Place(Fault.CUT_OFF, seal, row)


def cut_rows_and_seals_off(random: Random) -> Place:
    """Take the last seals away, and all that they cover."""
    seal = _late_seal(random)
    _run("DELETE FROM citizens_accesslog WHERE id >= %s", seal.row_ids[0])
    _run("DELETE FROM citizens_seal WHERE number >= %s", seal.number)
    return Place(Fault.CUT_OFF, seal.number, None)


def delete_a_seal(random: Random) -> Place:
    """Take out a seal that is not the last, and leave its rows."""
    seal, _row = _some_row(random, but_last=True)
    _run("DELETE FROM citizens_seal WHERE number = %s", seal)
    return Place(Fault.DELETED, seal, None)


def forge_a_seal(random: Random) -> Place:
    """Change a row and the seal over it, as far as one can without the key."""
    number, row = _some_row(random)
    _run("UPDATE citizens_accesslog SET subject_ids = '{1}' WHERE id = %s", row)
    seal = Seal.objects.get(number=number)
    digests = b"".join(
        row_digest(content)
        for content in AccessLog.objects.filter(pk__in=seal.row_ids).order_by("pk").values_list()
    )
    root = seal_root(
        number=number,
        previous_root=bytes(seal.previous_root),
        row_ids=seal.row_ids,
        row_digests=digests,
        sealed_at=seal.sealed_at,
    )
    _run(
        "UPDATE citizens_seal SET row_digests = %s, root = %s WHERE number = %s",
        digests,
        root if random.random() < 0.5 else bytes(seal.root),
        number,
    )
    return Place(Fault.FORGED, number, None)


def seal_anew_with_the_key(random: Random) -> Place:
    """Change a row and seal everything from there on again, with the true key in hand."""
    number, row = _some_row(random)
    _run("UPDATE citizens_accesslog SET subject_ids = '{1}' WHERE id = %s", row)
    before = Seal.objects.filter(number=number - 1).values_list("root", flat=True).first()
    root = NOTHING if before is None else bytes(before)
    for seal in Seal.objects.filter(number__gte=number).order_by("number"):
        anew = make_seal(
            number=seal.number, previous_root=root, row_ids=seal.row_ids, sealed_at=seal.sealed_at
        )
        root = bytes(anew.root)
        _run(
            "UPDATE citizens_seal SET row_digests = %s, previous_root = %s, root = %s,"
            " signature = %s WHERE number = %s",
            anew.row_digests,
            anew.previous_root,
            anew.root,
            anew.signature,
            seal.number,
        )
    return Place(Fault.FORGED, number, None)


WAYS: Mapping[str, Callable[[Random], Place]] = {
    "a row changed": change_a_row,
    "a row deleted": delete_a_row,
    "a row inserted": insert_a_row,
    "two rows exchanged": exchange_two_rows,
    "the last rows cut off": cut_rows_off,
    "the last rows and seals cut off": cut_rows_and_seals_off,
    "a seal deleted": delete_a_seal,
    "row and seal changed without the key": forge_a_seal,
    "sealed anew with the key": seal_anew_with_the_key,
}


# ------------------------------------------------------------------------------ the tools
def _some_row(random: Random, *, but_last: bool = False) -> tuple[int, int]:
    """Return (seal, row) at random."""
    seals = list(Seal.objects.order_by("number").values_list("number", "row_ids"))
    number, keys = random.choice(seals[:-1] if but_last else seals)
    return number, random.choice(keys)


def _late_seal(random: Random) -> Seal:
    last: list[Seal] = list(Seal.objects.order_by("-number")[:20])
    return random.choice(last)


@contextmanager
def every_right() -> Iterator[None]:
    """Act as the superuser behind the application's role, with triggers and keys switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(f"SET ROLE {APP_ROLE}")


def _run(statement: str, *params: Any) -> None:
    with every_right(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def tampered(way: Callable[[Random], Place], random: Random, look: Callable[[], Any]) -> Any:
    """Return (place, what `look` saw) of one tampering, and take it back."""
    with transaction.atomic():
        place = way(random)
        seen = look()
        transaction.set_rollback(True)
    return place, seen
