"""The official who decides says how much money a decision grants."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from dossiers.selectors import definition_of
from portal.common.errors import RefusedError

_AMOUNT = re.compile(r"[1-9][0-9]{3,8}")


def grants_money(*, dossier: Dossier) -> bool:
    """Return whether approving the dossier grants money, of which somebody has to say how much."""
    return definition_of(dossier=dossier).result.grants_money


def state_amount(*, dossier: Dossier, typed: str) -> None:
    """Keep the amount in đồng that was typed, dots and blanks aside.

    Call it in the transaction of the approval, before it. RefusedError for what is no amount from
    1,000 đ to 999,999,999 đ.
    """
    amount = re.sub(r"[\s.,]|đ$", "", typed.strip())
    if not _AMOUNT.fullmatch(amount):
        raise RefusedError(
            _("Please type the amount that is granted in đồng, for example 10.000.000.")
        )
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    row.granted_vnd = int(amount)
    row.save(update_fields=["granted_vnd"])
