"""`recount_figures`: count every dossier anew and say whether the kept figures were right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.models import Dossier
from portal.reporting.services.fold_events import fold_events
from portal.reporting.services.recount import recount


class Command(BaseCommand):
    """Recount; exit 1 where anything had been counted otherwise (it is mended then)."""

    help = "Count all dossiers from their own rows, compare with the figures that are kept up."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Read the feed first: what waits in it is no mistake."""
        fold_events()
        whole = Dossier.objects.count()
        found = recount(lambda done: self.stderr.write(f"{done} / {whole}"))
        self.stdout.write(f"looked at\t{found.looked_at}")
        self.stdout.write(f"counted otherwise\t{found.otherwise}")
        self.stdout.write(f"sums that did not add up\t{found.wrong_sums}")
        if found.otherwise or found.wrong_sums:
            self.stderr.write("The figures were mended. / Số liệu đã được sửa lại.")
            raise SystemExit(1)
