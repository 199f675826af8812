"""What the reader filed or may follow: the list, one of them, and what happened to it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen
from dossiers.enums import Action, Actor
from dossiers.models import Dossier
from dossiers.selectors import dossier_for, dossiers_of, offered_actions, timeline
from dossiers.services import advance
from portal.api.bodies import DossierBody, NothingBody, StepBody, TimelineBody, Words
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.readers import CitizenView, own_rows, said, tagged
from portal.api.taking import nothing, seen_version
from portal.common import clock
from portal.common.row_security import with_application_rights


class Dossiers(CitizenView):
    """What the reader filed or may follow."""

    @operation(
        "Dossiers of the person and of those they act for, newest first",
        answers=DossierBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        return page_of(request, dossiers_of(citizen=citizen), by="-submitted_at", shape=_bodies)


class OneDossier(CitizenView):
    """One of them; its ETag begins with its version."""

    @operation("One dossier", answers=DossierBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it."""
        row = own_dossier(citizen, public_id)
        return tagged(request, body_of(row), row.version)


class Timeline(CitizenView):
    """What happened to it."""

    @operation("What happened to a dossier, and what may be done now", answers=TimelineBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return its steps, first step first."""
        row = own_dossier(citizen, public_id)
        offers = offered_actions(dossier=row, user=citizen.user, day=clock.today())
        steps = [
            StepBody(
                at=one.at,
                action=one.action,
                action_name=one.label,
                status_name=one.status_label,
                by=one.actor_label,
                note=one.note,
            )
            for one in timeline(dossier=row)
        ]
        return tagged(request, TimelineBody(steps, [one.action for one in offers]), row.version)


class Withdraw(CitizenView):
    """Take a dossier back."""

    @operation(
        "Take a dossier back; If-Match holds the ETag that was read",
        answers=DossierBody,
        takes=NothingBody,
        headers=("If-Match", "Idempotency-Key"),
        errors=(400, 409, 412, 413, 415, 422, 428),
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Withdraw it."""
        return pressed(request, citizen, public_id, Action.WITHDRAW)


def pressed(request: Request, citizen: Citizen, public_id: UUID, action: Action) -> Response:
    """Take a step of the person's with the version that If-Match holds; return the dossier."""
    nothing(request)
    row, version = own_dossier(citizen, public_id), seen_version(request)
    with with_application_rights():
        advance(
            dossier=row,
            action=action,
            user=citizen.user,
            actor_role=Actor.CITIZEN,
            version=version,
            now=clock.now(),
        )
    return said(body_of(own_dossier(citizen, public_id)))


def own_dossier(citizen: Citizen, public_id: UUID) -> Dossier:
    """Return one of the person's dossiers; anybody else's does not exist (F33)."""
    try:
        return dossier_for(citizen=citizen, public_id=public_id)
    except Dossier.DoesNotExist:
        raise Http404 from None


def body_of(row: Dossier) -> DossierBody:
    """Return a dossier as it is told; nothing in it is of the filed form."""
    version = row.procedure_version
    return DossierBody(
        id=row.public_id,
        code=row.code,
        version=row.version,
        procedure=version.procedure.key,
        title=Words(version.name_vi, version.name_en or None),
        owner=row.owner.public_id,
        status=row.status,
        status_name=str(row.get_status_display()),
        office=row.competent.name_vi,
        submitted_at=row.submitted_at,
        due_on=row.due_on,
        appointment_on=row.appointment_on,
        finished_at=row.finished_at,
    )


def _bodies(rows: list[Dossier]) -> list[DossierBody]:
    return [body_of(row) for row in rows]
