"""What was prepared for, told to and filed by one person, for the copy they may ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from citizens.models import Citizen
from dossiers.documents.held_facts import Row, Sections, day, named, worded
from dossiers.models import Dossier, Draft
from dossiers.selectors import filed_form, timeline
from dossiers.selectors.dossiers import steps_of
from notifications.models import Message, Preference, Reply
from portal.common import clock
from portal.common.sql import ask_together
from procedures.enums import VersionStatus
from procedures.models import BundleVersion, Suggestion
from procedures.selectors.bundle_questions import questions_of_each


def matters_held(citizen: Citizen) -> Sections:
    """Return the sections of `citizen` in the three rooms above the facts.

    Two queries for all of them, and one more where somebody answered questions beforehand.
    """
    rows = _rows(citizen)
    ask_together(*rows.values())
    words = _words_of_answers(rows["suggestions"], rows["bundles"])
    return {
        "preferences": [_preference(row) for row in rows["preferences"]],
        "suggestions": [_suggestion(row, words.get(row.pk, {})) for row in rows["suggestions"]],
        "dossiers": [_dossier(row) for row in rows["dossiers"]],
        "drafts": [_draft(row) for row in rows["drafts"]],
        "messages": [_message(row) for row in rows["messages"]],
        "replies": [_reply(row) for row in rows["replies"]],
    }


def _rows(citizen: Citizen) -> dict[str, QuerySet[Any]]:
    """Return what the sections are read from; a row comes with all that is told of it."""
    suggestions = _suggestions(citizen)
    # In order of nothing: a query inside another.
    begun = suggestions.order_by().values("rule__bundle")
    released = BundleVersion.objects.filter(status=VersionStatus.RELEASED, bundle__in=begun)
    return {
        "preferences": _preferences(citizen),
        "suggestions": suggestions,
        "bundles": released,
        "dossiers": _dossiers(citizen),
        "drafts": _drafts(citizen),
        "messages": _messages(citizen),
        "replies": Reply.objects.filter(party=citizen.party),
    }


def _preferences(citizen: Citizen) -> QuerySet[Any]:
    return Preference.objects.filter(party=citizen.party).select_related("topic").order_by("pk")


def _preference(row: Preference) -> Row:
    return {
        "topic": row.topic.name_vi if row.topic else None,
        **worded(row, "channel"),
        "is_allowed": row.is_allowed,
        "recorded_at": day(row.recorded_at),
    }


def _suggestions(citizen: Citizen) -> QuerySet[Any]:
    mine = Q(subject=citizen.party) | Q(recipients__citizen=citizen)
    found = (
        Suggestion.objects.filter(mine).select_related("rule_version", "rule__bundle").distinct()
    )
    return found.order_by("-opened_on", "-pk")


def _suggestion(row: Suggestion, words: Mapping[str, str]) -> Row:
    stated = row.stated
    return {
        "rule": row.rule.key,
        "rule_text": row.rule_version.definition.get("paper_vi") or row.rule.key,
        **worded(row, "state"),
        "opened_on": day(row.opened_on),
        "due_on": day(row.due_on),
        "stated": stated and {words.get(name, name): value for name, value in stated.items()},
    }


def _words_of_answers(
    suggestions: Iterable[Suggestion], bundles: Collection[BundleVersion]
) -> dict[int, dict[str, str]]:
    """Return, by suggestion, the questions that were answered before the matter began, in words.

    Only a matter that begins with questions has answers; each was asked as of the day it began.
    """
    begun = {
        row.pk: (version, row.opened_on)
        for row in suggestions
        for version in bundles
        if row.stated and version.bundle_id == row.rule.bundle_id and row.opened_on in version.valid
    }
    asked = questions_of_each(begun.values())
    return {
        key: {field.name: _either(field.label_vi, field.label_en) for field in fields}
        for key, fields in zip(begun, asked, strict=True)
    }


def _dossiers(citizen: Citizen) -> QuerySet[Any]:
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


def _drafts(citizen: Citizen) -> QuerySet[Any]:
    mine = Draft.objects.filter(Q(applicant=citizen) | Q(owner=citizen.party))
    return mine.select_related("procedure_version").order_by("pk")


def _draft(row: Draft) -> Row:
    return {
        "procedure": row.procedure_version.name_vi,
        "saved_at": day(row.saved_at),
        "form": row.form,
    }


def _messages(citizen: Citizen) -> QuerySet[Any]:
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
