"""The result was returned: the suggestion has done its work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from procedures.models import Suggestion
from procedures.services.moves import locked, silence, write
from procedures.workflow import Move


@transaction.atomic
def fulfil_suggestion(*, suggestion: Suggestion, now: datetime) -> Suggestion:
    """Close the suggestion as fulfilled; RefusedError when it was closed before."""
    row, fulfilled = locked(suggestion, Move.FULFIL)
    silence(row)
    return write(row, fulfilled, closed_at=now)
