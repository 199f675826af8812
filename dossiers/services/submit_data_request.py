"""Take in what a person asks to be done with their data, with both dates counted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens import sla
from citizens.enums import DataRequestKind, UserKind
from citizens.models import Agency, Citizen, DataRequest, User
from citizens.selectors import AgencyMissingError, competent_agency, may_act, working_calendar
from citizens.workflow import OPEN_STATES
from dossiers.services.request_steps import cleaned, refuse_stranger_at_desk, tell_person
from portal.common import clock
from portal.common.errors import RefusedError

_OFFICES = ("ubnd_xa", "ubnd_tinh")


@transaction.atomic
def submit_data_request(
    *, citizen: Citizen, kind: DataRequestKind, body: str, by: User, now: datetime
) -> DataRequest:
    """Return the new request, told to whoever sent it; a second press returns the first one.

    `by` is the person, somebody who may act for them, or an official of the owner at the counter.
    The owner is the People's Committee of the commune where the citizen lives. RefusedError for
    anybody else, for a correction that does not say what is wrong, and where no office serves the
    place.
    """
    asked = cleaned(body, missing=_missing(kind))
    # One after the other for one person: two presses find each other.
    person = Citizen.objects.select_for_update(of=("self",)).get(pk=citizen.pk)
    request = new_request(citizen=person, kind=kind, body=asked, by=by, now=now)
    for known in DataRequest.objects.filter(citizen=person, kind=kind, state__in=OPEN_STATES):
        if known.unseal("body_enc") == asked:
            return known
    request.save()
    tell_person(
        request=request,
        topic="data_request_received",
        now=now,
        answer_due_on=request.answer_due_on.isoformat(),
        act_due_on=request.act_due_on.isoformat(),
    )
    return request


def new_request(
    *, citizen: Citizen, kind: DataRequestKind, body: str, by: User, now: datetime
) -> DataRequest:
    """Return a request with owner and both dates, not saved yet; RefusedError for strangers."""
    day = clock.civil_date(now)
    owner = _owner(citizen, day)
    _refuse_stranger(citizen, owner, by, day)
    calendar = working_calendar()
    request = DataRequest(
        citizen=citizen,
        requested_by=by,
        kind=kind,
        owner=owner,
        received_on=day,
        answer_due_on=sla.answer_due(day, calendar),
        act_due_on=sla.act_due(kind, day, calendar),
    )
    request.body_enc = request.seal("body_enc", body)
    return request


def _missing(kind: DataRequestKind) -> str:
    if kind == DataRequestKind.CORRECT:
        return _("Please write what is wrong and what is right.")
    return ""


def _owner(citizen: Citizen, day: date) -> Agency:
    for kind in _OFFICES:
        try:
            return competent_agency(kind=kind, unit=citizen.unit, day=day)
        except AgencyMissingError:
            continue
    raise RefusedError(_("No office is in charge of this place of residence."))


def _refuse_stranger(citizen: Citizen, owner: Agency, by: User, day: date) -> None:
    if by.kind == UserKind.OFFICIAL:
        refuse_stranger_at_desk(owner=owner, citizen_id=citizen.pk, user=by, day=day)
        return
    if by.citizen is None or not may_act(actor=by.citizen, party=citizen.party, day=day):
        raise RefusedError(_("You cannot act for this person or organisation."))
