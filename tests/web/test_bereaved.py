"""What a family reads that lost somebody: nothing asked twice, and about whom it is."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.dossiers.bundle_scene import FRIDAY, death
from tests.factories.citizens import UserFactory

pytestmark = pytest.mark.django_db

REMOVAL_PROOF = "Thông tin chứng minh thuộc trường hợp xóa (Điều 24 Luật Cư trú)"


def test_the_bereaved_do_not_prove_what_the_registration_of_the_death_says() -> None:
    with time_machine.travel(FRIDAY, tick=True):
        scene = death()
        page = Client()
        page.force_login(UserFactory(citizen=scene.citizen))
        address = reverse("web:suggestion", args=[scene.suggestion.public_id])

        answer = page.get(address)

    proof = next(one for one in answer.context["papers"].at_hand if one.name == REMOVAL_PROOF)
    assert proof.note == "Tự có sau khi “Thủ tục đăng ký khai tử” được giải quyết"
    assert REMOVAL_PROOF not in [slot.name for slot in answer.context["slots"]]
    assert proof.note in answer.content.decode()


def test_the_page_of_the_case_says_about_whom_it_is() -> None:
    with time_machine.travel(FRIDAY, tick=True):
        scene = death()
        case = scene.file(phone="0905 123 456")
        page = Client()
        page.force_login(UserFactory(citizen=scene.citizen))

        said = page.get(reverse("web:case", args=[case.public_id])).content.decode()

    assert f"Về {scene.suggestion.subject.citizen.full_name}" in said
