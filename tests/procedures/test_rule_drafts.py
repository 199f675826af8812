"""Drafts of rules: begun from what holds, changed by one at a time, refused with the place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.definition import DefinitionError
from procedures.enums import VersionStatus
from procedures.models import RuleVersion
from procedures.selectors.drafts import seen_of, version_before
from procedures.selectors.known_codes import KnownCodes, known_codes
from procedures.services.discard_draft import discard_draft
from procedures.services.edit_rule_draft import edit_rule_draft
from procedures.services.write_rule_draft import write_rule_draft
from tests.factories.citizens import OfficialFactory, UnitFactory
from tests.factories.procedures import RuleVersionFactory
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)


@pytest.fixture
def writer() -> User:
    user: User = OfficialFactory().user
    return user


@pytest.fixture
def known() -> KnownCodes:
    put_texts()
    UnitFactory(code="20194")
    return known_codes(day=TODAY)


@pytest.fixture
def in_force() -> RuleVersion:
    version: RuleVersion = RuleVersionFactory(valid=DateRange(date(2026, 1, 1), None))
    return version


@pytest.fixture
def draft(in_force: RuleVersion, writer: User, known: KnownCodes) -> RuleVersion:
    return write_rule_draft(rule=in_force.rule, by=writer, day=TODAY)


def save(draft: RuleVersion, known: KnownCodes, by: User, **changes: Any) -> RuleVersion:
    last_day = changes.pop("last_day", None)
    seen = changes.pop("seen", None) or seen_of(draft)
    return edit_rule_draft(
        version=draft,
        by=by,
        seen=seen,
        document=draft.definition | changes,
        known=known,
        last_day=last_day,
    )


# -------------------------------------------------------------------------------- begun
def test_a_draft_says_what_holds(in_force: RuleVersion, writer: User) -> None:
    newest = in_force.number + 1
    RuleVersionFactory(
        rule=in_force.rule, valid=DateRange(date(2025, 1, 1), date(2026, 1, 1)), number=newest
    )

    draft = write_rule_draft(rule=in_force.rule, by=writer, day=TODAY)

    assert draft.definition == in_force.definition
    assert (draft.number, draft.status, draft.written_by) == (
        newest + 1,
        VersionStatus.DRAFT,
        writer,
    )
    assert version_before(draft, day=TODAY) == in_force


def test_where_nothing_holds_it_says_what_the_newest_said(writer: User) -> None:
    ended = RuleVersionFactory(valid=DateRange(None, date(2026, 1, 1)), changes={"grace_days": 9})

    draft = write_rule_draft(rule=ended.rule, by=writer, day=TODAY)

    assert draft.definition["grace_days"] == 9
    assert version_before(draft, day=TODAY) == ended


def test_one_draft_at_a_time(draft: RuleVersion, writer: User) -> None:
    with pytest.raises(RefusedError, match=str(draft.number)):
        write_rule_draft(rule=draft.rule, by=writer, day=TODAY)


# ------------------------------------------------------------------------------ changed
def test_whoever_saves_is_its_writer(draft: RuleVersion, known: KnownCodes) -> None:
    other = OfficialFactory().user

    saved = save(draft, known, other, lead_days=[60, 30], last_day=date(2027, 12, 31))

    stored = RuleVersion.objects.get(pk=draft.pk)
    assert stored.definition["lead_days"] == [60, 30]
    assert stored.written_by == other
    assert stored.valid.upper == date(2028, 1, 1)
    assert seen_of(saved) == seen_of(stored)


def test_the_slower_of_two_editors_writes_nothing(
    draft: RuleVersion, known: KnownCodes, writer: User
) -> None:
    seen, other = seen_of(draft), OfficialFactory().user
    save(draft, known, other, grace_days=1)

    with pytest.raises(StaleVersionError):
        save(draft, known, writer, grace_days=2, seen=seen)

    draft.refresh_from_db()
    assert (draft.definition["grace_days"], draft.written_by) == (1, other)


def test_a_second_press_is_no_conflict(draft: RuleVersion, known: KnownCodes, writer: User) -> None:
    seen = seen_of(draft)
    save(draft, known, writer, grace_days=1, seen=seen)

    again = save(draft, known, writer, grace_days=1, seen=seen)

    assert again.definition["grace_days"] == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"lead_days": ["sớm"]}, "lead_days[0]"),
        ({"window": {"shape": "only_within", "days": None}}, "window.days"),
        ({"conditions": {"all": [{"age": {"min": 200}}]}}, "conditions.all[0].age.min"),
        ({"conditions": {"not": {"all": []}}}, "conditions.not.all"),
        ({"conditions": {"exec": {"code": "import os"}}}, "conditions.exec"),
        ({"units": ["99999"]}, "units[0]"),
        ({"topic": "nothing"}, "topic"),
        ({"credential_kind": "no_such_paper"}, "credential_kind"),
        ({"conditions": {"unit": {"codes": ["20194", "77777"]}}}, "conditions.unit.codes"),
        (
            {"conditions": {"any": [{"other_credential": {"kind": "no_such_paper"}}]}},
            "conditions.any[0].other_credential.kind",
        ),
        (
            {"conditions": {"matter": {"procedure": "9.999999", "state": "open"}}},
            "conditions.matter.procedure",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    draft: RuleVersion, known: KnownCodes, writer: User, changes: dict[str, Any], path: str
) -> None:
    before = draft.definition

    with pytest.raises(DefinitionError) as refused:
        save(draft, known, writer, **changes)

    assert path in [problem.path for problem in refused.value.problems]
    assert all(problem.vi and problem.en for problem in refused.value.problems)
    draft.refresh_from_db()
    assert draft.definition == before


def test_a_rule_keeps_its_kind(draft: RuleVersion, known: KnownCodes, writer: User) -> None:
    with pytest.raises(DefinitionError) as refused:
        save(draft, known, writer, kind="age_milestone", ages=[25])

    assert [problem.path for problem in refused.value.problems] == ["kind"]


def test_what_was_released_never_changes(
    draft: RuleVersion, known: KnownCodes, writer: User
) -> None:
    seen = seen_of(draft)
    RuleVersion.objects.exclude(pk=draft.pk).update(
        valid=DateRange(date(2026, 1, 1), date(2030, 1, 1))
    )
    RuleVersion.objects.filter(pk=draft.pk).update(
        status=VersionStatus.RELEASED, valid=DateRange(date(2030, 1, 1), None)
    )

    for press in (
        lambda: save(draft, known, writer, grace_days=2, seen=seen),
        lambda: discard_draft(version=draft, seen=seen),
    ):
        with pytest.raises(RefusedError, match=r"never changes|không bao giờ thay đổi"):
            press()
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        RuleVersion.objects.filter(pk=draft.pk).update(definition={})


# ---------------------------------------------------------------------------- discarded
def test_a_draft_is_thrown_away(draft: RuleVersion) -> None:
    discard_draft(version=draft, seen=seen_of(draft))

    assert not RuleVersion.objects.filter(pk=draft.pk).exists()
    with pytest.raises(RefusedError):
        discard_draft(version=draft, seen=seen_of(draft))


def test_a_draft_that_somebody_changed_is_not_thrown_away(
    draft: RuleVersion, known: KnownCodes
) -> None:
    seen = seen_of(draft)
    save(draft, known, OfficialFactory().user, grace_days=1)

    with pytest.raises(StaleVersionError):
        discard_draft(version=draft, seen=seen)


def test_the_lists_cost_a_constant_number_of_queries(
    django_assert_num_queries: Any, known: KnownCodes
) -> None:
    UnitFactory.create_batch(3)

    with django_assert_num_queries(6):
        found = known_codes(day=clock.today() + timedelta(days=1))

    assert "driving_licence" in found.papers
    assert found.topics["credential_expiring"].vi
