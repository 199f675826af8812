"""`doctor`: one line each for configuration, servers, clocks and queues, and what to do."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from notifications.enums import Channel
from notifications.rules.signatures import calling_key, path_token
from notifications.selectors import listeners
from portal.web.probes import Finding, findings


class Command(BaseCommand):
    """Examine the portal; exit 1 where something needs a hand."""

    help = "Check configuration, servers, clocks and queues; one line each with what to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the wish for addresses."""
        parser.add_argument(
            "--addresses",
            action="store_true",
            help="print the secret addresses for gateways that cannot sign, and nothing else",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print every finding; CommandError with the number of those that need a hand."""
        if options["addresses"]:
            self.stdout.write("\n".join(_addresses()))
            return
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
    """Say which ways out there are, and knock at each gateway's door."""
    found = listeners()
    seen = ", ".join(["inbox", *(f"{one.channel} ({one.kind})" for one in found)])
    if silent := [one.variable for one in found if one.is_there is False]:
        advice = f"nobody listens where {' and '.join(silent)} leads"
        return Finding("channels", False, seen, advice)
    if any(one.channel == Channel.SMS for one in found):
        return Finding("channels", True, seen)
    return Finding("channels", True, seen, "set SMS_URL: who reads no inbox hears nothing")


def _addresses() -> list[str]:
    """Return what gateways are told to call, a key behind those that sign (docs/gateways.md)."""
    token = partial(path_token, settings.RECEIPT_SECRET)
    ways = [("inbound_sms_secret", [token(channel=Channel.SMS)])]
    ways += [
        ("receipts_secret", [channel, token(channel=channel)])
        for channel in Channel
        if channel != Channel.INBOX
    ]
    secret = [settings.PUBLIC_URL + reverse(f"web:{name}", args=args) for name, args in ways]
    signed = [reverse("web:inbound_sms")]
    signed += [reverse("web:receipts", args=[one]) for one in Channel if one != Channel.INBOX]
    key = partial(calling_key, settings.RECEIPT_SECRET)
    return [*secret, *(f"{settings.PUBLIC_URL}{one} {key(address=one)}" for one in signed)]


def _configuration() -> Finding:
    """Say which mode runs and what Django's system checks complain about."""
    messages = [message for message in run_checks() if message.level >= WARNING]
    seen = f"mode {settings.PORTAL_MODE}, {len(messages)} complaints"
    advice = "manage.py check" if messages else ""
    return Finding("configuration", not messages, seen, advice)
