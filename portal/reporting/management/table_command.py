"""What the commands that take in a table of others have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from portal.reporting.services.read_table import Loaded, TableError
from portal.reporting.services.read_workbook import lines_of


class TableCommand(BaseCommand):
    """Loads a CSV (UTF-8) or XLSX with `load`, and says which lines were refused and why."""

    load: ClassVar[Callable[..., Loaded]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and where it comes from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who published the figures, and where")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was taken and each line refused; exit 1 where any was."""
        file: Path = options["file"]
        try:
            loaded = type(self).load(lines_of(file.read_bytes()), source=options["source"])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except TableError as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(f"taken\t{loaded.taken}")
        for one in loaded.refused:
            self.stderr.write(f"{file}:{one.line}: {one.column}: {one.reason}")
        if loaded.refused:
            raise SystemExit(1)
