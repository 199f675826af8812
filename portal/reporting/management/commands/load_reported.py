"""`load_reported FILE --source TEXT`: take in the counts that another system printed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.reporting.services.load_reported import COLUMNS, ReportedError, load_reported


class Command(BaseCommand):
    """Load them; the page /map/reported/ shows each with the share that its counts give."""

    help = f"Load reported counts from a CSV (UTF-8) with the columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and where it comes from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who printed the counts, and where")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was taken and each line refused; exit 1 where any was."""
        file: Path = options["file"]
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                loaded = load_reported(lines, source=options["source"])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (ReportedError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(f"taken\t{loaded.taken}")
        for one in loaded.refused:
            self.stderr.write(f"{file}:{one.line}: {one.column}: {one.reason}")
        if loaded.refused:
            raise SystemExit(1)
