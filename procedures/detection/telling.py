"""Open what is new, advance what is to be reminded of, and tell each person once: one statement."""

from __future__ import annotations

import json
from datetime import date, datetime

from django.db.models import Exists, QuerySet

from notifications.enums import Priority
from notifications.services.enqueue_select import enqueue_select
from portal.common.clock import CIVIL_ZONE
from portal.common.sql import Statement, With, chain, insert_select, select, update
from procedures.definition import RuleDefinition
from procedures.detection.facts import ScannedRule
from procedures.detection.slicing import Part
from procedures.detection.suggestions import Subjects, advancing, new_suggestions, reminded
from procedures.detection.windows import DueWindow, due_window, last_days_before
from procedures.enums import ScanKind, TriggerKind, WindowShape
from procedures.models import Recipient, ScanRunRule, Suggestion

_TOLD = ("suggestion_id", "subject_id", "due_on", "stage", "is_repeated", "recipient_id")
_NEW = ("anchor", "cycle", "subject_id", "due_on", "stage", "then_on", "recipient_id", "answer")
_OPENED = (
    "rule", "rule_version", "opened_on",
    "anchor", "cycle", "subject", "due_on", "stage_sent", "next_remind_on", "answer",
)  # fmt: skip

_MATTERS_SQL = """
SELECT DISTINCT %s::bigint, %s::bigint, %s::date,
  anchor, cycle, subject_id, due_on, stage, then_on, answer
FROM due
"""

# What was opened: the ledger may refuse a row, which then has no key. Without figures about the
# tables the planner expects a row or two, and would compare all with all; a FULL join it can only
# hash or merge, and IS TRUE makes it hash the keys below.
_OPENED_SQL = """
SELECT opened.id, due.subject_id, due.due_on, due.stage, false, due.recipient_id
FROM opened FULL JOIN due USING (anchor, cycle)
"""
# What was waiting and could be advanced.
_ADVANCED_SQL = """
UNION ALL
SELECT * FROM waiting WHERE (suggestion_id IN (SELECT suggestion_id FROM advanced)) IS TRUE
"""

# One message a person: about the most urgent matter, with the number of all of them. The key names
# that matter and its stage, so no repetition of any kind can send it again; only a matter that was
# snoozed may tell a stage anew, once a day. The message lies in that matter's thread, however many
# more it counts: once the matter is settled, so is the message. A day in slices gives one key
# for all of them (`once`): the first slice that concerns a person, with the most urgent, tells.
_LETTERS_SQL = """
SELECT DISTINCT ON (recipient_id)
  recipient_id,
  CASE WHEN min(subject_id) OVER his = max(subject_id) OVER his THEN subject_id END,
  coalesce(%s::text || recipient_id, concat('remind:', suggestion_id, ':', stage,
    CASE WHEN is_repeated THEN %s END, ':', recipient_id)),
  concat('suggestion:', suggestion_id),
  %s::jsonb
    || jsonb_build_object('due_on', due_on, 'days', due_on - %s::date, 'count', count(*) OVER his)
    {more},
  (due_on + %s)::timestamp AT TIME ZONE %s
FROM told
WHERE stage IS NOT NULL AND suggestion_id IS NOT NULL
WINDOW his AS (PARTITION BY recipient_id)
ORDER BY recipient_id, due_on, suggestion_id
"""

# What else the text of a kind of rule says: a day that lies so many days before the due date.
_NAMED_DAYS = {
    TriggerKind.CREDENTIAL_EXPIRY: "|| jsonb_build_object('last_filing_on', due_on - %s)",
    TriggerKind.LIFE_EVENT: "|| jsonb_build_object('event_on', due_on - %s)",
}

# A rule with a quota opens the most urgent; what was opened on this day already counts. Where none
# is left the planner looks at nothing: `found` is read only as far as it is asked for.
_SPARE_SQL = """
SELECT %s - count(*) FROM procedures_suggestion WHERE rule_id = %s AND opened_on = %s
"""
_WITHIN_QUOTA_SQL = """
SELECT {columns} FROM (
  SELECT found.*, dense_rank() OVER (ORDER BY due_on, anchor, cycle) AS place FROM found
  WHERE (SELECT places FROM spare) > 0
) AS ranked
WHERE place <= (SELECT places FROM spare)
"""

_COUNTS_SQL = """
SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM messages),
"""


