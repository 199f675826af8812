"""Which child a dossier registered: found by an index, however much the registers deliver."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import RegisterRecord
from citizens.services.register_birth import born_of
from tests.factories.citizens import CitizenFactory, RegisterFactory

pytestmark = pytest.mark.django_db
CODE = "H17.26-20261120-0000007"


def test_the_child_of_a_dossier_is_found_by_the_index() -> None:
    child, other = CitizenFactory(), CitizenFactory()
    register = RegisterFactory(code="CIVIL")
    bodies = [{"number": f"{n}"} for n in range(5000)]
    bodies += [{"number": f"{n}", "dossier": f"H17.26-20261119-{n:07d}"} for n in range(200)]
    RegisterRecord.objects.bulk_create(
        RegisterRecord(
            register=register,
            kind="birth",
            key_index=f"{n}".encode(),
            subject=other.party,
            body=body,
            as_of="2026-11-20",
        )
        for n, body in enumerate(bodies)
    )
    RegisterRecord.objects.create(
        register=register,
        kind="birth",
        key_index=b"own",
        subject=child.party,
        body={"dossier": CODE},
        as_of="2026-11-20",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE citizens_registerrecord")

    with CaptureQueriesContext(connection) as asked:
        assert born_of(reference=CODE) == child

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "register_record_dossier" in plan, plan
    assert "Seq Scan" not in plan
    assert born_of(reference="H17.26-20261120-0000008") is None
