"""`/metrics`: what a monitoring system draws and rings by, in the text format of Prometheus.

All of it is asked of the tables when it is read: whichever process answers tells the same, and none
has to have lived long. Closed to the outside: it answers whoever shows METRICS_TOKEN, and is not
there at all where none is set. Labels are names of our own code; nothing of anybody stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from citizens.selectors.batches import due_batches
from citizens.selectors.seals import oldest_unsealed_at
from notifications.models import Message
from notifications.selectors import oldest_due_at
from portal.common import clock
from portal.common.models import Bell
from portal.web.probes import findings
from procedures.enums import RunState
from procedures.models import ScanRun

_SCHEME = "Bearer "


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a monitoring system that shows the token; nobody else learns that there is a page."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(shown, f"{_SCHEME}{token}"):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Portal())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Portal(Collector):
    """The figures, in one reading. A database that is away leaves only the probes, which say so."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure with what it means."""
        yield _labelled(
            "portal_well",
            "1 while a probe of `manage.py doctor` finds all well, else 0.",
            "probe",
            {finding.name: float(finding.is_well) for finding in findings()},
        )
        try:
            yield from _of_work(clock.now())
        except DatabaseError:
            return


def _of_work(now: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how long the oldest of each kind of work waits, and what every bell was last heard."""
    told = (
        (
            "portal_oldest_due_message_seconds",
            "Since when the oldest due message waits; 0 while none is due.",
            _age(oldest_due_at(now), now),
        ),
        (
            "portal_due_messages",
            "Messages that are due and not handed over.",
            Message.objects.due(now).count(),
        ),
        (
            "portal_oldest_delivery_seconds",
            "Since when the oldest delivery of a register waits for its turn; 0 while none does.",
            _age(_oldest_delivery(), now),
        ),
        (
            "portal_oldest_unsealed_view_seconds",
            "Since when the oldest view of personal data waits for its seal; 0 while none does.",
            _age(oldest_unsealed_at(), now),
        ),
        (
            "portal_last_scan_seconds",
            "How long ago a scan finished last; 0 before the first, which the probe tells.",
            _age(_last_scan(), now),
        ),
    )
    for name, meaning, value in told:
        yield GaugeMetricFamily(name, meaning, value=value)
    bells = list(Bell.objects.order_by("task"))
    yield _labelled(
        "portal_task_silence_seconds",
        "How long ago a task of the beat table ended well; absent before the first time.",
        "task",
        {bell.task: _age(bell.heard_at, now) for bell in bells if bell.heard_at is not None},
    )
    yield _labelled(
        "portal_task_overdue",
        "1 while a task of the beat table is silent for longer than it may be, else 0.",
        "task",
        {bell.task: float(bell.expected_by < now) for bell in bells},
    )


def _labelled(name: str, meaning: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _oldest_delivery() -> datetime | None:
    return due_batches().order_by("received_at").values_list("received_at", flat=True).first()


def _last_scan() -> datetime | None:
    finished = ScanRun.objects.filter(state=RunState.FINISHED, finished_at__isnull=False)
    return finished.order_by("-finished_at").values_list("finished_at", flat=True).first()
