"""Versions of a topic's texts: what is in force, what is being written, and what was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from django.db.models import QuerySet

from notifications.enums import TextState
from notifications.models import Text, TextVersion, Topic
from notifications.rules.wordings import Place, TopicRules, Wording, Wordings


def wordings_by_version(topic: Topic) -> dict[int, Wordings]:
    """Return all sets of wordings that a topic ever had, by their number."""
    found: dict[int, dict[Place, Wording]] = {}
    for text in Text.objects.filter(topic=topic):
        found.setdefault(text.version, {}).update(_by_place([text]))
    return dict(found)


def wordings_of(version: TextVersion) -> Wordings:
    """Return the set of wordings of one version."""
    return _by_place(Text.objects.filter(topic=version.topic_id, version=version.number))


def version_in_force(topic: Topic) -> TextVersion | None:
    """Return the newest released version of a topic."""
    return topic.versions.filter(state=TextState.RELEASED).order_by("-number").first()


def drafts_of(topic: Topic) -> QuerySet[TextVersion]:
    """Return the drafts of a topic, an official's before the file's."""
    waiting = topic.versions.filter(state=TextState.DRAFT)
    return waiting.select_related("written_by").order_by("written_by", "-number")


def version_before(version: TextVersion) -> TextVersion | None:
    """Return the version whose place a version takes or took: the newest released before it."""
    released = TextVersion.objects.filter(topic=version.topic_id, state=TextState.RELEASED)
    if version.state == TextState.RELEASED:
        released = released.filter(number__lt=version.number)
    return released.exclude(pk=version.pk).order_by("-number").first()


def rules_of(topic: Topic, *, is_quiet: bool = False) -> TopicRules:
    """Return what a topic asks of its wordings; `is_quiet` where rules know it besides."""
    return TopicRules(topic.pk, topic.params, topic.channels, topic.is_quiet or is_quiet)


def seen_of(version: TextVersion) -> str:
    """Return the fingerprint of what one sees of a version; it changes with every change.

    Whoever saves or releases names what they saw: what somebody else wrote meanwhile is neither
    written over nor put into force unread.
    """
    return fingerprint(wordings_of(version), note=version.note)


def fingerprint(wordings: Wordings, *, note: str) -> str:
    """Return the fingerprint of a set of wordings with its note."""
    said = sorted([*place, *wording] for place, wording in wordings.items())
    return hashlib.sha256(json.dumps([said, note]).encode()).hexdigest()[:16]


def _by_place(texts: Iterable[Text]) -> Wordings:
    return {
        Place(text.channel, text.language, text.is_neutral): Wording(text.subject, text.body)
        for text in texts
    }
