"""What the last check before sending looks at, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from notifications.rules.timing import DAY, Hours

# F20: an older verification may be another person's number by now.
VERIFIED_FOR = timedelta(days=365)
FULL_AGE = 18
# The topic that says several reminders to one person at once.
DIGEST = "digest"
# Where a message may lie unread until its next channel follows; an SMS is seen.
READ_OR_NOT = frozenset({"app", "push", "zalo", "email"})
# No operator of Viet Nam has numbers under this prefix; the trial's people live there.
DEMO_NUMBERS = "+8450"


@dataclass(frozen=True)
class Address:
    """One contact point; the address itself stays encrypted until it is needed."""

    pk: int
    channel: str
    verified_at: datetime | None
    is_shared: bool

    def is_trusted(self, now: datetime) -> bool:
        """Tell whether it was verified within the last twelve months."""
        return self.verified_at is not None and now - self.verified_at < VERIFIED_FOR


@dataclass(frozen=True)
class Wish:
    """A stated preference; an empty topic or channel means all of them."""

    topic: str
    channel: str
    is_allowed: bool


@dataclass(frozen=True)
class Person:
    """Whoever a message is for, after merged records were followed to the surviving one."""

    died_on: date | None = None
    emigrated_on: date | None = None
    birth_date: date | None = None
    language: str = "vi"
    hours: Hours = DAY  # at which they want to be told
    addresses: Sequence[Address] = ()
    wishes: Sequence[Wish] = ()
    speakers: Sequence[Person] = ()  # living adults who may act: guardians, representatives

    def is_minor(self, day: date) -> bool:
        """Tell whether the person is under 18 on a civil date; organisations never are."""
        born = self.birth_date
        if born is None:
            return False
        had_birthday = (day.month, day.day) >= (born.month, born.day)
        return day.year - born.year - (not had_birthday) < FULL_AGE


@dataclass(frozen=True)
class TopicFacts:
    """The topic as the check needs it; `words` are the channels it has a text for, and whether it
    is the neutral one (None: for all).
    """

    key: str
    channels: Sequence[str]
    is_optional: bool
    has_quiet_hours: bool
    about_may_be_deceased: bool
    params: Sequence[str] = ()
    words: frozenset[tuple[str, bool]] | None = None

    def has_words(self, channel: str, *, is_neutral: bool) -> bool:
        """Tell whether it can be said there, neutrally where several people use the address."""
        return self.words is None or (channel, is_neutral) in self.words


@dataclass(frozen=True)
class Case:
    """One message about to leave, with everything its last check needs.

    `left_out` are channels on which the same was said before: it goes on where that failed or was
    not read. A digest `covers` the topics of its members and says `params` as of today.
    """

    topic: TopicFacts
    person: Person | None
    not_after: datetime | None = None
    about_died_on: date | None = None
    about_wishes: Sequence[Wish] = ()
    only_address: Address | None = None  # a contact named by the message: there and nowhere else
    stuck_to_channel: str = ""  # a gateway may already have it: no other channel
    left_out: frozenset[str] = frozenset()
    is_heard: bool = False  # read elsewhere, or everything in it was settled
    covers: Sequence[TopicFacts] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    is_repeat: bool = False  # the surviving record is told the same by its own message
    lifted: bool = field(default=False)  # quiet hours do not count this time
