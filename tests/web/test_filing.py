"""Filing from a procedure's own page: for whom, only what is asked, the look before, the press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from citizens.enums import Gender
from dossiers.models import Dossier, Draft
from dossiers.payments.fees import fee_choices
from dossiers.tasks import remove_drafts, ring_for_automatic_decisions
from procedures.enums import FilingChannel
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    OrganisationFactory,
)
from tests.factories.dossiers import catalogued_version
from tests.web.scene import FRIDAY, Scene, stranger

LOST = "driving_licence_reissue"
BEGIN, FORM, CHECK, DRAFT = (
    f"/my/procedures/{LOST}/{end}" for end in ("", "form/", "check/", "draft/")
)
ANSWERS = {"reason": "Khác", "delivery": "Trực tiếp"}


@pytest.fixture
def lost(scene: Scene) -> Scene:
    """Mrs Lan, whose licence is lost: nothing is suggested for it."""
    catalogued_version(LOST)
    return scene


def test_one_person_is_not_asked_for_whom(lost: Scene) -> None:
    assert lost.client.get(BEGIN)["Location"] == FORM


def test_only_what_nobody_knows_must_be_answered(lost: Scene) -> None:
    response = lost.client.get(FORM)

    fields = response.context["form"].fields
    assert [name for name, field in fields.items() if field.required] == ["reason", "delivery"]
    html = response.content.decode()
    assert "Hệ thống thông tin giấy phép lái xe" in html
    assert "Không đúng?" in html


def test_from_the_form_to_the_look_to_the_dossier(lost: Scene) -> None:
    checked = lost.client.post(FORM, ANSWERS, follow=True)
    number = Draft.objects.get().version

    filed = lost.client.post(CHECK, {"number": number}, follow=True)

    assert checked.redirect_chain == [(CHECK, 302)]
    assert "2 mục do ông/bà trả lời" in checked.content.decode()
    dossier = Dossier.objects.get()
    assert filed.redirect_chain == [(f"/my/dossiers/{dossier.public_id}/", 302)]
    assert dossier.form["reason"]["value"] == "Khác"
    assert (dossier.channel, dossier.suggestion) == (FilingChannel.ONLINE, None)
    assert not Draft.objects.exists()


def test_a_filing_rings_for_automatic_decisions_once_it_is_written(
    lost: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    lost.client.post(FORM, ANSWERS)
    with django_capture_on_commit_callbacks() as rung:
        lost.client.post(CHECK, {"number": 2})
        assert not rung
        lost.client.post(CHECK, {"number": 1})

    assert rung == [ring_for_automatic_decisions]


def test_a_second_press_leads_to_the_same_dossier(lost: Scene) -> None:
    lost.client.post(FORM, ANSWERS)
    first = lost.client.post(CHECK, {"number": 1})

    second = lost.client.post(CHECK, {"number": 1})

    assert first["Location"] == second["Location"]
    assert lost.client.get(FORM)["Location"] == first["Location"]


def test_what_was_changed_in_another_window_is_shown_before_it_is_filed(lost: Scene) -> None:
    lost.client.post(FORM, ANSWERS)
    lost.client.post(FORM, ANSWERS | {"reason": "Hỏng"})

    response = lost.client.post(CHECK, {"number": 1}, follow=True)

    assert "Hỏng" in response.content.decode()
    assert not Dossier.objects.exists()


def test_the_look_is_not_reached_while_something_is_missing(lost: Scene) -> None:
    lost.client.post(DRAFT, {"reason": "Khác"})

    assert lost.client.get(CHECK)["Location"] == FORM
    assert lost.client.post(CHECK, {"number": 1})["Location"] == FORM
    assert not Dossier.objects.exists()


HOSTILE = {
    "no answer": ({}, "delivery"),
    "not a choice": ({"reason": "Khác", "delivery": "Bồ câu"}, "delivery"),
    "too long": ({"reason": "x" * 5000, "delivery": "Trực tiếp"}, "reason"),
    "a null byte": ({"reason": "Khác\x00", "delivery": "Trực tiếp"}, "reason"),
    "markup": ({"reason": "<script>alert(1)</script>", "delivery": "Trực tiếp"}, "reason"),
}


@pytest.mark.parametrize(("answers", "name"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_answers_are_refused_beside_their_field(
    lost: Scene, answers: dict[str, str], name: str
) -> None:
    response = lost.client.post(FORM, answers)

    html = response.content.decode()
    assert response.status_code == 422
    assert "data-focus" in html
    assert f'href="#id_{name}' in html
    assert "<script>alert" not in html
    assert not Dossier.objects.exists()


def test_a_register_is_not_overwritten_by_what_a_browser_sends(lost: Scene) -> None:
    lost.client.post(FORM, ANSWERS | {"licence_class": "D", "full_name": "Kẻ Gian"})
    lost.client.post(CHECK, {"number": 1, "full_name": "Kẻ Gian"})

    form = Dossier.objects.get().form
    assert (form["licence_class"]["value"], form["full_name"]["value"]) == (
        "B",
        lost.lan.full_name,
    )


def test_what_is_typed_is_kept_and_found_again(lost: Scene) -> None:
    said = lost.client.post(DRAFT, {"reason": "Hỏng"})

    assert "Đã lưu lúc 09:00" in said.content.decode()
    assert lost.client.get(FORM).context["form"].initial == {"reason": "Hỏng"}
    html = lost.client.get("/my/drafts/").content.decode()
    assert FORM in html
    assert "20/12/2026" in html


def test_what_cannot_be_filed_is_kept_as_typed_and_refused_beside_its_field(lost: Scene) -> None:
    lost.client.post(DRAFT, {"reason": "Hỏng", "delivery": "Bồ câu\x00 " + "x" * 600})

    response = lost.client.get(FORM)

    form = response.context["form"]
    assert form.initial["delivery"].startswith("Bồ câu x")
    assert list(form.errors) == ["delivery"]
    assert 'href="#id_delivery' in response.content.decode()
    assert lost.client.get(CHECK)["Location"] == FORM


def test_without_script_the_page_does_not_say_that_it_keeps_what_is_typed(lost: Scene) -> None:
    html = lost.client.get(FORM).content.decode()

    assert "<span data-scripted hidden>Nội dung được lưu trong khi gõ.</span>" in html
    assert "<noscript>Bấm “Lưu nháp”" in html


def test_a_page_that_saves_after_the_filing_says_so(lost: Scene) -> None:
    lost.client.post(FORM, ANSWERS)
    lost.client.post(CHECK, {"number": 1})

    said = lost.client.post(DRAFT, {"reason": "Hỏng"}).content.decode()

    assert "Đã lưu lúc" not in said
    assert not Draft.objects.exists()


def test_without_script_a_press_keeps_the_draft(lost: Scene) -> None:
    response = lost.client.post(FORM, {"reason": "Hỏng", "save": "1"}, follow=True)

    assert "Đã lưu bản nháp" in response.content.decode()
    assert Draft.objects.get().form == {"reason": "Hỏng"}


def test_a_draft_is_deleted_after_a_question(lost: Scene) -> None:
    lost.client.post(DRAFT, {"reason": "Hỏng"})
    page = f"/my/drafts/{Draft.objects.get().public_id}/delete/"

    asked = lost.client.get(page)

    assert asked.status_code == 200
    assert Draft.objects.exists()
    lost.client.post(page)
    assert not Draft.objects.exists()


def test_nobody_sees_or_deletes_the_draft_of_another(lost: Scene) -> None:
    lost.client.post(DRAFT, {"reason": "Hỏng"})
    page = f"/my/drafts/{Draft.objects.get().public_id}/delete/"
    _other, client = stranger()

    assert client.post(page).status_code == 404
    assert client.get(FORM).context["form"].initial == {}
    assert FORM not in client.get("/my/drafts/").content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 1), (31, 0)])
def test_a_draft_that_nobody_touches_is_removed(
    lost: Scene, friday: time_machine.Traveller, days: int, left: int
) -> None:
    lost.client.post(DRAFT, {"reason": "Hỏng"})

    friday.move_to(FRIDAY + timedelta(days=days))
    remove_drafts()

    assert Draft.objects.count() == left


def test_what_is_suggested_already_is_not_begun_anew(lost: Scene) -> None:
    page = "/my/procedures/driving_licence_renewal/"
    alone = lost.client.get(page)
    child = CitizenFactory(full_name="Nguyễn Gia Bảo", gender=Gender.MALE)
    AuthorityFactory(actor=lost.lan, for_party=child.party)

    html = lost.client.get(page).content.decode()

    assert alone["Location"] == lost.page
    assert lost.page in html
    assert f"{page}form/?for={child.party.public_id}" in html
    assert f'"{page}form/"' not in html


def test_a_parent_chooses_for_whom(lost: Scene) -> None:
    catalogued_version("passport_issue")
    child = CitizenFactory(minor=True, full_name="Nguyễn Gia Bảo", gender=Gender.MALE)
    AuthorityFactory(actor=lost.lan, for_party=child.party)
    begin = "/my/procedures/passport_issue/"
    mine = f"{begin}form/?for={child.party.public_id}"

    html = lost.client.get(begin).content.decode()
    form = lost.client.get(mine)

    assert mine in html
    assert "Cho Nguyễn Gia Bảo" in form.content.decode()


def test_nobody_is_offered_who_is_not_of_the_age_for_it(lost: Scene) -> None:
    child = CitizenFactory(minor=True, full_name="Nguyễn Gia Bảo", gender=Gender.MALE)
    AuthorityFactory(actor=lost.lan, for_party=child.party)
    catalogued_version("marriage_registration")
    marriage = "/my/procedures/marriage_registration/"

    grown_up = lost.client.get(marriage)
    refused = lost.client.get(f"{marriage}form/?for={child.party.public_id}")
    page = lost.client.get("/procedures/marriage_registration/").content.decode()

    assert grown_up["Location"] == f"{marriage}form/"
    assert refused.status_code == 404
    assert "Công dân từ đủ 18 tuổi" in page
    assert "cha mẹ" not in page.split("<main")[1].split("</main")[0]


def test_who_is_not_of_the_age_is_told_of_which_age_it_is(lost: Scene) -> None:
    catalogued_version("child_health_insurance")

    html = lost.client.get("/my/procedures/child_health_insurance/").content.decode()

    assert "Trẻ em đến 6 tuổi; cha mẹ hoặc người giám hộ nộp" in html


def test_nobody_files_for_whom_they_may_not_act(lost: Scene) -> None:
    other = CitizenFactory()

    for page in (FORM, CHECK):
        assert lost.client.get(f"{page}?for={other.party.public_id}").status_code == 404
    for wrong in ("x", "%00", "1"):
        assert lost.client.get(f"{FORM}?for={wrong}").status_code == 404


def test_a_fee_for_a_copy_is_paid_for_each(lost: Scene) -> None:
    catalogued_version("civil_status_copy")
    AgencyFactory(kind__key="co_quan_csdl_ho_tich", unit=lost.ward)
    page = "/my/procedures/civil_status_copy/"
    answers = {"event_kind": "Khai sinh", "copies": "3"}

    asked = lost.client.get(f"{page}form/").context["terms"]
    wrong = lost.client.post(f"{page}form/", answers | {"copies": "0"})
    checked = lost.client.post(f"{page}form/", answers, follow=True)
    lost.client.post(f"{page}check/", {"number": Draft.objects.get().version})

    assert dict(asked)["Phí, lệ phí"] == "8.000\u00a0đ mỗi bản"
    assert list(wrong.context["form"].errors) == ["copies"]
    assert dict(checked.context["terms"])["Phí, lệ phí"] == "24.000\u00a0đ (3 × 8.000\u00a0đ)"
    dossier = Dossier.objects.get()
    assert dossier.fee_vnd == 24_000
    assert [fee.amount_vnd for fee in fee_choices(dossier)] == [24_000]


def test_why_the_fee_online_is_another_one_than_at_an_office_is_said(lost: Scene) -> None:
    catalogued_version("household_business_registration")

    page = lost.client.get("/my/procedures/household_business_registration/form/")

    terms = dict(page.context["terms"])
    assert terms["Phí, lệ phí"] == "150.000\u00a0đ"
    assert terms["Vì sao mức này"].startswith("Mức nộp trực tuyến (Cổng dịch vụ công quốc gia")
    assert "là 50.000\u00a0đ (Thông tư 85/2019" in terms["Vì sao mức này"]
    assert "chưa được xác nhận" in terms["Vì sao mức này"]


def test_choices_are_english_on_an_english_page_and_stored_in_vietnamese(lost: Scene) -> None:
    lost.client.cookies["django_language"] = "en"
    asked = lost.client.get(FORM).content.decode()

    checked = lost.client.post(FORM, {"reason": "Bị mất", "delivery": "Trực tiếp"}, follow=True)

    assert "Lost" in asked
    assert "Bị mất</" not in asked
    assert "In person" in checked.content.decode()
    assert Draft.objects.get().form["reason"] == "Bị mất"


def test_a_firm_s_procedure_is_begun_by_who_speaks_for_it(lost: Scene) -> None:
    catalogued_version("transport_business_licence")
    page = "/my/procedures/transport_business_licence/"
    nobody = lost.client.get(page).content.decode()
    firm = OrganisationFactory(name="Hợp tác xã Sông Hàn", unit=lost.ward)
    AuthorityFactory(actor=lost.lan, for_party=firm.party, basis="representative")

    response = lost.client.get(page, follow=True)

    assert "Chỉ người đại diện" in nobody
    assert "Hợp tác xã Sông Hàn" in response.content.decode()


def test_not_right_leads_back_to_the_form_and_blocks_nothing(lost: Scene) -> None:
    AgencyFactory(kind__key="ubnd_xa", unit=lost.ward)
    html = lost.client.get(FORM).content.decode()
    contest = html.split('href="/my/data/')[1].split('"')[0].replace("&amp;", "&")

    response = lost.client.post(f"/my/data/{contest}", {"stated": "", "note": "Sai rồi"})

    assert response["Location"] == FORM
    lost.client.post(FORM, ANSWERS)
    lost.client.post(CHECK, {"number": 1})
    assert Dossier.objects.exists()


def test_visitors_read_and_sign_in_to_begin(lost: Scene) -> None:
    visitor = Client()

    assert visitor.get(f"/procedures/{LOST}/").status_code == 200
    assert visitor.get(BEGIN)["Location"].startswith("/accounts/login/")
    assert visitor.get("/procedures/no_such/").status_code == 404
