"""The dispatcher: takes due messages out of the outbox and hands each to its gateway once.

`desk` is the side of the database, `loop` the side of the gateways. A message is claimed, checked
and put into words; that it is about to be handed over is committed; only then is the gateway
asked, with no transaction open; what came of it is written back, fenced by the attempt. After a
crash the lease runs out and the next dispatcher asks the gateway, or repeats the same reference,
or leaves it to a person: nothing is lost and nothing is said twice (F1, F16).
"""

from __future__ import annotations

from notifications.dispatch.loop import Dispatcher, Tally
from notifications.dispatch.parcels import Pace

__all__ = ["Dispatcher", "Pace", "Tally"]
