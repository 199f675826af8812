"""Citizens sign in by VNeID, or another OpenID provider that proves the personal number."""

from __future__ import annotations
