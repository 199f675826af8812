"""A unit's waiting room: opened, its rule set, its kiosk given a secret address."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Agency
from dossiers.models import ServiceGroup, TicketHall
from portal.common.errors import RefusedError, StaleVersionError

_BYTES = 32
# What the people of a commune come for; each unit changes the names as it needs.
FIRST_GROUPS = (
    ("A", "Hộ tịch, chứng thực", "Civil status, certification"),
    ("B", "Đất đai, xây dựng", "Land and building"),
    ("C", "Kinh doanh", "Business"),
    ("D", "Bảo trợ xã hội, người có công", "Social support, people of merit"),
    ("E", "Việc khác, nhận kết quả", "Something else, fetching a result"),
)


@transaction.atomic
def open_hall(*, agency: Agency) -> TicketHall:
    """Return the agency's waiting room, made with the usual groups where there is none."""
    hall, is_new = TicketHall.objects.get_or_create(agency=agency)
    if is_new:
        ServiceGroup.objects.bulk_create(
            ServiceGroup(hall=hall, prefix=letter, name_vi=name_vi, name_en=name_en)
            for letter, name_vi, name_en in FIRST_GROUPS
        )
    return hall


@transaction.atomic
def set_rule(*, hall: TicketHall, in_a_row: int, version: int) -> None:
    """Set how many with priority are called in a row at most.

    RefusedError outside 1 to 9, StaleVersionError when somebody else changed it meanwhile.
    """
    if not 1 <= in_a_row <= 9:
        raise RefusedError(_("From 1 to 9."))
    changed = TicketHall.objects.filter(pk=hall.pk, version=version).update(
        in_a_row=in_a_row, version=version + 1
    )
    if not changed:
        raise StaleVersionError


def renew_kiosk(*, hall: TicketHall) -> str:
    """Return a new secret for the kiosk's address; the one before opens nothing any more."""
    token = secrets.token_urlsafe(_BYTES)
    digest = hashlib.sha256(token.encode()).digest()
    TicketHall.objects.filter(pk=hall.pk).update(kiosk_sha256=digest)
    return token
