"""`doctor`: one line each for configuration, servers, clocks and queues, and what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand, CommandError

from portal.web.probes import Finding, findings


class Command(BaseCommand):
    """Examine the portal; exit 1 where something needs a hand."""

    help = "Check configuration, servers, clocks and queues; one line each with what to do."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print every finding; CommandError with the number of those that need a hand."""
        found = [_configuration(), *findings()]
        for finding in found:
            mark = self.style.SUCCESS("ok  ") if finding.is_well else self.style.ERROR("look")
            advice = f" — {finding.advice}" if finding.advice else ""
            self.stdout.write(f"{mark} {finding.name:<14} {finding.seen}{advice}")
        if ill := [finding for finding in found if not finding.is_well]:
            raise CommandError(f"{len(ill)} of {len(found)} need a hand.")


def _configuration() -> Finding:
    """Say which mode runs and what Django's system checks complain about."""
    messages = [message for message in run_checks() if message.level >= WARNING]
    seen = f"mode {settings.PORTAL_MODE}, {len(messages)} complaints"
    advice = "manage.py check" if messages else ""
    return Finding("configuration", not messages, seen, advice)
