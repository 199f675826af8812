"""What other rooms may read here."""

from __future__ import annotations

from notifications.selectors.codes import message_with_code
from notifications.selectors.demo import demo_messages, demo_phones
from notifications.selectors.gateways import GatewayHealth, gateway_health, traits_in_service
from notifications.selectors.heaps import Cause, Heap, causes, due_causes, heaps
from notifications.selectors.inbox import Letter, inbox_of, letters_of
from notifications.selectors.listeners import Listener, listeners
from notifications.selectors.picked import Picked, of_units
from notifications.selectors.push import Device, PushService, devices_of, push_service
from notifications.selectors.queue import (
    DueHeap,
    HeldGroup,
    due_heap,
    held_groups,
    oldest_due_at,
)
from notifications.selectors.strays import stray_receipts
from notifications.selectors.texts import topics_naming
from notifications.selectors.wishes import opted_out_parties, statutory_topics
from notifications.selectors.zalo import ZaloStanding, zalo_standing

__all__ = [
    "Cause",
    "Device",
    "DueHeap",
    "GatewayHealth",
    "Heap",
    "HeldGroup",
    "Letter",
    "Listener",
    "Picked",
    "PushService",
    "ZaloStanding",
    "causes",
    "demo_messages",
    "demo_phones",
    "devices_of",
    "due_causes",
    "due_heap",
    "gateway_health",
    "heaps",
    "held_groups",
    "inbox_of",
    "letters_of",
    "listeners",
    "message_with_code",
    "of_units",
    "oldest_due_at",
    "opted_out_parties",
    "push_service",
    "statutory_topics",
    "stray_receipts",
    "topics_naming",
    "traits_in_service",
    "zalo_standing",
]
