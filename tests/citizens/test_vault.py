from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from citizens.registers import vault
from portal.common.crypto import CHUNK
from portal.common.errors import SealError
from tests.citizens.receiving import plain

SECRET = b"999185000001 " * 200_000  # several chunks


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.mark.parametrize("content", [b"", b"one", SECRET, b"x" * (2 * CHUNK)])
def test_what_is_stored_comes_back_and_is_not_to_be_read_on_disk(content: bytes) -> None:
    with plain(content) as file:
        vault.store(file, "name.auto")

    at_rest = (vault.folder() / "name.auto").read_bytes()
    assert content[:12] == b"" or content[:12] not in at_rest
    with vault.opened("name.auto") as path:
        assert path.read_bytes() == content
    assert not path.exists()


def test_only_the_portal_enters_the_folder_and_reads_the_file() -> None:
    with plain(b"one") as file:
        vault.store(file, "name.auto")

    assert stat.S_IMODE(vault.folder().stat().st_mode) == 0o700
    assert stat.S_IMODE((vault.folder() / "name.auto").stat().st_mode) == 0o600
    assert [name for name, _at in vault.stored_names()] == ["name.auto"]


def _frames(raw: bytes) -> list[bytes]:
    found = []
    while raw:
        length = 4 + int.from_bytes(raw[:4], "big")
        found.append(raw[:length])
        raw = raw[length:]
    return found


@pytest.mark.parametrize("harm", ["cut", "last chunk gone", "swapped", "altered", "renamed"])
def test_what_was_altered_does_not_open(harm: str) -> None:
    with plain(SECRET) as file:
        vault.store(file, "name.auto")
    path = vault.folder() / "name.auto"
    raw = path.read_bytes()
    first, second, *rest = _frames(raw)
    harmed = {
        "cut": raw[:-5],
        "last chunk gone": b"".join([first, second, *rest][:-1]),
        "swapped": b"".join([second, first, *rest]),
        "altered": raw[:500] + bytes([raw[500] ^ 1]) + raw[501:],
        "renamed": raw,
    }
    name = "other.auto" if harm == "renamed" else "name.auto"
    (vault.folder() / name).write_bytes(harmed[harm])

    with pytest.raises(SealError), vault.opened(name):
        pass


def test_what_is_gone_is_said_to_be_gone() -> None:
    vault.forget("never.auto")
    vault.forget("")

    with pytest.raises(FileNotFoundError), vault.opened("never.auto"):
        pass


@pytest.mark.fault
def test_a_killed_process_leaves_nothing_in_clear(settings: Settings) -> None:
    script = (
        "import os, sys, django; django.setup()\n"
        "from citizens.registers.vault import PlainFile\n"
        "file = PlainFile(); file.write(b'999185000001' * 9999); file.path.stat()\n"
        "print('written', flush=True); sys.stdin.read()"
    )
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    child = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", script],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    held = list(Path(f"/proc/{child.pid}/fd").iterdir())
    ours = [fd for fd in held if str(settings.MEDIA_ROOT) in str(fd.readlink())]
    assert len(ours) == 1

    child.send_signal(signal.SIGKILL)
    child.communicate()

    assert list(vault.folder().iterdir()) == []
