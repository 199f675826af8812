"""Editing a draft without scripts: every field, conditions by buttons, refusals with the place."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procedures.definition.conditions import tree_to_json
from procedures.models import RuleVersion
from tests.factories.procedures import rule_definition
from tests.office.rules.conftest import Edit

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# Names no paper on a locked screen: what tells of poverty or health takes no other.
QUIET = "household_hardship"
EVERY_KIND = (
    "driving_licence_renewal",
    "identity_card_replace_at_age",
    "primary_school_admission",
    "poor_household_annual_review",
    "residence_removal",
    "social_pension",
    "company_one_member_llc",
)


# ------------------------------------------------------------------------- the whole form
@pytest.mark.parametrize("key", EVERY_KIND)
def test_saving_what_was_opened_changes_nothing(edit: Edit, key: str) -> None:
    editor = edit(key)
    before = editor.stored

    editor.press("save")

    assert editor.status == 200, re.findall(r'class="problem">(.*?)</p>', editor.html)
    assert editor.stored == before


def test_every_field_comes_back_as_it_was_filled_in(edit: Edit) -> None:
    editor = edit()
    editor.set("lead_days", "7", "60", "", "30").set("open_days_before", "75")
    editor.set("grace_days", "5").set("window.shape", "no_later_than").set("window.days", "10")
    editor.set("address", "guardian").set("units", "20194").set("suggests_likely", "1")
    editor.set("paper_vi", "Bằng lái").set("paper_en", "Licence")
    editor.set("reason_vi", "Sắp hết hạn.").set("reason_en", "It ends.")
    editor.set("consequence_vi", "").set("legal_basis", "Luật A, điều 1", "", "Nghị định B")
    editor.set("last_day", "2031-12-31")

    editor.press("save")

    assert editor.status == 200
    stored = editor.stored
    assert stored["lead_days"] == [60, 30, 7]
    assert (stored["open_days_before"], stored["grace_days"]) == (75, 5)
    assert stored["window"] == {"shape": "no_later_than", "days": 10}
    assert (stored["address"], stored["units"]) == ("guardian", ["20194"])
    assert (stored["paper_vi"], stored["reason_en"]) == ("Bằng lái", "It ends.")
    assert stored["consequence_vi"] is None
    assert stored["legal_basis"] == ["Luật A, điều 1", "Nghị định B"]
    assert stored["suggests_likely"] is True
    draft = RuleVersion.objects.get(pk=editor.version.pk)
    assert draft.valid.upper == date(2032, 1, 1)
    assert editor.fields.getlist("lead_days") == ["60", "30", "7"]
    assert editor.fields["last_day"] == "2031-12-31"


def test_the_days_of_an_event_are_counted_from_it(edit: Edit) -> None:
    editor = edit("residence_removal")
    editor.set("deadline_days", "30").set("after_days", "20", "3")

    editor.press("save")

    stored = editor.stored
    assert (stored["lead_days"], stored["after_days"]) == ([27, 10], [3, 20])
    assert (stored["open_days_before"], stored["deadline_days"]) == (30, 30)


def test_a_period_is_written_as_people_write_it(edit: Edit) -> None:
    editor = edit("primary_school_admission")
    assert editor.fields.getlist("period") == ["15/05", "31/07"]

    editor.set("period", "1/6", "15/8").press("save")

    assert editor.stored["period"] == "06-01/08-15"


def test_rows_of_a_list_are_added_and_taken_away(edit: Edit) -> None:
    editor = edit()
    count = len(editor.fields.getlist("lead_days"))

    editor.press("more:lead_days")
    assert editor.fields.getlist("lead_days")[count:] == [""]
    editor.press("drop:lead_days:0")

    assert len(editor.fields.getlist("lead_days")) == count
    assert editor.stored == rule_definition().to_json()


# ------------------------------------------------------------------------------ conditions
def test_a_tree_is_built_by_buttons(edit: Edit) -> None:
    # Given a draft without conditions
    editor = edit()

    # When conditions are added, grouped, negated, moved and removed
    editor.add("c", "age").set("c.0.p.min", "60").set("c.0.p.at", "due")
    editor.add("c", "any")
    editor.add("c.1", "unit").set("c.1.0.p.codes", "20194")
    editor.add("c.1", "other_credential").set("c.1.1.p.kind", "passport")
    editor.press("not:c.1.1")
    editor.add("c", "household_status").set("c.2.p.in", "poor", "near_poor")
    editor.press("up:c.2")
    editor.add("c", "stated")
    editor.press("remove:c.3")
    editor.set("topic", QUIET).press("save")

    # Then the draft holds them, and the page shows them as before
    tree = {
        "all": [
            {"age": {"min": 60, "at": "due"}},
            {"household_status": {"in": ["poor", "near_poor"]}},
            {
                "any": [
                    {"unit": {"codes": ["20194"]}},
                    {"not": {"other_credential": {"kind": "passport"}}},
                ]
            },
        ]
    }
    assert editor.status == 200
    assert editor.stored["conditions"] == tree
    assert editor.fields["c.2.1.not"] == "1"
    editor.press("save")
    assert editor.stored["conditions"] == tree


def test_a_condition_goes_into_a_group_and_out_again(edit: Edit) -> None:
    editor = edit().add("c", "age").set("c.0.p.min", "60")

    editor.press("wrap:c.0")
    assert (editor.fields["c.0.kind"], editor.fields["c.0.0.kind"]) == ("any", "age")
    assert editor.fields["c.0.0.p.min"] == "60"
    editor.press("out:c.0.0").press("remove:c.0").press("save")

    assert editor.stored["conditions"] == {"age": {"min": 60}}


def test_lists_numbers_and_dates_are_typed(edit: Edit) -> None:
    editor = edit().add("c", "record")
    editor.set("c.0.p.register", "HEALTH").set("c.0.p.kind", "cme").set("c.0.p.field", "hours")
    editor.set("c.0.p.min", "12,5").set("c.0.p.in", "một\r\nhai, ba\n")
    editor.set("c.0.p.after", "2026-01-31")

    editor.press("save")

    assert editor.stored["conditions"] == {
        "record": {
            "register": "HEALTH",
            "kind": "cme",
            "field": "hours",
            "in": ["một", "hai, ba"],
            "min": 12.5,
            "after": "2026-01-31",
        }
    }


def test_emptied_conditions_are_none(edit: Edit) -> None:
    editor = edit("social_pension")

    editor.press("remove:c.0").press("save")

    assert editor.stored["conditions"] is None


# -------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("lead_days", ["sáu mươi"], "phải là một số nguyên"),
        ("lead_days", ["200"], "mốc đầu tiên không được sớm hơn"),
        ("window.days", ["5"], "không hợp với"),
        ("topic", [""], "cần có mục này"),
        ("topic", ["no_such_topic"], "không có no_such_topic trong danh mục"),
        ("credential_kind", ["no_such_paper"], "không có no_such_paper trong danh mục"),
        ("units", ["99999"], "không có 99999 trong danh mục"),
        ("reason_vi", ["  "], "thiếu giá trị bắt buộc"),
        ("address", ["family"], "(family) không hợp với quy tắc"),
        ("last_day", ["hôm qua"], "không phải một ngày"),
        ("last_day", ["2020-01-01"], "ngày này đã qua"),
    ],
)
def test_a_field_at_fault_is_refused_beside_it(
    edit: Edit, name: str, values: list[str], says: str
) -> None:
    editor = edit()
    before = editor.stored

    editor.set(name, *values).set("paper_vi", "Đã gõ").press("save")

    assert editor.status == 422
    beside = editor.html.split(f'name="{name}"', 1)[1].split('<div class="field', 1)[0]
    assert says in beside
    assert "Chưa lưu" in editor.html
    assert editor.fields["paper_vi"] == "Đã gõ"
    assert [text.strip() for text in editor.fields.getlist(name)] == [v.strip() for v in values]
    assert editor.stored == before


def test_a_condition_at_fault_is_refused_beside_it(edit: Edit) -> None:
    editor = edit().add("c", "any").add("c.0", "age").add("c.0", "matter")
    editor.set("c.0.0.p.min", "200")

    editor.press("save")

    assert editor.status == 422
    age = editor.html.split('name="c.0.0.p.min"', 1)[1].split('<div class="field', 1)[0]
    assert "phải từ 0 đến 130" in age
    matter = editor.html.split('name="c.0.1.p.procedure"', 1)[1].split('<div class="field', 1)[0]
    assert "thiếu giá trị bắt buộc" in matter
    assert editor.fields["c.0.0.p.min"] == "200"


def test_a_group_without_conditions_says_so_itself(edit: Edit) -> None:
    editor = edit().add("c", "age").set("c.0.p.min", "1").add("c", "any").press("not:c.1")

    editor.press("save")

    assert editor.status == 422
    group = editor.html.split('id="c-1"', 1)[1]
    assert "cần ít nhất một điều kiện" in group


def test_checking_saves_nothing(edit: Edit) -> None:
    editor = edit()
    before = editor.stored

    editor.set("grace_days", "nhiều").press("check")

    assert "phải là một số nguyên" in editor.html
    assert editor.stored == before


@pytest.mark.parametrize("text", ["<script>alert(1)</script>\"'", "{{ settings.SECRET_KEY }}"])
def test_what_is_typed_is_shown_and_never_run(edit: Edit, text: str) -> None:
    editor = edit().add("c", "event_fact")
    editor.set("reason_vi", text).set("legal_basis", text)
    editor.set("topic", QUIET)
    editor.set("c.0.p.field", "kind").set("c.0.p.equals", text)

    editor.press("save")
    version = reverse("admin:procedures_ruleversion_change", args=[editor.version.pk])
    shown = editor.html + editor.client.get(version).content.decode()

    assert editor.stored["reason_vi"] == text
    assert "<script>alert" not in shown
    assert editor.fields["reason_vi"] == text
    assert editor.fields["c.0.p.equals"] == text


@pytest.mark.parametrize(
    "forged",
    [
        {"c.kind": "exec"},
        {"c.kind": "all", "c.0.kind": "__import__"},
        {"c.kind": "all"} | {f"c{'.0' * n}.kind": "all" for n in range(1, 40)},
        {"c.kind": "all"} | {f"c.{n}.kind": "age" for n in range(300)},
    ],
)
def test_a_form_that_is_not_ours_is_no_form(edit: Edit, forged: dict[str, str]) -> None:
    editor = edit()

    answer = editor.client.post(editor.page, forged | {"press": "save"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "press",
    ["add:c.9", "up:c.7.7", "out:c", "remove:c", "wrap:c", "drop:x:1", "more:paper_vi", ":"],
)
def test_a_button_of_an_outdated_page_changes_nothing(edit: Edit, press: str) -> None:
    editor = edit("social_pension")
    before = editor.fields

    editor.send(press)

    assert editor.status == 200
    assert editor.fields == before


def test_the_preview_speaks_as_it_is_typed(edit: Edit) -> None:
    editor = edit().add("c", "unit").set("c.0.p.codes", "20194").set("lead_days", "45")
    page = reverse("admin:office_rule_preview", args=[editor.version.pk])

    def previewed() -> str:
        data = {name: editor.fields.getlist(name) for name in editor.fields}
        text: str = editor.client.post(page, data).content.decode()
        return text

    assert "Nhắc trước 45 ngày." in previewed()
    assert "Phường Hải Châu" in previewed()
    assert "<html" not in previewed()
    editor.set("lead_days", "x")
    assert "chưa đúng" in previewed()
    assert editor.stored == rule_definition().to_json()


def test_the_shipped_conditions_come_back_as_they_are(edit: Edit) -> None:
    editor = edit("residence_removal")

    editor.press("save")

    assert editor.stored["conditions"] == tree_to_json(
        rule_definition("residence_removal").conditions
    )


def test_the_number_of_queries_does_not_grow_with_the_conditions(edit: Edit) -> None:
    editor = edit("social_pension")
    with CaptureQueriesContext(
        connection,
    ) as few:
        editor.open()
    for _more in range(5):
        editor.add("c", "unit").set("c.1.p.codes", "20194").add("c", "exemption")

    with CaptureQueriesContext(connection) as many:
        editor.send("check")

    assert len(many) <= len(few)
