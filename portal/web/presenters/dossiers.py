"""A dossier as its owner follows it: where it is, when it comes, why that day, what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Window, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citizens.models import Citizen, Register
from citizens.selectors import calendar_history
from dossiers.enums import Action, Status
from dossiers.models import Dossier, Result
from dossiers.selectors import (
    definition_of,
    filed_form,
    holder_of,
    kept_date,
    newborn_of,
    timeline,
    why_due,
)
from dossiers.services.enter_child_number import numberless_child
from portal.common import clock
from portal.common.calendar import WorkingCalendar
from portal.common.sql import ask_together
from portal.web.presenters.language import either
from portal.web.presenters.matters import Matter, for_whom
from portal.web.presenters.papers import PaperNames
from portal.web.presenters.rows import Part, Row, parts_of, shown_value, source_of
from portal.web.templatetags.portal_format import moment, told_fee, vi_date, vnd

_ENDED_BADLY = (Status.NOT_RECEIVED, Status.STOPPED)
_NEEDS_CITIZEN = (Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED)
_DONE = (Status.DONE, Status.RETURNED)
# What stays among the matters of the person: also a result until it is in their hands.
_CALLS_CITIZEN = (*_NEEDS_CITIZEN, Status.DONE)
_FINISHED = (*_ENDED_BADLY, *_DONE, Status.WITHDRAWN)
TONES = {
    **dict.fromkeys(_ENDED_BADLY, "late"),
    **dict.fromkeys(_NEEDS_CITIZEN, "late"),
    **dict.fromkeys(_DONE, "ok"),
    Status.WITHDRAWN: "neutral",
}


def needs_citizen(dossier: Dossier) -> bool:
    """Return whether the dossier waits for its owner."""
    return dossier.status in _NEEDS_CITIZEN


def is_finished(dossier: Dossier) -> bool:
    """Return whether nothing more will happen with the dossier, or only its handing over."""
    return dossier.status in _FINISHED


def title_of(dossier: Dossier) -> str:
    """Return the name of the procedure in the page's language."""
    version = dossier.procedure_version
    return either(version.name_vi, version.name_en)


def tone_of(dossier: Dossier) -> str:
    """Return the tone of the dossier's badge."""
    return TONES.get(Status(dossier.status), "progress")


def card(dossier: Dossier, applicant_id: int) -> Matter:
    """Return the card of a dossier on its way, or of one that waits for its owner."""
    lines = []
    if dossier.owner_id != applicant_id:
        lines.append(about_child(dossier) or for_whom(dossier.owner, dossier.applicant))
    lines.append(_appointment_line(dossier))
    return Matter(
        tone=tone_of(dossier),
        state=dossier.get_status_display(),
        title=title_of(dossier),
        code=dossier.code,
        url=reverse("web:dossier", args=[dossier.public_id]),
        lines=[line for line in lines if line],
        steps=[] if is_finished(dossier) else way(dossier),
        action=_press(dossier),
    )


def _press(dossier: Dossier) -> str:
    if dossier.status == Status.DONE:
        return _("See and receive the result")
    return _("See what is needed") if needs_citizen(dossier) else ""


def _appointment_line(dossier: Dossier) -> str:
    if dossier.returned_at or dossier.finished_at:
        at = dossier.returned_at or dossier.finished_at
        return _("Finished on %(day)s.") % {"day": vi_date(at)} if at else ""
    if dossier.appointment_on is None:
        return ""
    return _("Result on %(day)s.") % {"day": vi_date(dossier.appointment_on)}


def way(dossier: Dossier) -> list[dict[str, str]]:
    """Return the three steps of a dossier on its way."""
    is_received = dossier.status >= Status.RECEIVED
    if dossier.status == Status.SUPPLEMENT_REQUESTED:  # which an office may ask for before that
        is_received = was_received(dossier)
    at_desk = _("Being handled") if is_received else _("Waiting to be received")
    return [
        {"label": pgettext("step of a dossier", "Filed"), "state": "done"},
        {"label": at_desk, "state": "now"},
        {"label": _("Result"), "state": "next"},
    ]


