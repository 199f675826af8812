"""The texts in force, and older ones for messages that pinned them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from notifications.enums import Channel
from notifications.models import Text
from notifications.rules.wording import placeholder

FALLBACK_LANGUAGE = "vi"
# Whose words stand in for a channel without its own: what may be read by others on a locked screen
# says no more than an SMS does.
STAND_INS: Mapping[str, Sequence[str]] = {
    Channel.APP: (Channel.SMS, Channel.INBOX),
    Channel.PUSH: (Channel.SMS,),
    Channel.ZALO: (Channel.SMS,),
    Channel.EMAIL: (Channel.INBOX, Channel.SMS),
}


class TextMissingError(LookupError):
    """A topic has no text for a channel, in any language."""


@dataclass(frozen=True)
class Shelf:
    """Texts by topic, version, channel, language and whether they are neutral."""

    texts: dict[tuple[str, int, str, str, bool], Text]
    newest: dict[str, int]

    @classmethod
    def of_all(cls, topics: Collection[str] | None = None) -> Shelf:
        """Read every version of some topics (None: all) with one query."""
        rows = Text.objects.all() if topics is None else Text.objects.filter(topic__in=topics)
        texts = {(t.topic_id, t.version, t.channel, t.language, t.is_neutral): t for t in rows}
        newest: dict[str, int] = {}
        for topic, version, *_rest in texts:
            newest[topic] = max(version, newest.get(topic, 0))
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
        """Return the wording of a version (None: the newest); TextMissingError where there is none.

        A channel without words of its own borrows another's (STAND_INS), the language falls back to
        Vietnamese. A neutral wording is wanted more than either: without one the text stays unsaid.
        """
        number = version or self.newest.get(topic, 0)
        for source in (channel, *STAND_INS.get(channel, ())):
            for wanted in (language, FALLBACK_LANGUAGE):
                text = self.texts.get((topic, number, source, wanted, is_neutral))
                if text is not None:
                    return text
        raise TextMissingError(f"{topic} v{number} has no text for {channel}")


def topics_naming(parameter: str) -> frozenset[str]:
    """Return the topics whose newest words outside the portal's inbox say this parameter.

    Such words stand on a locked telephone's screen, where others read them too.
    """
    named = placeholder(parameter)
    said = Text.objects.exclude(channel=Channel.INBOX).filter(
        Q(body__contains=named) | Q(subject__contains=named)
    )
    newest = Text.objects.filter(topic=OuterRef("topic")).order_by("-version").values("version")[:1]
    return frozenset(said.filter(version=Subquery(newest)).values_list("topic", flat=True))
