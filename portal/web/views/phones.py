"""What each demo phone received; these pages exist only where `SMS_URL=demo:`."""

from __future__ import annotations

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.selectors.demo import thread_of
from portal.web import demo_phones
from portal.web.access import public
from portal.web.views.phone_answer import answer_box

ON_A_PAGE = 20


@public
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """List the demo phones; `so` holds the last digits to look for."""
    if not demo_phones.are_open():
        raise Http404
    digits = re.sub(r"\D", "", request.GET.get("so", ""))[-9:]
    page = Paginator(demo_phones.listed(digits), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"phones": demo_phones.named(list(page.object_list)), "page": page, "digits": digits}
    return render(request, "web/phones.html", context)


@public
@require_safe
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """Show what one demo phone received and what was written from it, the latest first."""
    address = demo_phones.address_of(token) if demo_phones.are_open() else None
    if address is None:
        raise Http404
    page = Paginator(thread_of(address), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "number": demo_phones.masked(address),
        "name": demo_phones.name_of(token),
        "thread": demo_phones.bubbles(page.object_list),
        "page": page,
        "answer": answer_box(address, token),
    }
    return render(request, "web/phone.html", context)
