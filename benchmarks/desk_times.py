"""`python -m benchmarks.desk_times ROWS`: fill a database with people, dossiers and messages (ROWS
of each), and look at the first page of the officials' lists.

One line of JSON: of each page its milliseconds (the least of several turns: what the machine does
beside it only ever adds), its queries, and the big tables that a plan reads from end to end.
"""

# ruff: noqa: S608 - text of our own, without any value from outside
from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.measures import timed
from benchmarks.page_times import as_served
from portal.mode import set_default_settings

if TYPE_CHECKING:
    from django.test import Client

    from citizens.models import Unit, User

TURNS = 9
BIG = ["dossiers_dossier", "notifications_message", "citizens_citizen", "citizens_party"]
_RANDOM = "(hashint8extended(n, {salt}) & 2147483647)::int"

_PARTIES = "INSERT INTO citizens_party (id, kind) SELECT n, 'citizen' FROM generate_series(1, %s) n"

_CITIZENS = f"""
INSERT INTO citizens_citizen (party_id, family_name, given_name, full_name, gender, birth_date,
  unit_id, current_address, permanent_address, register_id, as_of)
SELECT n, family, given, family || ' Văn ' || given, 'male',
  %(today)s::date - 7000 - (n %% 20000)::int,
  (%(units)s::bigint[])[1 + n %% cardinality(%(units)s::bigint[])], 'Thôn 1', 'Thôn 1',
  %(register)s, %(today)s
FROM (
  SELECT n, (ARRAY['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hồ'])[1 + {_RANDOM.format(salt=1)} %% 5]
    AS family, (ARRAY['An', 'Bình', 'Đức', 'Lan', 'Minh', 'Tú', 'Uyên'])
    [1 + {_RANDOM.format(salt=2)} %% 7] || ' ' || chr(97 + (n %% 26)::int)
    || chr(97 + (n %% 25)::int) AS given
  FROM generate_series(1::bigint, %(rows)s) n
) AS named
"""

# Three of ten are the city's own office's, the others their ward's. One in thirty is open.
_DOSSIERS = f"""
INSERT INTO dossiers_dossier (code, status, procedure_version_id, owner_id, applicant_id,
  competent_id, unit_id, origin, anchor, submitted_at, clock_started_on, due_on, finished_at)
SELECT 'M' || n, CASE WHEN n %% 30 > 0 THEN 10 WHEN n %% 90 = 0 THEN 1 ELSE 4 END,
  (%(versions)s::bigint[])[1 + {_RANDOM.format(salt=3)} %% cardinality(%(versions)s::bigint[])],
  n, n, CASE WHEN {_RANDOM.format(salt=4)} %% 10 < 3 THEN %(office)s ELSE agency END, unit_id,
  'citizen', 0, filed, filed, filed + 15, CASE WHEN n %% 30 > 0 THEN filed + 12 END
FROM (
  SELECT party_id AS n, unit_id, a.id AS agency,
    %(today)s::date - CASE WHEN party_id %% 30 > 0 THEN 30 + (party_id %% 700)::int
      ELSE (party_id %% 25)::int END AS filed
  FROM citizens_citizen JOIN citizens_agency a USING (unit_id) WHERE a.kind_id = 'ubnd_xa'
) AS told
"""

_MESSAGES = """
INSERT INTO notifications_message (dedupe_key, recipient_id, topic_id, channel, priority, due_at,
  state, rendered)
SELECT 'M' || n, n, %(topic)s, 'sms', 3, %(today)s::date - (n %% 700)::int,
  CASE WHEN n %% 1000 = 0 THEN 'parked' ELSE 'delivered' END, 'Kính gửi ông/bà'
FROM generate_series(1::bigint, %(rows)s) n
"""


def main() -> None:
    """Fill, look, print."""
    import django

    django.setup()
    rows = int(sys.argv[1])
    fill(rows)
    print(json.dumps(look(rows)))  # noqa: T201 - whoever began this process reads it


