"""Switch the model off, so that pages show known dates only, or on again."""

from __future__ import annotations

from django.db import transaction

from citizens.models import User
from portal.common import clock
from portal.reporting.models import ForecastModel


def switch_forecast(*, is_on: bool, actor: User | None) -> bool:
    """Switch the newest model on or off; return whether that changed anything.

    `actor` is the official who did it; None for an operator's command.
    """
    with transaction.atomic():
        model = ForecastModel.objects.select_for_update().first()
        if model is None or model.is_active == is_on:
            return False
        model.is_active = is_on
        model.stopped_by, model.stopped_at = (None, None) if is_on else (actor, clock.now())
        model.save(update_fields=["is_active", "stopped_by", "stopped_at"])
    return True
