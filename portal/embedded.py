"""PostgreSQL and Valkey from wheels, for the trial run and the tests.

Standard library only and importable without Django, because it decides where Django's settings
find their database. Both servers listen on unix sockets alone, in a folder of mode 0700, and end
with the process that started them, however that process ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from portal.postgres_runner import (
    EmbeddedError,
    Runner,
    choose_runner,
    folder_elsewhere,
    link_elsewhere,
    valkey_binary,
)
from portal.processes import is_alive

DATABASE = "portal"
OWNER = "portal"
APPLICATION_ROLE = "portal_app"
_SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes; a little is left for lock files
_WAIT_SECONDS = 60.0
# Not `check`: whether a constraint is possible is asked of the server.
_OFFLINE_COMMANDS = frozenset(
    {
        "--version",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "run",
        "startapp",
        "version",
    }
)


class BusyError(EmbeddedError):
    """Another process already runs the servers of this folder."""


@dataclass(frozen=True)
class Place:
    """Where one pair of servers keeps its data and its sockets."""

    root: Path

    @property
    def sockets(self) -> Path:
        """The folder of both sockets: inside `root` unless that path is too long for a socket."""
        inside = self.root / "s"
        if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= _SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp") / f"portal-{os.getuid()}-{digest}"  # noqa: S108

    @property
    def pg_data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.root / "postgres"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        """The owner's URL; the settings add the application's role to it."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        """Valkey's URL."""
        return f"unix://{self.valkey_socket}"

    def environment(self) -> dict[str, str]:
        """Return the variables that point a child process at these servers."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    def remove(self) -> None:
        """Delete all data of this place. Stop its servers first."""
        for folder in (folder_elsewhere(self.root), self.sockets, self.root):
            shutil.rmtree(folder, ignore_errors=True)


def trial_place(project: Path) -> Place:
    """Return the place of the trial run: PORTAL_TRIAL, or `.trial` in the checkout."""
    return Place(Path(os.environ.get("PORTAL_TRIAL") or project / ".trial").resolve())


@dataclass
class Servers:
    """One pair of servers. Start and stop it from the main thread of one process.

    `durable` off (tests) trades safety for speed: nothing survives a crash of the machine.
    `seed` is the data folder of a stopped PostgreSQL, to begin with in place of an empty one.
    """

    place: Place
    durable: bool = True
    seed: Path | None = None
    shared_buffers: str = "128MB"
    _lock: int | None = field(default=None, repr=False)
    _children: list[tuple[str, subprocess.Popen[bytes], signal.Signals]] = field(
        default_factory=list, repr=False
    )

    def start(self) -> None:
        """Start both servers and wait until they answer.

        Raises BusyError where another process runs this place, EmbeddedError for the rest.
        """
        self.place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(self.place.root / "owner.lock")
        if self._lock is None:
            raise BusyError(f"The servers in {self.place.root} are already running.")
        try:
            runner = choose_runner(self.place.root)
            if runner.kind == "copy":
                link_elsewhere(self.place.root, "postgres", "s")
            runner.own(self.place.sockets)
            self._start_valkey(runner)
            self._start_postgres(runner)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both servers, the database first; nothing happens where none runs."""
        for _, child, number in reversed(self._children):
            if child.poll() is None:
                child.send_signal(number)
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def dead(self) -> str | None:
        """Return the name of a server that ended by itself, or None while both run."""
        return next((name for name, child, _ in self._children if child.poll() is not None), None)

    def _start_postgres(self, runner: Runner) -> None:
        data, sockets = self.place.pg_data.resolve(), self.place.sockets.resolve()
        if self.seed and not (data / "PG_VERSION").exists():
            shutil.copytree(self.seed, data, dirs_exist_ok=True)
        runner.own(data)
        if not (data / "PG_VERSION").exists():
            _initialise(runner, data, durable=self.durable)
        _forget_dead_postmaster(data, sockets)
        options = {
            "shared_buffers": self.shared_buffers,
            "max_connections": "80",
            "unix_socket_permissions": "0700",
            "wal_compression": "off",  # pglz makes a big scan three times slower
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "timezone": "Asia/Ho_Chi_Minh",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # What tests roll back looks like empty tables to it, and plans for those never end.
            options["autovacuum"] = "off"
        settings = [part for item in options.items() for part in ("-c", "=".join(item))]
        command: list[str | Path] = [runner.binaries / "postgres", "-D", data, "-h", ""]
        command += ["-k", sockets, *settings]
        log = self.place.root / "postgres.log"
        child = runner.popen(command, stop_with=signal.SIGINT, output=log)
        self._children.append(("PostgreSQL", child, signal.SIGINT))
        _wait_for(lambda: _postmaster_is_ready(data), child, "PostgreSQL", log)

    def _start_valkey(self, runner: Runner) -> None:
        # Valkey does not mind root; it shares the database's user where that user can reach it.
        shared = runner.kind in {"self", "nobody"}
        keeper = runner if shared else Runner("self", runner.binaries)
        data = self.place.root / "valkey"
        keeper.own(data)
        with suppress(FileNotFoundError):
            self.place.valkey_socket.unlink()
        command: list[str | Path] = [valkey_binary(), "--port", "0", "--dir", data, "--save", ""]
        command += ["--unixsocket", self.place.valkey_socket, "--unixsocketperm", "700"]
        command += ["--appendonly", "yes" if self.durable else "no"]
        log = self.place.root / "valkey.log"
        child = keeper.popen(command, stop_with=signal.SIGTERM, output=log)
        self._children.append(("Valkey", child, signal.SIGTERM))
        _wait_for(lambda: _valkey_answers(self.place.valkey_socket), child, "Valkey", log)


@contextmanager
def servers_for_command(arguments: Sequence[str], *, project: Path) -> Iterator[None]:
    """Give a management command its database for as long as it runs.

    In the demo mode with DATABASE_URL unset: a running trial is used; where nothing runs, the
    servers are started for this command and stopped at its end. Otherwise nothing happens.
    """
    if not _needs_servers(arguments):
        yield
        return
    place = trial_place(project)
    servers = Servers(place)
    place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    users = os.open(place.root / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        _start_or_join(servers)
        yield
    except EmbeddedError as error:
        sys.exit(f"{error}")
    finally:
        if servers._lock is not None:
            # Commands that joined meanwhile keep working: the last one is waited for.
            fcntl.flock(users, fcntl.LOCK_EX)
            servers.stop()
        os.close(users)


def _needs_servers(arguments: Sequence[str]) -> bool:
    if os.environ.get("PORTAL_MODE", "demo") != "demo" or os.environ.get("DATABASE_URL"):
        return False
    if not arguments or arguments[0] in _OFFLINE_COMMANDS:
        return False
    return not {"-h", "--help"} & set(arguments)


def _start_or_join(servers: Servers) -> None:
    """Start the servers, or wait until those that another process is starting answer."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        with suppress(BusyError):
            return servers.start()
        if _postmaster_is_ready(servers.place.pg_data) and _postgres_listens(servers.place):
            return None
        if time.monotonic() > deadline:
            raise EmbeddedError(f"The servers in {servers.place.root} do not answer.")
        time.sleep(0.1)


def _lock(path: Path) -> int | None:
    """Take the lock that the owner of running servers holds; None where another has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _initialise(runner: Runner, data: Path, *, durable: bool) -> None:
    """Create the cluster, the portal's empty database and the application's role in it.

    The first migration makes the role where an administrator's server lacks it; here it stands from
    the start, so that a command on an empty database says what is missing: its tables.
    """
    shutil.rmtree(data)  # the rest of an attempt that was interrupted
    runner.own(data)
    version = runner.run(runner.binaries / "postgres", "--version").split()[2]
    # Code-point order and Unicode case rules, alike on every machine. The provider "builtin" came
    # with PostgreSQL 17; before it the C library's C.UTF-8 is the same.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = builtin if int(version.split(".")[0]) >= 17 else ["--locale=C.UTF-8"]
    safety = [] if durable else ["--no-sync"]
    common: list[str | Path] = [
        "-D",
        data,
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-instructions",
    ]
    runner.run(runner.binaries / "initdb", *common, *locale, *safety)
    runner.run(
        runner.binaries / "postgres", "--single", "-D", data, "postgres",
        stdin=f"CREATE DATABASE {DATABASE};\nCREATE ROLE {APPLICATION_ROLE} NOLOGIN;\n",
    )  # fmt: skip


def _forget_dead_postmaster(data: Path, sockets: Path) -> None:
    """Remove the pid and lock files that a killed server left; wait for one that is still ending.

    The caller holds the folder's lock, so no live launcher can own that server. PostgreSQL itself
    is careful the other way round: it refuses to start where the number now belongs to anybody,
    be it a zombie.
    """
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + _WAIT_SECONDS
    while (pid := _pid_in(pid_file)) and _is_postmaster(pid, data):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"A PostgreSQL (process {pid}) still uses {data}; stop it.")
        time.sleep(0.1)
    for left in (pid_file, *sockets.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def _pid_in(pid_file: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(pid_file.read_text().split("\n", 1)[0])
    return None


def _is_postmaster(pid: int, data: Path) -> bool:
    with suppress(OSError):
        return is_alive(pid) and os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _postmaster_is_ready(data: Path) -> bool:
    with suppress(OSError, IndexError):
        return (data / "postmaster.pid").read_text().split("\n")[7].strip() == "ready"
    return False


def _postgres_listens(place: Place) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place.sockets / ".s.PGSQL.5432"))
        return True
    return False


def _valkey_answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def _wait_for(
    is_ready: Callable[[], bool], child: subprocess.Popen[bytes], name: str, log: Path
) -> None:
    """Wait until a server answers; raise with the end of its log where it does not."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not is_ready():
        if child.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise EmbeddedError(f"{name} did not start. The end of {log}:\n{tail}")
        time.sleep(0.02)


def reset(place: Place) -> str:
    """Delete the trial's data unless it is running; return a sentence for the terminal."""
    if not place.root.exists():
        return "There is no trial to delete."
    lock = _lock(place.root / "owner.lock")
    if lock is None:
        raise BusyError("The trial is running. Stop it with Ctrl-C first.")
    place.remove()
    os.close(lock)
    return "The trial's data is deleted; `make run` begins anew."


if __name__ == "__main__":
    if sys.argv[1:] != ["reset"]:
        sys.exit("usage: python -m portal.embedded reset")
    try:
        sys.stdout.write(reset(trial_place(Path(__file__).resolve().parent.parent)) + "\n")
    except EmbeddedError as error:
        sys.exit(str(error))
