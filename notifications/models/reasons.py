"""Why a message did not simply go out, in words: the one place, for every page that shows it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.enums import Reason

REASONS: list[tuple[str, Promise]] = [
    (Reason.TOO_LATE, _("Too late: it no longer helps")),
    (Reason.DECEASED, _("The recipient has died")),
    (Reason.ABOUT_DECEASED, _("It speaks of somebody who has died")),
    (Reason.EMIGRATED, _("The recipient has moved abroad")),
    (Reason.MERGED_TWICE, _("The same was said to the record it was merged into")),
    (Reason.OPTED_OUT, _("The recipient does not wish to hear it")),
    (Reason.NO_GUARDIAN, _("A minor without a guardian who could be told")),
    (Reason.NO_ADDRESS, _("No way to reach the recipient")),
    (Reason.DEMO_NUMBER, _("An invented number of the trial")),
    (Reason.QUIET_HOURS, _("Waits for the end of quiet hours")),
    (Reason.GATEWAY_REFUSED, _("The gateway refused it for good")),
    (Reason.GAVE_UP, _("Given up after repeated failures")),
    (Reason.POISON, _("Cannot be put into words")),
    (Reason.OUTCOME_UNKNOWN, _("Nobody can tell whether it arrived")),
    (Reason.RETRY, _("Is tried again after a failure")),
    (Reason.ACTED, _("The recipient has read it or acted already")),
    (Reason.IN_DIGEST, _("Said together with others in one message")),
    (Reason.DAILY_LIMIT, _("The number has had three SMS that day")),
    (Reason.CHANNEL_PAUSED, _("The channel is paused by an operator")),
    (Reason.GATEWAY_BROKEN, _("The gateway is out of order")),
    (Reason.GATEWAY_BUSY, _("Waits for its turn at the gateway")),
    (Reason.NOT_DELIVERED, _("The gateway reported that it did not arrive")),
    (Reason.BY_OPERATOR, _("An operator decided so")),
    ("fact_ended", _("What it speaks of holds no longer")),  # of the scan (procedures)
]
_LABELS = dict(REASONS)


def reason_label(reason: str) -> str:
    """Return `Message.reason` in words; what nobody knows is shown as it stands, none as ""."""
    return str(_LABELS.get(reason, reason))
