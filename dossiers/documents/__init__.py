"""Documents that this room draws up; private to dossiers."""

from __future__ import annotations
