"""The gateways. One thing each, failing in one way; which one runs is said by the channel's URL."""

from __future__ import annotations