@dataclass(frozen=True)
class TimelineStep:
    """One step of templates/components/timeline.html."""

    label: str
    state: str
    at: datetime | None = None
    day: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DossierPage:
    """The head of templates/web/dossier.html."""

    code: str
    title: str
    tone: str
    state: str
    place: str
    due_on: date | None
    is_expected: bool
    is_waiting: bool
    working_days: int | None
    why: str
    kept: str
    ledger: list[tuple[str, str]]
    version: int


def head(dossier: Dossier, day: date) -> DossierPage:
    """Return the head of a dossier's page as read on `day`."""
    due = None if is_finished(dossier) else dossier.appointment_on
    prefetch_related_objects([dossier], "clock_events")
    calendars = calendar_history()
    return DossierPage(
        code=dossier.code,
        title=title_of(dossier),
        tone=tone_of(dossier),
        state=dossier.get_status_display(),
        place=_place(dossier),
        due_on=due,
        is_expected=dossier.due_on is None,
        is_waiting=needs_citizen(dossier),
        working_days=None if due is None else _working_days(calendars.latest, day, due),
        why="" if is_finished(dossier) else why_due(dossier=dossier, calendars=calendars),
        kept=kept_date(dossier=dossier, calendars=calendars),
        ledger=_ledger(dossier),
        version=dossier.version,
    )


def _working_days(calendar: WorkingCalendar, day: date, due: date) -> int:
    """Return the working days from `day` to `due`, negative once it has passed."""
    if due < day:
        return -calendar.working_days_between(due, day)
    return calendar.working_days_between(day, due)


def _place(dossier: Dossier) -> str:
    office = {"office": holder_of(dossier=dossier).name_vi}
    if dossier.status == Status.REGISTERED:
        return _("It lies at %(office)s and waits to be received.") % office
    if is_finished(dossier):
        return _("Handled by %(office)s.") % office
    official = dossier.assignee
    if official is None:
        return _("It is now at %(office)s.") % office
    return _("It is now at %(office)s, with %(name)s.") % (office | {"name": str(official)})


