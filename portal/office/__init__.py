"""The officials' desk: every page under /admin/. It composes the apps below and owns no rule."""

from __future__ import annotations
