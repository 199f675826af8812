"""What an operator does with the exchange: what is meant is shown first, then asked why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from citizens.enums import UnitKind
from citizens.models import User
from dossiers.enums import ExchangeActKind, Repair
from dossiers.exchange import looking
from dossiers.exchange.acts import (
    MOST_AT_ONCE,
    act_on_rows,
    ask_comparison,
    decide_difference,
    safe_with,
    states_for,
)
from dossiers.exchange.fates import SENDS
from dossiers.models import Difference, ExchangeRow
from dossiers.tasks import ring_for_partners
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.roles import Desk
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_K = ExchangeActKind
UNPROCESSABLE = 422
_OF_LIST = ("partner", "state", "code", "before", "back")


@dataclass(frozen=True)
class Deed:
    """One thing that can be done with rows, in words."""

    key: str
    kind: ExchangeActKind
    title: Any
    effect: Any
    press: Any


_ALL = (
    Deed(
        "resend",
        _K.RESEND,
        gettext_lazy("Send again"),
        gettext_lazy(
            "They are due at once, under the same reference, and in the order of their dossier. "
            "What may have arrived goes only to a partner that can be asked, or told twice."
        ),
        gettext_lazy("Send these rows again"),
    ),
    Deed(
        "arrived",
        _K.ARRIVED,
        gettext_lazy("Settle: it arrived"),
        gettext_lazy(
            "Somebody found it at the partner. It counts as acknowledged, and is not sent; only "
            "the status that goes with it is, once more."
        ),
        gettext_lazy("It arrived"),
    ),
    Deed(
        "not-arrived",
        _K.NOT_ARRIVED,
        gettext_lazy("Settle: it did not arrive"),
        gettext_lazy(
            "Somebody looked at the partner, and it is not there. It is sent once more: be sure, "
            "or the partner has it twice."
        ),
        gettext_lazy("It did not arrive"),
    ),
    Deed(
        "drop",
        _K.DROP,
        gettext_lazy("Settle: need not be sent"),
        gettext_lazy(
            "It is never sent, and what waits behind it goes on. A dossier that the partner does "
            "not know yet cannot be left out."
        ),
        gettext_lazy("Do not send these"),
    ),
)
DEEDS: Mapping[str, Deed] = {deed.key: deed for deed in _ALL}
OPEN = frozenset(state for deed in _ALL for state in states_for(deed.kind))


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("exchange/acts/<slug:deed>/", guarded(act), name="office_exchange_act"),
        path("exchange/compare/", guarded(compare), name="office_exchange_compare"),
        path(
            "exchange/differences/<uuid:public_id>/",
            guarded(settle),
            name="office_exchange_difference",
        ),
    ]


def may_run(request: HttpRequest) -> bool:
    """Return whether the official may act here: it is about the whole province."""
    units = standing_of(request).units_edited(Desk.EXCHANGE)
    return units.filter(kind=UnitKind.PROVINCE).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, deed: str) -> HttpResponse:
    """Show which of the chosen rows are meant; a POST with a reason does it with those."""
    user, chosen = _check(request), DEEDS.get(deed)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        keys = request.GET.getlist("row")
        return _asked(request, chosen, keys, _too_many(keys))
    given = request.POST.getlist("row")
    try:
        done = act_on_rows(
            kind=chosen.kind,
            seen=_seen(given),
            reason=request.POST.get("reason", ""),
            by=user,
            now=clock.now(),
        )
    except RefusedError as refused:
        keys = [one.partition(":")[0] for one in given]
        return _asked(request, chosen, keys, refused)
    if done.count:
        ring_for_partners()
        messages.success(request, _done_words(chosen.kind) % {"count": done.count})
    if done.left:
        said = _("%(count)d stay as they are: they moved meanwhile, or it would not be safe.")
        messages.warning(request, said % {"count": done.left})
    return redirect(_row_address(request) or _list_address(request))


def _done_words(kind: ExchangeActKind) -> str:
    if kind in SENDS:
        return _("Sent again: %(count)d. What becomes of it stands beside each row in a minute.")
    return _("Rows settled: %(count)d.")


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Ask why, then let the books be compared with a partner's at once."""
    user = _check(request)
    partner = request.POST.get("partner", request.GET.get("partner", ""))
    if partner not in looking.known_partners():
        if request.method != "POST" and not partner:
            return redirect("admin:office_exchange")
        raise Http404
    refused = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            ask_comparison(partner=partner, reason=reason, by=user, now=clock.now())
        except RefusedError as error:
            refused = error
        else:
            ring_for_partners()
            messages.success(request, _("The books are compared now; look again in a minute."))
            return redirect(_row_address(request) or reverse("admin:office_exchange"))
    context = {
        "title": _("Compare the books now"),
        "partner": partner,
        "row_address": _row_address(request),
        "row_key": _row_key(request),
        "name": looking.partner_named(partner),
        "reasons": refused.reasons if refused else (),
    }
    return _shown(request, "office/exchange_compare.html", context, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a difference; a POST with a reason repairs it as proposed, or leaves it as it is."""
    user = _check(request)
    rows = Difference.objects.select_related("dossier", "reconciliation", "decided_by")
    row, refused = get_object_or_404(rows, public_id=public_id), None
    if request.method == "POST":
        kind = _K.REPAIR if request.POST.get("press") == "repair" else _K.DISMISS
        reason = request.POST.get("reason", "")
        try:
            decide_difference(difference=row, kind=kind, reason=reason, by=user, now=clock.now())
        except RefusedError as error:
            refused = error
        else:
            ring_for_partners()
            messages.success(request, _("Noted."))
            address = reverse("admin:office_exchange_differences")
            return redirect(f"{address}?partner={row.partner}")
    context = {
        "title": row.get_kind_display(),
        "row": row,
        "name": looking.partner_named(row.partner),
        "sides": looking.sides_of(row),
        "acts": row.acts.select_related("by", "difference__dossier"),
        "mends_itself": row.repair not in (Repair.BY_HAND, Repair.TAKE_THEIRS),
        "reasons": refused.reasons if refused else (),
    }
    return _shown(request, "office/exchange_difference.html", context, refused)


def _check(request: HttpRequest) -> User:
    if not may_run(request):
        raise PermissionDenied
    return cast(User, request.user)


def _asked(
    request: HttpRequest, deed: Deed, keys: list[str], refused: RefusedError | None = None
) -> HttpResponse:
    """Ask whether it is meant, and why; with what it is not safe is shown, too."""
    named = {key for key in map(_uuid, keys) if key is not None}
    rows = ExchangeRow.objects.filter(public_id__in=named).select_related("dossier").order_by("pk")
    safe = safe_with(rows, deed.kind)
    context = {
        "title": deed.title,
        "deed": deed,
        "rows": [row for row in rows if row.pk in safe],
        "unfit": [row for row in rows if row.pk not in safe],
        "most": MOST_AT_ONCE,
        "list_address": _row_address(request) or _list_address(request),
        "is_of_row": bool(_row_address(request)),
        "wish": _list_wish(request),
        "reasons": refused.reasons if refused else (),
    }
    return _shown(request, "office/exchange_act.html", context, refused)


def _too_many(keys: list[str]) -> RefusedError | None:
    """Say at once what the act itself would refuse."""
    if len(keys) <= MOST_AT_ONCE:
        return None
    return RefusedError(_("Please choose from 1 to %(most)d rows.") % {"most": MOST_AT_ONCE})


def _list_wish(request: HttpRequest) -> dict[str, str]:
    """Return what the list was asked for from which the rows were chosen."""
    given = request.POST if request.method == "POST" else request.GET
    return {name: given[name][:40] for name in _OF_LIST if given.get(name)}


def _row_key(request: HttpRequest) -> UUID | None:
    """Return the row on whose page this was pressed; None for what was pressed in a list."""
    given = request.POST if request.method == "POST" else request.GET
    rows = given.getlist("row")
    if given.get("back") != "row" or len(rows) != 1:
        return None
    return _uuid(rows[0].partition(":")[0])


def _row_address(request: HttpRequest) -> str:
    key = _row_key(request)
    return reverse("admin:office_exchange_row", args=[key]) if key else ""


def _list_address(request: HttpRequest) -> str:
    """Return the address of that list, its page too."""
    address, wish = reverse("admin:office_exchange_outbox"), _list_wish(request)
    wish.pop("back", None)
    return f"{address}?{urlencode(wish)}" if wish else address


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], refused: RefusedError | None
) -> HttpResponse:
    whole = admin.site.each_context(request) | {"is_fullwidth": "1"} | context
    return render(request, template, whole, status=UNPROCESSABLE if refused else 200)


def _seen(given: list[str]) -> dict[UUID, int]:
    """Return the rows that were posted, by the attempt that the page showed."""
    found = {}
    for one in given:
        key, _colon, attempt = one.partition(":")
        public_id = _uuid(key)
        if public_id is not None and attempt.isascii() and attempt.isdecimal() and len(attempt) < 9:
            found[public_id] = int(attempt)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
