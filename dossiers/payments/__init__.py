"""Fees and how they are paid: the reference, the QR of a transfer, the bank's account and calls."""

from __future__ import annotations
