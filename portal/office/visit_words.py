"""The visit list in words: why nobody was reached, what the matter is, and where the house is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Party
from notifications.models import CallBack, Message
from notifications.rules.wording import WordingError
from notifications.selectors import letters_of
from notifications.selectors.texts import TextMissingError
from notifications.services import VisitOutcome
from portal.common import clock
from portal.office.names import SUBJECT_TABLES, party_name, through
from portal.reporting.selectors.not_reached import Missed, Why
from procedures.models import Suggestion
from procedures.selectors.sensitive import sensitive_versions

WHY_WORDS: Mapping[Why, Any] = {
    Why.NO_CONTACT: gettext_lazy("No phone number, no other way"),
    Why.OLD_CONTACT: gettext_lazy("Phone number not confirmed for a year"),
    Why.FAILED: gettext_lazy("Sent, but did not arrive"),
    Why.UNKNOWN: gettext_lazy("Nobody can tell whether it arrived"),
    Why.UNREAD: gettext_lazy("Sent, never opened"),
    Why.NO_GUARDIAN: gettext_lazy("A minor without a guardian who could be told"),
    Why.STOPPED: gettext_lazy("Wishes no messages: go only where the law asks for it"),
}
OUTCOME_WORDS: Mapping[VisitOutcome, Any] = {
    VisitOutcome.TOLD: gettext_lazy("Met and told"),
    VisitOutcome.ABSENT: gettext_lazy("Not at home"),
    VisitOutcome.MOVED: gettext_lazy("No longer lives here"),
    VisitOutcome.REFUSED: gettext_lazy("Does not wish to be told"),
}
# Topics that say of somebody what a paper carried through the village must not say.
_NEUTRAL_TOPICS = frozenset({"household_hardship"})
_HAMLET = re.compile(
    r"^(thôn|tổ dân phố|khu phố|khối phố|khu dân cư|ấp|bản|xóm|làng|buôn|tổ)\s+\S", re.IGNORECASE
)
_NUMBER = re.compile(r"^[\d/\-]+[a-zA-Z]?\s+")


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to tell a person: in plain words, until when, and why no message told it."""

    message: Message
    words: str
    until: date | None
    why: str
    is_stopped: bool
    visit: CallBack | None

    @property
    def visited(self) -> str:
        """What the last visit found, in words; empty before one."""
        if self.visit is None:
            return ""
        return str(OUTCOME_WORDS.get(self.visit.note, self.visit.note))  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class House:
    """One person or organisation to visit, with everything to tell there."""

    party: Party
    name: str
    address: str
    matters: Sequence[Matter]


@dataclass(frozen=True, slots=True)
class Hamlet:
    """The houses of one hamlet or street, in the order of their addresses."""

    name: str
    houses: Sequence[House]


def hamlets(found: Sequence[Missed]) -> list[Hamlet]:
    """Return what was missed by hamlet and house; six queries, however many there are."""
    people = Party.objects.select_related(*SUBJECT_TABLES).in_bulk({one.recipient for one in found})
    matters = _matters(found)
    by_person: dict[int, list[Matter]] = {}
    for one in found:
        by_person.setdefault(one.recipient, []).append(matters[one.message])
    houses = [
        House(people[key], party_name(people[key]), address_of(people[key]), told)
        for key, told in by_person.items()
    ]
    grouped: dict[str, list[House]] = {}
    for house in sorted(houses, key=lambda house: (house.address, house.name)):
        grouped.setdefault(hamlet_of(house.address), []).append(house)
    return [Hamlet(name, group) for name, group in sorted(grouped.items())]


def address_of(party: Party) -> str:
    """Return where to go."""
    for table in SUBJECT_TABLES:
        row = getattr(party, table, None)
        if row is not None:
            return str(getattr(row, "current_address", "") or getattr(row, "address", ""))
    return ""


def hamlet_of(address: str) -> str:
    """Return the hamlet that an address names, or its street without the number of the house.

    A hamlet (thôn, ấp, bản …) counts before a group of houses (tổ) inside it.
    """
    parts = [part.strip() for part in address.split(",")]
    named = [part for part in parts if _HAMLET.match(part)]
    named.sort(key=lambda part: part.lower().startswith("tổ "))
    if named:
        return named[0][:1].upper() + named[0][1:]
    return _NUMBER.sub("", parts[0]) or _("Without an address")


def _matters(found: Sequence[Missed]) -> dict[int, Matter]:
    rows = Message.objects.select_related("topic", *through("recipient", SUBJECT_TABLES)).in_bulk(
        [one.message for one in found]
    )
    quiet = _sensitive([one.suggestion for one in found if one.suggestion is not None])
    words = _words(list(rows.values()))
    return {
        one.message: Matter(
            message=rows[one.message],
            words=_("A matter to look at in the portal")
            if one.suggestion in quiet or rows[one.message].topic_id in _NEUTRAL_TOPICS
            else words[one.message],
            until=_until(rows[one.message], one.not_after),
            why=str(WHY_WORDS[one.why]),
            is_stopped=one.why is Why.STOPPED,
            visit=one.visit,
        )
        for one in found
    }


def _sensitive(suggestions: Iterable[int]) -> set[int]:
    """Return the suggestions that tell of poverty or health."""
    versions = [version.pk for version in sensitive_versions(day=clock.today())]
    telling = Suggestion.objects.filter(pk__in=set(suggestions), rule_version__in=versions)
    return set(telling.values_list("pk", flat=True))


def _words(rows: Sequence[Message]) -> dict[int, str]:
    """Return the headings under which the letters stand in the inbox, else the topic's name."""
    try:
        letters = letters_of(messages=rows, language="vi")
    except (TextMissingError, WordingError):
        if len(rows) > 1:  # one that cannot be put into words is found by taking them singly
            return {key: said for row in rows for key, said in _words([row]).items()}
        return {row.pk: row.topic.name_vi for row in rows}
    pairs = zip(rows, letters, strict=True)
    return {row.pk: letter.subject or row.topic.name_vi for row, letter in pairs}


def _until(row: Message, not_after: datetime | None) -> date | None:
    """Return the date that the message names, else the day after which it helps no more."""
    named = row.params.get("due_on")
    try:
        return date.fromisoformat(named) if isinstance(named, str) else _day(not_after)
    except ValueError:
        return _day(not_after)


def _day(instant: datetime | None) -> date | None:
    return clock.civil_date(instant) if instant else None