def fill(rows: int) -> None:
    """Put so many people in, each with a dossier and a message; what was there is no matter."""
    from django.db import connection

    from citizens.models import Agency, Register
    from notifications.models import Topic
    from portal.common import clock, db_roles
    from procedures.models import ProcedureVersion

    today = clock.today()
    wards, city = _places()
    office = Agency.objects.filter(unit=city, valid__contains=today).order_by("pk")[0]
    told: dict[str, Any] = {
        "today": today,
        "rows": rows,
        "units": [one.pk for one in wards],
        "office": office.pk,
        "register": Register.objects.order_by("pk")[0].pk,
        "topic": Topic.objects.order_by("pk")[0].pk,
        "versions": list(ProcedureVersion.objects.values_list("pk", flat=True).order_by("pk")),
    }
    with db_roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # keys are those of rows made here
        cursor.execute(_PARTIES, [rows])
        for statement in (_CITIZENS, _DOSSIERS, _MESSAGES):
            cursor.execute(statement, told)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(f"{'ANALYZE' if connection.in_atomic_block else 'VACUUM ANALYZE'}")


def look(rows: int) -> dict[str, dict[str, Any]]:
    """Return what the first pages take of officials of a ward and of the whole city."""
    from django.test import Client, override_settings
    from django.urls import reverse

    wards, city = _places()
    queue, people = reverse("admin:office_queue"), reverse("admin:citizens_citizen_changelist")
    messages = reverse("admin:notifications_message_changelist")
    pages = {
        "the queue": queue,
        "the queue, late ones": f"{queue}?due=late",
        "the queue, finished ones": f"{queue}?due=ended",
        "the queue, a code": f"{queue}?q=M{rows // 2}",
        "the queue, a name": f"{queue}?q=Nguyễn+Lan+ba",
        "people": people,
        "people, a name": f"{people}?q=Nguyễn+Lan+ba",
        "messages": messages,
    }
    found: dict[str, dict[str, Any]] = {}
    with as_served(), override_settings(OFFICE_REQUIRES_MFA=False):
        for place, unit in (("a ward's", wards[0]), ("the city's", city)):
            client = Client()
            client.force_login(
                _official(place, unit), backend="django.contrib.auth.backends.ModelBackend"
            )
            found |= {f"{name}, {place}": _look(client, path) for name, path in pages.items()}
    return found


def _look(client: Client, address: str) -> dict[str, Any]:
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, *rest)

    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not open.")
    with connection.execute_wrapper(note):
        client.get(address)
    seconds = min(timed(partial(client.get, address)) for _ in range(TURNS))
    read = {table for sql, params in asked for table in _read_whole(sql, params)}
    return {"ms": 1000 * seconds, "queries": len(asked), "read_whole": sorted(read)}


def _read_whole(sql: str, params: Any) -> set[str]:
    """Return the big tables of which a query reads more than half the rows, one after another."""
    from django.db import connection

    if not sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        [[[told]]] = cursor.fetchall()
        scans = [node for node in _nodes(told["Plan"]) if node["Node Type"] == "Seq Scan"]
        read: Counter[str] = Counter()
        for scan in scans:
            seen = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
            read[scan["Relation Name"]] += seen * scan["Actual Loops"]
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relname = ANY(%s)", [BIG])
        return {name for name, rows in cursor.fetchall() if read[name] > rows / 2}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _places() -> tuple[list[Unit], Unit]:
    """Return the wards that have an office of their own, and the city above them."""
    from citizens.models import Unit
    from portal.common import clock

    today = clock.today()
    here = Unit.objects.valid_on(today)
    wards = here.filter(agencies__kind="ubnd_xa", agencies__valid__contains=today)
    found = list(wards.order_by("pk").distinct())
    return found, here.get(children=found[0])


def _official(name: str, unit: Unit) -> User:
    """Return the account of an official with every role over the unit."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from citizens.enums import Role, UserKind
    from citizens.models import Agency, Grant, Official, User
    from portal.common import clock

    known = {"kind": UserKind.OFFICIAL, "display_name": name}
    user, chief, other = (
        User.objects.get_or_create(username=f"{who} {name}", defaults=known)[0] for who in "abc"
    )
    office = Agency.objects.filter(unit=unit, valid__contains=clock.today()).order_by("pk")[0]
    always = DateRange(None, None)
    post = {"agency": office, "position": "Chuyên viên", "employed": always}
    official, _made = Official.objects.get_or_create(user=user, defaults=post)
    for role in (Role.CASE_OFFICER, Role.RECEPTIONIST, Role.HEAD_OF_UNIT, Role.OPERATOR):
        told = {"official": official, "role": role, "unit": unit, "valid": always}
        Grant.objects.get_or_create(**told, granted_by=chief, confirmed_by=other)
    return user


if __name__ == "__main__":
    set_default_settings()
    main()
