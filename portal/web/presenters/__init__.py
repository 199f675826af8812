"""What pages say, as plain values: no view, no request, no rule of its own."""

from __future__ import annotations
