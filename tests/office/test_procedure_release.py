"""A new catalogue's drafts of procedures: read, released by an official, in force that day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from portal.common import clock
from procedures.enums import VersionStatus
from procedures.models import ProcedureVersion
from procedures.selectors import version_in_force
from procedures.selectors.drafts import seen_of
from tests.factories.citizens import GrantFactory, OfficialFactory, UnitFactory
from tests.factories.procedures import ProcedureVersionFactory, SuggestionFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def browser(role: Role, unit: Unit) -> Client:
    return signed_in(GrantFactory(official=OfficialFactory(), role=role, unit=unit).official.user)


@pytest.fixture
def approver(city: Unit) -> Client:
    return browser(Role.APPROVER, city)


@pytest.fixture
def draft(city: Unit) -> ProcedureVersion:
    """A draft as a changed file brings it, beside the version in force and one open matter."""
    old = ProcedureVersionFactory(number=1)
    SuggestionFactory()
    changed = old.definition | {"fees": [], "notes": "Thông tư mới"}
    made: ProcedureVersion = ProcedureVersionFactory(
        draft=True, procedure=old.procedure, number=2, definition=changed
    )
    return made


def page(version: ProcedureVersion) -> str:
    return reverse("admin:procedures_procedureversion_change", args=[version.pk])


def release_page(version: ProcedureVersion) -> str:
    return reverse("admin:office_procedure_release", args=[version.pk])


def asked(version: ProcedureVersion) -> dict[str, str]:
    return {"valid_from": clock.today().isoformat(), "seen": seen_of(version)}


def test_a_draft_of_a_procedure_is_released(draft: ProcedureVersion, approver: Client) -> None:
    # Given its page with the press, and what the press says will happen
    opened = f"{release_page(draft)}?seen={seen_of(draft)}"
    assert opened in approver.get(page(draft)).content.decode()
    told = approver.get(opened).content.decode()
    assert "Thay đổi so với v1: Phí, lệ phí; ghi chú, nguồn." in told
    assert "Phiên bản 1" in told
    assert "1 việc đang chờ" in told

    # When it is released
    answer = approver.post(release_page(draft), asked(draft))

    # Then it holds from today, and there is nothing to press any more
    assert answer.headers["Location"] == page(draft)
    assert version_in_force(procedure=draft.procedure, day=clock.today()) == draft
    assert release_page(draft) not in approver.get(page(draft)).content.decode()
    assert approver.get(opened).headers["Location"] == page(draft)


def test_a_procedure_that_is_new(approver: Client) -> None:
    draft = ProcedureVersionFactory(draft=True, procedure__key="passport_issue")

    told = approver.get(f"{release_page(draft)}?seen={seen_of(draft)}").content.decode()
    approver.post(release_page(draft), asked(draft))

    draft.refresh_from_db()
    assert "Đây là phiên bản đầu tiên." in told
    assert draft.status == VersionStatus.RELEASED


def test_a_version_planned_for_a_later_day_is_named_and_may_be_replaced(
    draft: ProcedureVersion, approver: Client
) -> None:
    # Given a version that was released for next week
    begin = clock.today() + timedelta(days=7)
    approver.post(release_page(draft), asked(draft) | {"valid_from": begin.isoformat()})
    better = ProcedureVersionFactory(
        draft=True, procedure=draft.procedure, number=3, definition=draft.definition
    )

    # When another one is released for the same day
    told = approver.get(f"{release_page(better)}?seen={seen_of(better)}").content.decode()
    approver.post(release_page(better), asked(better) | {"valid_from": begin.isoformat()})

    # Then the page said so before, and the page of the replaced one says so now
    assert f"Phiên bản 2 có hiệu lực từ {begin:%d/%m/%Y}" in told
    assert "đã được thay ngay ngày đầu" in approver.get(page(draft)).content.decode()
    assert version_in_force(procedure=draft.procedure, day=begin) == better


def test_what_changed_since_it_was_read_is_not_released(
    draft: ProcedureVersion, approver: Client
) -> None:
    read = asked(draft)
    draft.definition = draft.definition | {"notes": "Khác"}
    draft.save()

    assert approver.post(release_page(draft), read).status_code == 409
    assert approver.get(release_page(draft)).headers["Location"] == page(draft)
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_nobody_else_releases(role: Role, draft: ProcedureVersion, city: Unit) -> None:
    client = browser(role, city)

    assert client.post(release_page(draft), asked(draft)).status_code == 403
    assert release_page(draft) not in client.get(page(draft)).content.decode()


def test_over_one_commune_nobody_releases(draft: ProcedureVersion, city: Unit) -> None:
    client = browser(Role.APPROVER, UnitFactory(parent=city))

    assert client.get(release_page(draft)).status_code == 403
