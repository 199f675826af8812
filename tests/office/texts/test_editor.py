"""Editing texts without scripts: refusals in their place, figures of an SMS, real cases logged."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog
from notifications.rules.wordings import Place
from portal.common import clock
from procedures.selectors.sensitive import quiet_topics
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import version_of
from tests.office.places import Place as Commune
from tests.office.places import signed_in
from tests.office.texts.conftest import Edit, OfficialMaker, TextEditor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SENDER = "Cong chu dong Da Nang"
NEW = f"{SENDER}: Da nhan ho so cua ong/ba. Ma ((check_code))"
SMS = "sms-vi-0-body"


def test_saving_what_was_opened_changes_nothing(edit: Edit) -> None:
    editor = edit()
    before = editor.wordings

    editor.press("save")

    assert editor.status == 200
    assert editor.wordings == before


def test_a_wording_is_saved_and_one_that_is_emptied_is_gone(edit: Edit) -> None:
    editor = edit().set(SMS, f"  {NEW}\n").set("app-en-0-subject", "").set("app-en-0-body", "")

    editor.set("note", "Ngắn hơn").press("save")

    assert editor.sms() == NEW
    assert Place("app", "en") not in editor.wordings
    assert editor.fields["note"] == "Ngắn hơn"
    assert "SMS · Tiếng Anh" in editor.html  # whose words are borrowed there


REFUSED = [
    (SMS, f"{SENDER}: ((pin)). Ma ((check_code))", "“((pin))”"),
    (SMS, f"{SENDER}: xem cong.vn. Ma ((check_code))", "“cong.vn.”"),
    (SMS, f"{SENDER}: {{{{x}}}}. Ma ((check_code))", "mã khuôn mẫu"),
    (SMS, f"{SENDER}: ((code)). Ma ((check_code))", "thông tin riêng"),
    (SMS, "Xin chao. Ma ((check_code))", "tên người gửi"),
    (SMS, f"{SENDER}: xin chao.", "mã kiểm tra"),
    (SMS, "", "còn thiếu lời văn này"),
    ("sms-vi-1-body", f"{SENDER}: ((procedure)). Ma ((check_code))", "dùng chung"),
    ("inbox-vi-0-subject", "((pin))", "“((pin))”"),
]


@pytest.mark.parametrize(("field", "body", "reason"), REFUSED)
def test_what_may_not_be_said_is_refused_beside_the_field(
    edit: Edit, field: str, body: str, reason: str
) -> None:
    editor = edit()
    before = editor.wordings

    editor.set(field, body).press("save")

    assert editor.status == 422
    assert reason in editor.html
    assert f'href="#{field}"' in editor.html
    assert editor.fields[field] == body
    assert editor.wordings == before


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (NEW, ["1 phần", "GSM-7", "350 đ"]),
        (f"{NEW} {'x' * 160}", ["2 phần", "700 đ"]),
        (f"{NEW} {'x' * 320}", ["3 phần", "Hơn hai phần"]),
        (
            "Cổng chủ động Đà Nẵng: Đã nhận. Mã ((check_code))",
            ["UCS-2", "Bản không dấu, tạo tự động", "ổủđộĐẵãậ"],
        ),
    ],
)
def test_the_length_and_price_of_an_sms_are_counted(edit: Edit, body: str, told: list[str]) -> None:
    editor = edit().set(SMS, body).press("check")

    assert editor.status == 200
    assert [words for words in told if words not in editor.html] == []
    assert editor.sms() != body


def test_the_unaccented_variant_stands_beside(edit: Edit) -> None:
    editor = edit().set(SMS, "Cổng chủ động Đà Nẵng: Đã nhận. Mã ((check_code))").press("check")

    assert "Cong chu dong Da Nang: Da nhan. Ma 7K3M-P9QX" in editor.html


def test_while_one_types_only_the_readings_are_fetched(edit: Edit) -> None:
    editor = edit()
    page = reverse("admin:office_text_preview", args=[editor.version.pk])
    sent = {name: editor.fields.getlist(name) for name in editor.fields}

    html = editor.client.post(page, {**sent, SMS: "((pin))"}).content.decode()

    assert 'id="read-sms-vi-0" hx-swap-oob="true"' in " ".join(html.split())
    assert "“((pin))”" in html
    assert "<textarea" not in html


# ------------------------------------------------------------------------------ sensitive topics
@pytest.mark.parametrize(
    ("field", "body"),
    [
        (SMS, f"{SENDER}: tro cap ho ngheo. Ma ((check_code))"),
        (SMS, f"{SENDER}: ((paper)). Ma ((check_code))"),
        ("app-vi-0-subject", "Hộ nghèo"),
    ],
)
def test_a_sensitive_topic_names_its_matter_in_the_inbox_only(
    edit: Edit, field: str, body: str
) -> None:
    editor = edit("household_hardship")
    before = editor.wordings

    editor.set(field, body).press("save")

    assert (editor.status, editor.wordings) == (422, before)


def test_what_a_sensitive_rule_speaks_through_is_sensitive(edit: Edit) -> None:
    topic = version_of("poor_household_annual_review").definition["topic"]
    assert topic in quiet_topics(day=clock.today())

    editor = edit(topic).set(SMS, f"{SENDER}: ((paper)). Ma ((check_code))").press("save")

    assert editor.status == 422


# ---------------------------------------------------------------------------------- real cases
def test_a_real_case_is_shown_and_its_person_logged_once(edit: Edit, here: Commune) -> None:
    message = MessageFactory(recipient=here.citizen.party, dossier=True)
    editor = edit()
    seen = AccessLog.objects.count()

    editor.set("case", str(message.public_id)).press("check")

    assert message.params["code"] in editor.html
    entry = AccessLog.objects.latest("pk")
    assert entry.subject_ids == [here.citizen.party.pk]
    refreshed = {name: editor.fields.getlist(name) for name in editor.fields}
    page = reverse("admin:office_text_preview", args=[editor.version.pk])
    assert message.params["code"] in editor.client.post(page, refreshed).content.decode()
    assert AccessLog.objects.count() == seen + 1
    assert here.citizen.full_name not in editor.html


def test_a_case_outside_of_ones_units_is_not_offered(edit: Edit) -> None:
    message = MessageFactory(dossier=True)  # to somebody who lives in no commune of the city

    editor = edit().set("case", str(message.public_id)).send("check")

    assert editor.fields["case"] == ""


def test_messages_of_a_sensitive_topic_are_never_offered(edit: Edit, here: Commune) -> None:
    message = MessageFactory(recipient=here.citizen.party, topic_id="household_hardship")

    editor = edit("household_hardship").set("case", str(message.public_id)).send("check")

    assert editor.fields["case"] == ""


# ---------------------------------------------------------------------------------- two editors
def test_the_slower_of_two_sees_both_and_loses_nothing(
    edit: Edit, make_official: OfficialMaker
) -> None:
    mine, other = edit(), make_official(Role.CATALOGUE_EDITOR)
    theirs = TextEditor(signed_in(other), mine.version).open()
    theirs.set(SMS, NEW).press("save")

    mine.set(SMS, f"{NEW}!").press("save")

    assert mine.status == 409
    assert other.display_name in mine.html
    assert (mine.sms(), mine.fields[SMS]) == (NEW, f"{NEW}!")
    mine.press("save")
    assert (mine.status, mine.sms()) == (200, f"{NEW}!")


@pytest.mark.parametrize("role", [Role.APPROVER, Role.HEAD_OF_UNIT, Role.ADMINISTRATOR])
def test_others_read_and_write_nothing(
    edit: Edit, make_official: OfficialMaker, role: Role
) -> None:
    editor = edit()
    client: Client = signed_in(make_official(role))
    key = editor.version.pk

    answers = [
        client.post(address, {SMS: NEW, "press": "save"}).status_code
        for address in (
            editor.page,
            reverse("admin:office_text_preview", args=[key]),
            reverse("admin:office_text_discard", args=[key]),
            reverse("admin:office_text_begin", args=["dossier_approved"]),
        )
    ]

    assert answers == [403] * 4
    assert editor.sms() != NEW
    assert client.get(editor.page).status_code == 302
