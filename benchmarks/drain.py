"""The outbox drained into a gateway of 20 ms, against one Celery task a message; codes first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median

from django.db import connection, connections

from benchmarks.measures import Report, suite
from citizens.enums import ContactChannel
from citizens.models import Citizen, ContactPoint
from notifications.dispatch import Dispatcher
from notifications.enums import Channel, MessageState, Priority
from notifications.models import Message
from notifications.services import load_texts
from notifications.transports.base import Transport
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from portal.common import clock, db_roles

GATEWAY_SECONDS = 0.02
PEOPLE, TASKS, BACKLOG, CODES = 4_000, 200, 100_000, 20
PARAMS = {
    "paper": {"vi": "Giấy phép lái xe", "en": "Driving licence"},
    "due_on": "2027-01-15",
    "days": 50,
    "count": 1,
    "last_filing_on": None,
}


@suite("drain")
def drain_suite(report: Report, citizens: int) -> None:
    """The ratio to the usual way, and a sign-in code behind a hundred thousand reminders."""
    people = _people(min(PEOPLE, citizens // 4))
    with _celery_worker():
        pairs = [(_rate(people), _celery_rate(people[:TASKS])) for _ in range(3)]
    ours, celery = median(a for a, _b in pairs), median(b for _a, b in pairs)
    report.add("drain: one process, gateway of 20 ms", ours, "messages/s")
    report.add("drain: a Celery task a message, prefork 2", celery, "messages/s")
    against = median(a / b for a, b in pairs)
    report.add("drain: against Celery", against, "×", at_least=25)
    late = _write_back(people)
    report.add("drain: accepted until written, 95 %", late * 1000, "ms", at_most=250)
    waited = _codes_behind(people, backlog=min(BACKLOG, 10 * citizens))
    report.add("drain: slowest of 20 codes behind 100,000", waited, "s", at_most=5)
    _forget()


@suite("drain, evenly", is_long=True)
def even_suite(report: Report, citizens: int) -> None:
    """Fifty messages a second for a minute, one failure in twenty."""
    people = _people(min(3000, citizens // 4))
    with _dispatching(SimulatedGateway(delay=GATEWAY_SECONDS, fail=0.05)):
        began = time.monotonic()
        for number, first in enumerate(range(0, len(people), 50)):
            _queue(people[first : first + 50])
            time.sleep(max(0.0, began + number + 1 - time.monotonic()))
        time.sleep(10)
    waited = _percentile("m.sent_at - m.due_at", 0.95)
    report.add("drain: at 50 a second, 95 % handed over within", waited, "s", at_most=10)
    left = Message.objects.exclude(state=MessageState.SENT).count()
    report.add("drain: of them still to be tried again", left, "messages")
    _forget()


def _rate(people: list[int]) -> float:
    _forget()
    _queue(people)
    began = time.perf_counter()
    _dispatcher(SimulatedGateway(delay=GATEWAY_SECONDS)).run(until_empty=True)
    return len(people) / (time.perf_counter() - began)


def _write_back(people: list[int]) -> float:
    """Return the 95th percentile between a gateway's answer and its row, in seconds."""
    _rate(people)
    return _percentile("a.recorded_at - m.sent_at", 0.95)


