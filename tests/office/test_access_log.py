"""One row a view: who looked at whom, on lists, pages, choices and dossiers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from citizens.enums import Role, ViewPurpose
from citizens.models import AccessLog, Unit
from tests.factories.citizens import CitizenFactory
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def _written(place: Place, address: str) -> list[AccessLog]:
    client = signed_in(place.user)
    before = AccessLog.objects.count()
    assert client.get(address).status_code == 200
    return list(AccessLog.objects.order_by("pk")[before:])


def test_a_list_is_one_row_with_everyone_on_it(here: Place) -> None:
    more = [CitizenFactory(unit=here.unit) for _ in range(3)]

    (row,) = _written(here, reverse("admin:citizens_citizen_changelist"))

    assert {person.pk for person in more} | {here.citizen.pk} < set(row.subject_ids)
    assert (row.actor, row.office) == (here.user, here.agency)
    assert row.page == "admin:citizens_citizen_changelist"
    assert row.purpose == ViewPurpose.COUNTER
    assert "full_name" in row.fields


@pytest.mark.parametrize("page", ["citizens_citizen_change", "citizens_citizen_history"])
def test_a_page_is_one_row_with_its_person(page: str, here: Place) -> None:
    (row,) = _written(here, reverse(f"admin:{page}", args=[here.citizen.pk]))

    assert here.citizen.pk in row.subject_ids
    assert row.page == f"admin:{page}"


def test_a_child_shows_its_mother_and_both_are_logged(here: Place) -> None:
    child = here.citizen.relatives.get().relative

    (row,) = _written(here, reverse("admin:citizens_citizen_change", args=[child.pk]))

    assert set(row.subject_ids) == {child.pk, here.citizen.pk}


@pytest.mark.parametrize("page", ["index", "office_queue"])
def test_the_queue_is_logged(page: str, here: Place) -> None:
    (row,) = _written(here, reverse(f"admin:{page}"))

    assert row.subject_ids == [here.citizen.pk]
    assert row.purpose == ViewPurpose.DOSSIER


def test_the_dossier_is_logged_under_its_code(here: Place) -> None:
    address = reverse("admin:office_dossier", args=[here.dossier.public_id])

    (row,) = _written(here, address)

    assert (row.reference, row.subject_ids) == (here.dossier.code, [here.citizen.pk])


@pytest.mark.parametrize("page", ["procedures_procedure_changelist", "citizens_unit_changelist"])
def test_a_list_without_people_writes_nothing(page: str, here: Place) -> None:
    assert _written(here, reverse(f"admin:{page}")) == []


def test_an_empty_search_writes_nothing(here: Place) -> None:
    address = reverse("admin:citizens_citizen_changelist")

    assert _written(here, f"{address}?q=Không-có-ai") == []


def test_who_only_audits_looks_for_the_purpose_of_audit(city: Unit) -> None:
    place = make_place(city, "Thu", roles=(Role.AUDITOR,))

    assert _written(place, reverse("admin:citizens_accesslog_changelist")) == []


def test_numbers_and_phones_are_masked(here: Place) -> None:
    client = signed_in(here.user)
    pin = here.citizen.pin
    phone = here.citizen.party.contact_points.get().value
    assert pin is not None

    for address in (
        reverse("admin:citizens_citizen_changelist"),
        reverse("admin:citizens_citizen_change", args=[here.citizen.pk]),
        reverse("admin:office_dossier", args=[here.dossier.public_id]),
    ):
        said = client.get(address).content.decode()
        assert pin not in said
        assert phone.removeprefix("+84") not in said
        assert pin[-4:] in said
