"""A population for measuring, made by the database itself: parties, people, papers, guardians.

Shares are those of a province: a fifth minors with two guardians each, 1 % dead, 0.3 % emigrated,
0.05 % merged, 2 % who want no optional message, 0.5 % with an open dossier, an organisation with
fifteen badges for every thousand people. Papers run out evenly over `years`. One in 400 people
is the mother of a child born in the last 55 days; one in 1,000 died and left a spouse.
Identifiers are not encrypted here: the scan reads none.
"""

# ruff: noqa: S608 - text of our own, without any value from outside
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from citizens.models import Party, Unit

DAY = date(2026, 11, 22)
CARD = "citizen_identity_card"
KINDS = (
    "driving_licence",
    "passport",
    CARD,
    "construction_permit",
    "medical_practice_licence",
    "tour_guide_card",
    "veterinary_certificate",
)
FILLED = (
    "citizens_authority",
    "citizens_eventparty",
    "citizens_lifeevent",
    "citizens_relation",
    "citizens_credential",
    "citizens_organisation",
    "citizens_citizen",
    "citizens_party",
    "citizens_unit",
    "citizens_register",
    "notifications_preference",
    "procedures_openmatter",
)
_HEAVY = ("citizens_party", "citizens_citizen", "citizens_credential", "citizens_authority")

# random(i, salt): evenly spread and the same on every run.
_RANDOM = "(hashint8extended({i}, {salt}) & 2147483647)"

_PLACES = """
INSERT INTO citizens_register (code, name_vi, name_en, owner_vi, max_age_days)
VALUES ('NPD', 'Dân cư', '', 'Bộ Công an', 31), ('GPLX', 'Giấy phép', '', 'Bộ Công an', 31);
INSERT INTO citizens_unit (id, code, name_vi, name_en, kind, zone, valid)
SELECT i, lpad(i::text, 5, '0'), 'Xã ' || i, '', 'commune', 'rural',
       CASE WHEN i <= 94 THEN daterange('2025-07-01', NULL) ELSE daterange(NULL, '2025-07-01') END
FROM generate_series(1, 100) i;
"""

_PARTIES = """
INSERT INTO citizens_party (id, kind)
SELECT i, CASE WHEN i <= %(citizens)s THEN 'citizen' ELSE 'organisation' END
FROM generate_series(1, %(citizens)s + %(organisations)s) i
"""

# Every fifth person is a minor, so that any other key is an adult's.
_CITIZENS = f"""
INSERT INTO citizens_citizen (party_id, family_name, given_name, full_name, gender, birth_date,
  died_on, emigrated_on, survivor_id, unit_id, current_address, permanent_address, register_id,
  as_of)
SELECT i, 'Nguyen', 'An', 'Nguyen Van An', CASE WHEN i %% 2 = 0 THEN 'male' ELSE 'female' END,
  CASE WHEN i %% 5 = 0 THEN %(day)s::date - ({_RANDOM.format(i="i", salt=1)} %% 6570)::int
       ELSE %(day)s::date - 6580 - ({_RANDOM.format(i="i", salt=1)} %% 22000)::int END,
  CASE WHEN i %% 100 = 1 THEN %(day)s::date - 5 END,
  CASE WHEN i %% 333 = 2 THEN %(day)s::date - 5 END,
  CASE WHEN i %% 2000 = 3 THEN i + 1 END,
  CASE WHEN i %% 500 = 4 THEN 95 + i %% 6 ELSE 1 + {_RANDOM.format(i="i", salt=2)} %% 94 END,
  'Thon 1', 'Thon 1', 'NPD', %(day)s
FROM generate_series(1, %(citizens)s) i
"""

_ORGANISATIONS = """
INSERT INTO citizens_organisation (party_id, tax_code, name, address, unit_id, register_id, as_of)
SELECT %(citizens)s + i, (9900000000 + i)::text, 'HTX ' || i, 'Duong 1', 1 + i %% 94, 'NPD', %(day)s
FROM generate_series(1, %(organisations)s) i
"""

_CREDENTIAL_COLUMNS = """
INSERT INTO citizens_credential
  (holder_id, kind, register_id, number_index, number_enc, category, issued_on, expires_on, as_of)
"""

_PAPERS = f"""{_CREDENTIAL_COLUMNS}
SELECT 1 + n %% %(citizens)s, (%(kinds)s::text[])[1 + {_RANDOM.format(i="n", salt=3)} %% 7], 'GPLX',
  sha256(int8send(n)), sha256(int8send(n)), 'B', due - 3652, due, %(day)s
FROM (
  SELECT n, %(day)s::date + ({_RANDOM.format(i="n", salt=4)} %% (%(years)s * 365))::int AS due
  FROM generate_series(1::bigint, %(credentials)s) n
) AS paper
"""

_BADGES = f"""{_CREDENTIAL_COLUMNS}
SELECT %(citizens)s + 1 + n %% %(organisations)s, 'transport_badge', 'GPLX',
  sha256(int8send(-n)), sha256(int8send(-n)), '', due - 2557, due, %(day)s
FROM (
  SELECT n, %(day)s::date + ({_RANDOM.format(i="n", salt=5)} %% (%(years)s * 365))::int AS due
  FROM generate_series(1::bigint, %(organisations)s * 15) n
) AS badge
"""

_AUTHORITIES = """
INSERT INTO citizens_authority (actor_id, for_party_id, basis, valid)
SELECT i - parent, i, 'parent', daterange('2008-01-01', NULL)
FROM generate_series(5, %(citizens)s, 5) i, generate_series(1, 2) parent
UNION ALL
SELECT 1 + (i * 5) %% %(citizens)s, %(citizens)s + i, 'representative',
  daterange('2015-01-01', NULL)
FROM generate_series(1, %(organisations)s) i
"""

