"""The service-quality index of Decision 766/QĐ-TTg: ours as counted, and the official one."""

from __future__ import annotations
