"""Who may write rules: editors of the whole province; everybody else reads."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from procedures.models import RuleVersion
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.places import Place, signed_in
from tests.office.rules.conftest import Edit
from tests.office.rules.editing import Editor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

READERS = (Role.APPROVER, Role.HEAD_OF_UNIT, Role.CASE_OFFICER, Role.ADMINISTRATOR)


def official(role: Role, unit: Unit) -> User:
    holder = OfficialFactory()
    GrantFactory(official=holder, role=role, unit=unit)
    user: User = holder.user
    return user


def presses(editor: Editor) -> list[str]:
    """Return every address that writes."""
    key, rule = editor.version.pk, editor.version.rule_id
    return [
        reverse("admin:office_rule_begin", args=[rule]),
        reverse("admin:office_rule_draft", args=[key]),
        reverse("admin:office_rule_preview", args=[key]),
        reverse("admin:office_rule_discard", args=[key]),
    ]


def is_refused(editor: Editor, client: Client) -> bool:
    """Return whether nothing that the browser sends is taken."""
    sent = {name: editor.fields.getlist(name) for name in editor.fields} | {"grace_days": "1"}
    answers = [client.post(address, sent).status_code for address in presses(editor)]
    return answers == [403] * len(answers) and editor.stored["grace_days"] != 1


@pytest.mark.parametrize("role", READERS)
def test_others_read_and_write_nothing(edit: Edit, city: Unit, role: Role) -> None:
    editor = edit()
    client = signed_in(official(role, city))
    read = reverse("admin:procedures_ruleversion_change", args=[editor.version.pk])

    opened = client.get(editor.page)

    assert opened.headers["Location"] == read
    html = client.get(read).content.decode()
    assert editor.page not in html
    assert "Báo cho người có giấy phép lái xe" in html
    assert is_refused(editor, client)


def test_an_editor_of_a_commune_writes_nothing(edit: Edit, here: Place) -> None:
    editor = edit()

    assert is_refused(editor, signed_in(official(Role.CATALOGUE_EDITOR, here.unit)))


def test_whoever_has_no_desk_sees_nothing(edit: Edit, city: Unit) -> None:
    editor = edit()
    client = signed_in(official(Role.AUDITOR, city))

    assert client.get(reverse("admin:office_rule_conditions")).status_code == 403
    assert client.get(reverse("admin:office_rule_conditions_schema")).status_code == 403
    assert is_refused(editor, client)


def test_a_draft_of_which_nobody_knows(client: Client) -> None:
    last = RuleVersion.objects.order_by("-pk").first()
    address = reverse("admin:office_rule_draft", args=[(last.pk if last else 0) + 1])

    assert client.get(address).status_code == 404
