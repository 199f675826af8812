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
        found = [_configuration(), _channels(), *findings()]
        for finding in found:
            mark = self._mark(finding)
            advice = f" — {finding.advice}" if finding.advice else ""
            self.stdout.write(f"{mark} {finding.name:<14} {finding.seen}{advice}")
        if ill := [finding for finding in found if not finding.is_well]:
            raise CommandError(f"{len(ill)} of {len(found)} need a hand.")

    def _mark(self, finding: Finding) -> str:
        """Return one of three words: fine, fine with a remark, needs a hand."""
        if not finding.is_well:
            return self.style.ERROR("look")
        return self.style.WARNING("warn") if finding.advice else self.style.SUCCESS("ok  ")


def _channels() -> Finding:
    """Say which way out there is; without a gateway messages reach the inbox only."""
    if settings.SMS_URL:
        return Finding("channels", True, "inbox and SMS")
    advice = "set SMS_URL for text messages"
    return Finding("channels", True, "inbox only: people hear when they sign in", advice)


def _configuration() -> Finding:
    """Say which mode runs and what Django's system checks complain about."""
    messages = [message for message in run_checks() if message.level >= WARNING]
    seen = f"mode {settings.PORTAL_MODE}, {len(messages)} complaints"
    advice = "manage.py check" if messages else ""
    return Finding("configuration", not messages, seen, advice)
