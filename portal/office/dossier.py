"""The dossier on one screen: person, sources, form, papers, clock, history, next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ContactChannel, PartyKind, ViewPurpose
from citizens.models import ContactPoint, Party, Register, User
from citizens.selectors import calendar_history
from dossiers.models import Dossier
from dossiers.selectors import BIRTH, newborn_of, timeline, why_due
from dossiers.services import advance
from dossiers.services.enter_facts import DEATH, entered_register
from dossiers.services.locks import hold_around
from dossiers.services.state_amount import grants_money
from dossiers.tasks import ring_for_forms, ring_for_steps
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.common.masking import mask_phone, mask_pin
from portal.office.access import log_people_shown
from portal.office.answer_texts import texts_for
from portal.office.between_desks import desks_part
from portal.office.child_number import child_without_number
from portal.office.clock_colours import Day
from portal.office.dossier_automatic import automatic_of
from portal.office.dossier_case import case_shown, enter_if_approved
from portal.office.dossier_clock import clock_part
from portal.office.dossier_first import put_first
from portal.office.dossier_notes import notes_part
from portal.office.dossier_papers import papers_part
from portal.office.dossier_reads import read_parts
from portal.office.forms_shown import register_names, shown_form, sources_of
from portal.office.hands import presses_here
from portal.office.issued import papers_of
from portal.office.names import party_name
from portal.office.payments import payment_part
from portal.office.people_named import people_shown
from portal.office.presses import Press
from portal.office.queue import row_of, visible_dossier
from portal.office.queue_way import to_dossier, way_from
from portal.office.roles import Desk
from portal.office.standing import standing_of
from procedures.definition import ProcedureDefinition

_LOGGED = ("full_name", "personal_id_masked", "birth_date", "address", "phone_masked", "form")
CONFLICT = 409
_ENTRIES = {BIRTH: "birth", DEATH: "death"}


@require_safe
def show_dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a dossier of the official's units."""
    return _page(request, visible_dossier(request, public_id))


@require_POST
def take_step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the step that a button names; 409 and the page as it is now for the slower of two."""
    dossier = visible_dossier(request, public_id)
    key = request.POST.get("press", "")
    pressed = next((press for press in presses_here(request, dossier) if press.key == key), None)
    if request.POST.get("version") != str(dossier.version):
        return _overtaken(request, public_id)
    if pressed is None:
        raise PermissionDenied
    try:
        _advance(request, dossier, pressed)
    except StaleVersionError:
        return _overtaken(request, public_id)
    except RefusedError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        done = {"press": pressed.label, "code": dossier.code}
        messages.success(request, _("%(code)s: done – %(press)s.") % done)
        ring_for_steps()
        ring_for_forms()
    return to_dossier(request, public_id)


def _advance(request: HttpRequest, dossier: Dossier, press: Press) -> None:
    """Take all steps of a button or none."""
    version = dossier.version
    with transaction.atomic():
        hold_around(dossier.pk)
        for action in press.steps:
            enter_if_approved(request, dossier, action)
            dossier = advance(
                dossier=dossier,
                action=action,
                user=cast(User, request.user),
                version=version,
                note=request.POST.get("note", "").strip(),
                components=request.POST.getlist("components"),
                now=clock.now(),
            )
            version = dossier.version


def _overtaken(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer a press on an older page: it is done already, or somebody else was faster."""
    dossier = visible_dossier(request, public_id)
    last = dossier.events.select_related("official").last()
    if last is not None and last.official_id == request.user.pk:
        done = {"what": last.get_action_display(), "code": dossier.code}
        messages.info(request, _("%(code)s: %(what)s was done already.") % done)
        return to_dossier(request, public_id)
    sentence = _(
        "This dossier was changed by %(who)s at %(when)s (%(what)s) after you opened it. Nothing "
        "of yours was written over it: look at it again and decide."
    )
    at = clock.civil_time(last.happened_at if last else clock.now())
    told = {
        "who": (last and last.official) or _("somebody else"),
        "when": f"{at:%H:%M %d/%m/%Y}",
        "what": last.get_action_display() if last else "",
    }
    messages.warning(request, sentence % told)
    return _page(request, dossier, status=CONFLICT)


def _page(request: HttpRequest, dossier: Dossier, *, status: int = 200) -> HttpResponse:
    standing = standing_of(request)
    definition = ProcedureDefinition.from_json(dossier.procedure_version.definition)
    presses, issued = presses_here(request, dossier), papers_of(request, dossier)
    phones, answers, registers = _phones(dossier.owner), texts_for(request), Register.objects.all()
    history = calendar_history()
    day = Day.of(standing.day, history.latest)
    way = way_from(request, dossier, day)
    read_parts(dossier, phones, answers, registers, issued["forms"], *(way.parts if way else ()))
    notes = notes_part(request, dossier)
    log_people_shown(
        request,
        people=people_shown(dossier),
        fields=(*_LOGGED, *(["note"] if notes and notes.notes else [])),
        purpose=ViewPurpose.DOSSIER,
        reference=dossier.code,
    )
    papers, fees = papers_part(request, dossier), payment_part(request, dossier)
    first = put_first(dossier, presses, papers=papers["papers"], fees=fees)
    form = shown_form(dossier.form, definition.form_fields, register_names(registers))
    context = {
        "title": dossier.code,
        "dossier": dossier,
        "queue": way,
        "row": row_of(dossier, day),
        "owner": _person(dossier, phones),
        "applicant_is_owner": dossier.applicant_id == dossier.owner_id,
        "form": form,
        "sources": sources_of(form),
        "answered_count": sum(field.is_answer for field in form),
        **papers,
        "why": why_due(dossier=dossier, calendars=history),
        "ledger": dossier.clock_events.all(),
        "events": timeline(dossier=dossier, for_officials=True),
        "presses": first.presses,
        "first": first,
        "answers": answers,
        "notes": notes,
        "grants_money": grants_money(dossier=dossier),
        "entry": _ENTRIES.get(entered_register(dossier=dossier)),
        "newborn": newborn_of(dossier=dossier),
        "numberless": child_without_number(request, dossier),
        "case": case_shown(request, dossier),
        "sees_people": standing.sees(Desk.PEOPLE),
        "result": getattr(dossier, "result", None),
        "fees": fees,
        "issued": issued,
        "desks": desks_part(request, dossier),
        "clock": clock_part(request, dossier, history),
        "automatic": automatic_of(dossier),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/dossier.html", shown, status=status)


def _phones(owner: Party) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(party=owner, channel=ContactChannel.SMS).order_by("pk")


def _person(dossier: Dossier, phones: Iterable[ContactPoint]) -> dict[str, Any]:
    """Return what the left column says of the owner; numbers masked."""
    owner = dossier.owner
    person: dict[str, Any] = {
        "name": party_name(owner),
        "kind": owner.kind,
        "phones": [mask_phone(point.value) for point in phones],
    }
    if owner.kind == PartyKind.CITIZEN:
        citizen = owner.citizen
        person |= {
            "pk": citizen.pk,
            "pin": mask_pin(citizen.pin),
            "birth_date": citizen.birth_date,
            "gender": citizen.get_gender_display(),
            "address": citizen.current_address,
            "as_of": citizen.as_of,
            "died_on": citizen.died_on,
        }
    return person
