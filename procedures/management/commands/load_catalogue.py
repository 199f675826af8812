"""`manage.py load_catalogue [FILE]`: load or update procedures, rules, bundles, units, holidays."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from portal.common.errors import RefusedError
from procedures.services.load_catalogue import CATALOGUE_FILE, CatalogueLoaded, load_catalogue


class Command(BaseCommand):
    """Doorbell of `procedures.services.load_catalogue`."""

    help = (
        "Loads registers, units, agencies, calendar, texts, procedures, bundles and rules. Into an "
        "empty catalogue versions come as released; later, what the file says differently becomes "
        "a draft. A malformed file is refused whole, with file, line, key and reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=CATALOGUE_FILE,
            metavar="FILE",
            help="YAML catalogue; without it, the one that comes with the portal.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and print counts; exit 1 with every reason when the file is refused."""
        try:
            loaded = self._load(options["file"])
        except RefusedError as error:
            refused = "Danh mục bị từ chối, không có gì thay đổi. / Refused, nothing was changed."
            raise CommandError("\n".join((refused, *error.reasons))) from error
        if options["verbosity"]:
            self._report(loaded)

    def _load(self, path: Path) -> CatalogueLoaded:
        if not sys.stderr.isatty():
            return load_catalogue(path=path)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(path.name)

            def show(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            return load_catalogue(path=path, progress=show)

    def _report(self, loaded: CatalogueLoaded) -> None:
        for name in ("procedures", "rules", "bundles"):
            count = getattr(loaded, name)
            self.stdout.write(
                f"{name}: {count.released} released, {count.drafted} drafted, "
                f"{count.unchanged} unchanged"
            )
        places = ", ".join(f"{name} {written}" for name, written in loaded.places.items())
        self.stdout.write(f"rows written: {places}")
        if not loaded.changed:
            self.stdout.write("Không có gì thay đổi. / Nothing has changed.")
