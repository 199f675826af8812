"""`simulate_partner`: a national portal to try against (MÔ PHỎNG), with faults."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.simulator import Simulator
from dossiers.partners.address import NATIONAL_PORTAL, address_of

_TRIAL = "broken=0.02,drop=0.01,late=0.02,wrong=0.01,forget=0.01,double=0.01"


class Command(BaseCommand):
    """Serve until stopped; nothing is connected to any other system."""

    help = "Serve a simulated national portal (MÔ PHỎNG) where NATIONAL_PORTAL_URL points to one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--faults", default=_TRIAL, help=f"shares of 1 (default: {_TRIAL}; “none” for none)"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the faults")
        parser.add_argument("--books", type=Path, help="a file that keeps what it holds")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve; CommandError where the address is no socket of this machine."""
        if not settings.NATIONAL_PORTAL_URL:
            raise CommandError("NATIONAL_PORTAL_URL is not set.")
        address = address_of(NATIONAL_PORTAL)
        if not address.socket:
            raise CommandError("NATIONAL_PORTAL_URL is not demo+unix://…: another one serves it.")
        weather = Weather(_shares(options["faults"]), options["seed"])
        books = Books(weather=weather, file=options["books"])
        signal.signal(signal.SIGTERM, _leave)
        self.stdout.write("MÔ PHỎNG: a national portal that is connected to nothing.")
        try:
            Simulator(books, socket=Path(address.socket)).serve()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")


def _shares(written: str) -> dict[Fault, float]:
    if written == "none":
        return {}
    try:
        pairs = [part.split("=") for part in written.split(",")]
        return {Fault(name.strip()): float(share) for name, share in pairs}
    except ValueError as error:
        raise CommandError(f"--faults: {error}") from error


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
