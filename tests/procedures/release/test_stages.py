"""A rule is rehearsed, released to a share by a second official, and then extended to all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import RuleAction, VersionStatus
from procedures.models import RuleStep, RuleVersion
from procedures.selectors.drafts import seen_of
from procedures.services import release_version, set_quota, widen_version
from tests.factories.citizens import UserFactory
from tests.factories.procedures import ProcedureVersionFactory, RuleVersionFactory, moment
from tests.factories.rehearsals import rehearsed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
NOW = moment(TODAY)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def writer() -> User:
    return UserFactory(of_official=True)


@pytest.fixture
def approver() -> User:
    return UserFactory(of_official=True)


def draft_by(writer: User) -> RuleVersion:
    ProcedureVersionFactory()
    made: RuleVersion = RuleVersionFactory(draft=True, written_by=writer)
    return made


def release(version: RuleVersion, by: User, **given: Any) -> RuleVersion:
    asked: dict[str, Any] = {"valid_from": TODAY, "now": NOW, "seen": seen_of(version)} | given
    return release_version(version=version, released_by=by, **asked)


# ------------------------------------------------------------------------------------- release
def test_what_nobody_rehearsed_is_not_released(writer: User, approver: User) -> None:
    draft = draft_by(writer)

    with pytest.raises(RefusedError, match="Rehearse this version first"):
        release(draft, approver)

    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def test_a_draft_that_changed_since_is_rehearsed_anew(writer: User, approver: User) -> None:
    # Given a draft that was rehearsed and then changed
    draft = draft_by(writer)
    rehearsed(draft)
    draft.definition = draft.definition | {"grace_days": 3}
    draft.save()

    # When it is to be released, then it is refused until it was rehearsed as it is now
    with pytest.raises(RefusedError, match="Rehearse"):
        release(draft, approver)
    rehearsed(draft)
    assert release(draft, approver).status == VersionStatus.RELEASED


def test_the_order_of_keys_is_no_change(writer: User, approver: User) -> None:
    draft = draft_by(writer)
    rehearsed(draft)
    draft.definition = dict(reversed(draft.definition.items()))
    draft.save()

    assert release(draft, approver).status == VersionStatus.RELEASED


def test_the_rehearsal_of_another_version_does_not_count(writer: User, approver: User) -> None:
    draft = draft_by(writer)
    rehearsed(RuleVersionFactory(draft=True, rule=draft.rule))

    with pytest.raises(RefusedError, match="Rehearse"):
        release(draft, approver)


def test_wishes_have_nothing_to_rehearse(writer: User, approver: User) -> None:
    ProcedureVersionFactory(procedure__key="civil_status_copy")
    draft = RuleVersionFactory(draft=True, rule__key="civil_status_copy", written_by=writer)

    assert release(draft, approver).status == VersionStatus.RELEASED


@pytest.mark.parametrize("percent", [1, 30, 100])
def test_a_version_begins_with_a_share(percent: int, writer: User, approver: User) -> None:
    draft = draft_by(writer)
    rehearsed(draft)

    released = release(draft, approver, audience_percent=percent)

    step = RuleStep.objects.get()
    assert released.audience_percent == percent
    assert (step.action, step.after, step.by, step.rule_version) == (
        RuleAction.RELEASE,
        percent,
        approver,
        draft,
    )


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_a_share_is_from_1_to_100(percent: int, writer: User, approver: User) -> None:
    draft = draft_by(writer)
    rehearsed(draft)

    with pytest.raises(RefusedError, match="from 1 to 100"):
        release(draft, approver, audience_percent=percent)


def test_the_writer_does_not_release(writer: User) -> None:
    draft = draft_by(writer)
    rehearsed(draft)

    with pytest.raises(RefusedError, match="wrote"):
        release(draft, writer)


# --------------------------------------------------------------------------------------- widen
def test_a_share_is_extended_to_all(writer: User, approver: User) -> None:
    version = RuleVersionFactory(written_by=writer, audience_percent=1)

    widen_version(version=version, by=approver, now=NOW)

    version.refresh_from_db()
    step = RuleStep.objects.get()
    assert version.audience_percent == 100
    assert (step.action, step.before, step.after) == (RuleAction.WIDEN, 1, 100)


def test_it_is_not_extended(writer: User, approver: User) -> None:
    own: dict[str, Any] = {"written_by": writer}
    narrow = RuleVersionFactory(**own, audience_percent=1)
    rule = narrow.rule
    draft = RuleVersionFactory(rule=rule, draft=True, **own, audience_percent=1)
    refusals = [(narrow, writer, "wrote"), (draft, approver, "released")]

    for version, official, reason in refusals:
        with pytest.raises(RefusedError, match=reason):
            widen_version(version=version, by=official, now=NOW)
    widen_version(version=narrow, by=approver, now=NOW)
    with pytest.raises(RefusedError, match="already"):
        widen_version(version=narrow, by=approver, now=NOW)


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (1, True)])
def test_what_has_ended_is_not_extended(days: int, allowed: bool, approver: User) -> None:
    version = RuleVersionFactory(audience_percent=1)
    version.valid = type(version.valid)(None, TODAY + timedelta(days=days))
    version.save(update_fields=["valid"])

    if allowed:
        widen_version(version=version, by=approver, now=NOW)
    else:
        with pytest.raises(RefusedError, match="ended"):
            widen_version(version=version, by=approver, now=NOW)


def test_what_was_replaced_on_its_first_day_is_not_extended(approver: User) -> None:
    version = RuleVersionFactory(audience_percent=1, valid=DateRange(TODAY, None))
    RuleVersion.objects.filter(pk=version.pk).update(valid=DateRange(empty=True))

    with pytest.raises(RefusedError, match="ended"):
        widen_version(version=version, by=approver, now=NOW)


# --------------------------------------------------------------------------------------- quota
@pytest.mark.parametrize("quota", [1, 500, None])
def test_a_daily_limit_is_set_and_taken_away(quota: int | None, approver: User) -> None:
    rule = RuleVersionFactory(rule__daily_quota=20).rule

    set_quota(rule=rule, quota=quota, by=approver, now=NOW)

    rule.refresh_from_db()
    step = RuleStep.objects.get()
    assert rule.daily_quota == quota
    assert (step.action, step.before, step.after) == (RuleAction.QUOTA, 20, quota)


@pytest.mark.parametrize("quota", [0, -5])
def test_no_matter_a_day_is_no_limit(quota: int, approver: User) -> None:
    with pytest.raises(RefusedError, match="stop it"):
        set_quota(rule=RuleVersionFactory().rule, quota=quota, by=approver, now=NOW)
