"""What the pages of texts show of a wording: how it reads, how long it is as an SMS, its price."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel
from notifications.models.texts import CHANNELS
from notifications.rules.sms import Size, as_sent, forcing_characters, size, unaccented
from notifications.rules.wording import WordingError, fill
from notifications.rules.wordings import LANGUAGES, Misplaced, Place, Wording, Wordings, serving

LANGUAGE_NAMES: Mapping[str, Any] = {"vi": _("Vietnamese"), "en": _("English")}
_CHANNEL_NAMES = {str(channel): name for channel, name in CHANNELS}
_MANY_PARTS = 2
_WORDS = re.compile(r"\(\([^()]*\)\)|\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class AsSms:
    """A filled text as an SMS: its length and price, and what makes it long."""

    text: str
    size: Size
    forcing: str

    @property
    def price(self) -> int:
        """What it costs to send once, in đồng."""
        return int(self.size.parts * settings.SMS_PART_PRICE_VND)

    @property
    def is_long(self) -> bool:
        """Whether it takes more parts than a message should."""
        return self.size.parts > _MANY_PARTS


def as_sms(text: str) -> AsSms:
    """Return a filled text with its figures."""
    return AsSms(text, size(text), forcing_characters(text))


@dataclass(frozen=True)
class Reading:
    """How a wording reads with values; `plain` is an accented SMS without its marks."""

    subject: str = ""
    body: str = ""
    lacks: str = ""
    sms: AsSms | None = None
    plain: AsSms | None = None


def read(place: Place, wording: Wording, values: Mapping[str, Any]) -> Reading:
    """Return a wording as its reader gets it; `lacks` says why it cannot be filled."""
    try:
        subject, body = (fill(text, values, language=place.language) for text in wording)
    except WordingError as error:
        return Reading(lacks=str(error))
    if place.channel != Channel.SMS or not body:
        return Reading(subject, body)
    sent = as_sms(as_sent(body, wording=wording.body))
    plain = None if sent.size.is_gsm7 else as_sms(unaccented(body))
    return Reading("", sent.text, sms=sent, plain=plain)


@dataclass(frozen=True)
class Shown:
    """One wording in the form; `borrows` names the channel whose words serve an empty one."""

    place: Place
    wording: Wording
    reading: Reading
    problems: Sequence[Misplaced] = ()
    borrows: Any = ""

    @property
    def name(self) -> str:
        """What its fields' names begin with."""
        return field_name(self.place)

    @property
    def label(self) -> Any:
        """Language, and whether it is for shared addresses."""
        return place_label(self.place)

    @property
    def has_subject(self) -> bool:
        """Whether there is a subject: an SMS has none."""
        return self.place.channel != Channel.SMS

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be mended."""
        return bool(self.problems)


def field_name(place: Place) -> str:
    """Return what the names of a wording's fields begin with."""
    return f"{place.channel}-{place.language}-{int(place.is_neutral)}"


def place_label(place: Place) -> str:
    """Return the language, and whether it is for addresses that several people use."""
    name = str(LANGUAGE_NAMES.get(place.language, place.language))
    return f"{name} · {_('for shared phones')}" if place.is_neutral else name


def full_label(place: Place) -> str:
    """Return channel and language of a place."""
    return f"{channel_name(place.channel)} · {place_label(place)}"


def channel_name(channel: str) -> str:
    """Return a channel as people call it."""
    return str(_CHANNEL_NAMES.get(channel, channel))


def places_of(channels: Sequence[str], wordings: Wordings) -> list[Place]:
    """Return the places of a topic's form: of its channels, and where something stands already."""
    present = {place.channel for place in wordings} | set(channels)
    found = []
    for channel in _CHANNEL_NAMES:
        if channel not in present:
            continue
        for is_neutral in (False, True):
            for language in LANGUAGES:
                place = Place(channel, language, is_neutral)
                if not is_neutral or channel == Channel.SMS or place in wordings:
                    found.append(place)
    return found


def borrowed(place: Place, wordings: Wordings) -> str:
    """Return whose words serve a place without words of its own; empty where it has them."""
    found = serving(wordings, place)
    return full_label(found) if found is not None and found != place else ""


# ------------------------------------------------------------------------------- comparison
@dataclass(frozen=True)
class Piece:
    """A run of words: kept, taken out or put in."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One wording in two versions; `kind` is new, gone, changed or same."""

    place: Place
    kind: str
    subject: Sequence[Piece]
    body: Sequence[Piece]
    before: AsSms | None
    after: AsSms | None

    @property
    def label(self) -> str:
        """Where the wording is used."""
        return full_label(self.place)


def compared(
    old: Wordings, new: Wordings, channels: Sequence[str], values: Mapping[str, Any]
) -> list[Change]:
    """Return every wording of two versions word by word, what changed before what did not."""
    nothing = Wording("", "")
    found = []
    for place in places_of(channels, {**old, **new}):
        if place not in old and place not in new:
            continue
        before, after = old.get(place, nothing), new.get(place, nothing)
        figures = [read(place, wording, values).sms for wording in (before, after)]
        found.append(
            Change(
                place,
                _kind(place, old, new),
                list(word_diff(before.subject, after.subject)),
                list(word_diff(before.body, after.body)),
                *figures,
            )
        )
    return sorted(found, key=lambda change: change.kind == "same")


def _kind(place: Place, old: Wordings, new: Wordings) -> str:
    if place not in old:
        return "new"
    if place not in new:
        return "gone"
    return "same" if old[place] == new[place] else "changed"


def word_diff(before: str, after: str) -> Iterator[Piece]:
    """Yield the runs of words that two texts share or not; a placeholder is one word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if start < end:
            yield Piece("gone", "".join(old[start:end]))
        if new_start < new_end:
            yield Piece("new", "".join(new[new_start:new_end]))
