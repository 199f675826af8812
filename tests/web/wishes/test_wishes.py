"""What people begin themselves: a few questions, three answers with reasons, the next step."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import time_machine
from django.test import Client

from dossiers.documents.held_matters import matters_held
from dossiers.models import BundleCase, Dossier
from notifications.models import Message
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.common.errors import RefusedError
from procedures.enums import SuggestionState
from procedures.models import Recipient, Rule, Suggestion
from procedures.selectors import offer_of
from procedures.services.begin_bundle import begin_bundle
from tests.factories.procedures import version_of
from tests.web.scene import Scene
from tests.web.wishes.scene import (
    BUSINESS,
    EXEMPT,
    HOUSE,
    LIST,
    PERMIT,
    POWER,
    SHOP,
    SUPPLY,
    TALL,
    WATER,
    bundle,
    said,
)


def begun(scene: Scene) -> Suggestion:
    """Return the matter that Mrs Lan began."""
    return Suggestion.objects.exclude(pk=scene.suggestion.pk).get()


# -------------------------------------------------------------------------------- the list
def test_the_list_is_reached_from_my_matters(scene: Scene) -> None:
    bundle("house_build", scene)
    bundle("start_household_business", scene)

    assert f'href="{LIST}"' in scene.client.get("/my/").content.decode()
    html = scene.client.get(LIST).content.decode()

    assert f'href="{HOUSE}"' in html
    assert f'href="{SHOP}"' in html
    assert "Xây nhà" in html


def test_what_was_stopped_is_not_offered(scene: Scene) -> None:
    bundle("house_build", scene)
    Rule.objects.filter(key="house_build").update(is_active=False)

    assert HOUSE not in scene.client.get(LIST).content.decode()
    assert scene.client.get(HOUSE).status_code == 404


@pytest.mark.parametrize("key", ["driving_licence_renewal", "no_such", "house_connect"])
def test_only_wishes_have_a_page(scene: Scene, key: str) -> None:
    bundle("house_connect", scene)

    assert scene.client.get(f"/my/wishes/{key}/").status_code == 404


def test_visitors_sign_in_first(scene: Scene) -> None:
    assert Client().get(HOUSE).status_code == 302


# --------------------------------------------------------------------------- three answers
@pytest.mark.parametrize(
    ("stated", "title", "text"),
    [
        (EXEMPT, "Ông/bà không cần bước này", "được miễn bước này"),
        (EXEMPT | {"floors": "6"}, "Ông/bà không cần bước này", "được miễn bước này"),
        (EXEMPT | {"floors": "7"}, "Ông/bà cần làm bước này trước", "không thuộc trường hợp"),
        (TALL, "Ông/bà cần làm bước này trước", "không thuộc trường hợp"),
        (EXEMPT | {"protected_area": "Có"}, "Ông/bà cần làm bước này trước", "không thuộc"),
        (EXEMPT | {"work_kind": "Khác"}, "Ông/bà cần làm bước này trước", "không thuộc"),
        (EXEMPT | {"floors": ""}, "Có thể không cần", "Còn thiếu một thông tin: Số tầng"),
        (EXEMPT | {"protected_area": ""}, "Có thể không cần", "Còn thiếu một thông tin: Nằm"),
        ({"floors": "3"}, "Chưa biết", "Còn 2 câu chưa trả lời"),
        ({"floors": ""}, "Chưa biết", "Còn 3 câu chưa trả lời"),
        (TALL | {"work_kind": ""}, "Ông/bà cần làm bước này trước", "không thuộc"),
    ],
)
def test_three_answers_with_reasons(
    scene: Scene, stated: dict[str, str], title: str, text: str
) -> None:
    bundle("house_build", scene)

    page = said(scene.client.get(HOUSE, stated).content.decode())

    assert title in page
    assert text in page
    assert "Cấp giấy phép xây dựng" in page
    assert "Số tầng: " in page
    assert "nhiều nhất 6" in page
    assert not Suggestion.objects.exclude(pk=scene.suggestion.pk).exists()


def test_before_the_law_nobody_is_exempt(scene: Scene) -> None:
    bundle("house_build", scene)

    with time_machine.travel(datetime.combine(date(2026, 6, 30), time(9), CIVIL_ZONE)):
        scene.client.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")
        response = scene.client.get(HOUSE)

    assert response.context["answers"] == []
    assert not response.context["form"].fields


def test_the_questions_are_asked_first(scene: Scene) -> None:
    bundle("house_build", scene)

    html = scene.client.get(HOUSE).content.decode()

    assert list(EXEMPT) == list(scene.client.get(HOUSE).context["form"].fields)
    assert "Tôi chưa biết" in html
    assert 'method="post"' not in html.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("wrong", [{"floors": "ba"}, {"work_kind": "Lâu đài"}])
def test_what_is_no_answer_is_named(scene: Scene, wrong: dict[str, str]) -> None:
    bundle("house_build", scene)

    for response in (scene.client.get(HOUSE, EXEMPT | wrong), scene.client.post(HOUSE, wrong)):
        assert response.status_code == 422
        assert "data-focus" in response.content.decode()
    assert Suggestion.objects.count() == 1


# ------------------------------------------------------------------------------- beginning
def test_an_exempted_house_goes_to_electricity_and_water(scene: Scene) -> None:
    # Given a house that needs no permit
    bundle("house_build", scene)

    # When she begins
    answer = scene.client.post(HOUSE, EXEMPT)
    matter = begun(scene)
    assert answer.headers["Location"] == f"/my/suggestions/{matter.public_id}/"
    page = said(scene.client.get(answer.headers["Location"]).content.decode())

    # Then one form asks for both, nobody is hurried, and the permit is said to be spared
    assert "Một lần xác nhận nộp 2 hồ sơ cùng lúc" in page
    assert "Cấp điện mới từ lưới điện hạ áp" in page
    assert "Lắp đặt, đấu nối nước sạch" in page
    assert "Nhà ở riêng lẻ dưới 7 tầng" in page
    assert "còn\u00a0" not in page
    assert not Message.objects.filter(recipient=scene.lan.party).exists()

    # And one press files both, linked
    filed = scene.client.post(answer.headers["Location"], SUPPLY, follow=True)
    dossiers = Dossier.objects.order_by("pk")
    codes = [one.procedure_version.procedure.code for one in dossiers]
    assert (filed.status_code, codes) == (200, [POWER, WATER])
    assert {one.bundle_case for one in dossiers} == {BundleCase.objects.get()}
    assert dossiers[1].code in filed.content.decode()
    matter.refresh_from_db()
    assert matter.state == SuggestionState.ACCEPTED


def test_a_tall_house_begins_with_the_permit(scene: Scene) -> None:
    bundle("house_build", scene)
    bundle_of_what_follows = bundle("house_connect", scene)
    assert bundle_of_what_follows.rule.is_active

    response = scene.client.post(HOUSE, TALL, follow=True)
    page = said(response.content.decode())

    assert "Tự động nộp sau đó" in page
    assert "ông/bà không phải làm gì thêm" in page
    offered = response.context["form"]
    assert offered["floors"].value() == "8"
    assert offered["work_kind"].value() == "Nhà ở riêng lẻ"
    matter = begun(scene)
    assert matter.stated == TALL
    answers = {name: field.initial or "1" for name, field in offered.fields.items()}
    answers |= TALL | {"work_grade": "Cấp IV", "site_address": "12 Trần Phú"} | SUPPLY
    scene.client.post(f"/my/suggestions/{matter.public_id}/", answers)
    dossier = Dossier.objects.get()
    assert dossier.procedure_version.procedure.code == PERMIT
    assert dossier.bundle_case is not None
    assert [step.state for step in dossier.bundle_case.steps.all()] == [
        "filed",
        "waiting",
        "waiting",
    ]
    assert dossier.form["floors"]["value"] == "8"


def test_a_household_business_is_begun_without_questions(scene: Scene) -> None:
    bundle("start_household_business", scene)

    assert not scene.client.get(SHOP).context["form"].fields
    page = scene.client.post(SHOP, follow=True)

    assert page.status_code == 200
    assert "Ông/bà tự bắt đầu" in said(page.content.decode())
    assert begun(scene).rule.bundle is not None
    assert page.context["suggestion"].procedure == "Đăng ký thành lập hộ kinh doanh"
    offer = offer_of(suggestion=begun(scene), day=clock.today())
    assert [step.code for step in offer.steps] == [BUSINESS]


def test_a_wish_stands_among_my_matters_without_haste(scene: Scene) -> None:
    bundle("house_build", scene)
    scene.client.post(HOUSE, EXEMPT)

    html = scene.client.get("/my/").content.decode()
    card = next(one for one in html.split("<article") if "Xây nhà" in one)

    assert "Ông/bà tự bắt đầu" in card
    assert "còn\u00a0" not in card
    assert "snooze" not in card
    assert "Xây nhà" not in said(scene.client.get("/my/calendar/").content.decode())


def test_beginning_again_goes_on_with_what_waits(scene: Scene) -> None:
    bundle("house_build", scene)
    scene.client.post(HOUSE, EXEMPT)
    Recipient.objects.filter(suggestion=begun(scene)).update(state="dismissed")

    scene.client.post(HOUSE, TALL)

    assert begun(scene).stated == TALL
    assert scene.client.get(f"/my/suggestions/{begun(scene).public_id}/").status_code == 200


def test_what_was_stated_is_in_the_copy_of_her_data(scene: Scene) -> None:
    bundle("house_build", scene)
    scene.client.post(HOUSE, EXEMPT)

    held = matters_held(scene.lan)["suggestions"]

    assert [row["stated"] for row in held if row["rule"] == "house_build"] == [
        {
            "Loại công trình": "Nhà ở riêng lẻ",
            "Số tầng": "3",
            "Nằm trong khu vực phải giữ nguyên cảnh quan, kiến trúc": "Không",
        }
    ]


def test_after_one_was_filed_the_next_is_another(scene: Scene) -> None:
    bundle("house_build", scene)
    scene.client.post(HOUSE, EXEMPT)
    Suggestion.objects.filter(rule__key="house_build").update(state=SuggestionState.FULFILLED)

    scene.client.post(HOUSE, TALL)

    cycles = Suggestion.objects.filter(rule__key="house_build").order_by("cycle")
    assert [one.cycle for one in cycles] == [1, 2]


def test_what_is_suggested_is_not_begun_by_a_wish(scene: Scene) -> None:
    with pytest.raises(RefusedError):
        begin_bundle(
            citizen=scene.lan,
            rule_version=version_of("driving_licence_renewal"),
            stated={},
            now=clock.now(),
        )
