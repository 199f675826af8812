"""Which settings a process runs with: PORTAL_MODE is `demo`, `test` or `production`."""

from __future__ import annotations

import os

MODES = ("demo", "test", "production")


def settings_module() -> str:
    """Return the settings module of PORTAL_MODE (default `demo`); exit where it is another word."""
    mode = os.environ.get("PORTAL_MODE", "demo")
    if mode not in MODES:
        raise SystemExit(f"PORTAL_MODE is {mode!r}; it must be one of: {', '.join(MODES)}.")
    return f"portal.settings.{mode}"


def set_default_settings() -> None:
    """Point Django at the settings of PORTAL_MODE unless DJANGO_SETTINGS_MODULE is already set."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
