"""What comes in the reader's family, what they let the portal do, and which devices are told."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.enums import ConsentPurpose
from citizens.models import Citizen
from citizens.selectors import consents_of
from notifications.selectors import devices_of, push_service
from notifications.services import add_device, make_choice, remove_device
from portal.api.answers import KEY, WRITE_ERRORS
from portal.api.bodies import ChoiceBody, ChoicesBody, NothingBody, Words
from portal.api.life_bodies import (
    CalendarBody,
    ChooseBody,
    ComingBody,
    DeviceBody,
    DevicesBody,
    SubscribeBody,
)
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.parties import own_parties
from portal.api.problems import ProblemError, bad
from portal.api.readers import CitizenView, own_rows, said, tagged
from portal.api.taking import taken
from portal.common import clock
from portal.common.row_security import with_application_rights
from procedures.answers import ComingDate, coming_dates, households_answered_for
from procedures.enums import TriggerKind
from procedures.rules import add_months
from procedures.selectors import suggestions_of

_MONTHS = 12


class Calendar(CitizenView):
    """Coming dates."""

    @operation("What comes within a year for the person and their family", answers=CalendarBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return them, the earliest first."""
        day = clock.today()
        begun = TriggerKind.CITIZEN_INTENT  # what the person began themselves has no day
        waiting = [
            row for row in suggestions_of(citizen=citizen, day=day) if row.rule.kind != begun
        ]
        seen = [*own_parties(citizen), *households_answered_for(citizen=citizen, day=day)]
        until = add_months(day, _MONTHS)
        dates = coming_dates(parties=seen, waiting=waiting, day=day, until=until)
        names = {party.pk: party.public_id for party in seen}
        return tagged(request, CalendarBody([_coming(one, names) for one in dates]))


class Preferences(CitizenView):
    """What the reader lets the portal do."""

    @operation("What the person agreed to or refused", answers=ChoicesBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return the statements that hold."""
        return tagged(request, _held(citizen))

    @operation(
        "State anew what the portal may do; a statement that holds already is no further one",
        answers=ChoicesBody,
        takes=ChooseBody,
        headers=KEY,
        errors=WRITE_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen) -> Response:
        """Record it as proof, and obey it from now on."""
        brought, held = taken(request, ChooseBody), _held(citizen)
        named = (str(brought.purpose), str(brought.channel or ""))
        stated = {(one.purpose, one.channel): one.is_given for one in held.choices}
        if named[1] and not _may_name_channel(citizen, brought):
            wrong = _("A channel is named of offers of services alone, and is one of yours.")
            raise ProblemError(422, bad("channel", wrong))
        if stated.get(named) != brought.is_given:
            with with_application_rights():
                make_choice(
                    citizen=citizen,
                    purpose=brought.purpose,
                    channel=brought.channel,
                    is_given=brought.is_given,
                    by=citizen.user,
                    language=get_language() or "vi",
                )
        return said(_held(citizen))


class Devices(CitizenView):
    """Browsers and apps that are told."""

    @operation("Which devices are told, and what a new one subscribes with", answers=DevicesBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return them, the latest first."""
        return tagged(request, _devices(citizen))

    @operation(
        "Tell a device from now on; adding it twice changes nothing",
        answers=DevicesBody,
        takes=SubscribeBody,
        headers=KEY,
        errors=WRITE_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen) -> Response:
        """Add it."""
        brought = taken(request, SubscribeBody)
        with with_application_rights():
            add_device(party=citizen.party, subscription=brought.subscription)
        return said(_devices(citizen))


class OneDevice(CitizenView):
    """One of them."""

    @operation("Tell a device no longer", answers=NothingBody, errors=(400, 413))
    @own_rows
    def delete(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Turn it off."""
        with with_application_rights():
            is_off = remove_device(party=citizen.party, public_id=public_id)
        if not is_off:
            raise Http404
        return said(NothingBody())


def _held(citizen: Citizen) -> ChoicesBody:
    held = consents_of(citizen=citizen)
    return ChoicesBody(
        [ChoiceBody(one.purpose, one.channel, one.is_given, one.recorded_at) for one in held]
    )


def _may_name_channel(citizen: Citizen, brought: ChooseBody) -> bool:
    theirs = citizen.party.contact_points.filter(channel=str(brought.channel))
    return brought.purpose == ConsentPurpose.SERVICE_OFFERS and theirs.exists()


def _devices(citizen: Citizen) -> DevicesBody:
    service = push_service()
    told = [DeviceBody(one.public_id, one.since, one.digest) for one in devices_of(citizen.party)]
    return DevicesBody(service.key if service else None, told)


def _coming(one: ComingDate, names: dict[int, UUID]) -> ComingBody:
    rule, suggestion = one.definition, one.suggestion
    about = suggestion.subject.public_id if suggestion else names[one.party]
    return ComingBody(
        due_on=one.due_on,
        begins_on=one.begins_on,
        opens_on=one.opens_on,
        about=about,
        kind=str(rule.kind if rule else TriggerKind.CREDENTIAL_EXPIRY),
        calls_for=Words(rule.paper_vi, rule.paper_en or None) if rule else None,
        credential=one.paper.public_id if one.paper else None,
        suggestion=suggestion.public_id if suggestion else None,
    )
