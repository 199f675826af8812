"""What other rooms ask of this one: tell somebody something, take it back, note a wish."""

from __future__ import annotations

from notifications.services.ask_call_back import ask_call_back, finish_call_back
from notifications.services.enqueue import enqueue
from notifications.services.give_code import give_code
from notifications.services.load_texts import load_texts
from notifications.services.make_choice import make_choice, stop_on_request
from notifications.services.mark_read import mark_read
from notifications.services.note_heard import note_heard
from notifications.services.push_devices import add_device, remove_device
from notifications.services.record_inbound import record_inbound
from notifications.services.record_receipt import record_receipts
from notifications.services.record_visit import VISIT, VisitOutcome, record_visit
from notifications.services.resend_messages import Resent, resend_messages, settle_unknown
from notifications.services.run_gateways import (
    close_gate,
    open_gate,
    pause_channel,
    resume_channel,
)
from notifications.services.set_preference import opt_out, set_preference
from notifications.services.sign_notice import genuine_notice, sign_notice
from notifications.services.suppress_messages import requeue_messages, suppress_messages
from notifications.services.watch_gate import RESTORED, is_gate_closed
from notifications.services.withdraw import withdraw_thread
from notifications.services.withdraw_deceased import withdraw_deceased

__all__ = [
    "RESTORED",
    "VISIT",
    "Resent",
    "VisitOutcome",
    "add_device",
    "ask_call_back",
    "close_gate",
    "enqueue",
    "finish_call_back",
    "genuine_notice",
    "give_code",
    "is_gate_closed",
    "load_texts",
    "make_choice",
    "mark_read",
    "note_heard",
    "open_gate",
    "opt_out",
    "pause_channel",
    "record_inbound",
    "record_receipts",
    "record_visit",
    "remove_device",
    "requeue_messages",
    "resend_messages",
    "resume_channel",
    "set_preference",
    "settle_unknown",
    "sign_notice",
    "stop_on_request",
    "suppress_messages",
    "withdraw_deceased",
    "withdraw_thread",
]
