"""How the job is usually written, on a sample: rows fetched into Python and decided there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from benchmarks.ledgers import empty_ledgers
from benchmarks.measures import timed
from citizens.models import Authority, Citizen, Credential, Party
from notifications.models import Message, Preference
from portal.common.clock import CIVIL_ZONE
from procedures.models import OpenMatter, Recipient, RuleVersion, Suggestion
from procedures.rules import next_remind_on, stage_due
from procedures.selectors import rules_in_force

CHUNK = 1_000
BULK_SAMPLE = 4_000
LOOP_SAMPLE = 300


class _UndoError(Exception):
    """Takes a contender's rows back."""


def bulk_create_rate(day: date) -> float:
    """Suggestions a second of the usual good version: joins, chunks, `bulk_create`."""
    return _rate(day, BULK_SAMPLE, _by_chunks)


def loop_rate(day: date) -> float:
    """Suggestions a second of the usual first version: each due paper asked and saved by itself."""
    return _rate(day, LOOP_SAMPLE, _one_by_one)


def _rate(day: date, sample: int, contender: Any) -> float:
    """Run a contender on as many due papers, after forgetting theirs, and take it back."""
    made = 0
    seconds = 0.0
    try:
        with transaction.atomic():
            version = rules_in_force(day=day).get(rule__key="passport")
            due = Credential.objects.live().of_kind("passport")
            due = due.expiring_between(day, day + timedelta(days=30)).order_by("pk")
            empty_ledgers()
            results: list[int] = []
            seconds = timed(lambda: results.append(contender(version, due, day, sample)))
            made = results[0]
            raise _UndoError  # noqa: TRY301
    except _UndoError:
        return made / seconds


def _by_chunks(version: RuleVersion, due: Any, day: date, sample: int) -> int:
    due = due.select_related("holder__citizen__unit").prefetch_related(
        "holder__represented_by__actor"
    )
    due = due.annotate(
        has_matter=Exists(
            OpenMatter.objects.filter(
                procedure=version.rule.procedure, party=OuterRef("holder"), closed_on=None
            )
        ),
        is_known=Exists(
            Suggestion.objects.filter(
                rule=version.rule, anchor=OuterRef("pk"), cycle=OuterRef("term")
            )
        ),
    )
    rows = due.iterator(chunk_size=CHUNK)
    stopped = set(
        Preference.objects.filter(channel="", is_allowed=False).values_list("party_id", flat=True)
    )
    made = 0
    rows = islice(rows, sample)
    while chunk := list(islice(rows, CHUNK)):
        chosen = []
        for paper in chunk:
            told = _told(paper, day, list(paper.holder.represented_by.all()))
            told = [person for person in told if person.pk not in stopped]
            if told and not paper.has_matter and not paper.is_known:
                chosen.append((paper, told))
        made += _save_chunk(version, chosen, day)
    return made


def _save_chunk(
    version: RuleVersion, chosen: list[tuple[Credential, list[Citizen]]], day: date
) -> int:
    suggestions = [_suggestion(version, paper, day) for paper, _ in chosen]
    Suggestion.objects.bulk_create(suggestions, ignore_conflicts=True)
    keys = dict(
        Suggestion.objects.filter(
            rule=version.rule, anchor__in=[paper.pk for paper, _ in chosen]
        ).values_list("anchor", "pk")
    )
    pairs = [(keys[paper.pk], paper, person) for paper, told in chosen for person in told]
    Recipient.objects.bulk_create(
        [Recipient(suggestion_id=key, citizen=person) for key, _, person in pairs],
        ignore_conflicts=True,
    )
    Message.objects.bulk_create(
        [_message(key, paper, person, day) for key, paper, person in pairs], ignore_conflicts=True
    )
    return len(suggestions)


def _one_by_one(version: RuleVersion, due: Any, day: date, sample: int) -> int:
    made = 0
    for paper in due[:sample]:
        if OpenMatter.objects.filter(
            procedure=version.rule.procedure, party=paper.holder, closed_on=None
        ).exists():
            continue
        standing = list(Authority.objects.standing(day).filter(for_party=paper.holder))
        told = [
            person
            for person in _told(paper, day, standing)
            if not Preference.objects.filter(party=person.pk, channel="", is_allowed=False).exists()
        ]
        if not told:
            continue
        suggestion, is_new = Suggestion.objects.get_or_create(
            rule=version.rule,
            anchor=paper.pk,
            cycle=paper.term,
            defaults=_values(version, paper, day),
        )
        for person in told if is_new else []:
            Recipient.objects.create(suggestion=suggestion, citizen=person)
            _message(suggestion.pk, paper, person, day).save()
        made += is_new
    return made


def _told(paper: Credential, day: date, standing: list[Authority]) -> list[Citizen]:
    holder: Party = paper.holder
    citizen = holder.citizen
    if citizen.died_on or citizen.emigrated_on or citizen.survivor_id:
        return []
    valid = citizen.unit.valid
    if (valid.lower and valid.lower > day) or (valid.upper and valid.upper <= day):
        return []
    if citizen.birth_date <= day.replace(year=day.year - 18):
        return [citizen]
    actors = [authority.actor for authority in standing if authority.revoked_at is None]
    return [actor for actor in actors if not (actor.died_on or actor.emigrated_on)]


def _values(version: RuleVersion, paper: Credential, day: date) -> dict[str, Any]:
    leads = version.definition["lead_days"]
    assert paper.expires_on is not None  # noqa: S101 - chosen by it
    stage = stage_due(leads, (paper.expires_on - day).days)
    return {
        "subject": paper.holder,
        "rule_version": version,
        "due_on": paper.expires_on,
        "stage_sent": stage,
        "next_remind_on": next_remind_on(leads, paper.expires_on, stage),
        "opened_on": day,
    }


def _suggestion(version: RuleVersion, paper: Credential, day: date) -> Suggestion:
    return Suggestion(
        rule=version.rule, anchor=paper.pk, cycle=paper.term, **_values(version, paper, day)
    )


def _message(key: int, paper: Credential, person: Citizen, day: date) -> Message:
    assert paper.expires_on is not None  # noqa: S101 - chosen by it
    return Message(
        dedupe_key=f"remind:{key}:30:{person.pk}",
        recipient_id=person.pk,
        about=paper.holder,
        topic_id="credential_expiring",
        thread_key=f"suggestion:{key}",
        params={
            "paper": "Giấy tờ",
            "due_on": paper.expires_on.isoformat(),
            "days": (paper.expires_on - day).days,
            "count": 1,
        },
        priority=9,
        due_at=datetime.combine(day, time(6), CIVIL_ZONE),
    )
