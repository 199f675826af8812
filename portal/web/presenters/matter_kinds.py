"""What a message is about, as far as anybody may know who holds its code."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from notifications.models import Message, Topic
from notifications.selectors import topics_naming
from portal.common import clock
from portal.web.presenters.language import either
from procedures.definition import RuleDefinition
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.sensitive import tells_sensitive

PAPER = "paper"  # what a message about a suggestion names


def kind_of(message: Message) -> str:
    """Return what kind of matter it is, in words that tell a stranger nothing of the person.

    The name of a topic, but only of one that the telephone's screen names too, and of no rule that
    tells of poverty or illness.
    """
    topic: Topic = message.topic
    if PAPER in topic.params and not _may_be_named(message):
        return _("A matter that the portal prepared")
    return either(topic.name_vi, topic.name_en)


def _may_be_named(message: Message) -> bool:
    if message.topic_id not in topics_naming(PAPER):
        return False
    room, _colon, key = message.thread_key.partition(":")
    if room != "suggestion" or not key.isdecimal():
        return False
    versions = Suggestion.objects.filter(pk=int(key)).values_list("rule_version", flat=True)
    version = versions.first()
    return version is not None and not _is_sensitive(version, clock.today())


@lru_cache(maxsize=1024)
def _is_sensitive(version: int, day: date) -> bool:
    """Return whether a released version, which never changes, tells of poverty or illness."""
    definition = RuleVersion.objects.values_list("definition", flat=True).get(pk=version)
    return tells_sensitive(RuleDefinition.from_json(definition), day=day)
