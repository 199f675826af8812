"""`reconcile_payments`: a bank's statement against what its gateway called in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.payments.gateways import account
from dossiers.services.reconcile_payments import BadRow, Reconciled, reconcile_payments
from portal.common import clock
from portal.common.errors import RefusedError


class Command(BaseCommand):
    """Good rows are kept; running it again with the same file changes nothing."""

    help = (
        "Compare a bank's statement (CSV, UTF-8: transaction, amount, content, paid_at) with the "
        "payments that its gateway called in. Exit 1 while somebody has to look at something."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and the gateway where it is not PAYMENT_URL's."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--gateway", help="name of the gateway, default that of PAYMENT_URL")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reconcile and print what came of it; CommandError where a person has to look."""
        gateway = options["gateway"] or getattr(account(), "gateway", "")
        if not gateway:
            raise CommandError("PAYMENT_URL names no bank: say which gateway with --gateway.")
        try:
            lines = options["file"].read_text(encoding="utf-8-sig").splitlines()
            done = reconcile_payments(gateway=gateway, lines=lines, now=clock.now())
        except UnicodeDecodeError as error:
            raise CommandError("The file is not UTF-8: save it as CSV UTF-8 again.") from error
        except (OSError, RefusedError) as error:
            raise CommandError(str(error)) from error
        self._tell(done)
        if not done.is_clean:
            raise CommandError("Somebody has to look: /admin/stray-money/ and the lines above.")

    def _tell(self, done: Reconciled) -> None:
        self.stdout.write(f"known already, same amount    {done.known:>8,}")
        self.stdout.write(f"new, settled a fee            {done.settled:>8,}")
        self.stdout.write(f"new, fits no fee              {done.stray:>8,}")
        self.stdout.write(f"amount differs from the call  {len(done.differing):>8,}")
        self.stdout.write(f"rows that are no payment      {len(done.bad):>8,}")
        self.stdout.write(f"called in, not in the file    {len(done.missing):>8,}")
        for row in (*done.differing, *done.bad):
            self._name(row)
        for transaction in done.missing:
            self.stdout.write(f"not in the file: {transaction}")

    def _name(self, row: BadRow) -> None:
        self.stdout.write(f"line {row.line}: {row.reason}")
