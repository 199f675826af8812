"""Documents that the facts' room ships as data, read into plain values; no Django, no clock."""

from __future__ import annotations
