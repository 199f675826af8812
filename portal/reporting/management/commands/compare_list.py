"""`compare_list PARTNER FILE --since DAY --until DAY`: hold a partner's list against our books."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.partners.mapping import MappingError, mapping_of
from portal.common import clock
from portal.common.spreadsheets import csv_lines
from portal.reporting.comparison.matching import Class, Match, compare
from portal.reporting.comparison.reading import Line, first_headings, read_list
from portal.reporting.selectors.assumptions import COMPARE_LINE, assumptions
from portal.reporting.services.read_table import Refused, TableError

HEADS = ("class", "line", "national", "code", "unit", "procedure", "differs", "here", "there")


class Command(BaseCommand):
    """Counts what differs on the standard output; `--out` writes every line with its proposal."""

    help = "Compare a partner's list (CSV or XLSX) with our dossiers; nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose list it is, the file, and which days of filing it is of."""
        parser.add_argument("partner", help="national_portal")
        parser.add_argument("file", type=Path)
        parser.add_argument("--since", type=date.fromisoformat, required=True)
        parser.add_argument("--until", type=date.fromisoformat, required=True)
        parser.add_argument("--out", type=Path, help="a CSV of every line and what would mend it")

        parser.add_argument("--refused", type=Path, help="a CSV of the lines refused, to be mended")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Name the lines refused, count the others; exit 1 where any line was refused."""
        file: Path = options["file"]
        today = clock.today()
        try:
            mapping = mapping_of(options["partner"])
            read = list(read_list(file.read_bytes(), mapping=mapping, today=today))
            lines = [one for one in read if isinstance(one, Line)]
            days = {"since": options["since"], "until": options["until"]}
            found = list(compare(lines, mapping=mapping, **days))
            refused = [one for one in read if isinstance(one, Refused)]
            if options["out"]:
                _write(options["out"], _found(found))
            if options["refused"]:
                _write(options["refused"], _refused(mapping.partner, refused))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except (TableError, MappingError) as error:
            raise CommandError(f"{file}: {error}") from error
        counts = Counter(one.found for one in found)
        for kind in Class:
            self.stdout.write(f"{kind}\t{counts[kind]}")
        hours = len(lines) * assumptions(day=today)[COMPARE_LINE].value
        self.stdout.write(f"hours by hand (assumed)\t{hours:.1f}")
        for line in refused:
            self.stderr.write(f"{file}:{line.line}: {line.column}: {line.reason}")
        if refused:
            raise SystemExit(1)


def _found(found: Iterable[Match]) -> Iterator[Iterable[object]]:
    yield (*HEADS, "proposed")
    for one in found:
        yield (
            *(one.found, one.number or "", one.national, one.code, one.unit, one.procedure),
            *(" ".join(one.differs), one.here or "", one.there or "", one.repair or ""),
        )


def _refused(partner: str, refused: Iterable[Refused]) -> Iterator[Iterable[object]]:
    """Yield them under headings that are read again; the line and the reason are not."""
    yield (*first_headings(partner), "line", "column", "reason")
    for one in refused:
        yield (*one.cells, one.line, one.column, one.reason)


def _write(path: Path, rows: Iterable[Iterable[object]]) -> None:
    path.write_text("".join(csv_lines(rows)), "utf-8", newline="")
