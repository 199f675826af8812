"""Settings by mode: `demo`, `test`, `production`, all on `base`; PORTAL_MODE chooses."""

from __future__ import annotations
