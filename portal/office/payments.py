"""The fee of a dossier at the desk: ask for it, take it at the counter, give it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import User
from dossiers.enums import Action, PaymentState, Status
from dossiers.models import Dossier, Payment
from dossiers.payments.fees import due_payment, fee_choices, open_vnd
from dossiers.services.choose_fee import choose_fee_and_ask, take_fee
from dossiers.services.refund_payment import ask_refund, confirm_refund
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.hands import offers_here
from portal.office.queue import visible_dossier
from portal.office.queue_way import to_dossier
from procedures.definition.parts import Fee

_LONGEST_RECEIPT = 40


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the presses, each behind the door that `guarded` puts in front."""
    dossier, payment = "dossiers/<uuid:public_id>/fee", "payments/<uuid:public_id>/refund"
    return [
        path(f"{dossier}/ask/", guarded(ask), name="office_fee_ask"),
        path(f"{dossier}/paid/", guarded(paid), name="office_fee_paid"),
        path(f"{payment}/", guarded(refund), name="office_refund"),
    ]


def payment_part(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return what templates/office/parts/dossier_payment.html shows."""
    user = cast(User, request.user)
    offers = {offer.action for offer in offers_here(request, dossier)}
    left = open_vnd(dossier)
    choices = [fee for fee in fee_choices(dossier) if fee.case_vi and fee.amount_vnd]
    may_ask = Action.REQUEST_PAYMENT in offers and (bool(left) or bool(choices))
    due, is_unasked = due_payment(dossier), _is_unasked(dossier, left, choices)
    payments = sorted(dossier.payments.all(), key=lambda one: one.pk)
    may_take = Action.CONFIRM_PAYMENT in offers and (due is not None or is_unasked)
    may_choose = (may_ask or (may_take and is_unasked)) and (len(choices) > 1 or left is None)
    return {
        "fee_vnd": dossier.fee_vnd,
        "choices": choices if may_choose else [],
        "may_ask": may_ask,
        "is_unasked": is_unasked,
        "may_take": may_take,
        "due": due,
        "payments": [_row(one, user) for one in payments],
        "most_receipt": _LONGEST_RECEIPT,
    }


def _is_unasked(dossier: Dossier, left: int | None, choices: Sequence[Fee]) -> bool:
    """Return whether the version has a fee that nobody has asked for, or has not chosen yet."""
    to_pay = bool(choices) if left is None else left > 0
    return to_pay and not dossier.payments.all()


def _row(payment: Payment, user: User) -> dict[str, Any]:
    is_paid, is_asked = payment.state == PaymentState.PAID, payment.refund_asked_at is not None
    return {
        "payment": payment,
        "may_ask_refund": is_paid and not is_asked,
        "may_confirm_refund": is_paid and is_asked and payment.refund_asked_by_id != user.pk,
        "waits_for_other": is_paid and is_asked and payment.refund_asked_by_id == user.pk,
    }


@require_POST
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the fee, of the chosen case where the catalogue has several."""
    dossier = visible_dossier(request, public_id)
    return _do(
        request,
        dossier,
        _("The fee is asked for; the person was told how to pay."),
        lambda user: choose_fee_and_ask(
            dossier=dossier,
            user=user,
            version=_version(request),
            case=request.POST.get("case", ""),
            now=clock.now(),
        ),
    )


@require_POST
def paid(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that the fee was paid at the counter, under the receipt's number."""
    dossier = visible_dossier(request, public_id)
    is_decided = dossier.status == Status.DONE
    done = (
        _("Paid at the counter.") if is_decided else _("Paid at the counter; the dossier goes on.")
    )
    receipt = " ".join(request.POST.get("receipt", "").split())
    if len(receipt) > _LONGEST_RECEIPT or not receipt.isprintable():
        messages.error(request, _("The receipt's number is at most 40 characters long."))
        return to_dossier(request, public_id)
    return _do(
        request,
        dossier,
        done,
        lambda user: take_fee(
            dossier=dossier,
            user=user,
            version=_version(request),
            case=request.POST.get("case", "") if is_decided else "",
            receipt=receipt,
            now=clock.now(),
        ),
    )


@require_POST
def refund(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for a refund with its reason, or confirm one that somebody else asked for."""
    payment = Payment.objects.select_related("dossier").filter(public_id=public_id).first()
    if payment is None:
        raise Http404
    dossier = visible_dossier(request, payment.dossier.public_id)
    if request.POST.get("press") == "confirm":
        return _do(
            request,
            dossier,
            _("The refund is confirmed."),
            lambda user: confirm_refund(payment=payment, user=user, now=clock.now()),
        )
    return _do(
        request,
        dossier,
        _("The refund is asked for; another official confirms it."),
        lambda user: ask_refund(
            payment=payment,
            user=user,
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        ),
    )


def _do(
    request: HttpRequest, dossier: Dossier, done: str, press: Callable[[User], object]
) -> HttpResponse:
    try:
        press(cast(User, request.user))
    except StaleVersionError as stale:
        messages.warning(request, str(stale))
    except RefusedError as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, done)
    return to_dossier(request, dossier.public_id)


def _version(request: HttpRequest) -> int:
    return shown_version(request.POST.get("version", ""))
