"""Nobody is late because a partner does not answer: the clock waits, in its own ledger.

The clock of a dossier waits while the partner does not yet know the dossier (its number there heads
what follows), and, where the partner keeps the status, while the partner has not answered what it
was told. A status of ours that is only reported late holds nobody's work up, so nothing waits for
it. What a partner refused is not waited for either: that is for us to repair.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dossiers.enums import Action, Status
from dossiers.models import Dossier, ExchangeLink, ExchangeRow
from dossiers.models.exchange import ON_THE_WAY
from dossiers.partners.address import partners
from dossiers.partners.mapping import Owner, PartnerMapping, mapping_of
from dossiers.services import advance
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError

PATIENCE = timedelta(minutes=10)
_RUNS_IN = (Status.RECEIVED, Status.PROCESSING)


def keep_waits(*, now: datetime) -> int:
    """Let clocks wait, and let them go on, as it now is; return how many entries were written."""
    return sum(_keep(partner, now) for partner in partners())


def _keep(partner: str, now: datetime) -> int:
    mapping, written = mapping_of(partner), 0
    links = ExchangeLink.objects.filter(partner=partner).select_related(
        "dossier__procedure_version__procedure"
    )
    silent = _silent(partner, now)
    begin = links.filter(
        dossier__in=silent,
        dossier__status__in=_RUNS_IN,
        dossier__system_wait_since__isnull=True,
        dossier__clock_started_on__isnull=False,
    )
    for link in begin.order_by("pk"):
        if _is_waited_for(link, mapping, now):
            written += _step(link, Action.WAIT_FOR_SYSTEM, mapping.name_vi, now)
    for link in links.filter(waits=True).order_by("pk"):
        if link.dossier_id not in silent or not _is_waited_for(link, mapping, now):
            written += _end(link, mapping, now)
    return written


def _silent(partner: str, now: datetime) -> set[int]:
    """Return the dossiers of which the partner was to be told some time ago, and took nothing."""
    rows = ExchangeRow.objects.filter(
        partner=partner,
        dossier__isnull=False,
        state__in=ON_THE_WAY,
        noted_at__lte=now - PATIENCE,
    )
    return set(rows.values_list("dossier", flat=True))


def _is_waited_for(link: ExchangeLink, mapping: PartnerMapping, now: datetime) -> bool:
    if link.known_at is None:
        return True
    key = link.dossier.procedure_version.procedure.key
    return mapping.matter(key, clock.civil_date(now)).owner is Owner.PARTNER


def _end(link: ExchangeLink, mapping: PartnerMapping, now: datetime) -> int:
    """End a wait of ours; one that a step has ended already is only forgotten."""
    dossier = link.dossier
    if dossier.system_wait_since is None:
        ExchangeLink.objects.filter(pk=link.pk).update(waits=False)
        return 0
    return _step(link, Action.SYSTEM_ANSWERED, mapping.name_vi, now)


def _step(link: ExchangeLink, action: Action, note: str, now: datetime) -> int:
    dossier = Dossier.objects.get(pk=link.dossier_id)
    try:
        with transaction.atomic():
            advance(
                dossier=dossier,
                action=action,
                user=None,
                version=dossier.version,
                note=note,
                now=now,
            )
            is_waiting = action is Action.WAIT_FOR_SYSTEM
            ExchangeLink.objects.filter(pk=link.pk).update(waits=is_waiting)
    except (RefusedError, StaleVersionError):
        return 0  # it moved meanwhile; the next bell looks again
    return 1
