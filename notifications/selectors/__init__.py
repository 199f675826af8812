"""What other rooms may read here."""

from __future__ import annotations

from notifications.selectors.demo import demo_messages, demo_phones
from notifications.selectors.inbox import Letter, inbox_of, letters_of
from notifications.selectors.queue import HeldGroup, held_groups, oldest_due_at
from notifications.selectors.texts import topics_naming
from notifications.selectors.wishes import opted_out_parties, statutory_topics

__all__ = [
    "HeldGroup",
    "Letter",
    "demo_messages",
    "demo_phones",
    "held_groups",
    "inbox_of",
    "letters_of",
    "oldest_due_at",
    "opted_out_parties",
    "statutory_topics",
    "topics_naming",
]
