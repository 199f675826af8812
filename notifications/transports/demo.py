"""`demo:`: phones that exist only on a page, so that the trial shows what people would receive."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from asgiref.sync import sync_to_async

from notifications.enums import Channel
from notifications.models import DemoDelivery
from notifications.transports.base import Acceptance, Content, Traits

_GATHER_SECONDS = 0.005


class DemoPhones:
    """Writes one DemoDelivery a reference. Sends of the same moment share one INSERT."""

    traits = Traits(
        deduplicates_for=timedelta.max,
        can_ask=True,
        keeps_quiet_hours=False,
        is_simulated=True,
        has_daily_limit=False,  # a trial plays in an hour what takes weeks
    )

    def __init__(self, channel: Channel = Channel.SMS) -> None:
        """Stand for the gateway of one channel; start with nothing gathered."""
        self._channel = channel
        self._gathered: list[tuple[DemoDelivery, asyncio.Future[None]]] = []

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Show the message on the phone; a reference that is already there is not shown again."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        body = "\n".join(part for part in (content.subject, content.body) if part)
        delivery = DemoDelivery.received(
            reference=reference, address=address, body=body, channel=self._channel
        )
        self._gathered.append((delivery, stored))
        if len(self._gathered) == 1:
            self._storing = asyncio.create_task(self._store_soon())
        await stored
        return Acceptance(gateway_reference=reference)

    async def ask(self, reference: str) -> Acceptance | None:
        """Look on the phones."""
        is_there = await DemoDelivery.objects.filter(reference=reference).aexists()
        return Acceptance(gateway_reference=reference) if is_there else None

    async def aclose(self) -> None:
        """Hold nothing."""

    async def _store_soon(self) -> None:
        """Write what was gathered; everyone who waits learns how it went."""
        await asyncio.sleep(_GATHER_SECONDS)
        gathered, self._gathered = self._gathered, []
        try:
            await sync_to_async(_insert)([delivery for delivery, _stored in gathered])
        except Exception as error:
            for _delivery, stored in gathered:
                if not stored.done():
                    stored.set_exception(error)
            return
        for _delivery, stored in gathered:
            if not stored.done():
                stored.set_result(None)


def _insert(deliveries: list[DemoDelivery]) -> None:
    DemoDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
