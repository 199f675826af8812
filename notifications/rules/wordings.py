"""All wordings of a topic as one set: what they need together, and what each may say where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from notifications.enums import Channel
from notifications.rules.checking import WordingProblem, names_in, text_problems
from notifications.rules.sms import unaccented
from notifications.rules.wording import placeholder
from portal.common.masking import LONG_NUMBER

LANGUAGES = ("vi", "en")
# Whose words stand in for a channel without its own. The long form of the inbox never does: what
# leaves the portal may be read by others, so it says no more than an SMS.
STAND_INS: Mapping[str, Sequence[str]] = {
    Channel.APP: (Channel.SMS,),
    Channel.PUSH: (Channel.APP, Channel.SMS),
    Channel.ZALO: (Channel.APP, Channel.SMS),
    Channel.EMAIL: (Channel.APP, Channel.SMS),
}
SENDERS: Mapping[str, str] = {"vi": "Cong chu dong Da Nang", "en": "Da Nang proactive portal"}
TRIAL_TOPIC = "text_trial"  # its one placeholder is a whole text that is tried out

_ON_SCREENS = frozenset({Channel.SMS, Channel.APP, Channel.PUSH, Channel.ZALO})
_WITH_CODE = frozenset({Channel.SMS, Channel.ZALO, Channel.EMAIL})
# What would tell others about a person, and what would tell what the matter is.
_PERSONAL = frozenset({"code", "procedure", "reason", "collect", "outcome", "event_on"})
_TELLING = _PERSONAL | {"paper", "count"}
_MISSING = ("còn thiếu lời văn này", "this wording is missing")
# Looked for in words without marks; poverty and health, and what is given because of them.
_QUIET = re.compile(
    r"\b(?:ho ngheo|can ngheo|ngheo|kho khan|thu nhap|tro cap|tro giup|bao tro|cuu tro|benh tat"
    r"|benh|om dau|suc khoe|y te|khuyet tat|tan tat|tam than|nghien|hiv|aids|ung thu|lao phoi"
    r"|poor|poverty|hardship|income|welfare|benefit|allowance|relief|health|ill|illness|sick"
    r"|sickness|disease|disabled|disability|mental|addiction|cancer)\b",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """Where a wording is used; `is_neutral` is for addresses that several people use."""

    channel: str
    language: str
    is_neutral: bool = False

    def __str__(self) -> str:
        return f"{self.language}.{self.channel}{'_neutral' if self.is_neutral else ''}"


class Wording(NamedTuple):
    """What is said there; an SMS has no subject."""

    subject: str
    body: str


Wordings = Mapping[Place, Wording]


@dataclass(frozen=True)
class TopicRules:
    """What a topic asks of its wordings; a quiet one tells of poverty or health."""

    key: str
    params: Collection[str]
    channels: Collection[str]
    is_quiet: bool = False


@dataclass(frozen=True)
class Misplaced:
    """A problem with its place in the set; `field` is subject or body."""

    place: Place
    field: str
    problem: WordingProblem


def folded(text: str) -> str:
    """Return a text as it is stored: composed letters, and one space where there were several."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def serving(wordings: Wordings, wanted: Place) -> Place | None:
    """Return which wording serves a place: its own, another channel's, or the Vietnamese one."""
    for language in dict.fromkeys((wanted.language, LANGUAGES[0])):
        for channel in (wanted.channel, *STAND_INS.get(wanted.channel, ())):
            found = Place(channel, language, wanted.is_neutral)
            if found in wordings:
                return found
    return None


def set_problems(wordings: Wordings, topic: TopicRules) -> list[Misplaced]:
    """Return why a set of wordings must be refused, or an empty list."""
    return [*_missing(wordings, topic), *_wrong(wordings, topic)]


def _missing(wordings: Wordings, topic: TopicRules) -> Iterator[Misplaced]:
    for channel in topic.channels:
        place = Place(channel, LANGUAGES[0])
        if serving(wordings, place) is None:
            yield Misplaced(place, "body", WordingProblem(0, "", *_MISSING))


def _wrong(wordings: Wordings, topic: TopicRules) -> Iterator[Misplaced]:
    is_trial = topic.key == TRIAL_TOPIC
    for place, wording in wordings.items():
        if not wording.body:
            yield Misplaced(place, "body", WordingProblem(0, "", *_MISSING))
            continue
        needs_code = place.channel in _WITH_CODE and not is_trial
        for field, problem in text_problems(*wording, allowed=topic.params, is_sms=needs_code):
            yield Misplaced(place, field, problem)
        if place.channel == Channel.SMS and not is_trial and not _tells_sender(place, wording):
            yield Misplaced(place, "body", _sender_missing(place.language))
        for field, text in zip(Wording._fields, wording, strict=True):
            for problem in _indiscreet(place, text, topic):
                yield Misplaced(place, field, problem)


def _tells_sender(place: Place, wording: Wording) -> bool:
    sender = SENDERS.get(place.language, SENDERS["vi"])
    return bool(re.match(rf"{sender}\b", unaccented(wording.body), re.IGNORECASE))


def _sender_missing(language: str) -> WordingProblem:
    sender = SENDERS.get(language, SENDERS["vi"])
    return WordingProblem(
        0,
        "",
        f"tin SMS phải bắt đầu bằng tên người gửi “{sender}”",
        f"an SMS begins with its sender, “{sender}”",
    )


def _indiscreet(place: Place, text: str, topic: TopicRules) -> Iterator[WordingProblem]:
    """Yield what a text says that others, who may read it there, must not learn."""
    is_outside = place.channel != Channel.INBOX
    for name in dict.fromkeys(names_in(text)):
        why = _why_not_said(name, place, topic)
        if why is not None:
            piece = placeholder(name)
            yield WordingProblem(text.index(piece) + 1, piece, *why)
    if is_outside:
        for number in LONG_NUMBER.finditer(text):
            yield WordingProblem(
                number.start() + 1,
                number[0],
                "không ghi số định danh hay số điện thoại của ai",
                "nobody's personal number or telephone stands here",
            )
    if is_outside and topic.is_quiet:
        for word in _QUIET.finditer("".join(unaccented(letter)[:1] for letter in text)):
            yield WordingProblem(
                word.start() + 1,
                text[word.start() : word.end()],
                "không nói về hoàn cảnh nghèo khó hay sức khỏe ngoài hộp thư của Cổng",
                "poverty and health are not spoken of outside the portal's inbox",
            )


def _why_not_said(name: str, place: Place, topic: TopicRules) -> tuple[str, str] | None:
    if place.is_neutral and name in _TELLING:
        return (
            "số điện thoại dùng chung: không cho biết đó là việc gì",
            "several people use that address: it does not say what the matter is",
        )
    if topic.is_quiet and place.channel != Channel.INBOX and name in _TELLING - {"count"}:
        return (
            "chủ đề nhạy cảm: chỉ nói tên việc trong hộp thư của Cổng",
            "a sensitive topic: only the portal's inbox names the matter",
        )
    if place.channel in _ON_SCREENS and name in _PERSONAL:
        return (
            "là thông tin riêng của một người, không hiện ra ngoài Cổng",
            "it is personal and does not stand outside the portal",
        )
    return None
