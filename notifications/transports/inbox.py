"""The portal's own inbox: the message row is the letter, so handing it over is no work at all."""

from __future__ import annotations

from datetime import timedelta

from notifications.transports.base import Acceptance, Content, Traits, TransportError


class Inbox:
    """Accepts everything at once; a letter lies in the inbox as often as its row exists: once."""

    traits = Traits(deduplicates_for=timedelta.max, keeps_quiet_hours=False)

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Accept: the person reads the row itself."""
        return Acceptance(gateway_reference=reference)

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: sending again is harmless here."""
        raise TransportError("The inbox need not be asked.", permanent=True)

    async def aclose(self) -> None:
        """Hold nothing."""
