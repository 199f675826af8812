"""The embedded servers of the trial, each test with a pair of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.embedded import BusyError, Place, Servers, reset
from portal.postgres_runner import EmbeddedError, Runner, postgres_binaries
from portal.processes import is_alive

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    # pytest's own folders are 0700: root's PostgreSQL, which runs as nobody, may not enter them.
    folder = Path(f"/tmp/portal-test-{os.getpid()}-{time.monotonic_ns()}")  # noqa: S108
    found = Place(folder)
    yield found
    found.remove()


@pytest.fixture
def servers(place: Place) -> Iterator[Servers]:
    found = Servers(place, durable=False, shared_buffers="16MB")
    yield found
    found.stop()


def ask(place: Place, sql: str) -> object:
    connection = psycopg2.connect(place.database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


@pytest.mark.slow
def test_both_servers_answer_on_unix_sockets_only(place: Place, servers: Servers) -> None:
    servers.start()

    assert ask(place, "SHOW listen_addresses") == ""
    assert ask(place, "SELECT lower('ĐĂNG KÝ')") == "đăng ký"
    assert redis.Redis.from_url(place.redis_url).config_get("port") == {"port": "0"}
    assert place.sockets.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_a_second_start_keeps_what_was_stored(place: Place, servers: Servers) -> None:
    servers.start()
    ask(place, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.stop()

    servers.start()

    assert ask(place, "SELECT answer FROM kept") == 42


@pytest.mark.slow
def test_a_seed_is_copied_and_stays_as_it_is(place: Place, servers: Servers) -> None:
    servers.start()
    ask(place, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.stop()
    seed = place.pg_data.rename(place.root / "seed")
    seeded = Servers(place, durable=False, seed=seed, shared_buffers="16MB")

    seeded.start()
    answer = ask(place, "SELECT answer FROM kept")
    ask(place, "DROP TABLE kept")
    seeded.stop()

    assert answer == 42
    shutil.rmtree(place.pg_data)
    seeded.start()
    assert ask(place, "SELECT answer FROM kept") == 42
    seeded.stop()


@pytest.mark.slow
def test_one_place_has_one_owner(place: Place, servers: Servers) -> None:
    servers.start()

    with pytest.raises(BusyError, match="already running"):
        Servers(place).start()
    with pytest.raises(BusyError, match="Ctrl-C"):
        reset(place)


@pytest.mark.slow
def test_reset_deletes_the_data_of_a_stopped_trial(place: Place, servers: Servers) -> None:
    servers.start()
    servers.stop()

    assert "deleted" in reset(place)
    assert not place.root.exists()


@pytest.mark.slow
def test_a_pid_file_of_somebody_else_does_not_keep_the_server_from_starting(
    place: Place, servers: Servers
) -> None:
    servers.start()
    servers.stop()
    (place.pg_data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.pg_data}\n")

    servers.start()

    assert ask(place, "SELECT 1") == 1


def test_a_long_path_moves_the_sockets_not_the_data() -> None:
    place = Place(Path("/srv") / ("long-" * 30) / ".trial")

    assert len(str(place.sockets / ".s.PGSQL.5432")) < 108
    assert place.pg_data.is_relative_to(place.root)
    assert place.sockets == Place(place.root).sockets
    assert place.sockets != Place(place.root / "other").sockets


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["launcher", "postgres"])
def test_a_killed_launcher_leaves_nothing_and_the_next_start_copes(
    place: Place, servers: Servers, victim: str
) -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from portal.embedded import Place, Servers\n"
        "servers = Servers(Place(Path(sys.argv[1])), durable=False)\n"
        "servers.start()\n"
        "print(*(child.pid for _, child, _ in servers._children), flush=True)\n"
        "time.sleep(600)\n"
    )
    launcher = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", script, str(place.root)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert launcher.stdout is not None
    pids = [int(word) for word in launcher.stdout.readline().split()]
    assert len(pids) == 2

    if victim == "postgres":  # its children end too, and its pid file stays
        os.kill(pids[1], signal.SIGKILL)
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()

    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, pids))
    servers.start()
    assert ask(place, "SELECT 1") == 1


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root has to hand PostgreSQL to somebody else")
def test_root_in_a_closed_folder_uses_another_way(place: Place, servers: Servers) -> None:
    """A checkout under /root: `nobody` may not enter it."""
    closed = Place(place.root / "closed" / "trial")
    closed.root.mkdir(parents=True)
    closed.root.parent.chmod(0o700)
    inside = Servers(closed, durable=False)
    try:
        inside.start()
        assert ask(closed, "SELECT 1") == 1
    finally:
        inside.stop()
        closed.remove()


def test_a_failing_tool_says_what_it_said() -> None:
    runner = Runner("self", postgres_binaries())

    with pytest.raises(EmbeddedError, match="no-such-option"):
        runner.run("ls", "--no-such-option")


def test_own_binaries_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_PG_BIN", str(tmp_path))

    with pytest.raises(EmbeddedError, match="no initdb"):
        postgres_binaries()
