"""Rules, topics and shorthands for the tests of the scan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import LifeEventKind
from citizens.models import Citizen, EventParty, LifeEvent, Party
from notifications.models import Message, Topic
from portal.common.clock import CIVIL_ZONE
from procedures.models import Procedure, ProcedureVersion, Rule, RuleVersion, Suggestion
from procedures.services.scan import ScanResult, scan_day
from tests.factories.citizens import LifeEventFactory, UnitFactory
from tests.factories.procedures import rule_definition

DUE = date(2027, 3, 1)
LEDGERS = ("procedures_suggestion", "procedures_recipient", "notifications_message")

LICENCE: dict[str, Any] = {
    "kind": "credential_expiry",
    "credential_kind": "driving_licence",
    "ages": [],
    "lead_days": [90, 60, 30, 7, 1],
    "open_days_before": 90,
    "grace_days": 30,
    "window": {"shape": "recommended", "days": None},
    "subject": "citizen",
    "skip_if_issued_within_years": None,
    "identity_kind": None,
    "units": [],
    "topic": "credential_expiring",
    "paper_vi": "Giấy phép lái xe",
    "paper_en": "Driving licence",
    "reason_vi": "Giấy phép sắp hết hạn.",
    "reason_en": "The licence runs out.",
    "legal_basis": [],
    "consequence_vi": None,
}
CARD = LICENCE | {
    "kind": "age_milestone",
    "credential_kind": None,
    "ages": [14, 25, 40, 60],
    "lead_days": [60, 30, 7, 0],
    "open_days_before": 60,
    "skip_if_issued_within_years": 2,
    "identity_kind": "citizen_identity_card",
    "topic": "age_milestone_near",
    "paper_vi": "Thẻ căn cước",
    "paper_en": "Identity card",
}
BADGE = LICENCE | {
    "credential_kind": "transport_badge",
    "lead_days": [15, 10, 5, 1],
    "open_days_before": 15,
    "grace_days": 0,
    "window": {"shape": "only_within", "days": 15},
    "subject": "organisation",
    "paper_vi": "Phù hiệu xe",
    "paper_en": "Vehicle badge",
}
MEDICAL = LICENCE | {
    "credential_kind": "medical_practice_licence",
    "lead_days": [120, 90, 75, 65],
    "open_days_before": 120,
    "grace_days": 0,
    "window": {"shape": "no_later_than", "days": 60},
}


def make_rule(definition: dict[str, Any] = LICENCE, key: str = "licence") -> Rule:
    """Make a rule with one released version that always holds, its procedure and its topic."""
    procedure = Procedure.objects.create(key=key, code=f"1.{key}"[:30])
    ProcedureVersion.objects.create(
        procedure=procedure, number=1, definition={}, valid=DateRange(None, None), status="released"
    )
    rule = Rule.objects.create(key=key, kind=definition["kind"], procedure=procedure)
    release(rule, definition)
    make_topic(definition["topic"])
    return rule


def catalogue_rule(key: str, **changes: Any) -> Rule:
    """Make a rule as the shipped catalogue has it, with changes laid over its definition."""
    return make_rule(rule_definition(key).to_json() | changes, key)


def event(
    kind: LifeEventKind, occurred_on: date, **parties: Citizen | Sequence[Citizen]
) -> LifeEvent:
    """Make an event with its parties by role: `event(kind, day, mother=lan, father=minh)`."""
    made = LifeEventFactory(kind=kind, occurred_on=occurred_on)
    for role, people in parties.items():
        for person in [people] if isinstance(people, Citizen) else people:
            EventParty.objects.create(event=made, party=person.party, role=role)
    return made


def days_told(party: Party | Citizen) -> list[int]:
    """Return the messages of a person as days left to the due date, in order of writing."""
    return [days for days, _ in told(party)]


def release(rule: Rule, definition: dict[str, Any], *, first: date | None = None) -> RuleVersion:
    """Release the next version; the one before ends where this one begins."""
    number = rule.versions.count() + 1
    last = rule.versions.filter(number=number - 1).first()
    if last and first:
        last.valid = DateRange(last.valid.lower, first)
        last.save()
    return RuleVersion.objects.create(
        rule=rule,
        number=number,
        definition=definition,
        valid=DateRange(first, None),
        status="released",
    )


def make_topic(key: str) -> Topic:
    """Make an optional topic."""
    return Topic.objects.get_or_create(
        key=key, defaults={"name_vi": key, "name_en": key, "channels": ["sms"], "priority": 9}
    )[0]


def scan(day: date, rule_key: str | None = None) -> ScanResult:
    """Scan `day` at six in the morning of that day."""
    with time_machine.travel(datetime.combine(day, time(6), CIVIL_ZONE), tick=False):
        result = scan_day(on_date=day, rule_key=rule_key)
    assert not result.has_failed, [one.error for one in result.rules]
    return result


def scan_each_day(first: date, last: date) -> None:
    """Scan every day of a period, both ends included."""
    for number in range((last - first).days + 1):
        scan(first + timedelta(days=number))


def before(days: int) -> date:
    """Return the civil date so many days before DUE."""
    return DUE - timedelta(days=days)


def scan_before(*days: int) -> None:
    """Scan the dates that lie so many days before DUE."""
    for number in days:
        scan(before(number))


def told(party: Party | Citizen) -> list[tuple[int, int]]:
    """Return the messages of a person as (days left, number of matters), in order of writing."""
    messages = Message.objects.filter(recipient=party.pk).order_by("pk")
    return [(m.params["days"], m.params["count"]) for m in messages]


def cycles(party: Party | Citizen) -> list[tuple[int, str]]:
    """Return the suggestions about a party as (cycle, state)."""
    rows = Suggestion.objects.filter(subject=party.pk).order_by("pk")
    return list(rows.values_list("cycle", "state"))


def states() -> Sequence[str]:
    """Return the states of all suggestions, oldest first."""
    return list(Suggestion.objects.order_by("pk").values_list("state", flat=True))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours with the transaction that wrote it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ "
            "'^(citizens|notifications|procedures|dossiers)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT xmin::text, ctid::text, t::text FROM "{table}" t ORDER BY 2')  # noqa: S608
            found[table] = cursor.fetchall()
    return found


__all__ = [
    "BADGE", "CARD", "DUE", "LEDGERS", "LICENCE", "MEDICAL", "UnitFactory",
    "before", "catalogue_rule", "cycles", "days_told", "event", "everything", "make_rule",
    "make_topic", "release", "scan", "scan_before", "scan_each_day", "states", "told",
]  # fmt: skip
