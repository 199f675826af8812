"""The side bar: it leads nowhere that is closed, and has words for the pages of the log."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from citizens.enums import Role
from citizens.models import Unit
from portal.demo.accounts import POSTS
from portal.office.navigation import page_in_words
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory
from tests.office.places import signed_in
from tests.shelf import put_texts


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("admin:office_queue", "Dossiers"),
        ("admin:office_dossier_clock", "Dossiers"),
        ("admin:office_counter_person", "Counter"),
        ("admin:office_why_person", "Why me, why not"),
        ("admin:citizens_citizen_changelist", "Citizens"),
        ("admin:citizens_credential_change", "Papers and licences"),
        ("web:request_copy", ""),
    ],
)
def test_a_page_is_called_as_its_desk_is(page: str, said: str) -> None:
    with override("en"):
        assert page_in_words(page) == said


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("role", sorted({post.role for post in POSTS}))
def test_the_menu_of_every_role_of_the_demo_leads_to_open_pages(role: Role, city: Unit) -> None:
    put_texts()
    official = OfficialFactory(agency=AgencyFactory(unit=city))
    GrantFactory(official=official, role=role, unit=city)
    client = signed_in(official.user)
    groups = client.get("/admin/").context["sidebar_navigation"]

    answers = {
        item["link"]: client.get(item["link"]).status_code
        for group in groups
        for item in group["items"]
    }

    assert answers
    assert set(answers.values()) == {200}, answers
