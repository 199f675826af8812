"""Officials who press nothing for a while are signed out: a desk stands where others walk by."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.common import clock

_SEEN = "office_pressed_at"
# Most requests write nothing; nobody stays longer than the limit, some up to this much shorter.
NOTED_EVERY = timedelta(minutes=1)
# What a page asks by itself is no press: it neither keeps anybody in nor sends anybody away.
_BY_ITSELF = frozenset({"office_batch_progress", "office_rehearsal_progress"})


def sent_away(request: HttpRequest) -> HttpResponse | None:
    """Sign out whoever pressed nothing for `OFFICE_IDLE` seconds, lead to the sign-in; else None.

    What was asked for comes after the sign-in; what was to be written is not written.
    """
    limit: int | None = settings.OFFICE_IDLE
    match = request.resolver_match
    if (
        limit is None
        or not request.user.is_authenticated
        or (match and match.url_name in _BY_ITSELF)
    ):
        return None
    now, seen = clock.now().timestamp(), request.session.get(_SEEN)
    if seen is not None and now - seen > limit:
        back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        logout(request)
        messages.info(request, _("You were signed out because nothing was pressed for a while."))
        return redirect_to_login(back, reverse("admin:login"))
    if seen is None or now - seen >= NOTED_EVERY.total_seconds():
        request.session[_SEEN] = now
    return None
