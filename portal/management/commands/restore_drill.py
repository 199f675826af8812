"""`restore_drill`: put a back-up on a server of its own and see whether it holds what it should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from citizens.models import Citizen
from citizens.services.log_faults import Fault
from citizens.services.verify_log import verify_log
from dossiers.models import Dossier
from notifications.models import Message
from notifications.models.messages import UNFINISHED
from notifications.services import is_gate_closed
from portal.backups import BackupError, backups_in, taken_at, unpack_backup
from portal.common import clock
from portal.common.errors import SealError
from portal.embedded import Place, Servers
from portal.postgres_runner import EmbeddedError

# What a back-up cannot have: seals that were written after it.
_LATER = {Fault.CUT_OFF, Fault.OUTSIDE, Fault.LATE}
# A copy must reach nobody, whatever its gate says.
_NO_CHANNELS = dict.fromkeys(("SMS_URL", "APP_URL", "ZALO_URL", "EMAIL_URL", "PAYMENT_URL"), "")
_LONGEST = 3600


class Command(BaseCommand):
    """Restore the newest back-up beside the portal, look at it, and throw the copy away."""

    help = "Rehearse a restore: unseal, verify, recover and look at a back-up. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and where there is room for the copy."""
        parser.add_argument(
            "file", nargs="?", type=Path, help="a back-up (default: the newest in BACKUP_ROOT)"
        )
        parser.add_argument(
            "--room", type=Path, help="a folder with room for the copy (default: temporary files)"
        )
        parser.add_argument(
            "--into", type=Path, help="no drill: unpack for good into this empty folder, and end"
        )
        parser.add_argument("--look", action="store_true", help="look at DATABASE_URL; used within")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each thing looked at; CommandError names what is not as it should be."""
        if options["look"]:
            self.stdout.write(json.dumps(_look()))
            return
        file = options["file"] or _newest()
        if options["into"]:
            self._unpack(file, options["into"])
            return
        started = time.monotonic()
        self.stdout.write(f"back-up    {file.name}, {file.stat().st_size / 1e6:,.0f} MB")
        try:
            with _restored(file, options["room"]) as place:
                ready = time.monotonic() - started
                seen = _looked_at(place)
        except (BackupError, EmbeddedError, SealError, OSError) as error:
            raise CommandError(f"The back-up cannot be restored. {error}") from error
        age = clock.now() - taken_at(file)
        self.stdout.write(
            f"age        {age.total_seconds() / 3600:.1f} h: what came later is not in it"
        )
        self.stdout.write(f"restored   in {ready:.1f} s, verified against its manifest")
        for name, words in seen["seen"].items():
            self.stdout.write(f"{name:<10} {words}")
        if seen["wrong"]:
            raise CommandError("; ".join(seen["wrong"]))
        self.stdout.write("The back-up is good, and a system restored from it is silent.")

    def _unpack(self, file: Path, into: Path) -> None:
        if into.exists() and any(into.iterdir()):
            raise CommandError(f"{into} is not empty: name another folder, nothing was written.")
        try:
            unpack_backup(file, into)
        except (BackupError, SealError, OSError) as error:
            raise CommandError(f"The back-up cannot be unpacked. {error}") from error
        self.stdout.write(f"{into}: verified. Start PostgreSQL on it as its owner.")


def _newest() -> Path:
    found = backups_in(Path(settings.BACKUP_ROOT))
    if not found:
        raise CommandError(
            f"There is no back-up in {settings.BACKUP_ROOT}: take one with `manage.py back_up`."
        )
    return found[-1]


@contextmanager
def _restored(file: Path, room: Path | None) -> Iterator[Place]:
    """Run the back-up on servers of its own; nothing of them is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-drill-", dir=room) as folder:
        place = Place(Path(folder) / "servers")
        unpack_backup(file, place.pg_data)
        servers = Servers(place, durable=False)  # nothing of it is kept
        try:
            servers.start()
            yield place
        finally:
            servers.stop()
            place.remove()


def _looked_at(place: Place) -> dict[str, Any]:
    """Return what another process saw that has the copy for its database."""
    owner = settings.OWNER_DATABASE
    user = quote(owner["USER"]) + (f":{quote(owner['PASSWORD'])}" if owner["PASSWORD"] else "")
    url = f"postgresql://{user}@/{quote(owner['NAME'])}?host={place.sockets}"
    told = {"DATABASE_URL": url, "MIGRATE_DATABASE_URL": url, "REDIS_URL": place.redis_url}
    done = subprocess.run(  # noqa: S603 - no shell, this very command
        [sys.executable, Path(sys.argv[0]).resolve(), "restore_drill", "--look"],
        env=os.environ | _NO_CHANNELS | told,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    if done.returncode:
        raise BackupError(f"The copy cannot be looked at: {done.stderr.strip()[-500:]}")
    seen: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return seen


def _opens(person: Citizen) -> bool:
    try:
        return bool(person.pin)
    except SealError:
        return False


def _look() -> dict[str, Any]:
    """Look at the database of this process, a restored one."""
    wrong = []
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        wrong.append(f"{pending} migrations are missing: it was taken from an older version")
    person = Citizen.objects.exclude(pin_index=None).order_by("pk").first()
    if person is not None and not _opens(person):
        wrong.append("FIELD_KEYS does not open a person's number")
    verdict = verify_log(now=clock.now())
    faults = [str(one) for one in verdict.findings if one.fault not in _LATER]
    wrong += [f"the log of views: {one}" for one in faults[:3]]
    waiting = Message.objects.filter(state__in=UNFINISHED).count()
    if not is_gate_closed():
        wrong.append("the gate is open: messages would leave a second time")
    seen = {
        "tables": f"{Citizen.objects.count():,} people, {Dossier.objects.count():,} dossiers",
        "log": f"{verdict.seals} seals of {verdict.rows} views are whole",
        "gate": f"closed; {waiting:,} messages wait for a person's word",
    }
    return {"seen": seen, "wrong": wrong}
