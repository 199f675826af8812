"""`import_register`: one extract of a register, good rows stored, bad ones named."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from citizens.registers.declared import FORMATS
from citizens.services.import_register import Imported, import_register
from citizens.services.import_register import Progress as Tell
from citizens.services.import_slices import LINES
from portal.common import clock
from portal.common.errors import RefusedError

_PHASES = {
    "reading": "reading and checking cells",
    "writing": "writing facts",
    "linking": "linking people",
    "rejecting": "naming rejected rows",
}


class Command(BaseCommand):
    """Import one extract (CSV or XLSX); running it again with the same file changes nothing."""

    # They load every page to look at it, which takes seconds and half of the memory of an import.
    requires_system_checks: list[str] = []
    help = "Import one register extract (CSV or XLSX); bad rows go to FILE.errors.csv."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Return the parser, with the tables and their columns below the options."""
        kwargs |= {"epilog": _tables(), "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the register, the file, and how to read it."""
        parser.add_argument("code", help="register, such as GPLX, or its table, such as NPD.card")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of", type=_date, metavar="DATE", help="day of which the data are, default today"
        )
        parser.add_argument(
            "--encoding", help="utf-8, utf-16-le, utf-16-be, cp1258, tcvn3, vni or viscii"
        )
        parser.add_argument(
            "--slice", type=int, default=LINES, metavar="LINES", help="lines a transaction"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell, but write no facts")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and print the counts; CommandError (exit 1) when the file is refused whole.

        So does whatever else stops the import, told without its words: they may hold a row's.
        """
        path: Path = options["file"]
        try:
            done = self._import(path, options)
        except RefusedError as refused:
            raise CommandError("\n".join((f"{path}: refused", *refused.reasons))) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except Exception as error:
            raise CommandError(_stopped(path, error)) from error
        for line in _told(done, is_dry_run=options["dry_run"]):
            self.stdout.write(line)

    def _import(self, path: Path, options: dict[str, Any]) -> Imported:
        register, _dot, kind = str(options["code"]).partition(".")
        with self._shown() as tell:
            return import_register(
                register=register.upper(),
                kind=kind or None,
                path=path,
                day=clock.today(),
                as_of=options["as_of"],
                encoding=options["encoding"],
                is_dry_run=options["dry_run"],
                errors=path.with_name(f"{path.name}.errors.csv"),
                slice_lines=options["slice"],
                progress=tell,
            )

    @contextmanager
    def _shown(self) -> Iterator[Tell]:
        """Give what shows progress: a moving line on a terminal, nothing elsewhere."""
        if not sys.stderr.isatty():
            yield lambda _phase, _line: None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(pulse_style="cyan"))
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=None)

            def tell(phase: str, line: int) -> None:
                bar.update(task, description=f"{_PHASES[phase]}: line {line:,}")

            yield tell


def _stopped(path: Path, error: Exception) -> str:
    """Return what happened and what to do, without the error's own words."""
    return (
        f"{path}: the import stopped ({type(error).__name__}); the file is as it was: run the same"
        " command again, what is written already is not written twice"
        " (--traceback shows the details)."
    )


def _told(done: Imported, *, is_dry_run: bool) -> Iterator[str]:
    """Yield what became of the file, line by line."""
    batch = done.batch
    title = f"{done.declared.key} as of {batch.as_of}, {batch.encoding}"
    if done.was_done:
        yield f"{title}: this file was imported before; nothing changed."
        return
    yield f"{title}{': nothing was written (dry run)' if is_dry_run else ''}"
    for name in ("row", "created", "changed", "unchanged", "stale", "rejected", "discrepancy"):
        yield f"  {name + 's' if name == 'row' else name:12}{getattr(batch, f'{name}_count'):>12,}"
    if done.ignored:
        yield f"  columns that nobody knows were passed over: {', '.join(done.ignored)}"
    for code, count in done.kinds.items():
        yield f"    {code:24}{count:>8,}  {done.reasons[code]}"
    if done.errors is not None:
        yield f"  rejected rows, to be mended and imported again: {done.errors}"


def _tables() -> str:
    """Return every table that can be imported, with its columns."""
    lines = ["tables and columns (* must be there; a heading may also be the Vietnamese name):"]
    for declared in FORMATS.values():
        columns = " ".join(c.name + "*" * c.required for c in declared.columns)
        lines.append(f"  {declared.key}: {columns}")
    return "\n".join(lines)


def _date(text: str) -> date:
    return date.fromisoformat(text)
