"""People are found by their number, and no address ever holds it (F46)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.office.numbers import number_in
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PEOPLE, QUEUE = "admin:citizens_citizen_changelist", "admin:office_queue"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("999156000017", "999156000017"),
        (" 999 156 000 017 ", "999156000017"),
        ("99915600001", None),
        ("9991560000177", None),
        ("99915600001x", None),
        ("٩٩٩١٥٦٠٠٠٠١٧", None),
        ("Lan", None),
        ("", None),
    ],
)
def test_what_is_a_number(text: str, number: str | None) -> None:
    assert number_in(text) == number


def _ask(client: Client, page: str, text: str | None) -> Any:
    return client.post(reverse(page), {"q": text or "?"}, follow=True)


def _addresses(response: Any) -> str:
    return str([*response.redirect_chain, response.wsgi_request.get_full_path()])


@pytest.mark.parametrize("page", [PEOPLE, QUEUE])
def test_a_number_leads_to_its_person_without_standing_in_an_address(
    page: str, here: Place
) -> None:
    response = _ask(signed_in(here.user), page, here.citizen.pin)

    assert here.citizen.full_name in response.content.decode()
    assert (here.citizen.pin or "?") not in _addresses(response)
    assert (here.citizen.pin or "?") not in response.content.decode()


@pytest.mark.parametrize("page", [PEOPLE, QUEUE])
def test_a_number_of_another_commune_leads_nowhere(
    page: str, here: Place, elsewhere: Place
) -> None:
    client = signed_in(here.user)

    foreign, unknown = _ask(client, page, elsewhere.citizen.pin), _ask(client, page, "999156999999")

    for response in (foreign, unknown):
        said = response.content.decode()
        assert "Không tìm thấy ai mang số này" in said
        assert elsewhere.mark not in said
        assert response.redirect_chain == [(reverse(page), 302)]


@pytest.mark.parametrize("page", [PEOPLE, QUEUE])
def test_words_become_part_of_the_address(page: str, here: Place) -> None:
    client = signed_in(here.user)

    response = client.post(reverse(page), {"q": here.mark, "status": ""})

    assert response["Location"].startswith(f"{reverse(page)}?q=")
    assert here.citizen.full_name in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("page", [PEOPLE, QUEUE])
def test_the_box_posts(page: str, here: Place) -> None:
    said = signed_in(here.user).get(reverse(page)).content.decode()

    form = next(part for part in said.split("<form") if 'name="q"' in part)
    assert 'method="post"' in form
    assert "csrfmiddlewaretoken" in form


def test_a_number_typed_into_an_address_finds_nobody(here: Place) -> None:
    client = signed_in(here.user)

    for page in (PEOPLE, QUEUE):
        said = client.get(reverse(page), {"q": here.citizen.pin or "?"}).content.decode()
        assert here.citizen.full_name not in said


@pytest.mark.parametrize("person", ["x", "00000000-0000-4000-8000-000000000000"])
def test_a_made_up_person_has_no_dossier(person: str, here: Place) -> None:
    response = signed_in(here.user).get(reverse(QUEUE), {"person": person})

    assert response.status_code == 200
