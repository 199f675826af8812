"""An official says which of the catalogue's fees applies, and asks for it or takes it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import Action
from dossiers.models import Dossier
from dossiers.payments.fees import fee_choices
from dossiers.services.advance import advance
from portal.common.errors import RefusedError


@transaction.atomic
def choose_fee_and_ask(
    *, dossier: Dossier, user: User, version: int, case: str, now: datetime
) -> Dossier:
    """Keep the fee of this case on the dossier and ask for it; "" leaves the fee as it is.

    RefusedError for a case that the catalogue does not have for this channel and day, and whatever
    `advance` refuses; then the fee stays what it was.
    """
    row = _with_fee(dossier, case)
    return advance(
        dossier=row,
        action=Action.REQUEST_PAYMENT,
        user=user,
        version=version,
        now=now,
        note=case,
    )


@transaction.atomic
def take_fee(
    *, dossier: Dossier, user: User, version: int, case: str, receipt: str, now: datetime
) -> Dossier:
    """Note that the fee was paid at the counter under the receipt's number ("" for none).

    Of a dossier that waits for its fee, and of a decided one for which nobody asked; then `case`
    may choose the fee. Refused as of `choose_fee_and_ask`.
    """
    row = _with_fee(dossier, case)
    return advance(
        dossier=row,
        action=Action.CONFIRM_PAYMENT,
        user=user,
        version=version,
        now=now,
        note=receipt,
    )


def _with_fee(dossier: Dossier, case: str) -> Dossier:
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if case:
        fees = {fee.case_vi: fee for fee in fee_choices(row)}
        if case not in fees:
            raise RefusedError(_("The catalogue has no such fee for this dossier."))
        row.fee_vnd = fees[case].amount_vnd
        row.save(update_fields=["fee_vnd"])
    return row
