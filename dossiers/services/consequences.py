"""What else a step brings about: matter, suggestion, result, register and message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from dossiers.enums import Action, Status
from dossiers.models import Dossier, DossierEvent
from dossiers.services.ask_payment import (
    ask_payment,
    ask_with_result,
    cancel_payments,
    settle_payment,
    take_late_payment,
)
from dossiers.services.clock_steps import apologise
from dossiers.services.enter_facts import enter_facts
from dossiers.services.grant_result import grant_result
from dossiers.services.keep_result import keep_result
from dossiers.services.note_child import is_child, note_child
from dossiers.services.order_forms import order_forms
from dossiers.services.stages import (
    agency_of,
    close_work,
    leave_stage,
    move_stage,
    open_reception,
    open_work,
)
from dossiers.services.tell import tell_applicant
from portal.common import clock
from procedures.enums import FilingChannel, MatterOutcome, SuggestionState
from procedures.services import close_matter, fulfil_suggestion, reopen_suggestion


def follow_up(*, dossier: Dossier, action: Action, event: DossierEvent, now: datetime) -> None:
    """Do what belongs to a step already written, on the locked row that the caller will save."""
    consequence = _CONSEQUENCES.get(action)
    if consequence is not None:
        consequence(dossier, event, now)
    order_forms(dossier=dossier, action=action, event=event, now=now)
    note_child(dossier=dossier, action=action, note=event.note, now=now)


def _received(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    dossier.received_at = dossier.received_at or agency_of(event) or dossier.competent
    open_reception(dossier=dossier, event=event, now=now)
    due_on = None if dossier.due_on is None else dossier.due_on.isoformat()
    tell_applicant(dossier=dossier, event=event, topic="dossier_received", now=now, due_on=due_on)


def _papers_added(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    if dossier.received_at is None:
        _received(dossier, event, now)


def _taken_up(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Note whose desk the dossier is on now."""
    dossier.received_at = dossier.received_at or dossier.competent
    official = getattr(event.official, "official", None)
    dossier.assignee = dossier.assignee or official
    open_work(dossier=dossier, event=event, now=now)


def _passed_on(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    leave_stage(dossier=dossier, now=now)


def _paid(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    if dossier.status == Status.DONE:  # the work on it is over
        take_late_payment(dossier, event, now)
        return
    settle_payment(dossier, event, now)
    open_work(dossier=dossier, event=event, now=now)


def _handed_over(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    move_stage(dossier=dossier, to=dossier.assignee)


def _papers_asked(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    tell_applicant(dossier=dossier, event=event, topic="supplement_requested", now=now)


def _refused(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    _end_without_result(dossier, MatterOutcome.REFUSED, now)
    tell_applicant(
        dossier=dossier, event=event, topic="dossier_refused", now=now, reason=event.note
    )


def _withdrawn(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    _end_without_result(dossier, MatterOutcome.WITHDRAWN, now)


def _approved(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Write the result back into its register and close what waited for it."""
    dossier.finished_at = now
    close_work(dossier=dossier, event=event, now=now)
    grant_result(dossier=dossier, decided_on=clock.civil_date(now))
    enter_facts(dossier=dossier, decided_on=clock.civil_date(now))
    keep_result(dossier=dossier, decided_on=clock.civil_date(now))
    suggestion = None if is_child(dossier) else dossier.suggestion
    if suggestion is not None and suggestion.state == SuggestionState.ACCEPTED:
        fulfil_suggestion(suggestion=suggestion, now=now)
    _close(dossier, MatterOutcome.GRANTED, now)
    office = dossier.competent
    collect = f"{office.name_vi}, {office.address}" if office.address else office.name_vi
    tell_applicant(
        dossier=dossier,
        event=event,
        topic="dossier_approved",
        now=now,
        collect=collect,
        amount=ask_with_result(dossier, now),
    )


def _returned(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    dossier.returned_at = now
    if dossier.returned_by != FilingChannel.ONLINE:  # whoever opened it here is asked on the page
        tell_applicant(dossier=dossier, event=event, topic="dossier_returned", now=now)


def _end_without_result(dossier: Dossier, outcome: MatterOutcome, now: datetime) -> None:
    dossier.finished_at = now
    cancel_payments(dossier)
    leave_stage(dossier=dossier, now=now)
    _close(dossier, outcome, now)
    suggestion = None if is_child(dossier) else dossier.suggestion
    if suggestion is not None and suggestion.state == SuggestionState.ACCEPTED:
        reopen_suggestion(suggestion=suggestion)


def _close(dossier: Dossier, outcome: MatterOutcome, now: datetime) -> None:
    close_matter(
        procedure=dossier.procedure_version.procedure,
        party=dossier.owner,
        anchor=dossier.anchor,
        outcome=outcome,
        day=clock.civil_date(now),
    )


_CONSEQUENCES: Mapping[Action, Callable[[Dossier, DossierEvent, datetime], None]] = {
    Action.RECEIVE: _received,
    Action.SUPPLEMENT: _papers_added,
    Action.START_PROCESSING: _taken_up,
    Action.FORWARD: _passed_on,
    Action.REASSIGN: _handed_over,
    Action.REQUEST_SUPPLEMENT: _papers_asked,
    Action.REQUEST_PAYMENT: ask_payment,
    Action.CONFIRM_PAYMENT: _paid,
    Action.REFUSE_RECEPTION: _refused,
    Action.STOP: _refused,
    Action.WITHDRAW: _withdrawn,
    Action.APPROVE: _approved,
    Action.RETURN_RESULT: _returned,
    Action.EXTEND: apologise,
}
