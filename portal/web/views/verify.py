"""`/verify/`: is this message, or this paper, really ours? For everybody, without signing in."""

from __future__ import annotations

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.documents.facts.frame import spelled_code
from notifications.rules.notices import typed_code
from portal.common.crypto import public_halves
from portal.web.access import public
from portal.web.limits import Limit, address_of
from portal.web.presenters.verifying import check_code, check_paper
from portal.web.presenters.verifying_forms import form_code

CODES = Limit("verify", most=20, seconds=600)
PAPERS = Limit("verify-paper", most=60, seconds=600)
_MOST_TYPED = 200
_LETTERS = 8  # of a message's code


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a message; a POST answers. The code of a message is never
    part of an address; a paper's leads to where its QR leads."""
    if request.method != "POST":
        return _page(request)
    refused = _refused(request, CODES)
    if refused is not None:
        return refused
    typed = request.POST.get("code", "")[:_MOST_TYPED].strip()
    if paper := form_code(typed):
        return redirect("web:verify_form", spelled_code(paper))
    code = typed_code(typed)
    if not code:  # a slip of the finger, unless there is as much of it as a code has
        is_foreign = sum(char.isalnum() for char in typed) == _LETTERS
        return _page(request, misread=True, is_foreign=is_foreign, typed=typed)
    return _page(request, checked=check_code(code), typed=typed)


@public
@never_cache
@require_safe
def verify_paper(request: HttpRequest, text: str) -> HttpResponse:
    """Say whether we signed what a paper's QR says; this is where the QR leads."""
    return _refused(request, PAPERS) or _page(request, checked=check_paper(text), text=text)


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Check papers in the browser alone, with the keys that come with the page."""
    return render(request, "web/verify_offline.html", {"keys": _keys()})


@public
@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """Publish the public halves of the keys that sign papers, newest first, base64, one a line."""
    return HttpResponse("".join(f"{one}\n" for one in _keys()), content_type="text/plain")


def _keys() -> list[str]:
    return [base64.b64encode(half).decode() for half in public_halves()]


def _refused(request: HttpRequest, limit: Limit) -> HttpResponse | None:
    """Return the page that asks to wait where an address asked too often."""
    too_many = limit.passed(address_of(request))
    if too_many is None:
        return None
    answer = _page(request, must_wait=True)
    answer.status_code = too_many.status_code
    answer["Retry-After"] = too_many["Retry-After"]
    return answer


def _page(request: HttpRequest, **said: object) -> HttpResponse:
    nothing = {"checked": None, "typed": "", "text": ""}
    neither = {"must_wait": False, "misread": False, "is_foreign": False}
    return render(request, "web/verify.html", nothing | neither | said)
