"""`keep_figures [MONTH]`: keep what is published of months, with the SHA-256 of the rows behind."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from portal.common import clock
from portal.reporting.services.keep_figures import keep_ended_months, keep_figures


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        message = f"“{text}” không phải tháng kiểu 2026-10 / is no month like 2026-10"
        raise ArgumentTypeError(message) from None


class Command(BaseCommand):
    """Keep them as beat does each night; what has not changed is left as it is."""

    help = "Keep the published figures of each month that has ended, or of the month named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a month, also one that has not ended."""
        parser.add_argument("month", nargs="?", type=_month, help="like 2026-10")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print month, version and digest of what was kept."""
        today = clock.today()
        month: date | None = options["month"]
        if month is None:
            kept = keep_ended_months(today=today)
        else:
            one = keep_figures(month=month, today=today)
            kept = [one] if one else []
        for row in kept:
            self.stdout.write(f"{row.month:%Y-%m}\t{row.version}\t{row.digest}")
        self.stdout.write(f"kept\t{len(kept)}")