def _ledger(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the entries of the clock in words; nothing before it started."""
    return [
        (event.get_kind_display(), f"{moment(event.happened_at)}. {event.reason}".rstrip(". "))
        for event in dossier.clock_events.all()
    ]


def steps(dossier: Dossier) -> list[TimelineStep]:
    """Return what happened, where it stands, and what is to come."""
    done = [
        TimelineStep(
            label=_told(step.action, step.label),
            state="done",
            at=step.at,
            note="" if step.action is Action.REASSIGN else step.note,
        )
        for step in timeline(dossier=dossier)
    ]
    if is_finished(dossier):
        return done
    here = TimelineStep(label=dossier.get_status_display(), state="now")
    result = definition_of(dossier=dossier).result.name_vi
    label = _("Result: %(paper)s") % {"paper": result}
    return [*done, here, TimelineStep(label=label, state="next", day=dossier.appointment_on)]


def _told(action: Action, label: str) -> str:
    """Return a step in the words of a reader; an official's verb would sound like an order."""
    return {
        Action.SUBMIT: _("You confirmed and filed"),
        Action.RECEIVE: _("The office received it"),
        Action.START_PROCESSING: _("Handling began"),
        Action.REQUEST_SUPPLEMENT: _("The office asks for more papers"),
        Action.REQUEST_PAYMENT: _("The office asked for the fee"),
        Action.CONFIRM_PAYMENT: _("The fee was paid"),
        Action.APPROVE: _("It was granted"),
        Action.RETURN_RESULT: _("The result was handed over"),
        Action.WITHDRAW: _("You withdrew it"),
        Action.REFUSE_RECEPTION: _("The office did not receive it"),
        Action.STOP: _("Handling was stopped"),
        Action.FORWARD: _("It was passed on to the agency that decides"),
        Action.REASSIGN: _("Another official has it now"),
    }.get(action, label)


def given(dossier: Dossier) -> list[Part]:
    """Return what was filed by person, each answer with its source of that day (two queries)."""
    fields = {field.name: field for field in definition_of(dossier=dossier).form_fields}
    registers = Register.objects.in_bulk()
    rows = []
    for entry in filed_form(dossier=dossier):
        register = registers.get(entry.register or "")
        name = either(register.name_vi, register.name_en) if register else ""
        row = Row(
            label=either(entry.label_vi, entry.label_en),
            value=shown_value(fields[entry.name].type, entry.value, fields[entry.name].english),
            source=source_of(entry.source, name),
            as_of=date.fromisoformat(entry.as_of) if entry.as_of else None,
        )
        rows.append((fields[entry.name].group, row))
    filed_on = clock.civil_date(dossier.submitted_at)
    return parts_of(
        rows,
        subject=dossier.owner,
        applicant=dossier.applicant,
        first=len(rows),
        day=filed_on,
        about=about_child(dossier),
    )


def returns(dossier: Dossier) -> list[tuple[str, str]]:
    """Return what comes back: the paper, the way, the fee."""
    told = [(_("Result"), definition_of(dossier=dossier).result.name_vi)]
    if dossier.granted_vnd is not None:
        told.append((_("Amount granted"), vnd(dossier.granted_vnd)))
    delivery = dossier.form.get("delivery")
    if delivery:
        english = definition_of(dossier=dossier).field("delivery").english
        told.append((_("Handed over"), shown_value("", delivery["value"], english)))
    told.append((_("Fee"), told_fee(dossier.fee_vnd)))
    return told


def next_cycle(dossier: Dossier, day: date) -> str:
    """Return until when the granted paper holds and from when its next term is watched, or ""."""
    result: Result | None = getattr(dossier, "result", None)
    paper = result.credential if result else None
    if paper is None or paper.expires_on is None:
        return ""
    names = PaperNames.in_force(day)
    told = {"paper": names.title(paper), "day": vi_date(paper.expires_on)}
    valid = _("The new paper (%(paper)s) is valid until %(day)s.") % told
    reminds_on = names.reminds_on(paper)
    if reminds_on is None:
        return valid
    again = _("The portal will remind you again from %(day)s on.") % {"day": vi_date(reminds_on)}
    return f"{valid} {again}"


@dataclass(frozen=True)
class Running:
    """Dossiers that are not over: those that wait for their owner, those on their way.

    Also a result waits, until it was received.

    `handled_count` counts those on their way that are not listed as well.
    """

    asked: list[Dossier]
    handled: list[Dossier]
    handled_count: int


def running(filed: QuerySet[Dossier], limit: int, *also: QuerySet[Any, Any]) -> Running:
    """Return what of `filed` is not over: all that waits here, and `limit` of the others.

    One query, by which what the page reads `also` is read.
    """
    asked = filed.filter(status__in=_CALLS_CITIZEN)
    others = filed.exclude(status__in=(*_FINISHED, *_NEEDS_CITIZEN))
    handled = others.annotate(count_of_all=Window(Count("*")))[:limit]
    ask_together(asked, handled, *also)
    count: int = handled[0].count_of_all if handled else 0
    return Running(list(asked), list(handled), count)


def was_received(dossier: Dossier) -> bool:
    """Return whether an office took the dossier in, and so gave a slip for it."""
    return any(step.action is Action.RECEIVE for step in timeline(dossier=dossier))


def whose(dossier: Dossier, reader: Citizen) -> str:
    """Return for whom the reader follows the dossier, "" for their own."""
    return about_child(dossier) or for_whom(dossier.owner, reader)


def about_child(dossier: Dossier) -> str:
    """Return whose birth is registered, "" for any other dossier: its owner is a parent."""
    name = newborn_of(dossier=dossier)
    return _("About the child %(name)s") % {"name": name} if name else ""


def number_of_child(dossier: Dossier) -> str:
    """Return from whom a registered child's number is awaited, "" where none is missing."""
    if numberless_child(dossier=dossier) is None:
        return ""
    return number_awaited(dossier.competent.name_vi)


def number_awaited(office: str) -> str:
    """Return in plain words who enters a newborn's number, and that the family waits only."""
    return _(
        "The child has no personal number yet. The population register gives it, and %(office)s "
        "enters it here; you need to do nothing."
    ) % {"office": office}
