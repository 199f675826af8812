"""A father files for the first card of his child: two persons, one form, one list of offices."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from citizens.enums import Gender, RelationKind
from dossiers.models import Dossier
from procedures.models import Suggestion
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    RelationFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, SuggestionFactory, version_of
from tests.web.scene import Scene

FIRST_CARD = "identity_card_first_issue_14"
OWN, OTHER = "Công an phường Hải Châu", "Công an phường An Khê"
REST = {"appointment_time": "2099-12-01T09:00"}


@pytest.fixture
def card(scene: Scene) -> tuple[Client, Suggestion]:
    """The father signed in, and the suggestion about his child, soon fourteen."""
    AgencyFactory(kind__key="cong_an_xa", unit=UnitFactory(ward=True, parent=scene.city),
                  code="000.A", name_vi=OTHER)  # fmt: skip
    AgencyFactory(kind__key="cong_an_xa", unit=scene.ward, code="000.B", name_vi=OWN)
    father = CitizenFactory(gender=Gender.MALE, full_name="Nguyễn Văn Minh", unit=scene.ward)
    born = date(2012, 12, 20)
    child = CitizenFactory(full_name="Nguyễn Gia Bảo", birth_date=born, unit=scene.ward)
    RelationFactory(person=father, relative=child, kind=RelationKind.FATHER)
    AuthorityFactory(actor=father, for_party=child.party)
    ProcedureVersionFactory(procedure__key=FIRST_CARD)
    suggestion = SuggestionFactory(
        rule_version=version_of(FIRST_CARD), anchor=child.pk, cycle=14, subject=child.party,
        due_on=date(2026, 12, 20), recipients=[father],
    )  # fmt: skip
    client = Client()
    client.force_login(
        UserFactory(citizen=father), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client, suggestion


def page(suggestion: Suggestion) -> str:
    return f"/my/suggestions/{suggestion.public_id}/"


def answers(client: Client, suggestion: Suggestion, **given: str) -> dict[str, str]:
    """Return an answer to everything that is asked, the office as it is preselected."""
    asked = client.get(page(suggestion)).context["form"].fields
    typed = {name: field.initial or f"Trả lời {name}" for name, field in asked.items()}
    wanted = {"phone": "0905123456", "occupation": "Học sinh", **REST, **given}
    return typed | {name: text for name, text in wanted.items() if name in asked}


def test_each_person_has_a_heading(card: tuple[Client, Suggestion]) -> None:
    client, suggestion = card

    parts = client.get(page(suggestion)).context["known"]

    assert [part.heading for part in parts] == [
        "Về cháu Nguyễn Gia Bảo",
        "Người nộp: Nguyễn Văn Minh",
    ]
    child, father = ([row.value for row in (*part.first, *part.rest)] for part in parts)
    assert "Nguyễn Gia Bảo" in child
    assert "Nguyễn Văn Minh" not in child
    assert "Nguyễn Văn Minh" in father
    assert "Nguyễn Gia Bảo" not in father


def test_a_first_card_asks_no_reason_and_offers_the_offices(
    card: tuple[Client, Suggestion],
) -> None:
    client, suggestion = card

    fields = client.get(page(suggestion)).context["form"].fields

    assert "reason" not in fields
    place = fields["appointment_place"]
    assert [value for value, _label in place.choices] == [OWN, OTHER]
    assert place.initial == OWN


def test_an_office_that_is_not_offered_is_refused(card: tuple[Client, Suggestion]) -> None:
    client, suggestion = card

    elsewhere = answers(client, suggestion, appointment_place="Nhà văn hóa")
    response = client.post(page(suggestion), elsewhere)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["appointment_place"]
    assert Dossier.objects.count() == 0


def test_the_dossier_names_the_child_too(card: tuple[Client, Suggestion]) -> None:
    client, suggestion = card

    response = client.post(page(suggestion), answers(client, suggestion), follow=True)

    form = Dossier.objects.get().form
    assert form["child_full_name"]["value"] == "Nguyễn Gia Bảo"
    assert form["reason"]["value"] == "Cấp lần đầu"
    assert form["appointment_place"]["value"] == OWN
    assert "Về cháu Nguyễn Gia Bảo" in response.content.decode()


def test_who_files_for_themselves_is_not_asked_as_a_child(scene: Scene) -> None:
    ProcedureVersionFactory(procedure__key=FIRST_CARD)
    suggestion = SuggestionFactory(
        rule_version=version_of(FIRST_CARD), anchor=scene.lan.pk, cycle=14,
        subject=scene.lan.party, due_on=date(2026, 12, 20), recipients=[scene.lan],
    )  # fmt: skip

    context = scene.client.get(page(suggestion)).context

    assert [part.heading for part in context["known"]] == [""]
    assert not [name for name in context["form"].fields if name.startswith("child_")]
