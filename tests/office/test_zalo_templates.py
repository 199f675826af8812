"""Officials write down which template Zalo approved for a topic, and what fills it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from notifications.models import ZaloTemplate
from tests.office.places import make_place, signed_in
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db

ADD = reverse("admin:notifications_zalotemplate_add")
LINES = "giay_to = paper : product\n\n ma=check_code:code "
GIVEN: dict[str, Any] = {
    "topic": "credential_expiring",
    "language": "vi",
    "template_id": "7890",
    "state": "approved",
    "parameters": LINES,
    "note": "",
}


@pytest.fixture(autouse=True)
def _texts(db: None) -> None:
    put_texts()


def test_an_editor_writes_a_template_down(city: Unit) -> None:
    client = signed_in(make_place(city, "Đông", roles=(Role.CATALOGUE_EDITOR,)).user)
    assert "customer_name 30" in client.get(ADD).content.decode()

    client.post(ADD, GIVEN)

    template = ZaloTemplate.objects.get()
    assert template.parameters == {
        "giay_to": {"value": "paper", "kind": "product"},
        "ma": {"value": "check_code", "kind": "code"},
    }
    change = reverse("admin:notifications_zalotemplate_change", args=[template.pk])
    assert "giay_to = paper : product" in client.get(change).content.decode()
    client.post(change, GIVEN | {"state": "refused"})
    template.refresh_from_db()
    assert (template.state, len(template.parameters)) == ("refused", 2)


@pytest.mark.parametrize(
    "lines",
    ["", "giay_to paper", "giay_to = pin : code", "giay_to = paper : novel", "a = {{x}} : code"],
)
@pytest.mark.usefixtures("others_templates")
def test_lines_that_name_no_value_of_the_topic_are_refused(city: Unit, lines: str) -> None:
    client = signed_in(make_place(city, "Đông", roles=(Role.CATALOGUE_EDITOR,)).user)

    response = client.post(ADD, GIVEN | {"parameters": lines})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert not ZaloTemplate.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OPERATOR, 200), (Role.APPROVER, 403), (Role.RECEPTIONIST, 403), (Role.AUDITOR, 403)],
)
def test_who_may_write(city: Unit, role: Role, status: int) -> None:
    client = signed_in(make_place(city, "Đông", roles=(role,)).user)

    assert client.get(ADD).status_code == status
