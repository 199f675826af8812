"""Pure decisions of the messages' room: plain values in, plain values out; no Django, no clock."""

from __future__ import annotations
