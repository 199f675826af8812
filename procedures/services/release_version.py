"""A second official puts a draft of the catalogue into force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.definition.bundle import BundleDefinition, refuse_unfit
from procedures.enums import RuleAction, VersionStatus
from procedures.models import Bundle, BundleVersion, Procedure, ProcedureVersion, RuleVersion
from procedures.selectors.bundles import procedures_on
from procedures.selectors.rehearsals import last_rehearsal
from procedures.services.drafts import check_seen
from procedures.services.rule_ledger import locked_rule, note_step
from procedures.services.scan_resumed import ask_for_scan
from procedures.services.widen_version import ALL

Version = TypeVar("Version", ProcedureVersion, BundleVersion, RuleVersion)
_FURTHEST = timedelta(days=366)
AnyVersion = ProcedureVersion | BundleVersion | RuleVersion


@transaction.atomic
def release_version(
    *,
    version: Version,
    seen: str,
    released_by: User,
    valid_from: date,
    now: datetime,
    audience_percent: int = ALL,
) -> Version:
    """Release a draft from the civil date `valid_from` on, and end the version before it that day.

    A version that was released for the very same day is replaced and holds on no day: so a mistake
    of today, or in what is still to begin, is corrected by two officials. Until a version that was
    released for a later day the new one holds.

    A rule may begin with a share of its audience (`audience_percent`, 1 to 100): for the others the
    version before goes on, until `widen_version` extends it to all. `seen` is `seen_of` the text
    that was read: StaleVersionError when somebody changed it since. RefusedError when it is no
    draft, when its writer would release it, when the date is past or more than a year ahead, when
    the definition ends before it begins or is not sound (its reasons say where), or when nobody has
    rehearsed the rule as it is written.
    """
    _lock_owner(version)
    row = type(version)._default_manager.select_for_update(of=("self",)).get(pk=version.pk)
    _check_may(row, released_by, valid_from, clock.civil_date(now))
    check_seen(row, seen)
    end = _checked_end(row, valid_from)
    if end is not None and end <= valid_from:
        raise RefusedError(
            _("By its own text it ends on %(day)s, before it would begin.")
            % {"day": f"{end - timedelta(1):%d/%m/%Y}"}
        )
    if isinstance(row, RuleVersion):
        _begin_with(row, audience_percent)
    end = _close_others(row, valid_from, end)
    row.status, row.released_by, row.released_at = VersionStatus.RELEASED, released_by, now
    row.valid = DateRange(valid_from, end)
    row.save()
    if isinstance(row, RuleVersion):
        _note(row, released_by, now)
    return row


def _note(row: RuleVersion, by: User, now: datetime) -> None:
    """Note the release on the rule; what begins today does not wait for the night's scan."""
    share = row.audience_percent
    note_step(row.rule, RuleAction.RELEASE, by=by, now=now, rule_version=row, after=share)
    if row.valid.lower == clock.civil_date(now):
        ask_for_scan(rule=row.rule, now=now)


def _check_may(row: AnyVersion, released_by: User, valid_from: date, today: date) -> None:
    if row.status != VersionStatus.DRAFT:
        raise RefusedError(_("Only a draft can be released."))
    if row.written_by_id == released_by.pk:
        raise RefusedError(_("Whoever wrote a version cannot also release it."))
    if valid_from < today:
        raise RefusedError(_("A version cannot begin in the past."))
    if valid_from > today + _FURTHEST:
        raise RefusedError(_("A version begins within a year: check the date."))


def _begin_with(row: RuleVersion, audience_percent: int) -> None:
    """Set the share of the audience; refuse what nobody has seen rehearsed, as it is now."""
    if not 1 <= audience_percent <= ALL:
        raise RefusedError(_("The share is a whole number from 1 to 100."))
    is_scanned = RuleDefinition.from_json(row.definition).is_scanned
    if is_scanned and last_rehearsal(row) is None:
        raise RefusedError(
            _("Rehearse this version first: nobody has seen yet what it would do as it is written.")
        )
    row.audience_percent = audience_percent


def _lock_owner(version: AnyVersion) -> None:
    """Lock the procedure, bundle or rule, so that two releases of it follow one another."""
    match version:
        case ProcedureVersion():
            Procedure.objects.select_for_update().get(pk=version.procedure_id)
        case BundleVersion():
            Bundle.objects.select_for_update().get(pk=version.bundle_id)
        case _:
            locked_rule(version.rule_id)


def _checked_end(row: AnyVersion, valid_from: date) -> date | None:
    """Check the definition and return the first day on which it no longer holds."""
    match row:
        case ProcedureVersion():
            return _checked_procedure(row)
        case BundleVersion():
            _check_bundle_version(row, valid_from)
        case RuleVersion():
            if RuleDefinition.from_json(row.definition).kind != row.rule.kind:
                raise RefusedError(_("A rule keeps its kind; write a new rule for another one."))
    end: date | None = row.valid.upper  # a draft may name the day after its last
    return end


def _checked_procedure(row: ProcedureVersion) -> date | None:
    procedure = ProcedureDefinition.from_json(row.definition)
    if procedure.key != row.procedure.key:
        raise RefusedError(_("The definition is of another procedure."))
    row.name_vi, row.name_en = procedure.name_vi, procedure.name_en
    return None if procedure.effective_to is None else procedure.effective_to + timedelta(1)


def _check_bundle_version(row: BundleVersion, valid_from: date) -> None:
    """Refuse a bundle that names what will not be in force on its first day."""
    bundle = BundleDefinition.from_json(row.definition)
    if (bundle.key, bundle.event) != (row.bundle.key, row.bundle.event):
        raise RefusedError(_("A bundle keeps its key and its event."))
    refuse_unfit(bundle, procedures_on(valid_from))
    row.name_vi, row.name_en = bundle.name_vi, bundle.name_en


def _close_others(row: AnyVersion, valid_from: date, end: date | None) -> date | None:
    """End what holds on `valid_from`; return the end, or the first day of a later version."""
    for sibling in _released_siblings(row):
        begin, until = sibling.valid.lower, sibling.valid.upper
        if begin is not None and begin > valid_from:
            end = min(end or begin, begin)
        elif not sibling.valid.isempty and (until is None or until > valid_from):
            sibling.valid = DateRange(begin, valid_from)  # empty, where both begin on one day
            sibling.save(update_fields=["valid"])
    return end


def _released_siblings(row: AnyVersion) -> Iterable[AnyVersion]:
    match row:
        case ProcedureVersion():
            return row.procedure.versions.filter(status=VersionStatus.RELEASED)
        case BundleVersion():
            return row.bundle.versions.filter(status=VersionStatus.RELEASED)
        case _:
            return row.rule.versions.filter(status=VersionStatus.RELEASED)
