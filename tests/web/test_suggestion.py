"""The suggestion's page: what it shows, what a press files, and what it refuses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from citizens.enums import Gender
from citizens.models import Register
from dossiers.models import Dossier, Draft
from notifications.models import Message
from procedures.enums import SuggestionState
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    UserFactory,
)
from tests.factories.procedures import SuggestionFactory
from tests.web.scene import DUE, Scene, stranger

ANSWERS = {"delivery": "Bưu chính công ích"}


def test_the_page_says_why_and_whence(scene: Scene) -> None:
    html = scene.client.get(scene.page).content.decode()

    assert "Giấy phép lái xe hạng B" in html
    assert "36/2024/QH15" in html
    assert "Hệ thống thông tin giấy phép lái xe" in html
    assert "20/11/2026" in html
    assert "135.000\u00a0đ" in html
    assert "5 ngày làm việc" in html
    assert "thứ\u00a0Sáu, 27/11/2026" in html
    assert (scene.lan.pin or "?") not in html


def test_a_paper_names_the_register_that_answers_for_it_in_the_readers_language(
    scene: Scene,
) -> None:
    Register.objects.filter(code="HEALTH").update(name_vi="Cơ sở dữ liệu y tế", name_en="Health")
    notes = {}
    for language in ("vi", "en"):
        scene.client.cookies["django_language"] = language
        papers = scene.client.get(scene.page).context["papers"].at_hand
        notes[language] = {paper.note for paper in papers}

    assert "Cơ sở dữ liệu y tế" in notes["vi"]
    assert "Health" in notes["en"]


def test_only_what_nobody_knows_is_asked(scene: Scene) -> None:
    response = scene.client.get(scene.page)

    assert list(response.context["form"].fields) == ["delivery"]


def test_one_press_files_and_leads_to_the_dossier(scene: Scene) -> None:
    response = scene.client.post(scene.page, ANSWERS, follow=True)

    dossier = Dossier.objects.get()
    html = response.content.decode()
    assert response.redirect_chain == [(f"/my/dossiers/{dossier.public_id}/", 302)]
    assert dossier.code in html
    assert "Hồ sơ của ông/bà đã được nộp" in html
    assert dossier.form["delivery"]["value"] == ANSWERS["delivery"]
    assert Message.objects.filter(topic="dossier_submitted", recipient=scene.lan.party).count() == 1
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.ACCEPTED


def test_the_good_news_is_told_once(scene: Scene) -> None:
    first = scene.client.post(scene.page, ANSWERS, follow=True)

    again = scene.client.get(first.redirect_chain[-1][0])

    assert "Hồ sơ của ông/bà đã được nộp" not in again.content.decode()


def test_a_second_press_leads_to_the_same_dossier(scene: Scene) -> None:
    first = scene.client.post(scene.page, ANSWERS)

    second = scene.client.post(scene.page, ANSWERS)
    back = scene.client.get(scene.page)

    assert second["Location"] == first["Location"] == back["Location"]
    assert Dossier.objects.count() == 1


def test_a_missing_answer_is_named_and_nothing_is_filed(scene: Scene) -> None:
    response = scene.client.post(scene.page, {})

    html = response.content.decode()
    assert response.status_code == 422
    assert "data-focus" in html
    assert 'href="#id_delivery' in html
    assert Dossier.objects.count() == 0


def test_a_choice_that_is_not_offered_is_refused(scene: Scene) -> None:
    response = scene.client.post(scene.page, {"delivery": "Bồ câu"})

    assert response.status_code == 422
    assert Dossier.objects.count() == 0


def test_a_register_is_not_overwritten_by_what_a_browser_sends(scene: Scene) -> None:
    scene.client.post(scene.page, {**ANSWERS, "full_name": "Kẻ Gian", "licence_class": "D"})

    form = Dossier.objects.get().form
    assert form["full_name"]["value"] == scene.lan.full_name
    assert form["licence_class"]["value"] == "B"


@pytest.mark.parametrize("state", ["withdrawn", "expired", "fulfilled"])
def test_what_is_over_asks_for_nothing(scene: Scene, state: str) -> None:
    scene.suggestion.state = state
    scene.suggestion.save()

    response = scene.client.get(scene.page)

    assert response.status_code == 410
    assert "<form class=" not in response.content.decode().split("<main")[1].split("</main")[0]


def test_a_parent_is_told_for_whom_they_act(scene: Scene) -> None:
    child = CitizenFactory(minor=True, full_name="Nguyễn Gia Bảo", gender=Gender.MALE)
    father = CitizenFactory(gender=Gender.MALE, full_name="Nguyễn Văn Minh")
    AuthorityFactory(actor=father, for_party=child.party)
    paper = CredentialFactory(holder=child, kind="passport", category="", register__code="XNC")
    suggestion = SuggestionFactory(citizen=child, credential=paper, recipients=[father])
    client = Client()
    client.force_login(
        UserFactory(citizen=father), backend="django.contrib.auth.backends.ModelBackend"
    )

    html = client.get(f"/my/suggestions/{suggestion.public_id}/").content.decode()

    assert "Nguyễn Gia Bảo" in html
    assert "cha mẹ hoặc người giám hộ" in html


def test_what_is_typed_is_kept_found_again_and_gone_when_filed(scene: Scene) -> None:
    page = scene.client.get(scene.page).content.decode()
    said = scene.client.post(f"{scene.page}draft/", ANSWERS).content.decode()

    found = scene.client.get(scene.page).context["form"].initial

    assert f'hx-post="{scene.page}draft/"' in page
    assert "htmx" in page.split("</main>")[1]
    assert "Đã lưu lúc 09:00" in said
    assert found == ANSWERS
    assert scene.page in scene.client.get("/my/drafts/").content.decode()
    scene.client.post(scene.page, ANSWERS)
    assert not Draft.objects.exists()
    assert "Đã lưu lúc" not in scene.client.post(f"{scene.page}draft/", ANSWERS).content.decode()


def test_without_script_a_press_keeps_what_is_typed(scene: Scene) -> None:
    response = scene.client.post(scene.page, {"delivery": "Bồ câu", "save": "1"}, follow=True)

    assert response.redirect_chain == [(scene.page, 302)]
    assert "Đã lưu bản nháp" in response.content.decode()
    assert list(response.context["form"].errors) == ["delivery"]
    assert Draft.objects.get().form == {"delivery": "Bồ câu"}


def test_the_draft_of_a_suggestion_is_nobody_else_s(scene: Scene) -> None:
    _other, client = stranger()

    assert client.post(f"{scene.page}draft/", ANSWERS).status_code == 404
    assert not Draft.objects.exists()


def test_the_english_page(scene: Scene) -> None:
    scene.client.cookies["django_language"] = "en"

    html = scene.client.get(scene.page).content.decode()

    assert "Confirm and file" in html
    assert "Driving licence, class B" in html
    assert f"({(DUE - (DUE - timedelta(60))).days}\u00a0days left)" in html


def test_before_receipt_the_day_is_called_expected_and_summed_up(scene: Scene) -> None:
    html = scene.client.post(scene.page, ANSWERS, follow=True).content.decode()

    assert "Dự kiến trả kết quả" in html
    assert "Dự kiến: Hẹn trả thứ Sáu 27/11/2026: 5 ngày làm việc" in html
    assert re.search(r"còn\s5\sngày\slàm\sviệc", html)
    assert "còn\u00a07\u00a0ngày" not in html
    assert "gửi tới điện thoại" not in html


def test_a_matter_put_off_says_until_when(scene: Scene) -> None:
    scene.suggestion.state = SuggestionState.SNOOZED
    scene.suggestion.next_remind_on = DUE - timedelta(days=50)
    scene.suggestion.save()

    html = scene.client.get(scene.page).content.decode()

    assert "đang để nhắc lại" in html
    assert f"{DUE - timedelta(days=50):%d/%m/%Y}" in html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_consequence_ends_in_one_full_stop(scene: Scene, language: str) -> None:
    scene.client.cookies["django_language"] = language

    for address in (scene.page, f"{scene.page}dismiss/"):
        html = scene.client.get(address).content.decode()
        assert "..</p>" not in html
