"""Which roles each address under /admin/ needs: the door before a page asks for itself.

An address that does not stand here opens for nobody. What a page asks beyond the role (a unit, the
whole province, an office of one's own) it asks itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import admin
from django.http import HttpRequest

from citizens.enums import Role
from portal.office.base import Scoped
from portal.office.roles import EDITS, SEES, Desk
from portal.office.standing import standing_of

ANYBODY = frozenset(Role)
_NOBODY: frozenset[Role] = frozenset()

# Who sees the desk opens these.
_SEEN: Mapping[Desk, str] = {
    Desk.QUEUE: """
        office_queue office_queue_file office_queue_bulk office_queue_keep office_queue_forget
        office_queue_hand_over
        office_dossier office_dossier_zip office_note office_dossier_step office_control_slip
        office_form_again
        office_issued office_log office_log_keep office_log_file office_hand_on office_hand_over
        office_pass_on office_give_competence office_case_offer office_child_number office_digitise
        office_alerts_seen office_dossier_clock office_fee_ask office_fee_paid office_refund""",
    Desk.STANDING_IN: "office_standing_in",
    Desk.REGISTERS: """
        office_registers office_registers_file office_batch office_batch_progress office_batch_word
        office_batch_row office_batch_errors office_register office_register_template""",
    Desk.CATALOGUE: """
        office_rehearsal office_rehearsal_progress office_rehearsal_file office_rehearsal_people
        office_rehearsal_people_file office_rule_conditions office_rule_conditions_schema
        office_texts office_text_topic office_text_version office_programmes office_programme
        office_programme_preview office_programme_sound
        office_rule_draft office_bundle_draft office_text_draft
        office_services office_services_file office_services_listed office_service
        office_service_simplify""",
    Desk.RELEASE: """
        office_version_step office_rule_step office_bundle_release office_procedure_release
        office_text_release office_automatic_risk""",
    Desk.FORECAST: "office_forecast office_forecast_file",
    Desk.DELIVERY: "office_delivery",
    Desk.DELIVERY_FIGURES: "office_delivery_figures office_delivery_figures_file",
    Desk.MESSAGES: "notifications_message_matter",
    Desk.VISITS: "office_visits office_visits_file",
    Desk.CALENDAR: "office_calendar_moves",
    Desk.LATE: "office_late office_late_file office_dispute office_evidence",
    Desk.DIRECTIVES: """
        office_directives office_directives_file office_directive office_directive_act""",
    Desk.REPORTS: "office_reports office_report_file",
    Desk.OUTCOMES: "office_outcomes office_outcomes_file",
    Desk.FEEDBACK: """
        office_feedback office_feedback_file office_feedback_one office_feedback_act""",
    Desk.EXCHANGE: """
        office_exchange office_exchange_outbox office_exchange_inbox office_exchange_differences
        office_exchange_row office_exchange_word office_exchange_file""",
    Desk.PAPERS: "office_papers office_papers_batch office_papers_close",
    Desk.PAYMENTS: "office_payments office_payments_file office_payments_sums",
    Desk.WAITING_ROOM: "office_waiting_room office_waiting_room_file",
    Desk.PEOPLE: "office_why office_why_person office_why_rule",
    Desk.BREACHES: """
        office_breaches office_breach_new office_breach office_breach_act office_breach_people
        office_breach_people_file office_breach_tell""",
    Desk.TRAINING: "office_training office_first_day office_training_file office_course",
    Desk.CALL_BACKS: "office_call_backs office_call_back",
    Desk.AUTOMATIC: """
        office_automatic office_automatic_one office_automatic_judge office_automatic_switch""",
}

# Who may change something on the desk opens these.
_CHANGED: Mapping[Desk, str] = {
    Desk.COUNTER: """
        office_anywhere office_anywhere_step office_counter office_counter_person
        office_counter_choose office_counter_form office_counter_end office_counter_done""",
    Desk.ANSWERS: "office_answers office_answers_write office_answers_away",
    Desk.STANDING_IN: "office_delegate office_delegation_revoke office_absence office_absence_end",
    Desk.FORECAST: "office_forecast_switch",
    Desk.DELIVERY: """
        office_delivery_gate office_delivery_gateway office_delivery_choose office_delivery_undo""",
    Desk.VISITS: "office_visits_mark",
    Desk.DIRECTIVES: "office_directive_new",
    Desk.FEEDBACK: "office_feedback_new",
    Desk.EXCHANGE: "office_exchange_act office_exchange_compare office_exchange_difference",
    Desk.STRAY_MONEY: "office_stray_money office_stray_money_settle",
    Desk.TRAINING: "office_course_add office_course_note office_course_close",
    Desk.TICKETS: "office_tickets office_tickets_press office_ticket_slip",
    Desk.WAITING_ROOM: "office_waiting_room_rule office_waiting_room_kiosk",
}

_AUTHORS = frozenset({Role.CATALOGUE_EDITOR})
_CATALOGUE_DESK = frozenset({Role.CATALOGUE_EDITOR, Role.APPROVER})

# What is open to other roles than a desk's.
_ROLES: tuple[tuple[frozenset[Role], str], ...] = (
    (
        ANYBODY,
        """index login logout password_change password_change_done jsi18n autocomplete search
        app_list""",
    ),
    (SEES[Desk.MESSAGES] | SEES[Desk.VISITS], "office_letters_print"),
    (SEES[Desk.QUEUE] | SEES[Desk.PAPERS], "office_document"),
    (
        _AUTHORS,
        """office_rule_begin office_rule_preview office_rule_discard
        office_bundle_begin office_bundle_preview office_bundle_discard
        office_automatic_draft office_text_begin office_text_preview
        office_text_discard office_programme_new office_programme_edit
        office_service_stages office_services_listed_errors""",
    ),
    (_CATALOGUE_DESK, "office_text_trial office_programme_act"),
    (_NOBODY, "citizens_official_add"),
)


def _table() -> dict[str, frozenset[Role]]:
    found = {name: SEES[desk] for desk, names in _SEEN.items() for name in names.split()}
    found |= {name: EDITS[desk] for desk, names in _CHANGED.items() for name in names.split()}
    return found | {name: roles for roles, names in _ROLES for name in names.split()}


# The pages of every table, and the further ones that some of our desks have.
_OF_TABLES = frozenset(
    {
        "changelist", "change", "history", "export", "step", "settle", "hand_over",
        "reveal_personal_id", "reveal_phone", "reveal_sensitive",
    }
)  # fmt: skip

PAGES: Mapping[str, frozenset[Role]] = _table()


def roles_needed(name: str | None) -> frozenset[Role] | None:
    """Return the roles of which one opens the address of this name, None for an unknown one.

    What no pattern matched has no name: everybody is told that it is not there.
    """
    if name is None:
        return ANYBODY
    found = PAGES.get(name)
    return _of_a_table(name) if found is None else found


def opens(request: HttpRequest) -> bool:
    """Return whether one of the official's roles opens the address that was asked for."""
    match = request.resolver_match
    if match is None:
        return False
    return bool(standing_of(request).roles & (roles_needed(match.url_name) or _NOBODY))


def _of_a_table(name: str) -> frozenset[Role] | None:
    """Return who opens a page of a table: whoever sees its desk; nothing is deleted."""
    for model, desk in admin.site._registry.items():
        stem = f"{model._meta.app_label}_{model._meta.model_name}_"
        if not isinstance(desk, Scoped) or not name.startswith(stem):
            continue
        page = name.removeprefix(stem)
        if page in _OF_TABLES:
            return SEES[desk.desk]
        if page == "add":
            return EDITS.get(desk.desk, _NOBODY)
        return _NOBODY if page == "delete" else None
    return None
