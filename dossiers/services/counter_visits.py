"""A visit at a counter: opened, led from step to step by the stopwatch, ended with a dossier."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen, Official, Party
from citizens.selectors import is_family_of
from dossiers.enums import CounterStage, TicketState
from dossiers.models import CounterVisit, Dossier, Ticket
from dossiers.selectors import may_file
from dossiers.services.serve_ticket import start_ticket
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.models import ProcedureVersion, Suggestion


@transaction.atomic
def open_visit(
    *, official: Official, applicant: Citizen, ticket: Ticket | None = None, now: datetime
) -> CounterVisit:
    """Return a new visit of `applicant` at the official's agency; the stopwatch runs.

    With `ticket` the person came by the number that the official called, and has come by now.
    RefusedError when the person is the official or their close kin.
    """
    day = clock.civil_date(now)
    if is_family_of(user=official.user, concerned=[applicant.pk], day=day):
        raise RefusedError(_("A colleague must serve you and your family."))
    if ticket is not None and ticket.state == TicketState.CALLED:
        start_ticket(ticket=ticket, official=official, now=now)
    visit = CounterVisit.objects.create(
        agency=official.agency,
        official=official,
        ticket=ticket,
        applicant=applicant,
        owner=applicant.party,
        opened_at=now,
    )
    visit.steps.create(step=CounterStage.OPEN, began_at=now)
    return visit


@transaction.atomic
def choose_matter(
    *,
    visit: CounterVisit,
    version: ProcedureVersion,
    owner: Party,
    suggestion: Suggestion | None,
    now: datetime,
) -> CounterVisit:
    """Note what the person wants and for whom, and go on to the look at what is known.

    RefusedError when the person may not act for the owner, or the owner is the official's kin.
    """
    day = clock.civil_date(now)
    key = version.procedure.key
    if not may_file(
        applicant=visit.applicant, owner=owner, suggestion=suggestion, procedure=key, day=day
    ):
        raise RefusedError(_("This person cannot act for whom the matter is about."))
    if is_family_of(user=visit.official.user, concerned=[owner.pk], day=day):
        raise RefusedError(_("A colleague must serve you and your family."))
    row = _open_row(visit)
    row.procedure_version, row.owner = version, owner
    row.save(update_fields=["procedure_version", "owner"])
    go_to(visit=row, stage=CounterStage.CHECK, now=now)
    return row


@transaction.atomic
def go_to(*, visit: CounterVisit, stage: CounterStage, now: datetime) -> None:
    """End the running step and begin `stage`; the one that runs already goes on."""
    row = _open_row(visit)
    running = row.steps.filter(ended_at=None)
    if running.filter(step=stage).exists():
        return
    running.update(ended_at=now)
    row.steps.create(step=stage, began_at=now)


@transaction.atomic
def end_visit(*, visit: CounterVisit, dossier: Dossier | None, now: datetime) -> None:
    """Stop the stopwatch; `dossier` is what the visit came to."""
    row = _open_row(visit)
    row.steps.filter(ended_at=None).update(ended_at=now)
    row.dossier, row.ended_at = dossier, now
    row.save(update_fields=["dossier", "ended_at"])


def _open_row(visit: CounterVisit) -> CounterVisit:
    """Return the visit locked; RefusedError when it is over."""
    rows = CounterVisit.objects.select_for_update(of=("self",)).filter(ended_at=None)
    row = rows.select_related("official__user", "applicant").filter(pk=visit.pk).first()
    if row is None:
        raise RefusedError(_("This visit is over. Open the person again."))
    return row
