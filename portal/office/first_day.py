"""The first day at the desk: for each role what to do in which order, each on its real page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.enums import Role
from citizens.models.accounts import ROLES
from portal.office.standing import standing_of


@dataclass(frozen=True)
class Task:
    """One thing to do: on which page (the name of its address), in words, and what for."""

    page: str
    words: Any
    why: Any = ""

    @property
    def address(self) -> str:
        """Where the page is."""
        return reverse(self.page)


_SECOND_FACTOR = Task(
    "mfa_index",
    gettext_lazy("Set up the second step of the sign-in and keep the recovery codes"),
    gettext_lazy("After 15 minutes without a press you are signed out."),
)
_TODAY = Task("admin:index", gettext_lazy("Open “Today”: what needs you comes first"))
_COURSES = Task(
    "admin:office_training", gettext_lazy("See which courses your role needs, and when they are")
)
_QUEUE = Task(
    "admin:office_queue",
    gettext_lazy("Look through the dossiers by the colour of the clock; keep a view of your own"),
    gettext_lazy("Press ? there for the keys."),
)
_PEOPLE = Task(
    "admin:citizens_citizen_changelist",
    gettext_lazy("Find a person; the number stays masked until there is a reason"),
    gettext_lazy("Each look is logged, and the person reads who looked."),
)
_ANSWERS = Task(
    "admin:office_answers", gettext_lazy("Read the words for answers of your office; add your own")
)
_STANDING_IN = Task(
    "admin:office_standing_in", gettext_lazy("See who signs for whom, and enter a planned absence")
)
_LATE = Task(
    "admin:office_late", gettext_lazy("Read which dossiers are late, why, and how one objects")
)
_FEEDBACK = Task("admin:office_feedback", gettext_lazy("Read what people wrote about your unit"))
_CATALOGUE = Task(
    "admin:procedures_procedure_changelist",
    gettext_lazy("Read a procedure of your field: time limit, fee, papers, legal basis"),
)
_RULES = Task(
    "admin:procedures_rule_changelist",
    gettext_lazy("Read a rule: whom it finds, when, and what it offers"),
)
_TEXTS = Task("admin:office_texts", gettext_lazy("Read the texts that people get"))
_SCANS = Task(
    "admin:procedures_scanrun_changelist", gettext_lazy("See what the last scan found and sent")
)
_FORECAST = Task(
    "admin:office_forecast", gettext_lazy("See how many dossiers are expected in the next weeks")
)
_DELIVERY = Task(
    "admin:office_delivery", gettext_lazy("See whether messages leave, and how to stop them")
)
_REGISTERS = Task(
    "admin:office_registers", gettext_lazy("See how fresh and complete each register is")
)
_OUTCOMES = Task(
    "admin:office_outcomes", gettext_lazy("Read how satisfied people are, and what they were saved")
)
_CALENDAR = Task(
    "admin:citizens_holiday_changelist",
    gettext_lazy("Look at the working calendar: it moves every due date"),
)

TASKS: Mapping[Role, tuple[Task, ...]] = {
    Role.RECEPTIONIST: (
        _SECOND_FACTOR,
        _TODAY,
        Task("admin:office_tickets", gettext_lazy("Sit down at a counter and call a number")),
        Task(
            "admin:office_counter",
            gettext_lazy("Open a person by card and file a first dossier for them"),
            gettext_lazy("The form is filled in from the registers; only confirm and correct."),
        ),
        _QUEUE,
        _PEOPLE,
        Task("admin:office_visits", gettext_lazy("See who was not reached and needs a visit")),
        _COURSES,
    ),
    Role.CASE_OFFICER: (
        _SECOND_FACTOR,
        _TODAY,
        _QUEUE,
        _PEOPLE,
        Task(
            "admin:citizens_discrepancy_changelist",
            gettext_lazy("See where registers and people disagree, and settle one case"),
        ),
        _ANSWERS,
        _STANDING_IN,
        _COURSES,
    ),
    Role.HEAD_OF_UNIT: (
        _SECOND_FACTOR,
        _TODAY,
        _LATE,
        _STANDING_IN,
        Task(
            "admin:citizens_official_changelist",
            gettext_lazy("Check who works in your unit and what each may do"),
        ),
        Task(
            "admin:citizens_datarequest_changelist",
            gettext_lazy("See the requests about data: an answer is due in two working days"),
        ),
        _FEEDBACK,
        _COURSES,
    ),
    Role.PROVINCIAL_LEADER: (
        _SECOND_FACTOR,
        _TODAY,
        _LATE,
        Task(
            "admin:office_directives",
            gettext_lazy("Ask an office about its overdue dossiers, and judge an explanation"),
        ),
        _FEEDBACK,
        _OUTCOMES,
        _FORECAST,
        _COURSES,
    ),
    Role.CATALOGUE_EDITOR: (
        _SECOND_FACTOR,
        _CATALOGUE,
        _RULES,
        _TEXTS,
        Task("admin:procedures_bundle_changelist", gettext_lazy("Read a bundle of procedures")),
        _CALENDAR,
        _COURSES,
    ),
    Role.APPROVER: (
        _SECOND_FACTOR,
        _CATALOGUE,
        _RULES,
        _TEXTS,
        _SCANS,
        Task(
            "admin:office_automatic",
            gettext_lazy("See what was decided automatically and is inspected afterwards"),
        ),
        _COURSES,
    ),
    Role.DATA_STEWARD: (
        _SECOND_FACTOR,
        _REGISTERS,
        Task(
            "admin:citizens_discrepancy_changelist",
            gettext_lazy("See where registers and people disagree, and settle one case"),
        ),
        Task(
            "admin:citizens_datarequest_changelist",
            gettext_lazy("See the requests about data: an answer is due in two working days"),
        ),
        Task(
            "admin:office_breaches",
            gettext_lazy("Read how an incident of data is written down: 72 hours to report it"),
        ),
        _PEOPLE,
        _COURSES,
    ),
    Role.OPERATOR: (
        _SECOND_FACTOR,
        _DELIVERY,
        Task(
            "admin:office_delivery_figures",
            gettext_lazy("Read which share of the messages arrives, and by which channel"),
        ),
        _SCANS,
        _REGISTERS,
        Task(
            "admin:office_stray_money", gettext_lazy("See money that fits no fee, and settle a sum")
        ),
        _FORECAST,
        _COURSES,
    ),
    Role.AUDITOR: (
        _SECOND_FACTOR,
        _TODAY,
        Task(
            "admin:citizens_accesslog_changelist",
            gettext_lazy("Open the log: who looked at whom, when and what for"),
        ),
        Task("admin:password_change", gettext_lazy("Choose a password that nobody else knows")),
        _COURSES,
    ),
    Role.ADMINISTRATOR: (
        _SECOND_FACTOR,
        Task(
            "admin:citizens_official_changelist",
            gettext_lazy("Check who works in your unit and what each may do"),
        ),
        Task(
            "admin:citizens_grant_changelist",
            gettext_lazy("Give a role for a time; a second official confirms it"),
        ),
        Task(
            "admin:citizens_agency_changelist",
            gettext_lazy("Check the offices of the unit, their addresses and hours"),
        ),
        _CALENDAR,
        _REGISTERS,
        _DELIVERY,
        _COURSES,
    ),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show what to do on the first day, for each role that the official holds."""
    names = dict(ROLES)
    held = [role for role in Role if role in standing_of(request).roles]
    context = {
        "title": _("The first day"),
        "parts": [(names[role], TASKS[role]) for role in held],
        "is_fullwidth": "1",
    }
    return render(request, "office/first_day.html", admin.site.each_context(request) | context)
