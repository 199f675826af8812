"""What a dossier has to pay: the catalogue's choices, what was paid, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dossiers.enums import PaymentState
from dossiers.models import Dossier, Payment
from dossiers.rules import answers_in
from dossiers.selectors import definition_of
from portal.common import clock
from procedures.definition.parts import Fee
from procedures.enums import FilingChannel
from procedures.rules import fee_for


def fee_choices(dossier: Dossier) -> list[Fee]:
    """Return the fees that fit the dossier's channel and day, one a case, first its answers'.

    The amount of each is what this dossier would pay: a fee for a copy, times the copies.
    """
    definition, day = definition_of(dossier=dossier), clock.civil_date(dossier.submitted_at)
    cases = [None, *dict.fromkeys(fee.case_vi for fee in definition.fees if fee.case_vi)]
    channel, answers = FilingChannel(dossier.channel), answers_in(dossier.form)
    found = [
        fee_for(definition=definition, channel=channel, case=case, day=day, answers=answers)
        for case in cases
    ]
    fees = dict.fromkeys(fee for fee in found if fee is not None)
    return [replace(fee, amount_vnd=fee.total_vnd(answers)) for fee in fees]


def paid_vnd(dossier: Dossier) -> int:
    """Return what was paid for the dossier and not given back."""
    payments = dossier.payments.all()
    return sum(one.amount_vnd for one in payments if one.state == PaymentState.PAID)


def open_vnd(dossier: Dossier) -> int | None:
    """Return what of the snapshot is not yet paid; None where the fee is unknown."""
    if dossier.fee_vnd is None:
        return None
    return max(dossier.fee_vnd - paid_vnd(dossier), 0)


def basis_of(dossier: Dossier, choices: Sequence[Fee]) -> str:
    """Return by which decision the dossier's fee is what it is, "" where none is named."""
    fitting = (fee.basis or "" for fee in choices if fee.amount_vnd == dossier.fee_vnd)
    return next(fitting, "")


def due_payment(dossier: Dossier) -> Payment | None:
    """Return the fee that the dossier waits for, None when it waits for none."""
    due = (one for one in dossier.payments.all() if one.state == PaymentState.DUE)
    return min(due, key=lambda one: one.pk, default=None)
