"""Reading what registers and offices deliver as files; private to the facts' room."""

from __future__ import annotations
