"""The trial's bank as a page: a transfer that moves no money and calls back as a bank does."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dossiers.models import Payment
from dossiers.payments.gateways import Account, account
from dossiers.payments.simulator import new_transaction, signed_call
from portal.common import clock
from portal.web.access import public
from portal.web.hooks.payments import signed_payment

# What somebody at a bank gets right or wrong: đồng more or less than asked.
_WAYS = {"exact": 0, "less": -10_000, "more": 10_000}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def demo_bank(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a transfer with everything filled in; a press sends it. Only where PAYMENT_URL=demo:."""
    ours = account()
    if ours is None or not ours.is_simulated:
        raise Http404
    payment = get_object_or_404(Payment.objects.select_related("dossier"), reference=reference)
    if request.method == "POST":
        amount = payment.amount_vnd + _WAYS.get(request.POST.get("way", ""), 0)
        _transfer(ours, payment.reference, max(amount, 1))
        messages.success(request, _("The simulated bank has sent the transfer."))
        return redirect("web:dossier", payment.dossier.public_id)
    context = {"payment": payment, "account": ours}
    return render(request, "web/demo_bank.html", context)


def _transfer(ours: Account, content: str, amount_vnd: int) -> None:
    """Call the portal's own hook with a signed body, as the bank's machine would."""
    address = reverse("web:payment_hook", args=[ours.gateway])
    body, headers = signed_call(
        address=address,
        transaction=new_transaction(),
        content=content,
        amount_vnd=amount_vnd,
        now=clock.now(),
    )
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    environment |= {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
    }
    answer = signed_payment(WSGIRequest(environment), gateway=ours.gateway)
    if answer.status_code != 200:
        raise RuntimeError(f"The hook answered {answer.status_code} to the simulated bank.")
