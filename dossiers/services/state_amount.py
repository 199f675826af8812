"""The official who decides says how much money a decision grants."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from dossiers.selectors import definition_of
from portal.common.errors import RefusedError

# Thousands may stand in groups of three; a sign before any other number of digits tells of pennies,
# which the đồng does not have.
_AMOUNT = re.compile(r"([0-9]{1,3}(?:[.,\s][0-9]{3})+|[0-9]+)\s*đ?")
_LONGEST = 20  # characters; more than the largest amount has
_LEAST, _MOST = 1_000, 999_999_999


def grants_money(*, dossier: Dossier) -> bool:
    """Return whether approving the dossier grants money, of which somebody has to say how much."""
    return definition_of(dossier=dossier).result.grants_money


def state_amount(*, dossier: Dossier, typed: str) -> None:
    """Keep the amount in đồng that was typed, dots and blanks aside.

    Call it in the transaction of the approval, before it. RefusedError for what is no amount from
    1,000 đ to 999,999,999 đ.
    """
    told = _AMOUNT.fullmatch(typed.strip()[:_LONGEST])
    amount = int(re.sub(r"[.,\s]", "", told[1])) if told else 0
    if not _LEAST <= amount <= _MOST:
        raise RefusedError(
            _("Please type the amount that is granted in đồng, for example 10.000.000.")
        )
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    row.granted_vnd = amount
    row.save(update_fields=["granted_vnd"])
