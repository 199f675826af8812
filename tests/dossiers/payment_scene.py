"""A dossier that waits for its fee, and a bank that tells of money."""

from __future__ import annotations

from datetime import timedelta

from dossiers.enums import Action
from dossiers.models import Dossier, Payment, PaymentNotice
from dossiers.payments.gateways import Call
from dossiers.services.record_payment import record_payment
from tests.dossiers.scene import FRIDAY, Scene, step

TUESDAY = FRIDAY + timedelta(days=4)


def asked(scene: Scene) -> tuple[Dossier, Payment]:
    """Return a dossier that waits for its fee since FRIDAY."""
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    dossier = step(dossier, Action.REQUEST_PAYMENT, scene.officer())
    return dossier, Payment.objects.get(dossier=dossier)


def tell(transaction: str, content: str, amount: int = 135_000) -> PaymentNotice:
    """Call as the bank does, on TUESDAY."""
    call = Call(transaction, content, amount, None)
    return record_payment(gateway="demo", call=call, now=TUESDAY)
