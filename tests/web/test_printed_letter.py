"""A letter on paper: one's own only, signed, addressed for the window, and findable by its code."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen, Tries
from dossiers.services import print_letters
from notifications.models import Message
from notifications.services import genuine_notice
from portal.common import clock
from tests.factories.citizens import CitizenFactory
from tests.factories.notifications import MessageFactory
from tests.web.scene import TODAY, Scene, stranger


@pytest.fixture
def message(scene: Scene) -> Message:
    """A reminder to Mrs Lan that her SMS did not bring."""
    made: Message = MessageFactory(
        recipient=scene.lan.party, short_code="CDFG2345", state="failed", text_version=1
    )
    return made


def test_the_own_letter_is_addressed_and_signed(scene: Scene, message: Message) -> None:
    html = scene.client.get(reverse("web:letter_print", args=[message.public_id])).content.decode()

    for shown in (scene.lan.full_name, scene.ward.name_vi, "CDFG-2345", "testserver/verify/"):
        assert shown in html
    assert re.search(r'<svg viewBox="[^"]+" class="qr__code"><path', html)
    assert "style=" not in html


def test_its_qr_says_what_was_signed(scene: Scene, message: Message) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    filed = scene.lan.party.messages.exclude(pk=message.pk).get()

    sheet = print_letters(messages=[filed], day=TODAY, language="vi")[0]

    notice = genuine_notice(sheet.signed.address)
    assert notice is not None
    assert (notice.code, notice.agency, notice.day) == (filed.short_code, scene.office.code, TODAY)
    assert scene.lan.full_name not in sheet.signed.address


def test_letters_of_others_do_not_exist(message: Message) -> None:
    _citizen, client = stranger()

    assert client.get(reverse("web:letter_print", args=[message.public_id])).status_code == 404


def test_a_message_that_never_left_gets_its_code_and_is_known_by_it(scene: Scene) -> None:
    unsent = MessageFactory(recipient=scene.lan.party, state="suppressed", reason="no_address")

    sheet = print_letters(messages=[unsent], day=TODAY, language="vi")[0]

    Tries.objects.all().delete()
    answer = Client().post("/verify/", {"code": sheet.signed.code}).content.decode()
    assert "Đúng, tin này là của Cổng" in answer


def test_a_childs_letter_goes_to_who_answers_for_it(scene: Scene) -> None:
    child = CitizenFactory(birth_date=TODAY - timedelta(days=3000), unit=scene.ward)
    told = MessageFactory(recipient=child.party)

    sheet = print_letters(messages=[told], day=TODAY, language="vi")[0]

    assert sheet.to[0] == "Kính gửi cha mẹ hoặc người giám hộ của"
    assert sheet.to[1] == child.full_name


@pytest.mark.parametrize("who", ["recipient", "about"])
@pytest.mark.parametrize("facts", [{"died_on": TODAY}, {"emigrated_on": TODAY}])
def test_nothing_is_printed_for_who_is_gone(
    scene: Scene, message: Message, who: str, facts: dict[str, date]
) -> None:
    gone = CitizenFactory(unit=scene.ward)
    setattr(message, who, gone.party)
    Citizen.objects.filter(pk=gone.pk).update(**facts)
    message.save()

    stored = Message.objects.get(pk=message.pk)
    assert print_letters(messages=[stored], day=clock.today(), language="vi") == []
