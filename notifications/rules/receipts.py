"""What receipts prove about a message, whatever order they came in (F17, F18). Pure.

A receipt is evidence. The strongest evidence decides, and evidence is only ever added, so every
order of the same receipts ends alike and nothing is downgraded: taken over, then failed, then
arrived. `delivered` outweighs `failed` because a telephone cannot give back what it has, while a
gateway that reports a failure only says that it stopped waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from notifications.enums import MessageState


class Status(StrEnum):
    """What a receipt may say; any other word is kept and changes nothing."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    READ = "read"


class Proof(IntEnum):
    """What is certain, the strongest last."""

    NOTHING = 0
    TAKEN = 1
    FAILED = 2
    ARRIVED = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the receipts of one message prove."""

    proof: Proof = Proof.NOTHING
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt in our words; `at` and `error` are the gateway's, kept and never trusted."""

    reference: str
    status: str
    at: str = ""
    error: str = ""


_PROOFS: Mapping[str, Proof] = {
    Status.SENT: Proof.TAKEN,
    Status.FAILED: Proof.FAILED,
    Status.DELIVERED: Proof.ARRIVED,
    Status.READ: Proof.ARRIVED,
}
_STATES = {
    Proof.TAKEN: MessageState.SENT,
    Proof.FAILED: MessageState.FAILED,
    Proof.ARRIVED: MessageState.DELIVERED,
}
# How much is known already in each state in which receipts count. One set aside may be at the
# gateway all the same; that it arrived is worth knowing, anything less is a person's matter.
_KNOWN = {
    MessageState.UNKNOWN: Proof.NOTHING,
    MessageState.SENT: Proof.TAKEN,
    MessageState.FAILED: Proof.FAILED,
    MessageState.PARKED: Proof.FAILED,
    MessageState.DELIVERED: Proof.ARRIVED,
}
COUNTS = tuple(_KNOWN)


def weigh(statuses: Iterable[str]) -> Evidence:
    """Return what a set of receipts proves; their order and repeats make no difference."""
    said = set(statuses)
    proof = max((_PROOFS.get(status, Proof.NOTHING) for status in said), default=Proof.NOTHING)
    return Evidence(proof, is_read=Status.READ in said)


def settled(state: MessageState, evidence: Evidence) -> MessageState:
    """Return the state of a message in the light of its receipts; it never falls back.

    A message that is still queued or being sent stays so: its receipts wait until the outcome of
    the hand-over is written (F17). What was suppressed or withdrawn never left.
    """
    known = _KNOWN.get(state)
    if known is None or evidence.proof <= known:
        return state
    return _STATES[evidence.proof]
