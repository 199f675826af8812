"""`load_official_scores FILE --source TEXT`: take in the points and ranks that were published."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.reporting.quality.official import (
    COLUMNS,
    OfficialScoresError,
    load_official_scores,
)


class Command(BaseCommand):
    """Load them; the page /map/quality/ shows them beside what the portal counts."""

    help = f"Load official scores from a CSV (UTF-8) with the columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and where it comes from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who published the scores, and where")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was taken and each line refused; exit 1 where any was."""
        file: Path = options["file"]
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                loaded = load_official_scores(lines, source=options["source"])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (OfficialScoresError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(f"taken\t{loaded.taken}")
        for one in loaded.refused:
            self.stderr.write(f"{file}:{one.line}: {one.column}: {one.reason}")
        if loaded.refused:
            raise SystemExit(1)
