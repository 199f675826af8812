"""Reads of drafts: what somebody has begun and not filed, and until when it is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from citizens.enums import AuthorityBasis
from citizens.models import Authority, Citizen, Party
from dossiers.models import Draft
from portal.common import clock
from procedures.models import Procedure, Suggestion

KEPT_DAYS = 30
"""How long a draft is kept that nobody touches."""


def drafts_of(*, applicant: Citizen) -> QuerySet[Draft]:
    """Return what the person has begun and not filed, the latest first.

    What they began as a helper is found from the page of whom they help.
    """
    helped = Authority.objects.filter(actor=applicant, basis=AuthorityBasis.HELPER)
    return _begun_by(applicant).exclude(owner__in=helped.values("for_party"))


def _begun_by(applicant: Citizen) -> QuerySet[Draft]:
    shown = ("procedure_version__procedure", "suggestion", "owner__citizen", "owner__organisation")
    mine = Draft.objects.filter(applicant=applicant).select_related(*shown)
    return mine.order_by("-saved_at", "-pk")


def draft_for(*, applicant: Citizen, public_id: UUID) -> Draft:
    """Return one of the person's drafts; Draft.DoesNotExist for anybody else's."""
    return drafts_of(applicant=applicant).get(public_id=public_id)


def draft_about(
    *,
    applicant: Citizen,
    owner: Party,
    procedure: Procedure,
    suggestion: Suggestion | None = None,
) -> Draft | None:
    """Return the draft of a suggestion, or begun from the procedure's page; None without one.

    Also one of an earlier version: what is still asked is taken over from it.
    """
    mine = _begun_by(applicant).filter(owner=owner, suggestion=suggestion)
    return mine.filter(procedure_version__procedure=procedure).first()


def kept_until(draft: Draft) -> date:
    """Return the civil date on which the draft is removed if nobody touches it."""
    return clock.civil_date(draft.saved_at) + timedelta(days=KEPT_DAYS)


def forgotten_drafts(*, now: datetime) -> QuerySet[Draft]:
    """Return the drafts that nobody has touched for so long that they are removed."""
    return Draft.objects.filter(saved_at__lt=now - timedelta(days=KEPT_DAYS))
