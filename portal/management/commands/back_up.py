"""`back_up`: the whole database server in one sealed file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import BackupError, backups_in, take_backup
from portal.common import clock
from portal.postgres_runner import EmbeddedError


class Command(BaseCommand):
    """Take a back-up while the portal works; `restore_drill` shows that it can be put back."""

    help = "Back up the database server, sealed under FIELD_KEYS, into BACKUP_ROOT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many back-ups stay."""
        parser.add_argument(
            "--keep", type=int, metavar="N", help="delete all but the newest N back-ups afterwards"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write one file; CommandError says what failed. Older ones go only after it is whole."""
        keep = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep needs a number of 1 or more.")
        folder, started = Path(settings.BACKUP_ROOT), time.monotonic()
        try:
            file = take_backup(folder, settings.OWNER_DATABASE, now=clock.now())
        except (BackupError, EmbeddedError, OSError) as error:
            raise CommandError(f"{error}") from error
        size = file.stat().st_size / 1e6
        self.stdout.write(f"{file}: {size:,.0f} MB in {time.monotonic() - started:.1f} s")
        old = backups_in(folder)[:-keep] if keep else []
        for one in old:
            one.unlink()
            self.stdout.write(f"deleted {one.name}")
