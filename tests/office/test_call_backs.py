"""The desk of call-backs: masked on the list, whole on its page, and each look written down."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog
from notifications.models import CallBack
from tests.factories.citizens import GrantFactory
from tests.office.places import Place, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(here: Place) -> Client:
    return signed_in(here.user)


@pytest.fixture
def call(here: Place) -> CallBack:
    return CallBack.objects.get(party=here.citizen.party)


def page(call: CallBack) -> str:
    return reverse("admin:office_call_back", args=[call.public_id])


def test_the_list_masks_numbers_and_hides_words(client: Client, call: CallBack) -> None:
    shown = client.get(reverse("admin:office_call_backs")).content.decode()

    assert call.inbound is not None
    number = f"0{call.inbound.sender.removeprefix('+84')}"
    assert number not in shown
    assert number[-4:] in shown
    assert call.inbound.body not in shown


def test_its_page_shows_them_and_says_so_in_the_log(
    client: Client, here: Place, call: CallBack
) -> None:
    shown = client.get(page(call)).content.decode()

    assert call.inbound is not None
    assert call.inbound.body in shown
    assert f"0{call.inbound.sender.removeprefix('+84')}" in shown
    look = AccessLog.objects.order_by("-pk")[0]
    assert (look.subject_ids, look.purpose) == ([here.citizen.pk], "support")
    assert {"phone", "text"} <= set(look.fields)


def test_who_has_called_says_what_came_of_it(client: Client, here: Place, call: CallBack) -> None:
    assert client.post(page(call), {"note": " "}).status_code == 200
    call.refresh_from_db()
    assert call.done_at is None

    assert client.post(page(call), {"note": "Đã giải thích lệ phí"}).status_code == 302
    call.refresh_from_db()
    assert (call.done_by, call.note) == (here.user, "Đã giải thích lệ phí")
    assert client.get(page(call)).status_code == 404


def test_another_commune_s_do_not_exist(client: Client, elsewhere: Place) -> None:
    foreign = CallBack.objects.get(party=elsewhere.citizen.party)

    assert client.get(page(foreign)).status_code == 404
    assert client.post(page(foreign), {"note": "x"}).status_code == 404


def test_a_number_of_nobody_is_the_whole_province_s(
    client: Client, here: Place, call: CallBack
) -> None:
    CallBack.objects.filter(pk=call.pk).update(unit=None, party=None)
    assert client.get(page(call)).status_code == 404

    GrantFactory(official=here.official, role=Role.CASE_OFFICER, unit=here.unit.parent)

    assert client.get(page(call)).status_code == 200


def test_without_the_role_there_is_no_desk(here: Place) -> None:
    here.official.grants.exclude(role=Role.AUDITOR).delete()
    client = signed_in(here.user)

    assert client.get(reverse("admin:office_call_backs")).status_code == 403
