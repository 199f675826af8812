"""`scan`: the main job for one civil date."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from portal.common import clock
from procedures.models import Rule
from procedures.services.scan import RuleResult, ScanResult, scan_day

COLUMNS = ("rule", "opened", "reminded", "messages", "retired", "ms")


class Command(BaseCommand):
    """Find what is due, suggest it and remind of it; running it again writes nothing."""

    help = "Scan one civil date: suggest what is due, remind, withdraw what is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the date, a rule, and whether to write."""
        parser.add_argument("--on", type=_date, metavar="DATE", help="civil date, default today")
        parser.add_argument("--rule", metavar="KEY", help="only this rule")
        parser.add_argument("--dry-run", action="store_true", help="tell, but write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Scan and print a line a rule.

        CommandError (exit 1) for a date to come, where a rule failed, and where another process
        took the run over.
        """
        rule_key = options["rule"]
        if rule_key and not Rule.objects.filter(key=rule_key).exists():
            raise CommandError(f"There is no rule {rule_key!r}.")
        on_date = options["on"] or clock.today()
        if on_date > clock.today() and not options["dry_run"]:
            raise CommandError(
                f"{on_date} has not come: what expires until then could not be brought back. "
                "Add --dry-run to see what that day will bring."
            )
        result = self._scan(on_date, rule_key, dry_run=options["dry_run"])
        if result.is_busy:
            self.stdout.write(f"{on_date}: another process is scanning this date.")
            return
        self._print(result, title=_title(on_date, dry_run=options["dry_run"]))
        if result.is_lost:
            raise CommandError(
                f"{on_date}: another process has taken this scan over and goes on with it; "
                "what is listed above was written here."
            )
        if result.has_failed:
            failed = [f"{one.rule_key}: {one.error}" for one in result.rules if one.error]
            raise CommandError("These rules failed, the others were scanned. " + "; ".join(failed))

    def _scan(self, on_date: date, rule_key: str | None, *, dry_run: bool) -> ScanResult:
        if not sys.stderr.isatty():
            return scan_day(on_date=on_date, rule_key=rule_key, dry_run=dry_run)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("scan")

            def show(key: str, done: int, total: int) -> None:
                bar.update(task, description=key, completed=done, total=total)

            return scan_day(on_date=on_date, rule_key=rule_key, dry_run=dry_run, progress=show)

    def _print(self, result: ScanResult, *, title: str) -> None:
        rows = [_cells(one) for one in result.rules]
        rows.append(
            _cells(RuleResult("total", result.total, sum(r.duration_ms for r in result.rules)))
        )
        if self.stdout.isatty():
            Console().print(_table(title, rows))
            return
        self.stdout.write(title)
        for row in (COLUMNS, *rows):
            self.stdout.write("\t".join(row))


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _title(on_date: date, *, dry_run: bool) -> str:
    return f"scan {on_date}" + (" (dry run: nothing was written)" if dry_run else "")


def _cells(one: RuleResult) -> tuple[str, ...]:
    counts = one.counts
    numbers = (counts.opened, counts.reminded, counts.messages, counts.retired, one.duration_ms)
    return (one.rule_key, *(str(number) for number in numbers))


def _table(title: str, rows: list[tuple[str, ...]]) -> Table:
    table = Table(title=title)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == "rule" else "right")
    for number, row in enumerate(rows, start=1):
        table.add_row(*row, end_section=number == len(rows) - 1)
    return table
