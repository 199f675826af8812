"""Editing a draft without scripts: fields, steps by buttons, refusals beside the place at fault."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procedures.definition.bundle import MOST_STEPS
from procedures.models import BundleVersion
from tests.office.bundles.conftest import Edit
from tests.office.bundles.editing import BundleEditor
from tests.office.places import signed_in
from tests.office.rules.conftest import CatalogueEditor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

BIRTH, RESIDENCE, INSURANCE, CARD = "1.001193", "1.004222", "BHYT-DUOI-6", "1.014062"
PERMIT, POWER, WATER = "1.013225", "DV-DIEN-01", "DV-NUOC-01"
EVERY_BUNDLE = ("birth", "death", "house_build", "house_connect", "start_household_business")


def problems(editor: BundleEditor) -> list[str]:
    """Return what the page says is wrong, without the other language."""
    return [
        one.split("<")[0].strip() for one in re.findall(r'"problem">(.*?)</p>', editor.html, re.S)
    ]


# ------------------------------------------------------------------------- the whole form
@pytest.mark.parametrize("key", EVERY_BUNDLE)
def test_saving_what_was_opened_changes_nothing(edit: Edit, key: str) -> None:
    editor = edit(key)
    before = editor.stored

    editor.press("save")

    assert (editor.status, problems(editor)) == (200, [])
    assert editor.stored == before


def test_every_field_comes_back_as_it_was_filled_in(edit: Edit) -> None:
    editor = edit("house_build")
    editor.set("name_vi", "Xây nhà mới").set("name_en", "A new house")
    editor.set("linked_procedure", PERMIT).set("shared_fields", "supply_address")
    editor.set("unverified", "steps", "").set("note", "Theo đề án.").set("last_day", "2031-12-31")
    editor.set("s.1.after", "").set("s.2.optional", "1")

    editor.press("save")

    stored = editor.stored
    assert (editor.status, problems(editor)) == (200, [])
    assert (stored["name_vi"], stored["linked_procedure"]) == ("Xây nhà mới", PERMIT)
    assert stored["shared_fields"] == ["supply_address"]
    assert (stored["unverified"], stored["note"]) == (["steps"], "Theo đề án.")
    assert [step["after"] for step in stored["steps"]] == [None, None, PERMIT]
    assert [step["optional"] for step in stored["steps"]] == [False, False, True]
    assert [step["skipped_when_exempt"] for step in stored["steps"]] == [True, False, False]
    draft = BundleVersion.objects.get(pk=editor.version.pk)
    assert (draft.name_vi, draft.name_en) == ("Xây nhà mới", "A new house")
    assert draft.valid.upper == date(2032, 1, 1)
    assert editor.fields["last_day"] == "2031-12-31"


# ----------------------------------------------------------------------------------- steps
def test_steps_are_added_moved_and_removed(edit: Edit) -> None:
    editor = edit()

    editor.press("remove:s.3").press("down:s.0").press("up:s.1")
    editor.set("s.new", CARD).press("add:s").press("up:s.3")
    editor.press("save")

    assert (editor.status, problems(editor)) == (200, [])
    assert editor.codes == [BIRTH, RESIDENCE, CARD, INSURANCE]


def test_nothing_is_stored_before_save(edit: Edit) -> None:
    editor = edit()
    before = editor.stored

    editor.press("remove:s.0").press("down:s.0").press("check")

    assert editor.stored == before


@pytest.mark.parametrize("press", ["up:s.9", "remove:s.x", "remove:s", "sideways:s.0", "up:"])
def test_a_button_that_the_page_does_not_have(edit: Edit, press: str) -> None:
    editor = edit()
    fields = editor.fields.copy()

    editor.send(press)

    assert (editor.status, editor.fields) == (200, fields)


def test_rows_of_a_list_are_added_and_taken_away(edit: Edit) -> None:
    editor = edit("house_build").press("more:unverified")
    assert editor.fields.getlist("unverified") == ["steps.after", "shared_fields", ""]

    editor.press("drop:unverified:0").press("save")

    assert editor.stored["unverified"] == ["shared_fields"]


def test_only_what_two_steps_ask_is_offered_as_shared(edit: Edit) -> None:
    editor = edit("house_connect")
    assert 'value="supply_address"' in editor.html

    editor.press("remove:s.1")

    assert 'value="purpose"' not in editor.html


# ------------------------------------------------------------------------------- refusals
def test_a_step_before_the_one_it_waits_for(edit: Edit) -> None:
    editor = edit().press("down:s.0")

    editor.press("save")

    assert editor.status == 422
    assert problems(editor) == [f"{BIRTH} không phải là bước trước đó"]
    assert editor.codes == [BIRTH, RESIDENCE, INSURANCE, CARD]
    assert editor.fields["s.0.procedure"] == RESIDENCE
    assert '<a href="#s-0">Bước 1</a>' in editor.html
    editor.client.cookies["django_language"] = "en"
    assert f"{BIRTH} is no earlier step" in editor.press("check").html


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"name_vi": ""}, "thiếu"),
        ({"name_en": "x" * 201}, "dài nhất 200 ký tự"),
        ({"s.1.procedure": BIRTH}, f"{BIRTH} đã có ở trên"),
        ({"s.3.procedure": "9.999999"}, "không có thủ tục 9.999999"),
        ({"linked_procedure": "9.999999"}, "không có thủ tục 9.999999"),
        ({"s.1.exempt": "1"}, f"{RESIDENCE} không có trường hợp được miễn"),
        ({"shared_fields": "floors"}, "ít nhất hai bước phải hỏi floors"),
        ({"last_day": "2020-01-01"}, "ngày này đã qua"),
        ({"last_day": "hôm nay"}, "không phải một ngày"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    edit: Edit, changed: dict[str, str], wrong: str
) -> None:
    editor = edit()
    before = editor.stored
    for name, value in changed.items():
        editor.set(name, value)

    editor.press("save")

    assert editor.status == 422
    assert any(wrong in one for one in problems(editor)), problems(editor)
    assert editor.stored == before
    assert all(editor.fields.get(name) == value for name, value in changed.items())


def test_a_bundle_without_steps(edit: Edit) -> None:
    editor = edit("start_household_business").press("remove:s.0")

    editor.press("save")

    assert (editor.status, problems(editor)) == (422, [f"phải có 1 đến {MOST_STEPS} bước"])


def test_more_steps_than_any_form_sends(edit: Edit) -> None:
    editor = edit()
    for at in range(2 * MOST_STEPS + 1):
        editor.set(f"s.{at}.procedure", BIRTH)

    assert editor.send("check").status == 400


# ------------------------------------------------------------------------------ two editors
def test_the_slower_of_two_sees_both_and_loses_nothing(
    edit: Edit, make_editor: CatalogueEditor
) -> None:
    mine, other = edit(), make_editor()
    theirs = BundleEditor(signed_in(other), mine.version).open()
    theirs.set("name_vi", "Tên của họ").press("save")

    mine.set("name_vi", "Tên của tôi").press("save")

    assert mine.status == 409
    assert mine.stored["name_vi"] == "Tên của họ"
    assert other.display_name in mine.html
    assert mine.fields["name_vi"] == "Tên của tôi"
    mine.press("save")
    assert (mine.status, mine.stored["name_vi"]) == (200, "Tên của tôi")


# ---------------------------------------------------------------------------------- preview
def test_the_preview_says_what_the_form_does(edit: Edit, client: Client) -> None:
    editor = edit("house_build")
    page = reverse("admin:office_bundle_preview", args=[editor.version.pk])
    editor.set("s.2.after", "")
    data = {name: editor.fields.getlist(name) for name in editor.fields}

    html = client.post(page, data).content.decode()

    assert "Một lần xác nhận nộp cùng lúc mọi bước không phải chờ bước khác" in html
    assert "sau khi có kết quả" in html
    assert "bỏ qua khi được miễn" in html
    assert "Chỉ hỏi một lần: Địa điểm dùng điện" in html
    assert html.count("<ins>") == 1


def test_the_page_costs_the_same_for_any_number_of_steps(edit: Edit) -> None:
    short, long = edit("start_household_business"), edit("birth")
    counts = []
    for editor in (short, long):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.open()
        counts.append(len(queries))

    assert counts[0] == counts[1]
