"""What a dossier's page at the desk says of automatic decisions."""

from __future__ import annotations

from typing import Any

from dossiers.models import Dossier
from dossiers.selectors import definition_of
from portal.office.automatic_words import ground_lines


def automatic_of(dossier: Dossier) -> dict[str, Any] | None:
    """Return why it was decided automatically, or which grounds were missing; None without."""
    if not dossier.procedure_version.definition.get("automatic"):
        return None
    decision = getattr(dossier, "automatic_decision", None)
    looked_at = decision or getattr(dossier, "automatic_refusal", None)
    if looked_at is None:
        return None
    grounds = ground_lines(looked_at.grounds, definition_of(dossier=dossier))
    missing = [] if decision is not None else [line for line in grounds if not line.met]
    return {"decision": decision, "grounds": grounds, "missing": missing}
