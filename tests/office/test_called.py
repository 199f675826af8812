"""Rows are called by words that people know: in filters, and at the head of their pages."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from citizens.enums import Role
from portal.office.base import DeskAdmin
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
DESKS = sorted(
    (model for model, desk in admin.site._registry.items() if isinstance(desk, DeskAdmin)),
    key=lambda model: model._meta.label,
)
KEY = re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b")
NUMBERS = re.compile(r"#\d+|\b\d+/\d+/\d{1,3}\b")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_filter_offers_a_key_and_no_page_is_headed_by_numbers(
    here: Place, language: str
) -> None:
    client = signed_in(here.user)
    client.cookies["django_language"] = language
    seen = 0
    for model in DESKS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        answer = client.get(reverse(f"{name}_changelist"))
        if answer.status_code != 200:
            continue
        listed = answer.context["cl"]
        for choices in (spec.choices(listed) for spec in listed.filter_specs):
            for choice in choices:
                assert not KEY.search(str(choice.get("display", ""))), (model, choice)
        for row in listed.result_list[:1]:
            page = client.get(reverse(f"{name}_change", args=[row.pk]))
            if page.status_code != 200:
                continue
            title = TITLE.search(page.content.decode())
            assert title is not None
            assert not NUMBERS.search(title[1]), (model, title[1])
            assert not KEY.search(title[1]), (model, title[1])
            seen += 1
    assert seen > 8


def test_a_suggestion_is_headed_by_what_it_offers_and_whom_it_is_about(here: Place) -> None:
    client = signed_in(here.user)
    row = next(one for one in here.rows if one._meta.model_name == "suggestion")

    page = client.get(reverse("admin:procedures_suggestion_change", args=[row.pk]))

    assert str(page.context["original"]) == f"Giấy phép lái xe · {here.citizen.full_name}"
    assert str(row) not in page.content.decode().split("<main")[0]


def test_roles_are_read_by_their_names(here: Place) -> None:
    client = signed_in(here.user)
    grant = next(one for one in here.rows if one._meta.model_name == "grant")

    page = client.get(reverse("admin:citizens_grant_change", args=[grant.pk])).content.decode()

    assert Role(grant.role).value not in (TITLE.search(page) or [page])[0]
