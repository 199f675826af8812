"""`rotate_keys`: re-encrypt every sealed column under the newest key of FIELD_KEYS."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from dossiers.services.rotate_files import files_by_key, rotate_files
from dossiers.services.rotate_keys import Rotation, remaining, rotate_keys, values_by_key
from dossiers.services.sealed_columns import SEALED, SealedColumn
from portal.common.crypto import ring

FILES = "stored documents"


class Command(BaseCommand):
    """May be killed and run again, and run while the portal works; exit 1 where values remain."""

    help = (
        "Re-encrypt every sealed value under the newest (first) key of FIELD_KEYS, and say which "
        "keys may leave the ring. INDEX_KEY is another key and is never rotated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the switch that only counts."""
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rotate, and print counts a column; CommandError where an old key is still needed."""
        newest, *older = ring()
        self.stdout.write(f"Newest key: {newest}. Older keys in FIELD_KEYS: {_listed(older)}.")
        if options["dry_run"]:
            self._count()
            return
        for done in self._rotate():
            self._tell(str(done.column), done.written, done.raced, done.unreadable)
        files = rotate_files()
        self._tell(FILES, files.written, 0, files.unreadable)
        held = Counter(remaining()) + Counter(files_by_key())
        self._conclude({key: held[key] for key in {*held, *older} - {newest}})

    def _count(self) -> None:
        counts = {str(column): values_by_key(column) for column in SEALED}
        for name, held in (counts | {FILES: files_by_key()}).items():
            told = ", ".join(f"{held[key]:,} under key {key}" for key in sorted(held))
            self.stdout.write(f"{name:<42} {told or 'empty'}")

    def _rotate(self) -> list[Rotation]:
        if not sys.stderr.isatty():
            return rotate_keys()
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("counting", total=sum(remaining().values()))

            def show(column: SealedColumn, count: int) -> None:
                bar.update(task, description=str(column), advance=count)

            return rotate_keys(progress=show)

    def _tell(self, name: str, written: int, raced: int, unreadable: int) -> None:
        line = f"{name:<42} {written:>10,} re-encrypted"
        if raced:
            line += f", {raced:,} changed by others meanwhile"
        if unreadable:
            line += f", {unreadable:,} DO NOT OPEN"
        self.stdout.write(line)

    def _conclude(self, left: dict[int, int]) -> None:
        for key in sorted(key for key, count in left.items() if not count):
            self.stdout.write(f"Key {key}: 0 values. It may leave FIELD_KEYS.")
        needed = [f"key {key}: {left[key]:,} values" for key in sorted(left) if left[key]]
        if needed:
            raise CommandError(
                f"Still needed: {', '.join(needed)}. Is every process started anew with this "
                "FIELD_KEYS? Then run it again; values that do not open need the key that "
                "sealed them, or a backup."
            )


def _listed(keys: list[int]) -> str:
    return ", ".join(map(str, keys)) or "none"
