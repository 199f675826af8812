"""The rules that the benchmarks scan: papers, ages, events, a campaign; some with conditions."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db.backends.postgresql.psycopg_any import DateRange

from benchmarks.population import CARD, KINDS
from notifications.models import Topic
from procedures.models import Procedure, ProcedureVersion, Rule, RuleVersion

TOPICS = (
    "credential_expiring", "age_milestone_near", "birth_bundle", "bereavement", "campaign_open",
)  # fmt: skip


def make_rules(window_days: int) -> None:
    """Make twelve rules as in the catalogue: six papers, badges, a first card, a card to change,
    births, deaths, and the children who start school.

    Three of the papers' rules have conditions: a class and a dossier, an age, and hours that no
    register tells here, so that they are only likely. Called again it replaces the rules: a
    released version may not change, but here all days belong to the version made last. Cards are
    watched by age, so their own dates are no rule's business.
    """
    for key in TOPICS:
        defaults = {"name_vi": key, "name_en": key, "channels": ["sms"], "priority": 9}
        Topic.objects.get_or_create(key=key, defaults=defaults)
    for kind in KINDS:
        if kind == CARD:
            continue
        narrowed = {"credential_kind": kind} | _CONDITIONS.get(kind, {})
        _make(kind, _definition(window_days) | narrowed)
    badge = {"credential_kind": "transport_badge", "subject": "organisation"}
    _make("transport_badge", _definition(window_days) | badge)
    card = _definition(window_days) | _CARD
    _make("identity_card_first", card | {"ages": [14]})
    _make("identity_card_again", card | {"ages": [25, 40, 60]})
    for key, changes in _HAPPENINGS.items():
        _make(key, _definition(window_days) | changes)


_CONDITIONS: dict[str, dict[str, Any]] = {
    "driving_licence": {
        "conditions": {
            "all": [
                {"paper_class": {"classes": ["B", "C1"]}},
                {"not": {"matter": {"procedure": "3.000347", "state": "refused"}}},
            ]
        }
    },
    "tour_guide_card": {
        "conditions": {"any": [{"age": {"min": 18}}, {"authority": {"basis": ["parent"]}}]}
    },
    "medical_practice_licence": {
        "conditions": {
            "record": {"register": "HEALTH", "kind": "cme", "field": "hours", "min": 120}
        },
        "suggests_likely": True,
    },
}
_HAPPENINGS: dict[str, dict[str, Any]] = {
    "birth": {
        "kind": "life_event",
        "events": ["birth_notified"],
        "deadline_days": 60,
        "lead_days": [57, 46, 30, 15, 5],
        "open_days_before": 60,
        "topic": "birth_bundle",
        "address": "parents",
    },
    "death": {
        "kind": "life_event",
        "events": ["death_notified"],
        "deadline_days": 15,
        "lead_days": [13, 8, 3],
        "open_days_before": 15,
        "topic": "bereavement",
        "address": "family",
    },
    "school": {
        "kind": "calendar",
        "period": "11-01/01-31",
        "ages": [6],
        "lead_days": [121, 98, 91],
        "open_days_before": 121,
        "topic": "campaign_open",
        "address": "guardian",
    },
}
_CARD = {
    "kind": "age_milestone",
    "credential_kind": None,
    "skip_if_issued_within_years": 2,
    "identity_kind": CARD,
    "topic": "age_milestone_near",
}


def _definition(window_days: int) -> dict[str, Any]:
    return {
        "kind": "credential_expiry",
        "credential_kind": None,
        "ages": [],
        "lead_days": sorted({window_days, 30, 7, 1} - {0}, reverse=True),
        "open_days_before": max(window_days, 30),
        "grace_days": 0,
        "window": {"shape": "recommended", "days": None},
        "subject": "citizen",
        "skip_if_issued_within_years": None,
        "identity_kind": None,
        "units": [],
        "topic": "credential_expiring",
        "paper_vi": "Giấy tờ",
        "paper_en": "Paper",
        "reason_vi": "Sắp hết hạn",
        "reason_en": "Runs out soon",
        "legal_basis": [],
        "consequence_vi": None,
    }


def _make(key: str, definition: dict[str, Any]) -> None:
    procedure, _ = Procedure.objects.get_or_create(key=key, defaults={"code": f"0.{key}"})
    filed = {"definition": {}, "valid": DateRange(None, None), "status": "released"}
    ProcedureVersion.objects.get_or_create(procedure=procedure, number=1, defaults=filed)
    defaults = {"kind": definition["kind"], "procedure": procedure}
    rule, _ = Rule.objects.get_or_create(key=key, defaults=defaults)
    with pgtrigger.ignore():
        rule.versions.update(valid=DateRange(empty=True))
    RuleVersion.objects.create(
        rule=rule,
        number=rule.versions.count() + 1,
        definition=definition,
        valid=DateRange(None, None),
        status="released",
    )
