"""The feed of audio programmes as podcast players read it: RSS 2.0 with an enclosure each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _

from portal.web.presenters.listening import sound_address
from procedures.models import Programme


class _ProgrammeFeed(Rss201rev2Feed):
    """RSS 2.0 that tells players how long each programme is."""

    def rss_attributes(self) -> dict[str, str]:
        """Add the name space in which lengths are told."""
        itunes = {"xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}
        return {**super().rss_attributes(), **itunes}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the length in seconds."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:duration", str(item["seconds"]))


def feed_of(programmes: Iterable[Programme], *, address: Callable[[str], str]) -> str:
    """Return the feed; `address` makes a path of ours one that is understood elsewhere."""
    feed = _ProgrammeFeed(
        title=_("Audio programmes of Da Nang's proactive public service portal"),
        link=address(reverse("web:programmes")),
        description=_("Short programmes about papers and services, each with its transcript."),
        language="vi",
        feed_url=address(reverse("web:programme_feed")),
    )
    for one in programmes:
        if one.recording is None:
            continue
        page = address(reverse("web:programme", args=[one.key]))
        heard = Enclosure(
            address(sound_address(one)), str(one.recording.size), one.recording.media_type
        )
        feed.add_item(
            title=one.title_vi,
            link=page,
            description=one.summary_vi,
            pubdate=one.released_at,
            unique_id=page,
            enclosures=[heard],
            seconds=one.recording.seconds,
        )
    return feed.writeString("utf-8")
