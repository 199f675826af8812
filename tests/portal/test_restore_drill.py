"""A back-up is sealed, refuses to be altered, and a system restored from it says nothing (F50)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from portal.backups import unpack_backup
from portal.common.errors import SealError
from portal.embedded import Place, Servers
from tests import migrated

PROJECT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow
# People with their numbers, and a message that nobody has sent yet.
_FILL = """
import django
django.setup()
from notifications.services import load_texts
from tests.factories.citizens import CitizenFactory
from tests.factories.notifications import MessageFactory
load_texts()
CitizenFactory()
MessageFactory()
"""
OTHER_KEYS = "9:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Trial:
    """A portal in a folder of its own, worked by its commands."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.environment = os.environ | place.environment() | {
            "DATABASE_URL": place.database_url.replace("/portal?", f"/{migrated.TEMPLATE}?"),
            "PORTAL_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "PORTAL_TRIAL": str(place.root),
        }  # fmt: skip

    def manage(self, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *words, **more)

    def run(self, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - no shell, all words ours
            [sys.executable, *map(str, words)],
            cwd=PROJECT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def trial(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Trial]:
    """Two people, and a message that waits."""
    seed = migrated.seed_in(request.config.cache.mkdir("servers"))
    place = Place(tmp_path_factory.mktemp("trial") / "servers")
    servers = Servers(place, durable=False, seed=seed)
    try:
        servers.start()
        trial = Trial(place)
        # The dispatcher looks once where the database lives; what comes then waits.
        for words in (["manage.py", "dispatch", "--until-empty"], ["-c", _FILL]):
            done = trial.run(*words)
            assert done.returncode == 0, done.stderr
        yield trial
    finally:
        servers.stop()
        place.remove()


@pytest.fixture(scope="module")
def backup(trial: Trial) -> Path:
    done = trial.manage("back_up")
    assert done.returncode == 0, done.stderr
    (file,) = (trial.place.root / "backups").iterdir()
    return file


def test_a_restored_system_is_whole_and_silent(trial: Trial, backup: Path) -> None:
    done = trial.manage("restore_drill")

    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert told["tables"] == "2 people, 0 dossiers"
    assert told["gate"] == "closed; 1 messages wait for a person's word"
    # The portal itself was not touched.
    assert "gate is closed" not in trial.manage("dispatch", "--until-empty").stdout


def test_nothing_of_it_lies_in_clear(backup: Path) -> None:
    written = backup.read_bytes()

    assert backup.stat().st_mode & 0o077 == 0
    assert [
        word for word in (b"PG_VERSION", b"citizens_citizen", b"ustar") if word in written
    ] == []


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("altered", "the value was altered"),
        ("cut", "cut short"),
        ("renamed", "the value was altered"),
        ("other keys", "unknown seal format or key"),
    ],
)
def test_what_was_harmed_is_refused_with_its_reason(
    backup: Path, tmp_path: Path, settings: Settings, harm: str, reason: str
) -> None:
    written = bytearray(backup.read_bytes()[: 3 << 20])
    written[1_000] ^= harm == "altered"
    name = backup.name.replace("2", "3", 1) if harm == "renamed" else backup.name
    (tmp_path / name).write_bytes(written)
    settings.FIELD_KEYS = OTHER_KEYS if harm == "other keys" else settings.FIELD_KEYS

    with pytest.raises(SealError, match=reason):
        unpack_backup(tmp_path / name, tmp_path / "copy")


def test_it_is_unpacked_for_good_into_an_empty_folder_only(backup: Path, tmp_path: Path) -> None:
    there = tmp_path / "postgres"
    call_command("restore_drill", backup, into=there)
    assert (there / "PG_VERSION").exists()
    assert (there / "recovery.signal").exists()

    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore_drill", backup, into=there)


def test_a_folder_without_a_back_up_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_ROOT = str(tmp_path)

    with pytest.raises(CommandError, match=r"take one with `manage\.py back_up`"):
        call_command("restore_drill")


def test_old_ones_go_once_the_new_one_is_whole(trial: Trial, tmp_path: Path) -> None:
    room = {"BACKUP_ROOT": str(tmp_path)}
    assert trial.manage("back_up", **room).returncode == 0
    (first,) = tmp_path.iterdir()
    failed = trial.manage(
        "back_up", "--keep", "1", DATABASE_URL="postgresql://nobody@/portal?host=/nowhere", **room
    )
    assert failed.returncode == 1
    assert "pg_basebackup failed" in failed.stderr
    assert list(tmp_path.iterdir()) == [first]

    done = trial.manage("back_up", "--keep", "1", **room)

    assert done.returncode == 0, done.stderr
    (left,) = tmp_path.iterdir()
    assert left.name > first.name
