"""Drafts of rules: the one that is being written, what it departs from, and what was seen of it."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models import QuerySet

from procedures.definition.plain import digest
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.models.catalogue import in_force


def drafts_of(rule: Rule) -> QuerySet[RuleVersion]:
    """Return the drafts of a rule, the newest first."""
    return rule.versions.filter(status=VersionStatus.DRAFT).order_by("-number")


def version_before(version: RuleVersion, *, day: date) -> RuleVersion | None:
    """Return what a draft would take the place of on `day`: in force, else released last.

    Of a released version it is the one released before it.
    """
    released = RuleVersion.objects.filter(
        rule=version.rule_id, status=VersionStatus.RELEASED
    ).exclude(pk=version.pk)
    if version.status == VersionStatus.RELEASED:
        return released.filter(number__lt=version.number).order_by("-number").first()
    return released.filter(in_force(day)).first() or released.order_by("-number").first()


def seen_of(version: RuleVersion) -> str:
    """Return the fingerprint of all that an editor sees of a draft; it changes with every change.

    Whoever saves names what they saw: what somebody else wrote meanwhile is not written over.
    """
    period = f"{version.valid.lower}/{version.valid.upper}"
    return hashlib.sha256(f"{digest(version.definition)} {period}".encode()).hexdigest()[:16]
