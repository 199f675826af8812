"""Released versions never change; a second official releases; one holds on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.enums import TriggerKind, VersionStatus
from procedures.models import ProcedureVersion, Rule, RuleVersion
from procedures.selectors import rules_in_force, version_in_force
from procedures.selectors.drafts import seen_of
from procedures.services import release_version
from tests.factories.citizens import UserFactory
from tests.factories.procedures import (
    LICENCE,
    BundleVersionFactory,
    ProcedureVersionFactory,
    RuleVersionFactory,
    catalogue,
    moment,
)
from tests.factories.rehearsals import rehearsed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
NOW = moment(TODAY)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def release(
    version: Any,
    by: User | None = None,
    start: date = TODAY,
    *,
    seen: str = "",
) -> None:
    """Release a version as it is stored, unless another text was `seen`."""
    release_version(
        version=version,
        seen=seen or seen_of(version),
        released_by=by or UserFactory(of_official=True),
        valid_from=start,
        now=NOW,
    )


CHANGES = [
    "definition = '{}'",
    "number = 99",
    "name_vi = 'khác'",
    "name_en = 'other'",
    "status = 'draft'",
    "released_at = now()",
    "source_sha256 = 'x'",
    "valid = daterange('2020-01-01', NULL)",
]


@pytest.mark.parametrize("change", CHANGES)
def test_released_version_cannot_be_changed_even_by_sql(change: str) -> None:
    version = ProcedureVersionFactory()

    with (
        pytest.raises(DatabaseError, match="Cannot update rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE procedures_procedureversion SET {change} WHERE id = %s",  # noqa: S608
            [version.pk],
        )


def test_released_rule_cannot_be_changed_or_deleted() -> None:
    version = RuleVersionFactory()

    for statement in (
        "UPDATE procedures_ruleversion SET definition = '{}' WHERE id = %s",
        "DELETE FROM procedures_ruleversion WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match=r"Cannot (update|delete) rows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])


def test_end_date_of_a_released_version_may_be_set() -> None:
    version = ProcedureVersionFactory()

    version.valid = DateRange(None, TODAY)
    version.save(update_fields=["valid"])

    version.refresh_from_db()
    assert version.valid.upper == TODAY


def test_draft_may_be_changed_and_deleted() -> None:
    draft = RuleVersionFactory(draft=True)

    draft.definition = draft.definition | {"grace_days": 3}
    draft.save()
    draft.delete()

    assert not RuleVersion.objects.exists()


def test_two_released_versions_never_hold_on_one_day() -> None:
    first = RuleVersionFactory()

    with pytest.raises(IntegrityError, match="rule_version_one_in_force"), transaction.atomic():
        RuleVersionFactory(rule=first.rule, valid=DateRange(TODAY, None))

    RuleVersionFactory(rule=first.rule, draft=True)


def test_writer_cannot_release_even_in_the_database() -> None:
    writer = UserFactory(of_official=True)

    with pytest.raises(IntegrityError, match="procedure_version_four_eyes"), transaction.atomic():
        ProcedureVersionFactory(written_by=writer, released_by=writer)


def test_release_ends_the_version_before() -> None:
    old = ProcedureVersionFactory(number=1)
    draft = ProcedureVersionFactory(
        draft=True, number=2, procedure=old.procedure, written_by=UserFactory(of_official=True)
    )
    approver = UserFactory(of_official=True)
    start = TODAY + timedelta(days=10)

    release(draft, approver, start)

    old.refresh_from_db()
    draft.refresh_from_db()
    assert (old.valid.upper, draft.valid.lower, draft.valid.upper) == (start, start, None)
    assert (draft.status, draft.released_by, draft.released_at) == ("released", approver, NOW)
    assert version_in_force(procedure=old.procedure, day=start - timedelta(days=1)) == old
    assert version_in_force(procedure=old.procedure, day=start) == draft


def test_release_ends_where_the_law_ends() -> None:
    draft = ProcedureVersionFactory(draft=True, procedure__key="poor_household_recognition")

    release(draft)

    draft.refresh_from_db()
    assert draft.valid.upper == date(2027, 1, 1)
    with pytest.raises(ProcedureVersion.DoesNotExist):
        version_in_force(procedure=draft.procedure, day=date(2027, 1, 1))


def test_release_of_a_rule_ends_the_rule_before() -> None:
    ProcedureVersionFactory()
    old = RuleVersionFactory(number=1)
    draft = RuleVersionFactory(draft=True, number=2, rule=old.rule, changes={"grace_days": 5})
    rehearsed(draft)

    release(draft)

    assert [v.pk for v in rules_in_force(day=TODAY - timedelta(days=1))] == [old.pk]
    assert [v.pk for v in rules_in_force(day=TODAY)] == [draft.pk]


def test_release_is_refused() -> None:
    writer, other = UserFactory(of_official=True), UserFactory(of_official=True)
    released = RuleVersionFactory(number=1)
    mine = RuleVersionFactory(draft=True, number=2, rule=released.rule, written_by=writer)
    unsound = RuleVersionFactory(
        draft=True, number=3, rule=released.rule, changes={"lead_days": [1, 2]}
    )
    other_kind: dict[str, Any] = {"kind": "citizen_intent", "topic": None, "lead_days": []}
    rekinded = RuleVersionFactory(draft=True, number=4, rule=released.rule, changes=other_kind)
    foreign = ProcedureVersionFactory(
        draft=True, definition=ProcedureVersionFactory(procedure__key="passport_issue").definition
    )
    refusals: list[tuple[Any, User, date, str]] = [
        (released, other, TODAY, "draft"),
        (mine, writer, TODAY, "wrote"),
        (mine, other, TODAY - timedelta(days=1), "past"),
        (unsound, other, TODAY, "lead_days"),
        (rekinded, other, TODAY, "kind"),
        (foreign, other, TODAY, "another procedure"),
    ]

    for version, official, start, reason in refusals:
        with pytest.raises(RefusedError, match=reason):
            release(version, official, start)

    assert RuleVersion.objects.filter(status=VersionStatus.RELEASED).count() == 1


@pytest.mark.parametrize(
    "kind", [ProcedureVersionFactory, BundleVersionFactory, RuleVersionFactory]
)
def test_a_text_that_nobody_but_its_writer_has_seen_is_not_released(kind: Any) -> None:
    # Given a draft that its writer changes after the approver has read it
    draft = kind(draft=True)
    read = seen_of(draft)
    draft.definition = draft.definition | {"name_vi": "Khác", "grace_days": 3}
    draft.save()
    if isinstance(draft, RuleVersion):
        rehearsed(draft)

    # When the approver releases it, then it stays a draft
    with pytest.raises(StaleVersionError):
        release(draft, seen=read)
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


@pytest.mark.parametrize(
    ("start", "allowed"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)
def test_release_after_the_end_of_the_law_is_refused(start: date, allowed: bool) -> None:
    draft = ProcedureVersionFactory(draft=True, procedure__key="poor_household_recognition")

    if allowed:
        release(draft, start=start)
    else:
        with pytest.raises(RefusedError, match="ends on 31/12/2026"):
            release(draft, start=start)

    draft.refresh_from_db()
    assert (draft.status == VersionStatus.RELEASED) is allowed


def test_before_a_later_release_it_holds_until_that_begins() -> None:
    begin = TODAY + timedelta(days=30)
    later = RuleVersionFactory(number=1, valid=DateRange(begin, None))
    draft = RuleVersionFactory(draft=True, number=2, rule=later.rule)
    rehearsed(draft)

    release(draft)

    draft.refresh_from_db()
    later.refresh_from_db()
    assert (draft.valid, later.valid) == (DateRange(TODAY, begin), DateRange(begin, None))


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize(
    "kind", [ProcedureVersionFactory, BundleVersionFactory, RuleVersionFactory]
)
def test_what_was_released_by_mistake_for_a_day_is_replaced_for_that_day(
    kind: Any, days: int
) -> None:
    # Given a version in force, and a faulty one that was released for today or a later day
    begin = TODAY + timedelta(days=days)
    old = kind(number=1)
    owner = {
        name: getattr(old, name) for name in ("procedure", "bundle", "rule") if hasattr(old, name)
    }
    faulty, better = (kind(draft=True, number=number, **owner) for number in (2, 3))
    for draft in (faulty, better):
        if isinstance(draft, RuleVersion):
            rehearsed(draft)
    if kind is BundleVersionFactory:
        for procedure in catalogue().procedures:
            ProcedureVersionFactory(procedure__key=procedure.key)
    release(faulty, start=begin)

    # When the better one is released for the same day
    release(better, start=begin)

    # Then it holds from that day, the one in force until then, and the faulty one on no day
    versions = type(old)._default_manager.filter(pk__in=[old.pk, faulty.pk, better.pk])
    periods = dict(versions.values_list("number", "valid"))
    assert (periods[1].upper, periods[3]) == (begin, DateRange(begin, None))
    assert periods[2].isempty


@pytest.mark.parametrize(("days", "allowed"), [(366, True), (367, False), (36 * 365, False)])
def test_a_year_that_was_mistyped_is_refused(days: int, allowed: bool) -> None:
    draft = ProcedureVersionFactory(draft=True)
    start = TODAY + timedelta(days=days)

    if allowed:
        release(draft, start=start)
    else:
        with pytest.raises(RefusedError, match="check the date"):
            release(draft, start=start)

    draft.refresh_from_db()
    assert (draft.status == VersionStatus.RELEASED) is allowed


def test_rules_in_force_are_active_ones_of_the_kinds_asked() -> None:
    for key in (LICENCE, "passport_issue", "civil_status_copy"):
        ProcedureVersionFactory(procedure__key=key)
    licence = RuleVersionFactory()
    passport = RuleVersionFactory(rule__key="passport_issue")
    passport.rule.is_active = False
    passport.rule.save()
    RuleVersionFactory(rule__key="civil_status_copy")

    scanned = rules_in_force(day=clock.today())
    wished = rules_in_force(day=clock.today(), kinds=[TriggerKind.CITIZEN_INTENT])

    assert [version.pk for version in scanned] == [licence.pk]
    assert [version.rule.key for version in wished] == ["civil_status_copy"]
    assert scanned[0].rule.procedure is not None
    assert scanned[0].rule.procedure.key == LICENCE


def test_a_rule_ends_with_the_last_version_of_what_it_offers() -> None:
    RuleVersionFactory()
    ProcedureVersionFactory(valid=DateRange(None, TODAY))

    assert rules_in_force(day=TODAY - timedelta(days=1)).count() == 1
    assert not rules_in_force(day=TODAY)


@pytest.mark.parametrize(
    ("linked", "filing"), [("3.000722", "birth_linked"), (None, "birth_registration")]
)
def test_a_bundle_ends_with_its_filing_procedure(linked: str | None, filing: str) -> None:
    steps = [{"procedure": "1.001193"}, {"procedure": "1.004222"}]
    document = {"linked_procedure": linked, "steps": steps}
    bundle = BundleVersionFactory(bundle__key="birth", definition=document).bundle
    rule = Rule.objects.create(key="birth", kind=TriggerKind.LIFE_EVENT, bundle=bundle)
    RuleVersionFactory(rule=rule)
    ProcedureVersionFactory(procedure__key=filing, valid=DateRange(None, TODAY))
    ProcedureVersionFactory(procedure__key="permanent_residence")

    assert rules_in_force(day=TODAY - timedelta(days=1)).count() == 1
    assert not rules_in_force(day=TODAY)
