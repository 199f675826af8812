"""The texts in force, and older ones for messages that pinned them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from notifications.enums import Channel, TextState
from notifications.models import Text, TextVersion
from notifications.rules.wording import placeholder
from notifications.rules.wordings import STAND_INS

FALLBACK_LANGUAGE = "vi"


class TextMissingError(LookupError):
    """A topic has no text for a channel, in any language."""


@dataclass(frozen=True)
class Shelf:
    """Texts by topic, version, channel, language and whether they are neutral.

    `newest` is the version in force of each topic: the newest that was released.
    """

    texts: dict[tuple[str, int, str, str, bool], Text]
    newest: dict[str, int]

    @classmethod
    def of_all(cls, topics: Collection[str] | None = None) -> Shelf:
        """Read every version of some topics (None: all) with one query."""
        rows = _with_release(Text.objects.all())
        if topics is not None:
            rows = rows.filter(topic__in=topics)
        texts: dict[tuple[str, int, str, str, bool], Text] = {}
        newest: dict[str, int] = {}
        for row in rows:
            texts[row.topic_id, row.version, row.channel, row.language, row.is_neutral] = row
            if row.is_released:
                newest[row.topic_id] = max(row.version, newest.get(row.topic_id, 0))
        return cls(texts, newest)

    def pick(
        self,
        topic: str,
        version: int | None,
        channel: str,
        language: str,
        *,
        is_neutral: bool = False,
    ) -> Text:
        """Return the wording of a version (None: that in force); TextMissingError without one.

        A channel without words of its own borrows another's (STAND_INS), a language the Vietnamese
        ones. A neutral wording is wanted more than either: without one the text stays unsaid.
        """
        number = version or self.newest.get(topic, 0)
        for wanted in dict.fromkeys((language, FALLBACK_LANGUAGE)):
            for source in (channel, *STAND_INS.get(channel, ())):
                text = self.texts.get((topic, number, source, wanted, is_neutral))
                if text is not None:
                    return text
        raise TextMissingError(f"{topic} v{number} has no text for {channel}")

    def words_of(self, topic: str) -> frozenset[tuple[str, bool]]:
        """Return for which channels the newest version has a text, neutral or not."""
        both = product(Channel, (False, True))
        return frozenset(pair for pair in both if self._has_words(topic, *pair))

    def _has_words(self, topic: str, channel: str, is_neutral: bool) -> bool:
        try:
            self.pick(topic, None, channel, FALLBACK_LANGUAGE, is_neutral=is_neutral)
        except TextMissingError:
            return False
        return True


def in_force(texts: QuerySet[Text]) -> QuerySet[Text]:
    """Return those of these rows that belong to the newest released version of their topic."""
    newest = (
        TextVersion.objects.filter(topic=OuterRef("topic"), state=TextState.RELEASED)
        .order_by("-number")
        .values("number")[:1]
    )
    return texts.filter(version=Subquery(newest))


def _with_release(texts: QuerySet[Text]) -> Any:
    released = TextVersion.objects.filter(
        topic=OuterRef("topic"), number=OuterRef("version"), state=TextState.RELEASED
    )
    return texts.annotate(is_released=Exists(released))


def topics_naming(parameter: str) -> frozenset[str]:
    """Return the topics whose words in force outside the portal's inbox say this parameter.

    Such words stand on a locked telephone's screen, where others read them too.
    """
    named = placeholder(parameter)
    said = Text.objects.exclude(channel=Channel.INBOX).filter(
        Q(body__contains=named) | Q(subject__contains=named)
    )
    return frozenset(in_force(said).values_list("topic", flat=True))
