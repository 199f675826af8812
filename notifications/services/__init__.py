"""What other rooms ask of this one: tell somebody something, take it back, note a wish."""

from __future__ import annotations

from notifications.services.enqueue import enqueue
from notifications.services.load_texts import load_texts
from notifications.services.make_choice import make_choice, stop_on_request
from notifications.services.mark_read import mark_read
from notifications.services.record_receipt import record_receipts
from notifications.services.set_preference import opt_out, set_preference
from notifications.services.withdraw import withdraw_thread
from notifications.services.withdraw_deceased import withdraw_deceased

__all__ = [
    "enqueue",
    "load_texts",
    "make_choice",
    "mark_read",
    "opt_out",
    "record_receipts",
    "set_preference",
    "stop_on_request",
    "withdraw_deceased",
    "withdraw_thread",
]
