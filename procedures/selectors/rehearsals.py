"""What rehearsals have shown: figures as they were stored, and whether a version was rehearsed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from redis.exceptions import RedisError

from procedures.enums import Answer, Missed, RunState
from procedures.models import RehearsalRun, RuleVersion


@dataclass(frozen=True, slots=True)
class Beside:
    """Matters of the draft and of the version in force: of both, of one alone."""

    number: int
    both: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Line:
    """Matters and messages of a unit in the week of a Monday."""

    monday: date
    unit_id: int | None
    matters: int
    messages: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one rehearsal, all of them counts; costs in đồng.

    `messages` is by stage (days before the due date), `channels` by the way or by why there is none
    but the inbox, `missed` says why nobody hears of a fact, `days_early` counts matters by the days
    between first word and due date, `reasons` is by the condition's place in the tree: (does not
    hold, is not known).
    """

    answers: Mapping[Answer, int]
    matters: int
    untold: int
    missed: Mapping[Missed, int]
    messages: Mapping[int, int]
    channels: Mapping[str, int]
    days_early: Mapping[int, int]
    lines: tuple[Line, ...]
    reasons: Mapping[str, tuple[int, int]]
    not_reached: int
    parts_a_message: int
    sms_parts: int
    cost_vnd: int
    beside: Beside | None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Figures:
        """Read what `procedures.services.record_rehearsal` stored."""
        return cls(
            answers={Answer(key): count for key, count in raw["answers"].items()},
            missed={Missed(key): count for key, count in raw["missed"].items()},
            messages=_by_days(raw["messages"]),
            days_early=_by_days(raw["days_early"]),
            lines=tuple(Line(date.fromisoformat(day), *rest) for day, *rest in raw["lines"]),
            reasons={path: (wrong, unknown) for path, (wrong, unknown) in raw["reasons"].items()},
            beside=Beside(**raw["beside"]) if raw["beside"] else None,
            **{key: raw[key] for key in _PLAIN},
        )

    @property
    def message_count(self) -> int:
        """All messages of the period."""
        return sum(self.messages.values())

    def by_week(self, first: date, last: date) -> list[tuple[date, int, int]]:
        """Return (its Monday, matters, messages) of each week of the period, empty weeks too."""
        matters: Counter[date] = Counter()
        messages: Counter[date] = Counter()
        for line in self.lines:
            matters[line.monday] += line.matters
            messages[line.monday] += line.messages
        monday, found = first - timedelta(days=first.weekday()), []
        while monday <= last:
            found.append((monday, matters[monday], messages[monday]))
            monday += timedelta(days=7)
        return found

    def by_unit(self) -> Counter[int | None]:
        """Return matters by unit."""
        found: Counter[int | None] = Counter()
        for line in self.lines:
            found[line.unit_id] += line.matters
        return found


_PLAIN = (
    "matters", "untold", "channels", "not_reached", "parts_a_message", "sms_parts", "cost_vnd",
)  # fmt: skip


def _by_days(raw: Mapping[str, int]) -> dict[int, int]:
    return {int(days): count for days, count in raw.items()}


def definition_digest(version: RuleVersion) -> str:
    """Return the digest of a definition; the order of its keys does not matter."""
    text = json.dumps(version.definition, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def last_rehearsal(version: RuleVersion) -> RehearsalRun | None:
    """Return the last finished rehearsal of exactly this definition, with who asked for it."""
    done = RehearsalRun.objects.filter(
        rule_version=version.pk,
        definition_sha256=definition_digest(version),
        state=RunState.FINISHED,
    )
    return done.select_related("asked_by").first()


def progress_of(run: RehearsalRun) -> tuple[int, int] | None:
    """Return (parts done, of all) of a rehearsal at this moment; None when nobody tells."""
    with suppress(RedisError):
        found: tuple[int, int] | None = caches["fast"].get(progress_key(run.pk))
        return found
    return None


def progress_key(run: int) -> str:
    """Return where a rehearsal tells how far it is."""
    return f"rehearsal:{run}"