_SPOUSES = """
INSERT INTO citizens_relation (person_id, relative_id, kind, valid)
SELECT i + 1, i, 'spouse', daterange('2010-01-01', NULL)
FROM generate_series(1, %(citizens)s - 1, 100) i
"""

# Births of mothers 13, 413, …, each with a father; deaths of 1, 1001, …: their spouses live.
_EVENTS = f"""
WITH happened AS (
  SELECT i, 'birth_notified' AS kind,
    %(day)s::date - ({_RANDOM.format(i="i", salt=6)} %% 56)::int AS day
  FROM generate_series(13, %(citizens)s - 1, 400) i
  UNION ALL
  SELECT i, 'death_notified', %(day)s::date - 5 FROM generate_series(1, %(citizens)s, 1000) i
), made AS (
  INSERT INTO citizens_lifeevent (kind, natural_key, occurred_on, register_id, as_of)
  SELECT kind, i, day, 'NPD', %(day)s FROM happened
  RETURNING id, kind, natural_key::bigint AS i
)
INSERT INTO citizens_eventparty (event_id, party_id, role)
SELECT id, i, CASE kind WHEN 'birth_notified' THEN 'mother' ELSE 'subject' END FROM made
UNION ALL
SELECT id, i + 1, 'father' FROM made WHERE kind = 'birth_notified'
"""

_WISHES = """
INSERT INTO notifications_preference (party_id, topic_id, channel, is_allowed)
SELECT i, NULL, '', false FROM generate_series(7, %(citizens)s, 50) i
UNION ALL
SELECT i, 'credential_expiring', 'sms', false FROM generate_series(8, %(citizens)s, 100) i
"""

_MATTERS = """
INSERT INTO procedures_openmatter
  (procedure_id, party_id, anchor, reference, opened_on, closed_on, outcome)
SELECT (SELECT min(id) FROM procedures_procedure), i, 0, 'H17-' || i, %(day)s, NULL, ''
FROM generate_series(9, %(citizens)s, 200) i
"""


def load(
    *, citizens: int, credentials: int, years: int = 10, bulk: bool, say: Callable[[str], None]
) -> None:
    """Fill empty tables; rules and topics must be there. `bulk` needs the owner's rights.

    In bulk the indexes of the big tables are made after loading, and the two name keys that the
    database computes are left empty, since they cost more than everything else together.
    """
    values: dict[str, Any] = {
        "citizens": citizens,
        "credentials": credentials,
        "organisations": max(citizens // 1000, 2),
        "years": years,
        "day": DAY,
        "kinds": list(KINDS),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        dropped = _drop_indexes(cursor) if bulk else []
        cursor.execute(_PLACES)
        for name, sql in (
            ("parties", _PARTIES),
            ("citizens", _CITIZENS),
            ("organisations", _ORGANISATIONS),
            ("papers", _PAPERS),
            ("badges", _BADGES),
            ("authorities", _AUTHORITIES),
            ("spouses", _SPOUSES),
            ("parties to events", _EVENTS),
            ("wishes", _WISHES),
            ("open matters", _MATTERS),
        ):
            started = time.perf_counter()
            cursor.execute(sql, values)
            say(f"  {cursor.rowcount:>9,} {name}: {time.perf_counter() - started:.1f} s")
        started = time.perf_counter()
        for sql in dropped:
            cursor.execute(sql)
        say(f"  {len(dropped):>9,} indexes: {time.perf_counter() - started:.1f} s")
    _settle()


def empty() -> None:
    """Delete everything that the population and the scans filled (needs TRUNCATE)."""
    tables = ", ".join((*FILLED, "procedures_scanrun", "citizens_factchange"))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def _drop_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop what slows loading down; return the statements that make it anew."""
    cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys hold by making
    for column in ("name_fold", "name_sort"):
        cursor.execute(
            "SELECT attgenerated <> '' FROM pg_attribute"
            " WHERE attrelid = 'citizens_citizen'::regclass AND attname = %s",
            [column],
        )
        if cursor.fetchone()[0]:
            cursor.execute(f"ALTER TABLE citizens_citizen ALTER COLUMN {column} DROP EXPRESSION")
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype = 'u'",
        [list(_HEAVY)],
    )
    anew = _run_first(cursor, cursor.fetchall())
    cursor.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)"
        " FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary",
        [list(_HEAVY)],
    )
    return _run_first(cursor, cursor.fetchall()) + anew


def _run_first(cursor: CursorWrapper, pairs: list[tuple[str, str]]) -> list[str]:
    """Run the first statement of each pair, return the second ones."""
    for statement, _later in pairs:
        cursor.execute(statement)
    return [later for _statement, later in pairs]


# Never back: a sequence does not return with a transaction that is given up, as those of tests are.
_GO_ON = """
SELECT setval(number, greatest(nextval(number), (SELECT max(id) FROM {table})))
  FROM pg_get_serial_sequence('{table}', 'id') number
"""


def _settle() -> None:
    """Let sequences go on after explicit keys, and the planner know the tables.

    While the log of a commit is not written yet, no page of its rows is marked as visible to all,
    and an index has to ask the table: a night finds tables that have rested.
    """
    verb = "ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE"
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        for model in (Party, Unit):
            cursor.execute(_GO_ON.format(table=model._meta.db_table))
        for table in FILLED:
            cursor.execute(f"{verb} {table}")
        cursor.execute("RESET synchronous_commit")
