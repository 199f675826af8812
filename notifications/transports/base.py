"""What a gateway promises to the dispatcher, and nothing about whom or why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class Content:
    """What is said; only e-mail and push have a subject.

    `topic`, `language` and `values` (as people read them) are for gateways that hold the wording
    themselves and are given its parameters, like Zalo's templates.
    """

    body: str
    subject: str = ""
    topic: str = ""
    language: str = "vi"
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Acceptance:
    """The gateway took the message; `gateway_reference` is its own number for it, if any."""

    gateway_reference: str = ""


@dataclass(frozen=True)
class Traits:
    """What the dispatcher may rely on after a send whose outcome it does not know.

    `deduplicates_for`: for so long a second send with the same reference reaches nobody. `can_ask`:
    `ask` tells for certain whether a reference was accepted. With neither, such a message is left
    to a person. A simulated gateway reaches nobody and is refused in production. `rate` is how many
    messages a second all dispatchers together may hand over. `has_receipts` says that the gateway
    tells later whether a message arrived. `has_daily_limit`: a number gets three SMS a day by it.
    """

    deduplicates_for: timedelta | None = None
    can_ask: bool = False
    keeps_quiet_hours: bool = True
    is_simulated: bool = False
    rate: float | None = None
    has_receipts: bool = False
    has_daily_limit: bool = True

    @property
    def is_blind(self) -> bool:
        """Whether an unknown outcome can never be settled with this gateway."""
        return not self.can_ask and self.deduplicates_for is None


class TransportError(Exception):
    """A send that failed; `permanent` says whether trying again can help.

    `uncertain` means that the gateway may have accepted all the same (the connection broke after
    the request was out). `before_asking` means that the gateway was not asked at all, so nothing is
    said about what an earlier attempt brought it. `of_message` means that the gateway works and
    puts off this one message (greylisting). `retry_after` is the gateway's own wish. The text never
    holds an address.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        before_asking: bool = False,
        of_message: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        """Keep what the dispatcher decides by."""
        super().__init__(message)
        self.permanent = permanent
        self.uncertain = uncertain
        self.before_asking = before_asking
        self.of_message = of_message
        self.retry_after = retry_after


class Transport(Protocol):
    """One gateway. Methods run in the dispatcher's event loop and never touch the outbox."""

    @property
    def traits(self) -> Traits:
        """What may be relied on."""

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one message over; TransportError when it was not accepted."""

    async def ask(self, reference: str) -> Acceptance | None:
        """Return the acceptance of this reference, None when the gateway never saw it.

        Only where `traits.can_ask`; elsewhere it raises a permanent TransportError.
        """

    async def aclose(self) -> None:
        """Let go of connections."""
