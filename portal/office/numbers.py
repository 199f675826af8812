"""Find people by their number without the number ever standing in an address (F46).

A search box that takes numbers posts what was typed. Words become part of the address, as in any
list; a number is answered with the address of what it found.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

SEARCH = "q"
_PIN_LENGTH = 12
_LONGEST = 100


def number_in(text: str) -> str | None:
    """Return the personal number that a text is, blanks aside; None where it is none."""
    digits = "".join(text.split())
    is_number = digits.isascii() and digits.isdecimal() and len(digits) == _PIN_LENGTH
    return digits if is_number else None


def answer_search(
    request: HttpRequest, address: str, lead_to: Callable[[str], str | None]
) -> HttpResponse:
    """Lead a posted search on; `lead_to` returns the address that a number leads to, or None."""
    asked = {name: str(value) for name, value in request.POST.items() if value}
    asked.pop("csrfmiddlewaretoken", None)
    text = asked.get(SEARCH, "").strip()[:_LONGEST]
    number = number_in(text)
    if number is None:
        return redirect(f"{address}?{urlencode(asked)}" if asked else address)
    found = lead_to(number)
    if found is None:
        messages.warning(request, _("Nobody with this number is within your reach."))
    return redirect(found or address)