def _codes_behind(people: list[int], *, backlog: int) -> float:
    """Return how long the slowest of some codes took with so many reminders due before them."""
    _forget()
    _queue(people)
    _multiply(backlog // len(people))
    with _dispatching(SimulatedGateway(delay=GATEWAY_SECONDS)):
        time.sleep(1)
        for person in people[:CODES]:
            _queue([person], priority=Priority.CODE)
            time.sleep(0.1)
        _wait_for(lambda: _sent(Priority.CODE) == CODES)
    return _percentile("m.sent_at - m.due_at", 1, priority=Priority.CODE)


# -------------------------------------------------------------------------- rows
def _people(number: int) -> list[int]:
    """Return so many living adults without a wish, each with a verified telephone."""
    load_texts()
    adults = Citizen.objects.filter(
        died_on=None, emigrated_on=None, survivor=None, birth_date__lt="2000-01-01"
    )
    adults = adults.filter(party__preferences=None)
    keys = list(adults.order_by("pk").values_list("pk", flat=True)[:number])
    ContactPoint.objects.bulk_create(
        (_phone(key) for key in keys), ignore_conflicts=True, batch_size=1000
    )
    return keys


def _phone(key: int) -> ContactPoint:
    value, channel = f"+8450{key:07d}", ContactChannel.SMS
    return ContactPoint(
        party_id=key,
        channel=channel,
        value_enc=ContactPoint.seal_value(channel, value),
        value_index=ContactPoint.index_of(channel, value),
        verified_at=clock.now() - timedelta(days=1),
    )


def _queue(people: list[int], *, priority: Priority = Priority.REMINDER) -> None:
    now, stamp = clock.now(), time.monotonic_ns()
    rows = (
        Message(
            dedupe_key=f"bench:{stamp}:{key}",
            recipient_id=key,
            topic_id="credential_expiring",
            params=PARAMS,
            priority=priority,
            due_at=now,
        )
        for key in people
    )
    Message.objects.bulk_create(rows, batch_size=2000)


def _multiply(times: int) -> None:
    """Queue what is queued as often again by one statement, as a scan does."""
    columns = "recipient_id, topic_id, params, priority, due_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO notifications_message (dedupe_key, {columns})"  # noqa: S608 - our own text
            f" SELECT dedupe_key || ':' || n, {columns}"
            " FROM notifications_message, generate_series(2, %s) n",
            [times],
        )


def _forget() -> None:
    db_roles.use_owner()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE notifications_message, notifications_attempt, notifications_dailycount"
            " CASCADE"
        )
        cursor.execute("ANALYZE notifications_message, citizens_contactpoint")
    db_roles.use_application()


def _percentile(span: str, share: float, *, priority: Priority | None = None) -> float:
    only = "" if priority is None else f" AND m.priority = {priority:d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(%s) WITHIN GROUP"  # noqa: S608 - our own text
            f" (ORDER BY extract(epoch FROM {span})) FROM notifications_message m"
            " JOIN notifications_attempt a ON a.message_id = m.id"
            f" WHERE m.sent_at IS NOT NULL{only}",
            [share],
        )
        return float(cursor.fetchone()[0])


def _sent(priority: Priority) -> int:
    return Message.objects.filter(priority=priority, state=MessageState.SENT).count()


# --------------------------------------------------------------------- processes
def _dispatcher(gateway: SimulatedGateway) -> Dispatcher:
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    return Dispatcher(transports)


@contextmanager
def _dispatching(gateway: SimulatedGateway) -> Iterator[None]:
    """Run a dispatcher beside this thread, with a connection of its own."""
    dispatcher = _dispatcher(gateway)

    def work() -> None:
        try:
            dispatcher.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        dispatcher.stop()
        thread.join()


@contextmanager
def _celery_worker() -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "benchmarks.celery_contender", "worker"]
    command += ["--pool", "prefork", "--concurrency", "2", "--loglevel", "error"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"DATABASE_URL": url}
    worker = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def _celery_rate(people: list[int]) -> float:
    """Return messages a second once the worker is at it: the first ones wait for its start."""
    from benchmarks.celery_contender import send

    _forget()
    _queue(people)
    keys = list(Message.objects.values_list("pk", flat=True))
    for key in keys:
        send.delay(key)
    warm = len(keys) // 5
    _wait_for(lambda: _sent(Priority.REMINDER) >= warm)
    began, already = time.perf_counter(), _sent(Priority.REMINDER)
    _wait_for(lambda: _sent(Priority.REMINDER) >= len(keys))
    return (len(keys) - already) / (time.perf_counter() - began)


def _wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("the benchmark's own dispatchers do not get on")
        time.sleep(0.02)
