"""Drafts of the catalogue: what is being written, what it departs from, and what was seen."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TypeVar, overload

from django.db.models import QuerySet

from procedures.definition.plain import digest
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion, ProcedureVersion, Rule, RuleVersion
from procedures.models.catalogue import in_force

Drafted = TypeVar("Drafted", RuleVersion, BundleVersion, ProcedureVersion)


@overload
def drafts_of(owner: Rule) -> QuerySet[RuleVersion]: ...
@overload
def drafts_of(owner: Bundle) -> QuerySet[BundleVersion]: ...
def drafts_of(owner: Rule | Bundle) -> QuerySet[RuleVersion] | QuerySet[BundleVersion]:
    """Return the drafts of a rule or bundle, the newest first."""
    return owner.versions.filter(status=VersionStatus.DRAFT).order_by("-number")


def version_before(version: Drafted, *, day: date) -> Drafted | None:
    """Return what a draft would take the place of on `day`: in force, else released last.

    Of a released version it is the one released before it.
    """
    released = _released_siblings(version)
    if version.status == VersionStatus.RELEASED:
        return released.filter(number__lt=version.number).order_by("-number").first()
    return released.filter(in_force(day)).first() or released.order_by("-number").first()


def planned(version: Drafted, *, day: date) -> QuerySet[Drafted]:
    """Return the versions beside it that were released to begin after `day`, in their order."""
    return _released_siblings(version).filter(valid__startswith__gt=day).order_by("valid")


def _released_siblings(version: Drafted) -> QuerySet[Drafted]:
    match version:
        case RuleVersion():
            owner = {"rule": version.rule_id}
        case BundleVersion():
            owner = {"bundle": version.bundle_id}
        case _:
            owner = {"procedure": version.procedure_id}
    rows: QuerySet[Drafted] = type(version)._default_manager.exclude(pk=version.pk)
    return rows.filter(status=VersionStatus.RELEASED, **owner)


def seen_of(version: RuleVersion | BundleVersion | ProcedureVersion) -> str:
    """Return the fingerprint of all that one sees of a draft; it changes with every change.

    Whoever saves or releases names what they saw: what somebody else wrote meanwhile is neither
    written over nor put into force unread.
    """
    period = f"{version.valid.lower}/{version.valid.upper}"
    return hashlib.sha256(f"{digest(version.definition)} {period}".encode()).hexdigest()[:16]
