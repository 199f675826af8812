"""What the pages of rules say: names instead of keys, where to mend, what comes next."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from procedures.models import Rule, ScanRun
from tests.factories.citizens import AgencyKindFactory, GrantFactory, OfficialFactory
from tests.factories.procedures import version_of
from tests.office.places import signed_in
from tests.office.rules.conftest import Edit

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

KEY = "driving_licence_renewal"


@pytest.fixture
def approver(city: Unit) -> Client:
    return signed_in(_official(city))


def _official(city: Unit) -> User:
    holder = OfficialFactory()
    GrantFactory(official=holder, role=Role.APPROVER, unit=city)
    user: User = holder.user
    return user


def shown(client: Client, name: str, *keys: object, **asked: str) -> str:
    response = client.get(reverse(f"admin:{name}", args=keys), asked)
    assert response.status_code == 200
    return response.content.decode()


# ------------------------------------------------------------------------------- the list
@pytest.mark.parametrize("words", ["lái xe", KEY, "3.000347"])
def test_a_rule_is_found_by_what_people_call_it(approver: Client, words: str) -> None:
    rule = version_of(KEY).rule
    version_of("passport_issue")

    text = shown(approver, "procedures_rule_changelist", q=words)

    assert "Giấy phép lái xe" in text
    assert reverse("admin:procedures_rule_change", args=[rule.pk]) in text
    assert "Hộ chiếu" not in text


def test_a_rule_that_is_not_in_force_keeps_its_name(edit: Edit, client: Client) -> None:
    rule = edit().version.rule
    rule.versions.filter(number=1).delete()

    assert "Giấy phép lái xe" in shown(client, "procedures_rule_changelist")


# ----------------------------------------------------------------------------- the editor
def test_what_is_to_be_mended_is_listed_with_links_to_it(edit: Edit) -> None:
    # Given a draft with a wrong number and conditions that say nothing
    editor = edit().set("grace_days", "ba mươi")
    editor.add("c", "age")
    editor.add("c", "other_credential")

    # When it is saved
    editor.press("save")

    # Then every place is named in the order of the page, and each link leads to it
    found = re.search(r'<ul class="places">(.*?)</ul>', editor.html, re.DOTALL)
    assert editor.status == 422
    assert found is not None
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', found[1])
    assert [name for _anchor, name in links] == [
        "Quá hạn vẫn còn báo thêm (ngày)",
        "Tuổi",
        "Đang có giấy tờ còn hạn – loại giấy tờ",
    ]
    assert all(f'id="{anchor}"' in editor.html for anchor, _name in links)


def test_a_refusal_speaks_the_language_of_the_page_and_names_the_fields(edit: Edit) -> None:
    editor = edit()
    editor.add("c", "age")

    editor.press("save")

    assert "cần ít nhất một trong: từ đủ (min), đến hết (max)" in editor.html
    assert "needs at least one" not in editor.html


def test_the_signs_of_the_conditions_are_explained_where_there_are_any(edit: Edit) -> None:
    editor = edit()
    assert 'class="legend"' not in editor.html

    editor.add("c", "age")

    assert 'class="legend"' in editor.html
    assert "Đổi thứ tự" in editor.html


def test_the_head_names_the_paper_and_what_is_offered(edit: Edit) -> None:
    editor = edit()

    assert f"Giấy phép lái xe · dự thảo v{editor.version.number}" in editor.html
    assert "đề xuất:" in editor.html
    assert f" {KEY}</span>" not in editor.html


def test_who_answers_for_a_rule_is_chosen_and_told(edit: Edit, client: Client) -> None:
    AgencyKindFactory(key="so_y_te", name_vi="Sở Y tế")
    editor = edit()
    assert editor.stored.get("owner") is None

    editor.set("owner", "so_y_te").press("save")

    assert editor.stored["owner"] == "so_y_te"
    text = shown(client, "procedures_ruleversion_change", editor.version.pk)
    assert "Cơ quan chịu trách nhiệm về quy tắc" in text
    assert "Sở Y tế" in text


def test_an_agency_that_there_is_not_is_refused(edit: Edit) -> None:
    editor = edit()

    editor.set("owner", "so_khong_co").press("save")

    assert editor.status == 422
    assert "không có so_khong_co trong danh mục" in editor.html


# --------------------------------------------------------------------- compared, released
def test_changes_are_headed_before_and_after(edit: Edit, client: Client) -> None:
    editor = edit().set("grace_days", "5").set("last_day", "2031-12-31")

    editor.press("save")

    assert '<th scope="col">Trước</th>' in editor.html
    assert "31/12/2031" in editor.html.partition('id="preview"')[2]
    text = shown(client, "procedures_ruleversion_change", editor.version.pk)
    assert "Trang trước" not in text


def test_a_draft_says_that_it_begins_with_its_release(edit: Edit, client: Client) -> None:
    text = shown(client, "procedures_ruleversion_change", edit().version.pk)

    assert "từ khi ban hành" in text


def test_before_a_release_the_way_leads_to_the_rehearsal(edit: Edit, approver: Client) -> None:
    version = edit().version
    page = shown(approver, "procedures_ruleversion_change", version.pk)
    step = reverse("admin:office_version_step", args=[version.pk, "release"])
    address = re.search(rf'href="({step}[^"]*)"', page)
    assert address is not None

    text = approver.get(address[1].replace("&amp;", "&")).content.decode()

    assert reverse("admin:office_rehearsal", args=[version.pk]) in text


# ----------------------------------------------------------------------- stopped, resumed
def test_a_rule_that_goes_on_is_scanned_at_once(approver: Client, city: Unit) -> None:
    # Given a rule that one official has stopped
    rule = version_of(KEY).rule
    Rule.objects.filter(pk=rule.pk).update(is_active=False, stopped_by=_official(city))
    step = reverse("admin:office_rule_step", args=[rule.pk, "resume"])
    assert "trong vòng một phút" in approver.get(step).content.decode()

    # When another lets it go on
    answer = approver.post(step, {"reason": "Đã sửa"})

    # Then its own scan is asked for
    assert answer.status_code == 302
    assert ScanRun.objects.filter(scope=KEY).exists()
