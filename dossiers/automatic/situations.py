"""What the risk of a dossier is weighed by, read from the tables when it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from citizens.enums import ContactChannel, DiscrepancyState, LifeEventKind
from citizens.models import ContactPoint, Discrepancy, EventParty
from dossiers.automatic.grounds import Ground
from dossiers.enums import Status
from dossiers.models import Dossier
from dossiers.risk import Situation
from dossiers.selectors import was_helped
from portal.common import clock

RECENT = timedelta(days=90)


def situation_of(*, dossier: Dossier, grounds: Sequence[Ground], now: datetime) -> Situation:
    """Return the plain facts that the risk weight may look at."""
    filed = clock.civil_date(dossier.submitted_at)
    ages = [(filed - ground.as_of).days for ground in grounds if ground.source and ground.as_of]
    concerned = {dossier.owner_id, dossier.applicant_id}
    corrected = Discrepancy.objects.filter(subject__in=concerned, state=DiscrepancyState.CORRECTED)
    return Situation(
        facts_age_days=max(ages, default=0),
        correction_count=corrected.count(),
        changed_recently=_moved(concerned, now) or _has_new_phone(concerned, now),
        filed_by_helper=was_helped(dossier=dossier),
        amount_vnd=dossier.fee_vnd or 0,
        is_first_time=not _filed_before(dossier),
    )


def _moved(concerned: set[int], now: datetime) -> bool:
    since = clock.civil_date(now - RECENT)
    moves = EventParty.objects.filter(party__in=concerned, event__kind=LifeEventKind.MOVED)
    return moves.filter(event__occurred_on__gte=since).exists()


def _has_new_phone(concerned: set[int], now: datetime) -> bool:
    """Return whether a number took the place of another lately; a first number is no change."""
    phones = ContactPoint.objects.filter(party__in=concerned, channel=ContactChannel.SMS)
    older = phones.filter(party=OuterRef("party"), recorded_at__lt=OuterRef("recorded_at"))
    return phones.filter(Exists(older), recorded_at__gte=now - RECENT).exists()


def _filed_before(dossier: Dossier) -> bool:
    same = Dossier.objects.filter(
        owner=dossier.owner_id, procedure_version__procedure=dossier.procedure_version.procedure_id
    )
    return same.filter(status__in=(Status.DONE, Status.RETURNED)).exclude(pk=dossier.pk).exists()
