"""Where one's account is signed in: seen, and ended, by the person alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citizens.models import User
from citizens.selectors.apps import apps_of
from citizens.services.app_access import end_apps
from portal.common import clock
from portal.web.presenters.devices import device_name


@dataclass(frozen=True)
class SignedIn:
    """A device that is signed in. `key` names it in the form; it opens nothing."""

    key: int
    device: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Show every device that is signed in, this one first; a press ends one, or all others."""
    user = cast(User, request.user)
    living = list(_living(user))
    if request.method == "POST" and "app" in request.POST:
        return _end_app(request, user)
    if request.method == "POST":
        return _end(request, living)
    shown = sorted(
        (_shown(row, request) for row in living), key=lambda one: one.seen_at, reverse=True
    )
    shown.sort(key=lambda one: not one.is_this)
    told = {"sessions": shown, "apps": apps_of(user) if user.citizen_id else []}
    return render(request, "account/sessions.html", told)


sessions.audience = "account"  # type: ignore[attr-defined]  # any signed-in person, for oneself


@login_required
@require_POST
@never_cache
def stay(request: HttpRequest) -> HttpResponse:
    """Let a session that nears its end go on; asking is enough (`accounts.LastSeenMiddleware`)."""
    request.session.modified = True
    return HttpResponse(status=204)


stay.audience = "account"  # type: ignore[attr-defined]  # any signed-in person, for oneself


def _living(user: User) -> Iterator[UserSession]:
    """Yield the person's sessions that still open something; forget the others."""
    rows = list(UserSession.objects.filter(user=user))
    stored = Session.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now()
    )
    valid = {one.session_key for one in stored if _is_of(user, one)}
    gone = [row.pk for row in rows if row.session_key not in valid]
    if gone:
        UserSession.objects.filter(pk__in=gone).delete()
    yield from (row for row in rows if row.session_key in valid)


def _is_of(user: User, session: Session) -> bool:
    """Return whether the password is still the one that the session began with."""
    known = session.get_decoded().get(HASH_SESSION_KEY, "")
    return constant_time_compare(known, user.get_session_auth_hash())


def _end(request: HttpRequest, living: Iterable[UserSession]) -> HttpResponse:
    chosen = request.POST.get("session", "")
    others = [row for row in living if row.session_key != request.session.session_key]
    ended = [row for row in others if chosen in ("others", str(row.pk))]
    if not ended and chosen != "others":
        raise Http404
    for row in ended:
        row.end()
    messages.success(request, _("Signed out there. Whoever used it has to sign in again."))
    return redirect("usersessions_list")


def _end_app(request: HttpRequest, user: User) -> HttpResponse:
    if not end_apps(user=user, key=request.POST["app"]):
        raise Http404
    messages.success(request, _("The app sees nothing of yours any more."))
    return redirect("usersessions_list")


def _shown(row: UserSession, request: HttpRequest) -> SignedIn:
    is_this = row.session_key == request.session.session_key
    return SignedIn(
        key=row.pk,
        device=device_name(row.user_agent),
        began_at=row.created_at,
        seen_at=clock.now() if is_this else row.last_seen_at,
        is_this=is_this,
    )
