"""`run`: the whole portal in one terminal, on its embedded servers, with a demo population."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from dossiers.partners.address import NATIONAL_PORTAL, address_of
from portal.demo.accounts import card_to_type, demo_sign_ins
from portal.embedded import BusyError, Place, Servers, trial_place
from portal.postgres_runner import EmbeddedError
from portal.processes import die_with_parent
from portal.reporting.models import ForecastModel
from portal.static_files import collect_static_if_changed
from portal.supervisor import Child, Supervisor

_CHILDREN_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "REMAP_SIGTERM": "SIGQUIT",  # Celery gives a task three seconds, then hands it back
    # A trial on a fresh machine or in a container is often root's.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
}


class Command(BaseCommand):
    """Start the servers, bring the data up to date, serve until Ctrl-C."""

    help = (
        "Start the embedded servers, migrate, load the catalogue and a demo population, run "
        "today's scan, drain the outbox, then serve web, dispatcher, worker and beat until Ctrl-C."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--port",
            type=int,
            default=int(os.environ.get("PORT") or 8000),
            help="port on 127.0.0.1 (default: PORT or 8000)",
        )
        parser.add_argument(
            "--citizens", type=int, help="size of the demo population (default: that of `demo`)"
        )
        parser.add_argument(
            "--tied",
            action="store_true",
            help="end when the process that started this one ends (make run uses it)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until stopped; CommandError says what stands in the way."""
        if options["tied"]:
            die_with_parent(signal.SIGTERM)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        self._began = time.monotonic()
        address = f"http://127.0.0.1:{options['port']}"
        place = trial_place(settings.BASE_DIR)
        embedded = not os.environ.get("DATABASE_URL")
        servers = Servers(place) if embedded else None
        try:
            self._open(servers, place, options["port"])
            self._prepare(place, options["citizens"])
            reason = self._serve(servers, place, address, options["port"])
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            reason = None
        finally:
            if servers:
                servers.stop()
        self.stdout.write("Stopped.")
        if reason:
            raise CommandError(reason)

    def _open(self, servers: Servers | None, place: Place, port: int) -> None:
        """Start the servers, or say where the trial that already runs is found."""
        try:
            if servers:
                with self._step("servers"):
                    servers.start()
        except BusyError as error:
            known = _read(place, "address")
            where = f"at {known}" if known else "(a management command has it; try again)"
            raise CommandError(f"This trial is already running {where}.") from error
        if not _is_free(port):
            raise CommandError(
                f"Port {port} of 127.0.0.1 is taken by another program. Choose another one:\n"
                f"  PORT={port + 1} make run"
            )

    def _prepare(self, place: Place, citizens: int | None) -> None:
        """Bring tables and data up to date; each step does nothing where nothing is missing."""
        with self._step("static files"):
            collect_static_if_changed()
        with self._step("tables"):
            call_command("migrate", verbosity=0, interactive=False)
        with self._step("catalogue"):
            call_command("load_catalogue")
        done = place.root / "demo.done"
        if not done.exists():
            with self._step("demo population"):
                chosen = {"citizens": citizens} if citizens else {}
                call_command("demo", no_training=True, **chosen)
            done.parent.mkdir(parents=True, exist_ok=True)
            done.touch()
        with self._step("today's scan"):
            call_command("scan")
        with self._step("outbox"):
            call_command("dispatch", until_empty=True)

    def _serve(self, servers: Servers | None, place: Place, address: str, port: int) -> str | None:
        """Serve until a signal or a failure; return the failure's sentence."""
        announced = False

        def tick() -> str | None:
            nonlocal announced
            if servers and (dead := servers.dead()):
                return f"{dead} ended by itself; its log is in {place.root}."
            if not announced and _answers(f"{address}/healthz"):
                announced = True
                supervisor.release()
                for line in self._welcome(address):
                    supervisor.say(line)
            return None

        environment = os.environ | _CHILDREN_ENVIRONMENT | {"PORT": str(port)}
        if servers:
            environment |= place.environment()
        children = _children(port, place)
        if not ForecastModel.objects.exists():
            # Learning takes a third as long as all the rest, and no page waits for it.
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "train_forecast"]
            children.append(Child("forecast", command, waits=True, is_once=True))
        connection.close()
        supervisor = Supervisor(children, environment=environment, tick=tick)
        (place.root / "address").write_text(address, encoding="utf-8")
        try:
            return supervisor.run()
        finally:
            (place.root / "address").unlink(missing_ok=True)

    def _welcome(self, address: str) -> Iterator[str]:
        yield ""
        yield f"The portal is at {address} (ready in {time.monotonic() - self._began:.0f} s)."
        yield "Sign in as (name, password):"
        for sign_in in demo_sign_ins():
            yield f"  {sign_in.username:<16} {sign_in.password:<10} {sign_in.who_en}"
        yield f"A card to type at the counter: {card_to_type()} (lan's)."
        yield "Ctrl-C stops everything."
        yield ""

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        self.stdout.write(f"[{started - self._began:5.1f} s] {name} …")
        self.stdout.flush()
        yield
        now = time.monotonic()
        self.stdout.write(f"[{now - self._began:5.1f} s] {name}: done in {now - started:.1f} s")


def _children(port: int, place: Place) -> list[Child]:
    """Return what is served, in the order of starting; it is stopped the other way round.

    Pages come first: all at once would share two cores, and the first page come twice as late.
    """
    python, manage = sys.executable, str(settings.BASE_DIR / "manage.py")
    celery = [python, "-m", "celery", "--app", "portal.celery", "--quiet"]
    web = [python, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--preload", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    web += ["--graceful-timeout", "4", "--log-level", "warning"]
    # Two places: an import takes one for minutes, the other bells are heard in the second.
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    beat += ["--schedule", str(place.root / "beat")]
    partner = [python, manage, "simulate_partner", "--books", str(place.root / "partner.json")]
    return [
        Child("web", web),
        *([Child("partner", partner, waits=True)] if _is_partner_simulated() else []),
        Child("dispatch", [python, manage, "dispatch"], waits=True),
        # Without a broker an orderly end of Celery waits for one: an orphan is killed instead.
        Child("worker", worker, orphaned=signal.SIGKILL, waits=True),
        Child("beat", beat, orphaned=signal.SIGKILL, waits=True),
    ]


def _is_partner_simulated() -> bool:
    """Return whether this trial serves the partner itself; an operator may have set another one."""
    return bool(settings.NATIONAL_PORTAL_URL) and bool(address_of(NATIONAL_PORTAL).socket)


def _leave(_number: int, _frame: object) -> None:
    """Leave as Ctrl-C does, while the steps before serving run."""
    raise KeyboardInterrupt


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):  # noqa: S310
            return True
    except (URLError, OSError):
        return False


def _read(place: Place, name: str) -> str:
    try:
        return (place.root / name).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
