"""Numbers and sensitive data in full: a reason, a line in the log, one answer, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, ViewPurpose
from citizens.models import AccessLog, CitizenSensitive, Unit
from dossiers.models import Dossier
from portal.common import clock
from portal.office.reveal import HIDDEN
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    HouseholdFactory,
    RegisterFactory,
    RegisterRecordFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.office.places import Place, make_place, signed_in
from tests.office.test_every_look import log_refuses

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SENSITIVE = {"ethnicity": "Kim Tước Ni", "religion": "Kim Tước Giáo", "blood_type": "KT-AB"}
POOR = "Hộ Kim Tước Nghèo"
ASKS = "identity_card_reissue"


def _page(place: Place, what: str) -> str:
    return reverse(f"admin:citizens_citizen_reveal_{what}", args=[place.citizen.pk])


def _person(place: Place) -> str:
    return reverse("admin:citizens_citizen_change", args=[place.citizen.pk])


def _value(place: Place, what: str) -> str:
    phone = place.citizen.party.contact_points.get().value.replace("+84", "0")
    return {"personal_id": place.citizen.pin or "?", "phone": phone}[what]


def _last() -> AccessLog:
    return AccessLog.objects.order_by("pk")[AccessLog.objects.count() - 1]


def give_sensitive(place: Place) -> None:
    """Let the registers know such things of the person, and call the household poor."""
    person = place.citizen
    body = CitizenSensitive.seal_body(person.seal_identity, SENSITIVE)
    CitizenSensitive.objects.create(citizen=person, body_enc=body, as_of=clock.today())
    home = person.memberships.get().household
    record = {"register__code": "POV", "kind": "household", "body": {"status": POOR}}
    RegisterRecordFactory(subject=home.party, **record)
    poor = {"kind": "poor_household_status", "register__code": "POV", "category": POOR}
    CredentialFactory(holder=home, issuer=POOR, **poor)
    CredentialFactory(holder=person, issuer=POOR, **poor)


@pytest.mark.parametrize("what", ["personal_id", "phone"])
def test_the_page_masks_and_leads_to_the_reason(what: str, here: Place) -> None:
    client = signed_in(here.user)

    for address in (_person(here), _page(here, what)):
        said = client.get(address).content.decode()
        assert _value(here, what) not in said
        assert _value(here, what)[-9:] not in said.replace(" ", "")
    assert _page(here, what) in client.get(_person(here)).content.decode()


@pytest.mark.parametrize(
    ("what", "purpose"), [("personal_id", ViewPurpose.COUNTER), ("phone", ViewPurpose.SUPPORT)]
)
def test_the_value_is_shown_once_and_written_down(
    what: str, purpose: ViewPurpose, here: Place
) -> None:
    client = signed_in(here.user)

    response = client.post(_page(here, what), {"purpose": purpose, "code": "ignored"})

    # Then it is in this answer, which nobody keeps
    assert response.status_code == 200
    assert _value(here, what) in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    # And the log says so
    row = _last()
    assert (row.fields, row.purpose, row.reference) == ([what], purpose, "")
    assert (row.actor, row.subject_ids) == (here.user, [here.citizen.pk])
    # And it is nowhere else: neither session nor cookies nor the next page
    kept = str(dict(client.session.items())) + str(client.cookies) + str(response.headers)
    assert _value(here, what) not in kept
    for address in (_page(here, what), _person(here)):
        assert _value(here, what) not in client.get(address).content.decode()


def test_a_dossier_is_a_reason_when_it_is_here_and_names_the_person(
    here: Place, elsewhere: Place
) -> None:
    client = signed_in(here.user)
    other = DossierFactory(owner_citizen=CitizenFactory(unit=here.unit), competent=here.agency)
    away = DossierFactory(owner_citizen=here.citizen, competent=elsewhere.agency)

    for code in ("", "H17.1", other.code, away.code):
        given = {"purpose": ViewPurpose.DOSSIER, "code": code}
        response = client.post(_page(here, "personal_id"), given)
        assert response.status_code == 422, code
        assert (here.citizen.pin or "?") not in response.content.decode()
        assert _last().fields == ["full_name"]

    code = here.dossier.code
    given = {"purpose": ViewPurpose.DOSSIER, "code": f" {code} "}
    assert (here.citizen.pin or "?") in client.post(
        _page(here, "personal_id"), given
    ).content.decode()
    assert (_last().fields, _last().reference) == (["personal_id"], code)


@pytest.mark.parametrize("what", HIDDEN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_of_another_commune_is_revealed(
    what: str, method: str, here: Place, elsewhere: Place
) -> None:
    client = signed_in(here.user)
    give_sensitive(elsewhere)

    response = getattr(client, method)(_page(elsewhere, what), {"purpose": ViewPurpose.COUNTER})

    assert response.status_code == 404
    assert not AccessLog.objects.filter(subject_ids__contains=[elsewhere.citizen.pk]).filter(
        actor=here.user
    )


@pytest.mark.parametrize("purpose", ["", "because", "audit", "support"])
def test_a_reason_is_one_of_the_list(purpose: str, here: Place) -> None:
    response = signed_in(here.user).post(_page(here, "personal_id"), {"purpose": purpose})

    assert response.status_code == 422
    assert (here.citizen.pin or "?") not in response.content.decode()


def test_what_cannot_be_written_down_is_not_shown(here: Place) -> None:
    client = signed_in(here.user)
    given = {"purpose": ViewPurpose.COUNTER}

    with log_refuses(), pytest.raises(ProgrammingError, match="accesslog"), transaction.atomic():
        client.post(_page(here, "personal_id"), given)


# ------------------------------------------------------------------------------- sensitive data
def _ask(place: Place, client: Client, **given: Any) -> Any:
    give = {"purpose": ViewPurpose.DATA_QUALITY, "code": ""} | given
    return client.post(_page(place, "sensitive"), give)


def _shows_all(response: Any) -> bool:
    said = response.content.decode()
    return all(value in said for value in (*SENSITIVE.values(), POOR))


def _shows_any(said: str) -> bool:
    return "Kim Tước" in said or SENSITIVE["blood_type"] in said


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        (Role.RECEPTIONIST, False),
        (Role.CASE_OFFICER, True),
        (Role.HEAD_OF_UNIT, True),
        (Role.DATA_STEWARD, True),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_the_permission_is_a_role_over_the_place(role: Role, opens: bool, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    give_sensitive(place)
    client = signed_in(place.user)

    page = client.get(_person(place)).content.decode()

    assert (_page(place, "sensitive") in page) is opens
    assert client.get(_page(place, "sensitive")).status_code == (200 if opens else 403)
    assert (_ask(place, client).status_code == 403) is not opens
    assert not _shows_any(page)


@pytest.mark.parametrize("role", [Role.HEAD_OF_UNIT, Role.DATA_STEWARD])
def test_who_answers_for_the_data_sees_them_and_is_seen(role: Role, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    give_sensitive(place)

    response = _ask(place, signed_in(place.user))

    assert _shows_all(response)
    assert "no-store" in response["Cache-Control"]
    row = _last()
    assert row.fields == ["ethnicity", "religion", "blood_type", "poverty_status"]
    assert (row.purpose, row.subject_ids) == (ViewPurpose.DATA_QUALITY, [place.citizen.pk])


def test_a_case_officer_needs_an_open_dossier_that_asks_for_them(city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(Role.CASE_OFFICER,))
    give_sensitive(place)
    client = signed_in(place.user)
    own = {"owner_citizen": place.citizen, "competent": place.agency}
    asks = DossierFactory(procedure_key=ASKS, **own)
    ended = DossierFactory(procedure_key=ASKS, **own)
    Dossier.objects.filter(pk=ended.pk).update(status=10, finished_at=clock.now())

    def by(code: str) -> Any:
        return _ask(place, client, purpose=ViewPurpose.DOSSIER, code=code)

    assert _ask(place, client).status_code == 422
    for dossier in (place.dossier, ended):
        assert by(dossier.code).status_code == 422
        assert not _shows_any(by(dossier.code).content.decode())
    assert _shows_all(by(asks.code))
    assert _last().reference == asks.code


def test_where_nothing_is_held_the_page_says_so(here: Place) -> None:
    response = _ask(here, signed_in(here.user))

    assert response.status_code == 200
    assert "Cơ sở dữ liệu không có" in response.content.decode()


def test_the_households_of_others_are_not_called_poor(here: Place) -> None:
    RegisterFactory(code="POV")
    home = HouseholdFactory(unit=here.unit, head=CitizenFactory(unit=here.unit))
    RegisterRecordFactory(subject=home.party, register__code="POV", body={"status": POOR})
    ContactPointFactory(party=here.citizen.party)

    assert POOR not in _ask(here, signed_in(here.user)).content.decode()
