"""Words for answers: of the own agency, offered where a reason is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Status
from dossiers.models import AnswerText, Dossier
from dossiers.services.write_answer_text import MOST
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.places import CANARY, Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PAGE = "admin:office_answers"


def _colleague(place: Place, role: Role = Role.CASE_OFFICER) -> User:
    official = OfficialFactory(agency=place.agency)
    GrantFactory(official=official, role=role, unit=place.unit)
    user: User = official.user
    return user


def _write(client: Client, title: str, body: str) -> Any:
    given = {"title": title, "body": body}
    return client.post(reverse("admin:office_answers_write"), given)


def test_a_text_is_written_replaced_and_taken_away(here: Place) -> None:
    client = signed_in(_colleague(here))

    _write(client, "Thiếu  ảnh", "Ảnh chưa đúng cỡ.")
    _write(client, "Thiếu ảnh", "Ảnh phải đúng cỡ 4 x 6 cm.")

    text = AnswerText.objects.get()
    assert (text.agency, text.title, text.body) == (
        here.agency,
        "Thiếu ảnh",
        "Ảnh phải đúng cỡ 4 x 6 cm.",
    )
    assert text.body in client.get(reverse(PAGE)).content.decode()
    client.post(reverse("admin:office_answers_away", args=[text.pk]))
    assert not AnswerText.objects.exists()


def test_it_is_offered_where_a_reason_is_asked_for(here: Place, elsewhere: Place) -> None:
    Dossier.objects.filter(pk=here.dossier.pk).update(status=Status.REGISTERED)
    client = signed_in(_colleague(here))
    _write(client, "Thiếu ảnh", "Ảnh chưa đúng cỡ.")
    _write(signed_in(elsewhere.user), CANARY, CANARY)

    page: Any = client.get(reverse("admin:office_dossier", args=[here.dossier.public_id]))

    said = page.content.decode()
    assert '<option value="Ảnh chưa đúng cỡ.">Thiếu ảnh</option>' in said
    assert f'">{CANARY}</option>' not in said
    assert CANARY not in client.get(reverse(PAGE)).content.decode()


def test_nobody_takes_away_the_text_of_another_agency(here: Place, elsewhere: Place) -> None:
    _write(signed_in(elsewhere.user), CANARY, CANARY)
    theirs = AnswerText.objects.get()

    signed_in(_colleague(here)).post(reverse("admin:office_answers_away", args=[theirs.pk]))

    assert AnswerText.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("title", "body"),
    [("", "a"), ("a", " "), ("x" * 61, "a"), ("a", "x" * 501), ("a", "Số 079 099 000 123")],
)
def test_what_is_no_text_for_many_is_refused(title: str, body: str, here: Place) -> None:
    answer = _write(signed_in(_colleague(here)), title, body)

    assert answer.status_code == 422
    assert not AnswerText.objects.exists()


def test_there_are_forty_at_most(here: Place) -> None:
    client = signed_in(_colleague(here))
    for number in range(MOST + 1):
        _write(client, f"Số {number}", "Lời")

    assert here.agency.answer_texts.count() == MOST


@pytest.mark.parametrize("role", [Role.PROVINCIAL_LEADER, Role.OPERATOR, Role.AUDITOR])
def test_other_roles_have_no_such_desk(role: Role, here: Place) -> None:
    client = signed_in(_colleague(here, role))

    assert client.get(reverse(PAGE)).status_code == 403
    assert _write(client, "a", "b").status_code == 403