def tell(
    rule: ScannedRule,
    day: date,
    now: datetime,
    *,
    subjects: Subjects,
    reminds: bool,
    part: Part | None,
) -> Statement:
    """Return the statement that opens and reminds; it gives back (opened, messages, reminded).

    Facts due in the rule's window without a suggestion of their cycle become one, with its
    recipients. Where it `reminds`, waiting suggestions whose stage has come move on to the next.
    Whom this concerns is told once, at the most urgent stage reached; in slices (`part`) once for
    all calls of this day and version. All of it or nothing is written; run again it writes nothing.
    """
    reminder = _reminder(rule, day, subjects, part) if reminds else ()
    due = part.due if part else due_window(rule.definition, day)
    told = _OPENED_SQL + (_ADVANCED_SQL if reminds else "")
    reminded_count = "(SELECT count(*) FROM advanced)" if reminds else "0"
    return chain(
        *_due(rule, due, day, subjects),
        With("opened", _opened(rule, day), ("id", "anchor", "cycle")),
        *reminder,
        With("told", Statement(told), _TOLD),
        With("recipients", _recipients()),
        With("messages", _messages(rule, day, now, in_slices=part is not None), ("id",)),
        final=Statement(_COUNTS_SQL + reminded_count),
    )


def _due(rule: ScannedRule, due: DueWindow, day: date, subjects: Subjects) -> tuple[With, ...]:
    """Return the part `due`; where the rule has a quota, as many of the most urgent as it leaves.

    Which those are the night decides, which looks at all that is due. What changes by day comes
    after it, within what the night has left, and before it nothing does.
    """
    found = new_suggestions(rule, due, day, subjects)
    quota = rule.version.rule.daily_quota
    if quota is None:
        return (With("due", select(found), _NEW),)
    if subjects is not None:
        found = found.filter(Exists(_ranked(rule, day)))
    spare = Statement(_SPARE_SQL, (quota, rule.version.rule_id, day))
    within = Statement(_WITHIN_QUOTA_SQL.format(columns=", ".join(_NEW)))
    return (
        With("spare", spare, ("places",)),
        With("found", select(found), _NEW),
        With("due", within, _NEW),
    )


def _ranked(rule: ScannedRule, day: date) -> QuerySet[ScanRunRule]:
    """Return the line that says that the night of `day` is done with the rule."""
    return ScanRunRule.objects.filter(
        rule_version=rule.version.pk,
        run__kind=ScanKind.NIGHTLY,
        run__on_date=day,
        finished_at__isnull=False,
    )


def _reminder(
    rule: ScannedRule, day: date, subjects: Subjects, part: Part | None
) -> tuple[With, With]:
    waiting, changes = advancing(rule, day, subjects, part)
    return (
        With("waiting", select(reminded(rule, day, subjects, part)), _TOLD),
        With("advanced", update(waiting, values=changes, returning=("id",)), ("suggestion_id",)),
    )


def _opened(rule: ScannedRule, day: date) -> Statement:
    """Return the ledger's part: a fact told to two parents is one suggestion."""
    rows = Statement(_MATTERS_SQL, (rule.version.rule_id, rule.version.pk, day))
    return insert_select(
        into=Suggestion,
        columns=_OPENED,
        rows=rows,
        on_conflict="nothing",
        returning=("id", "anchor", "cycle"),
    )


def _recipients() -> Statement:
    rows = Statement("SELECT suggestion_id, recipient_id FROM told WHERE suggestion_id IS NOT NULL")
    return insert_select(
        into=Recipient, columns=("suggestion", "citizen"), rows=rows, on_conflict="nothing"
    )


def _messages(rule: ScannedRule, day: date, now: datetime, *, in_slices: bool) -> Statement:
    once = f"first:{rule.version.pk}:{day:%Y%m%d}:" if in_slices else None
    more, days = _named_day(rule.definition)
    letters = Statement(
        _LETTERS_SQL.format(more=more),
        (
            once,
            f"@{day:%Y%m%d}",
            json.dumps({"paper": _paper(rule.definition)}),
            day,
            *days,
            1 - last_days_before(rule.definition),
            str(CIVIL_ZONE),
        ),
    )
    return enqueue_select(
        rows=letters, topic=str(rule.definition.topic), priority=Priority.REMINDER, due_at=now
    )


def _paper(definition: RuleDefinition) -> dict[str, str]:
    return {"vi": definition.paper_vi, "en": definition.paper_en}


def _named_day(definition: RuleDefinition) -> tuple[str, tuple[int | None, ...]]:
    """Return the SQL of the day that the text names besides, and how far it lies before."""
    match definition.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            return _NAMED_DAYS[definition.kind], (_days_to_file(definition),)
        case TriggerKind.LIFE_EVENT:
            return _NAMED_DAYS[definition.kind], (definition.deadline_days,)
        case _:
            return "", ()


def _days_to_file(definition: RuleDefinition) -> int | None:
    """Return how many days before the due date filing ends, None without such a limit."""
    is_limited = definition.window.shape == WindowShape.NO_LATER_THAN
    return definition.window.days if is_limited else None
