from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from citizens.enums import CredentialStatus, FactKind
from citizens.models import Credential, FactChange, Party
from citizens.services import store_credential
from portal.common.errors import RefusedError
from tests.factories.citizens import CitizenFactory, RegisterFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder() -> Party:
    RegisterFactory(code="GPLX")
    party: Party = CitizenFactory().party
    return party


def store(holder: Party, **changes: Any) -> Credential:
    facts: dict[str, Any] = {
        "kind": "driving_licence",
        "register": "GPLX",
        "number": "999000000001",
        "category": "B",
        "issued_on": date(2016, 12, 1),
        "expires_on": date(2026, 12, 1),
        "issuer": "Cục Cảnh sát giao thông",
        "unit": None,
        "as_of": date(2026, 9, 1),
    }
    return store_credential(holder=holder, **(facts | changes))


def test_a_new_paper_is_stored_sealed_and_told_to_the_scan(holder: Party) -> None:
    unit = UnitFactory()

    paper = store(holder, unit=unit, details={"kind": "ô tô"})

    stored = Credential.objects.get()
    assert (stored.pk, stored.term, stored.status, stored.unit) == (paper.pk, 1, "valid", unit)
    assert stored.number == "999000000001"
    assert b"999000000001" not in bytes(stored.number_enc) + bytes(stored.number_index)
    change = FactChange.objects.get()
    assert (change.kind, change.object_id, change.subject) == (
        FactKind.CREDENTIAL,
        paper.pk,
        holder,
    )


def test_the_same_facts_again_change_nothing(holder: Party) -> None:
    store(holder)
    FactChange.objects.all().delete()

    store(holder, as_of=date(2026, 10, 1))

    assert Credential.objects.get().term == 1
    assert not FactChange.objects.exists()


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"expires_on": date(2026, 12, 2)}, 1),
        ({"issued_on": date(2016, 12, 2)}, 1),
        ({"category": "C1"}, 1),
        ({"issued_on": date(2026, 10, 5), "expires_on": date(2036, 10, 5)}, 2),
        ({"expires_on": date(2027, 12, 1)}, 2),
    ],
)
def test_a_correction_keeps_the_term_and_a_renewal_raises_it(
    holder: Party, changes: dict[str, Any], term: int
) -> None:
    first = store(holder)

    second = store(holder, as_of=date(2026, 10, 6), **changes)

    assert (second.pk, second.term) == (first.pk, term)
    assert FactChange.objects.filter(object_id=first.pk).count() == 2


def test_a_renewed_paper_keeps_its_row_under_the_new_number(holder: Party) -> None:
    first = store(holder)

    second = store(
        holder,
        number="999000000002",
        issued_on=date(2026, 10, 5),
        expires_on=date(2036, 10, 5),
        as_of=date(2026, 10, 5),
        previous=first,
    )

    assert (second.pk, second.term, second.number) == (first.pk, 2, "999000000002")
    assert Credential.objects.get().number == "999000000002"


def test_a_row_that_the_register_delivered_meanwhile_takes_the_line_over(holder: Party) -> None:
    old = store(holder)
    delivered = store(holder, number="999000000002", as_of=date(2026, 10, 5))

    stored = store(
        holder,
        number="999000000002",
        issued_on=date(2026, 10, 5),
        expires_on=date(2036, 10, 5),
        as_of=date(2026, 10, 5),
        previous=old,
    )

    old.refresh_from_db()
    assert (stored.pk, stored.term) == (delivered.pk, 2)
    assert old.status == CredentialStatus.SUPERSEDED


def test_an_older_delivery_does_not_undo_a_renewal(holder: Party) -> None:
    store(
        holder, issued_on=date(2026, 10, 5), expires_on=date(2036, 10, 5), as_of=date(2026, 10, 5)
    )
    FactChange.objects.all().delete()

    late = store(holder, as_of=date(2026, 10, 1))

    assert late.expires_on == date(2036, 10, 5)
    assert not FactChange.objects.exists()


def test_a_number_of_somebody_else_is_refused_and_nothing_is_written(holder: Party) -> None:
    store(holder)

    with pytest.raises(RefusedError):
        store(CitizenFactory().party, as_of=date(2026, 10, 1), category="C")

    assert Credential.objects.get().category == "B"
