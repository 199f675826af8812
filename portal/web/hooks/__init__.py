"""Addresses that gateways call: signed, or secret where a gateway cannot sign; no session."""

from __future__ import annotations
