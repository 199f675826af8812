"""What was prepared for, told to and filed by one person, for the copy they may ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from citizens.models import Citizen
from dossiers.documents.held_facts import Row, Sections, day, named, worded
from dossiers.models import Dossier, Draft
from dossiers.selectors import filed_form, timeline
from dossiers.selectors.dossiers import steps_of
from notifications.models import Message, Preference, Reply
from portal.common import clock
from procedures.models import Suggestion
from procedures.selectors import bundle_version_in_force
from procedures.selectors.bundle_questions import questions_of


def matters_held(citizen: Citizen) -> Sections:
    """Return the sections of `citizen` in the three rooms above the facts."""
    return {
        "preferences": [_preference(row) for row in _preferences(citizen)],
        "suggestions": [_suggestion(row) for row in _suggestions(citizen)],
        "dossiers": [_dossier(row) for row in _dossiers(citizen)],
        "drafts": [_draft(row) for row in _drafts(citizen)],
        "messages": [_message(row) for row in _messages(citizen)],
        "replies": [_reply(row) for row in Reply.objects.filter(party=citizen.party)],
    }


def _preferences(citizen: Citizen) -> Any:
    return Preference.objects.filter(party=citizen.party).select_related("topic").order_by("pk")


def _preference(row: Preference) -> Row:
    return {
        "topic": row.topic.name_vi if row.topic else None,
        **worded(row, "channel"),
        "is_allowed": row.is_allowed,
        "recorded_at": day(row.recorded_at),
    }


def _suggestions(citizen: Citizen) -> Any:
    mine = Q(subject=citizen.party) | Q(recipients__citizen=citizen)
    found = (
        Suggestion.objects.filter(mine).select_related("rule_version", "rule__bundle").distinct()
    )
    return found.order_by("-opened_on", "-pk")


def _suggestion(row: Suggestion) -> Row:
    return {
        "rule": row.rule.key,
        "rule_text": row.rule_version.definition.get("paper_vi") or row.rule.key,
        **worded(row, "state"),
        "opened_on": day(row.opened_on),
        "due_on": day(row.due_on),
        "stated": _stated(row),
    }


def _stated(row: Suggestion) -> Row | None:
    """Return what the person answered before they began the matter, by the questions' words.

    Only a matter that begins with questions has answers: a query more for each of those.
    """
    bundle, stated = row.rule.bundle, row.stated
    version = (
        bundle_version_in_force(bundle=bundle, day=row.opened_on) if bundle and stated else None
    )
    if not stated or version is None:
        return stated
    asked = questions_of(version, day=row.opened_on)
    words = {field.name: _either(field.label_vi, field.label_en) for field in asked}
    return {words.get(name, name): value for name, value in stated.items()}


def _dossiers(citizen: Citizen) -> Any:
    tables = ("procedure_version", "owner__citizen", "owner__organisation", "owner__household")
    mine = Dossier.objects.of_citizen(citizen).select_related(*tables, "competent")
    return mine.prefetch_related(steps_of()).order_by("-submitted_at", "-pk")


def _dossier(row: Dossier) -> Row:
    form = {
        _either(field.label_vi, field.label_en): field.value for field in filed_form(dossier=row)
    }
    steps = [
        f"{clock.civil_time(moment.at):%d/%m/%Y %H:%M} {moment.label}"
        for moment in timeline(dossier=row)
    ]
    return {
        "code": row.code,
        "procedure": row.procedure_version.name_vi,
        **worded(row, "status"),
        "for_whom": named(row.owner),
        "agency": row.competent.name_vi,
        "submitted_at": day(row.submitted_at),
        "due_on": day(row.due_on),
        "finished_at": day(row.finished_at),
        "form": form,
        "steps": steps,
    }


def _drafts(citizen: Citizen) -> Any:
    mine = Draft.objects.filter(Q(applicant=citizen) | Q(owner=citizen.party))
    return mine.select_related("procedure_version").order_by("pk")


def _draft(row: Draft) -> Row:
    return {
        "procedure": row.procedure_version.name_vi,
        "saved_at": day(row.saved_at),
        "form": row.form,
    }


def _messages(citizen: Citizen) -> Any:
    found = Message.objects.filter(recipient=citizen.party).select_related("topic")
    return found.order_by("-recorded_at", "-pk")


def _message(row: Message) -> Row:
    """Return a message; the words of one that carried a code were never kept."""
    return {
        "topic": row.topic.name_vi,
        "channel": row.channel,
        "channel_text": str(row.get_channel_display() or ""),
        **worded(row, "state"),
        "text": row.rendered,
        "recorded_at": day(row.recorded_at),
        "sent_at": day(row.sent_at),
        "read_at": day(row.read_at),
    }


def _reply(row: Reply) -> Row:
    return {**worded(row, "channel"), "word": row.word, "recorded_at": day(row.recorded_at)}


def _either(vi: str, en: str) -> str:
    return en if en and (get_language() or "vi").startswith("en") else vi
