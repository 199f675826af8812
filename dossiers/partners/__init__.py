"""Who else keeps a dossier: the mapping of each partner, and where it is reached."""

from __future__ import annotations
