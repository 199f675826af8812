"""A case that officials decided is told to whoever raised it, else to whom it concerns, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    JSONField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from citizens.enums import DiscrepancyState
from citizens.models import Discrepancy
from notifications.enums import Priority
from notifications.services.enqueue_select import enqueue_select

TOPIC = "discrepancy_settled"
_CORRECTED = {"vi": "đã sửa lại cho đúng", "en": "it was put right"}
_UPHELD = {"vi": "giữ nguyên như đang lưu", "en": "it stays as it is"}


def tell_settled(*, cases: Sequence[int], now: datetime) -> int:
    """Queue the news of these discrepancies (keys) and return how many messages were new.

    What was corrected is told in any case; what was left as it is, only to the person who had
    contested it. The message names neither the value nor the field; the portal shows both.
    """
    statement = enqueue_select(
        rows=_letters(cases), topic=TOPIC, priority=Priority.DOSSIER, due_at=now
    )
    return len(statement.fetch())


def _letters(cases: Sequence[int]) -> QuerySet[Discrepancy, tuple[object, ...]]:
    """Return recipient, about, dedupe key, thread, params and last instant, a row a case."""
    is_contested = Q(raised_by__citizen__isnull=False)
    is_corrected = Q(state=DiscrepancyState.CORRECTED)
    decided = is_corrected | Q(is_contested, state=DiscrepancyState.UPHELD)
    key = Cast("pk", CharField())
    outcome = Case(
        When(is_corrected, then=Value(_CORRECTED, JSONField())),
        default=Value(_UPHELD, JSONField()),
    )
    reported_on = Case(When(is_contested, then=Cast("opened_on", TextField())))
    return (
        Discrepancy.objects.filter(decided, pk__in=cases)
        .order_by("pk")
        .annotate(told=Coalesce("raised_by__citizen_id", "subject_id"))
        .annotate(concerned=Case(When(~Q(told=F("subject_id")), then=F("subject_id"))))
        .annotate(once=Concat(Value("settled:"), key), thread=Concat(Value("discrepancy:"), key))
        .annotate(params=JSONObject(outcome=outcome, reported_on=reported_on))
        .annotate(ends_at=Cast(Value(None), DateTimeField()))
        .values_list("told", "concerned", "once", "thread", "params", "ends_at")
    )
