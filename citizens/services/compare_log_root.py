"""Does LOG_ROOT end as the table of seals does? A quick look; `verify_log` looks at everything."""

from __future__ import annotations

from datetime import datetime

from citizens.models import Seal
from citizens.services.log_root import LogRoot
from citizens.services.seal_views import UNSEALED_WINDOW


def compare_log_root(*, now: datetime) -> tuple[bool, str]:
    """Return whether all is well with LOG_ROOT, and what was seen; OSError where it is away."""
    outside = LogRoot.of_settings()
    told = outside.last()
    last = told.number if told else 0
    table = Seal.objects.order_by("-number").first()
    if table is None and told is None:
        outside.path.parent.parent.stat()
        return True, "no seal yet"
    if told is not None and not Seal.objects.filter(number=last, root=told.root).exists():
        return False, f"seal {last} is not in the table as it was written there"
    missing = Seal.objects.filter(number__gt=last, sealed_at__lt=now - UNSEALED_WINDOW).count()
    if missing:
        return False, f"{missing} seals are missing there"
    return True, f"ends with seal {last}"
