"""Stored documents: sealed, bound to their names, brought under a new key, swept when orphaned."""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from dossiers.documents import store
from dossiers.services.rotate_files import files_by_key, rotate_files, sweep_files
from dossiers.tasks import sweep_files as ring_sweep
from portal.common import clock
from portal.common.errors import SealError
from tests.factories.papers import SCAN, a_document

NEW = "2:" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.django_db
class TestStored:
    def test_what_is_stored_is_sealed_private_and_comes_back(self) -> None:
        document = a_document()
        file = store.folder() / document.stored_name

        assert store.open_stored(document) == SCAN
        assert b"synthetic" not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
        assert store.folder().stat().st_mode & 0o077 == 0

    def test_one_changed_byte_does_not_open(self) -> None:
        document = a_document()
        file = store.folder() / document.stored_name
        sealed = file.read_bytes()
        file.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))

        with pytest.raises(SealError):
            store.open_stored(document)

    def test_two_files_cannot_be_swapped(self) -> None:
        first, second = a_document(), a_document(data=SCAN + b"2")
        (store.folder() / first.stored_name).write_bytes(
            (store.folder() / second.stored_name).read_bytes()
        )

        with pytest.raises(SealError):
            store.open_stored(first)

    def test_a_row_that_points_to_another_file_does_not_open(self) -> None:
        first, second = a_document(), a_document(data=SCAN + b"2")
        first.stored_name = second.stored_name

        with pytest.raises(SealError, match="not the one"):
            store.open_stored(first)

    def test_forgetting_twice_is_no_error(self) -> None:
        document = a_document()
        store.forget(document.stored_name)
        store.forget(document.stored_name)

        with pytest.raises(FileNotFoundError):
            store.open_stored(document)


@pytest.mark.django_db
class TestKeys:
    def test_files_come_under_the_newest_key_and_say_the_same(self, settings: Settings) -> None:
        document = a_document()
        settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"

        assert (files_by_key(), rotate_files().written) == ({1: 1}, 1)

        settings.FIELD_KEYS = NEW
        assert (files_by_key(), store.open_stored(document)) == ({2: 1}, SCAN)
        assert rotate_files().written == 0

    def test_the_command_rotates_and_counts_files(self, settings: Settings) -> None:
        a_document()
        settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"
        counted, said = StringIO(), StringIO()

        call_command("rotate_keys", "--dry-run", stdout=counted)
        call_command("rotate_keys", stdout=said)

        assert "stored documents                           1 under key 1" in counted.getvalue()
        assert "Key 1: 0 values. It may leave FIELD_KEYS." in said.getvalue()

    def test_a_file_that_does_not_open_keeps_its_key_in_the_ring(self, settings: Settings) -> None:
        file = store.folder() / a_document().stored_name
        file.write_bytes(file.read_bytes()[:-1])
        settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"

        with pytest.raises(CommandError, match="key 1: 1 values"):
            call_command("rotate_keys", stdout=StringIO())


@pytest.mark.django_db
class TestSweep:
    @pytest.mark.parametrize("ending", ["", store.PART], ids=["whole", "half-written"])
    def test_an_old_file_without_a_row_goes(self, ending: str) -> None:
        kept, name = a_document(), store.store(b"its row was rolled back")
        orphan = store.folder() / f"{name}{ending}"
        (store.folder() / name).rename(orphan)
        aged = clock.now().timestamp() - timedelta(days=2).total_seconds()
        for file in store.folder().iterdir():
            os.utime(file, (aged, aged))

        assert sweep_files(now=clock.now()) == 1
        assert [name for name, _at in store.stored_names()] == [kept.stored_name]

    def test_a_fresh_one_may_still_get_its_row(self) -> None:
        store.store(b"its row is on its way")

        ring_sweep()

        assert len(list(store.stored_names())) == 1
