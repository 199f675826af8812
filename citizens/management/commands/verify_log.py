"""`verify_log`: is the log of views what was written, whole and in order?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from citizens.services.seal_views import UNSEALED_WINDOW
from citizens.services.verify_log import LATE_AFTER, Verdict, verify_log
from portal.common import clock

_TOLD = 20


class Command(BaseCommand):
    """Recompute every seal from its rows; exit 1 and name the first bad row where one is found."""

    help = (
        "Check the seals of the log of views against its rows, the signing key and LOG_ROOT; "
        "name the first bad row."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seal to begin with."""
        parser.add_argument(
            "--from",
            dest="first",
            type=int,
            default=1,
            metavar="N",
            help="begin with seal N and take the one before it as given",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was checked; CommandError names the first bad row and lists others."""
        verdict = self._verify(options["first"])
        self._print(verdict)
        if verdict.findings:
            raise CommandError(_told(verdict))
        self.stdout.write("The log is whole.")

    def _verify(self, first: int) -> Verdict:
        if not sys.stderr.isatty():
            return verify_log(now=clock.now(), first=first)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("seals")

            def show(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            return verify_log(now=clock.now(), first=first, progress=show)

    def _print(self, verdict: Verdict) -> None:
        window = int(UNSEALED_WINDOW.total_seconds())
        self.stdout.write(f"seals      {verdict.seals}")
        self.stdout.write(f"rows       {verdict.rows}")
        self.stdout.write(f"log root   {verdict.lines} lines")
        self.stdout.write(f"waiting    {_waiting(verdict)}")
        self.stdout.write(
            f"window     up to {window} s pass before a view is sealed; until then only the rights "
            "of the database protect it"
        )
        if verdict.late_rows:
            minutes = int(LATE_AFTER.total_seconds() // 60)
            self.stdout.write(
                f"late       {verdict.late_rows} rows were sealed more than {minutes} min after "
                "the time they carry: nobody sealed then, or they were written afterwards"
            )


def _waiting(verdict: Verdict) -> str:
    if verdict.oldest_waiting is None:
        return f"{verdict.waiting} rows without a seal"
    seconds = verdict.oldest_waiting.total_seconds()
    return f"{verdict.waiting} rows without a seal, the oldest for {seconds:.0f} s"


def _told(verdict: Verdict) -> str:
    first, *others = map(str, verdict.findings)
    lines = [f"First bad: {first}"]
    lines += [f"  also: {finding}" for finding in others[: _TOLD - 1]]
    if verdict.fault_count > len(lines):
        lines.append(f"{verdict.fault_count} in all.")
    return "\n".join(lines)
