"""`dispatch`: drain the outbox, as a service until stopped, or until nothing is due."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notifications.dispatch import Dispatcher
from notifications.enums import Reason
from notifications.models import Gate
from notifications.selectors import held_groups
from notifications.transports.registry import open_transports
from portal.common import clock

_WHY = {
    Reason.QUIET_HOURS: "quiet hours",
    Reason.RETRY: "to be tried again",
    Reason.POISON: "cannot be put into words, to be tried again",
    Reason.CHANNEL_PAUSED: "an operator paused the channel",
    Reason.GATEWAY_BROKEN: "the gateway is out of order",
    Reason.GATEWAY_BUSY: "for their turn under the gateway's rate",
    Reason.DAILY_LIMIT: "the number has had its SMS of the day",
    "": "planned for later",
}


class Command(BaseCommand):
    """Any number may run at once; needs the database only. SIGTERM ends it within 10 seconds."""

    help = "Hand due messages to their gateways, each once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two switches of the contract."""
        parser.add_argument(
            "--until-empty", action="store_true", help="end when nothing is due now"
        )
        parser.add_argument(
            "--now", action="store_true", help="do not wait for quiet hours to end (is logged)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and say at the end what was done and what waits until when."""
        dispatcher = Dispatcher(open_transports(), lift_quiet_hours=options["now"])
        if not options["until_empty"]:
            self.stdout.write("Dispatching until stopped.")
        with _ending_in_order(dispatcher):
            tally = dispatcher.run(until_empty=options["until_empty"])
        done = ", ".join(f"{state} {number}" for state, number in sorted(tally.items()))
        self.stdout.write(f"Messages: {done or 'none were due'}.")
        self._say_what_waits()

    def _say_what_waits(self) -> None:
        if Gate.objects.filter(paused=True).exists():
            self.stdout.write("The gate is closed: nothing leaves until it is opened.")
        for group in held_groups(clock.now()):
            until = clock.civil_time(group.until)
            why = _WHY.get(group.reason, group.reason)
            self.stdout.write(f"Held: {group.message_count} from {until:%d/%m/%Y %H:%M} ({why}).")


@contextmanager
def _ending_in_order(dispatcher: Dispatcher) -> Iterator[None]:
    """Let a signal end the dispatcher; a program that called the command hears of it afterwards.

    Otherwise `run`, which drains the outbox before it serves, would go on to serve.
    """
    heard: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        dispatcher.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
    for number, handler in before.items():
        # Python's own answer to Ctrl-C would only add a traceback to an orderly end.
        if number in heard and callable(handler) and handler is not signal.default_int_handler:
            handler(number, None)
