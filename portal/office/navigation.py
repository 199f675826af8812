"""The side bar: only desks that the official may open, in the order of a working day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.office.roles import Desk
from portal.office.standing import standing_of

# (title, ((desk, URL, title, icon of unfold's own font), …))
_GROUPS = (
    (
        gettext_lazy("My work"),
        (
            (None, "admin:index", gettext_lazy("Today"), "today"),
            (Desk.QUEUE, "admin:office_queue", gettext_lazy("Dossiers"), "inbox"),
            (Desk.LATE, "admin:office_late", gettext_lazy("Late dossiers"), "timer_off"),
            (
                Desk.DIRECTIVES,
                "admin:office_directives",
                gettext_lazy("Directives about lateness"),
                "assignment_late",
            ),
            (Desk.FEEDBACK, "admin:office_feedback", gettext_lazy("Feedback of people"), "forum"),
            (Desk.COUNTER, "admin:office_counter", gettext_lazy("Counter"), "badge"),
            (Desk.TICKETS, "admin:office_tickets", gettext_lazy("Queue numbers"), "tag"),
            (
                Desk.WAITING_ROOM,
                "admin:office_waiting_room",
                gettext_lazy("Waiting and serving times"),
                "hourglass_bottom",
            ),
            (Desk.QUEUE, "admin:office_log", gettext_lazy("Log of dossiers"), "menu_book"),
            (
                Desk.COUNTER,
                "admin:office_anywhere",
                gettext_lazy("A dossier of another office"),
                "travel_explore",
            ),
            (
                Desk.STANDING_IN,
                "admin:office_standing_in",
                gettext_lazy("Signing and standing in"),
                "draw",
            ),
            (
                Desk.ANSWERS,
                "admin:office_answers",
                gettext_lazy("Words for answers"),
                "format_quote",
            ),
            (
                Desk.CALL_BACKS,
                "admin:office_call_backs",
                gettext_lazy("Call-backs"),
                "phone_callback",
            ),
            (
                Desk.AUTOMATIC,
                "admin:office_automatic",
                gettext_lazy("Post-inspection"),
                "fact_check",
            ),
            (Desk.PAYMENTS, "admin:office_payments", gettext_lazy("Fees"), "payments"),
            (
                Desk.OUTCOMES,
                "admin:office_outcomes",
                gettext_lazy("Satisfaction and savings"),
                "sentiment_satisfied",
            ),
            (Desk.REPORTS, "admin:office_reports", gettext_lazy("Reports"), "summarize"),
            (
                Desk.STRAY_MONEY,
                "admin:office_stray_money",
                gettext_lazy("Money that fits no fee"),
                "money_off",
            ),
        ),
    ),
    (
        gettext_lazy("People"),
        (
            (Desk.PEOPLE, "citizens_citizen", gettext_lazy("Citizens"), "person"),
            (Desk.PEOPLE, "citizens_organisation", gettext_lazy("Organisations"), "apartment"),
            (Desk.PEOPLE, "citizens_credential", gettext_lazy("Papers and licences"), "badge"),
            (Desk.PAPERS, "admin:office_papers", gettext_lazy("Old papers"), "scanner"),
            (Desk.PEOPLE, "admin:office_why", gettext_lazy("Why me, why not"), "contact_support"),
            (
                Desk.DISCREPANCIES,
                "citizens_discrepancy",
                gettext_lazy("Values in doubt"),
                "rule_settings",
            ),
            (
                Desk.DATA_REQUESTS,
                "citizens_datarequest",
                gettext_lazy("Requests about data"),
                "shield_person",
            ),
            (
                Desk.BREACHES,
                "admin:office_breaches",
                gettext_lazy("Incidents of personal data"),
                "gpp_maybe",
            ),
        ),
    ),
    (
        gettext_lazy("Data"),
        (
            (
                Desk.REGISTERS,
                "admin:office_registers",
                gettext_lazy("Base registers"),
                "database",
            ),
            (
                Desk.EXCHANGE,
                "admin:office_exchange",
                gettext_lazy("Exchange with partners"),
                "sync_alt",
            ),
        ),
    ),
    (
        gettext_lazy("Knowing before being asked"),
        (
            (Desk.SUGGESTIONS, "procedures_suggestion", gettext_lazy("Suggestions"), "lightbulb"),
            (Desk.MESSAGES, "notifications_message", gettext_lazy("Messages"), "sms"),
            (Desk.VISITS, "admin:office_visits", gettext_lazy("Not reached"), "directions_walk"),
            (Desk.DELIVERY, "admin:office_delivery", gettext_lazy("Sending messages"), "send"),
            (
                Desk.DELIVERY_FIGURES,
                "admin:office_delivery_figures",
                gettext_lazy("Figures of messages"),
                "bar_chart",
            ),
            (Desk.SCANS, "procedures_scanrun", gettext_lazy("Scan runs"), "radar"),
            (Desk.FORECAST, "admin:office_forecast", gettext_lazy("Forecast"), "insights"),
        ),
    ),
    (
        gettext_lazy("Catalogue"),
        (
            (Desk.CATALOGUE, "procedures_procedure", gettext_lazy("Procedures"), "menu_book"),
            (Desk.CATALOGUE, "procedures_bundle", gettext_lazy("Bundles"), "account_tree"),
            (Desk.CATALOGUE, "procedures_rule", gettext_lazy("Rules"), "rule"),
            (Desk.CATALOGUE, "admin:office_services", gettext_lazy("Roadmap"), "moving"),
            (Desk.ZALO, "notifications_zalotemplate", gettext_lazy("Zalo templates"), "chat"),
            (Desk.CATALOGUE, "admin:office_texts", gettext_lazy("Texts of messages"), "edit_note"),
            (
                Desk.CATALOGUE,
                "admin:office_programmes",
                gettext_lazy("Audio programmes"),
                "podcasts",
            ),
        ),
    ),
    (
        gettext_lazy("The house"),
        (
            (Desk.CALENDAR, "citizens_holiday", gettext_lazy("Working calendar"), "event"),
            (Desk.PLACES, "citizens_agency", gettext_lazy("Agencies"), "account_balance"),
            (Desk.PLACES, "citizens_unit", gettext_lazy("Administrative units"), "map"),
            (Desk.ACCOUNTS, "citizens_official", gettext_lazy("Officials"), "group"),
            (Desk.ACCOUNTS, "citizens_grant", gettext_lazy("Grants"), "key"),
            (Desk.TRAINING, "admin:office_training", gettext_lazy("Training"), "school"),
            (Desk.ACCESS, "citizens_accesslog", gettext_lazy("Who looked at whom"), "visibility"),
        ),
    ),
)


def _address(name: str) -> str:
    return reverse(name if ":" in name else f"admin:{name}_changelist")


def _is_open(name: str, path: str) -> bool:
    """Return whether the page at `path` belongs to the entry; dossiers belong to the queue."""
    address = _address(name)
    if name == "admin:index":
        return path == address
    if name == "admin:office_queue" and path.startswith(address.replace("queue", "dossiers")):
        return True
    if name == "admin:office_delivery" and path.startswith(f"{address}figures"):
        return False
    if name == "admin:office_texts" and path.startswith(address.replace("texts/", "text-")):
        return True
    return path.startswith(address)


def page_in_words(name: str) -> str:
    """Return the desk to which a page of the log of views belongs, "" for pages without one."""
    words = {
        entry.removeprefix("admin:"): label
        for _title, entries in _GROUPS
        for _desk, entry, label, _icon in entries
    }
    page = name.removeprefix("admin:").replace("office_dossier", "office_queue")
    nearest = [key for key in words if page.startswith((key, key.rstrip("s")))]
    return str(words[max(nearest, key=len)]) if nearest else ""


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return unfold's navigation for whoever asks; groups without a desk are left out."""
    standing = standing_of(request)
    groups = []
    for title, entries in _GROUPS:
        items = [
            {
                "title": str(label),
                "icon": icon,
                "link": _address(name),
                "active": _is_open(name, request.path),
            }
            for desk, name, label, icon in entries
            if desk is None or standing.sees(desk)
        ]
        if items:
            groups.append({"title": str(title), "separator": False, "items": items})
    return groups
