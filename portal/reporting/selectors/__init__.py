"""Reads of the figures. `day` is always a civil date (Asia/Ho_Chi_Minh) of the caller's."""

from __future__ import annotations
