"""The life of a draft: begun, written by two at once, released meanwhile, compared, discarded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Unit, User
from portal.common import clock
from procedures.enums import VersionStatus
from procedures.models import RuleVersion
from procedures.selectors.drafts import seen_of
from procedures.selectors.known_codes import known_codes
from procedures.services.edit_rule_draft import edit_rule_draft
from procedures.services.release_version import release_version
from tests.factories.citizens import OfficialFactory
from tests.factories.procedures import version_of
from tests.office.places import signed_in
from tests.office.rules.conftest import CatalogueEditor, Edit
from tests.office.rules.editing import Editor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


# ----------------------------------------------------------------------------- two editors
def test_the_slower_of_two_sees_both_and_loses_nothing(
    edit: Edit, make_editor: CatalogueEditor
) -> None:
    # Given two editors before one draft, of whom one saves
    mine = edit()
    other = make_editor()
    theirs = Editor(signed_in(other), mine.version).open()
    theirs.set("grace_days", "11").press("save")

    # When the other saves too
    mine.set("grace_days", "22").press("save")

    # Then nothing was written over, both are shown, and a second press is deliberate
    assert mine.status == 409
    assert mine.stored["grace_days"] == 11
    assert other.display_name in mine.html
    assert mine.fields["grace_days"] == "22"
    mine.press("save")
    assert (mine.status, mine.stored["grace_days"]) == (200, 22)


def test_a_double_press_is_one_save(edit: Edit) -> None:
    editor = edit().set("grace_days", "3")
    data = {name: editor.fields.getlist(name) for name in editor.fields} | {"press": "save"}

    answers = [editor.client.post(editor.page, data).status_code for _press in range(2)]

    assert answers == [302, 302]


def test_a_draft_that_was_released_meanwhile_is_kept(edit: Edit, city: Unit) -> None:
    editor = edit("company_one_member_llc")
    release_version(
        version=editor.version,
        seen=seen_of(editor.version),
        released_by=OfficialFactory().user,
        valid_from=clock.today(),
        now=clock.now(),
    )

    editor.set("paper_vi", "Khác").press("save")

    assert editor.status == 200
    assert "không bao giờ thay đổi" in editor.html
    assert editor.stored["paper_vi"] != "Khác"


# -------------------------------------------------------------------------- the way there
def test_begun_gone_on_with_and_discarded(client: Client, city: Unit) -> None:
    rule = version_of("driving_licence_renewal").rule
    page = reverse("admin:procedures_rule_change", args=[rule.pk])
    begin = reverse("admin:office_rule_begin", args=[rule.pk])
    assert begin in client.get(page).content.decode()

    begun = client.post(begin)
    again = client.post(begin)

    draft = RuleVersion.objects.get(rule=rule, status=VersionStatus.DRAFT)
    editor = Editor(client, draft).open()
    assert begun.headers["Location"] == again.headers["Location"] == editor.page
    assert editor.page in client.get(page).content.decode()
    discard = reverse("admin:office_rule_discard", args=[draft.pk])
    assert client.post(discard, {"seen": "outdated"}).headers["Location"] == editor.page
    assert client.post(discard, {"seen": editor.fields["seen"]}).headers["Location"] == page
    assert not RuleVersion.objects.filter(pk=draft.pk).exists()
    assert client.get(editor.page).status_code == 404


def test_the_page_of_a_draft_tells_what_it_changes(
    edit: Edit, client: Client, author: User
) -> None:
    editor = edit()
    edit_rule_draft(
        version=editor.version,
        by=author,
        seen=seen_of(editor.version),
        document=editor.stored | {"grace_days": 77, "conditions": {"age": {"min": 61}}},
        known=known_codes(day=clock.today()),
    )

    page = reverse("admin:procedures_ruleversion_change", args=[editor.version.pk])
    html = client.get(page).content.decode()

    table = html.split('class="changes"', 1)[1].split("</table>", 1)[0]
    assert "<ins>77</ins>" in table
    assert "<ins>Tuổi từ đủ 61</ins>" in table
    assert table.count("<tr>") == 3
    assert "Báo cho người có giấy phép lái xe" in html
