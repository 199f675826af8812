"""The exchange with partners: how each stands, what went and came, what differs, with files of it.

Nothing here names a person; what was told of one is masked, and the dossier's own page shows more
to whoever works there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citizens.enums import UnitKind
from dossiers.enums import ExchangeState, InboxVerdict
from dossiers.exchange import looking
from dossiers.exchange.acts import may_act
from dossiers.exchange.fates import fates_of, open_difference_of
from dossiers.exchange.reasons import reason_named
from dossiers.models import Difference, ExchangeInbox, ExchangeRow
from dossiers.models.exchange import EXCHANGE_STATES, INBOX_VERDICTS
from dossiers.partners.address import partners
from dossiers.partners.mapping import MappingError
from portal.common import clock
from portal.office import exchange_acts
from portal.office.exchange_acts import DEEDS, may_run
from portal.office.exchange_words import Told, told_fate
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 50
_LAST_ACTS = 12
_STUCK = frozenset({ExchangeState.PARKED, ExchangeState.UNKNOWN})
MOST_IN_FILE = 50_000
_TONES = {
    ExchangeState.WAITING: ("soon", "schedule"),
    ExchangeState.SENDING: ("soon", "sync"),
    ExchangeState.ACKNOWLEDGED: ("on_time", "check_circle"),
    ExchangeState.UNKNOWN: ("late", "help"),
    ExchangeState.PARKED: ("late", "error"),
    ExchangeState.DROPPED: ("ended", "block"),
}


@dataclass(frozen=True)
class Wish:
    """What of a list is asked for; what is not understood is not asked for."""

    partner: str
    state: str = ""
    verdict: str = ""
    code: str = ""
    before: int = 0

    @property
    def query(self) -> dict[str, str]:
        """The wish as parameters of an address, without the page."""
        told = {name: getattr(self, name) for name in ("partner", "state", "verdict", "code")}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Line:
    """A row of the outbox with the colour and sign of its state."""

    row: ExchangeRow
    tone: str
    icon: str
    fate: Told | None = None


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("exchange/", guarded(show_partners), name="office_exchange"),
        path("exchange/outbox/", guarded(show_outbox), name="office_exchange_outbox"),
        path("exchange/inbox/", guarded(show_inbox), name="office_exchange_inbox"),
        path(
            "exchange/differences/", guarded(show_differences), name="office_exchange_differences"
        ),
        path("exchange/outbox/<uuid:public_id>/", guarded(show_row), name="office_exchange_row"),
        path("exchange/inbox/<int:pk>/", guarded(show_word), name="office_exchange_word"),
        path("exchange/files/<slug:what>/", guarded(list_file), name="office_exchange_file"),
        *exchange_acts.urls(guarded),
    ]


def check_sees(request: HttpRequest) -> None:
    """Let pass who may look at what the whole province exchanges; PermissionDenied for others."""
    units = standing_of(request).units_of(Desk.EXCHANGE)
    if not units.filter(kind=UnitKind.PROVINCE).exists():
        raise PermissionDenied


@require_safe
def show_partners(request: HttpRequest) -> HttpResponse:
    """Show how the exchange with each partner stands, and what was done by hand last."""
    check_sees(request)
    held = looking.known_partners()
    context = {
        "title": _("Exchange with partners"),
        "standings": [(named(one), looking.partner_standing(one)) for one in held],
        "acts": [act for one in held for act in looking.acts_of(one)[:_LAST_ACTS]],
        "may_run": may_run(request),
    }
    return _shown(request, "office/exchange.html", context)


@require_safe
def show_outbox(request: HttpRequest) -> HttpResponse:
    """List what a partner is told, newest first."""
    wish = _wish(request)
    rows, older = _part(_outbox(wish), wish)
    context = {
        "title": _("Told to partners"),
        "lines": _lines(rows),
        "states": EXCHANGE_STATES,
        "deeds": DEEDS if may_run(request) else {},
        "can_choose": any(state in exchange_acts.OPEN for state in {row.state for row in rows}),
    }
    return _shown(request, "office/exchange_outbox.html", context | _around(wish, older))


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """List what a partner said, newest first."""
    wish = _wish(request)
    rows, older = _part(_inbox(wish), wish)
    context = {"title": _("Heard from partners"), "verdicts": INBOX_VERDICTS}
    context["lines"] = [(row, _status(row)) for row in rows]
    return _shown(request, "office/exchange_inbox.html", context | _around(wish, older))


@require_safe
def show_differences(request: HttpRequest) -> HttpResponse:
    """List what differs, or what once did, with what each side holds and what was done."""
    wish = _wish(request)
    rows, older = _part(_differences(wish), wish)
    context = {
        "title": _("Differences to partners"),
        "lines": [(row, *looking.sides_of(row)) for row in rows],
        "standing": looking.partner_standing(wish.partner),
        "is_open": wish.state != "decided",
        "may_run": may_run(request),
    }
    return _shown(request, "office/exchange_differences.html", context | _around(wish, older))


@require_safe
def show_row(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one row: what it tells, each try, how long the clock waited, what may be done."""
    check_sees(request)
    rows = ExchangeRow.objects.select_related("dossier__procedure_version", "event", "decided_by")
    row = get_object_or_404(rows, public_id=public_id)
    try:
        told, fault = looking.told_of(row), ""
    except MappingError as error:
        told, fault = [], reason_named(str(error))
    day = clock.today()
    waits = row.dossier and looking.clock_waits(dossier=row.dossier, partner=row.partner, day=day)
    attempts, deeds = list(row.attempts.order_by("-number")[:PER_PAGE]), {}
    if may_run(request):
        deeds = {deed.key: deed for deed in DEEDS.values() if may_act(row, deed.kind)}
    context = {
        "title": row.get_kind_display(),
        "line": _lines([row])[0],
        "row": row,
        "name": named(row.partner),
        "told": told,
        "fault": fault,
        "attempts": attempts,
        "attempt_count": row.attempts.count() if len(attempts) == PER_PAGE else len(attempts),
        "acts": row.acts.select_related("by", "row__dossier"),
        "waits": waits,
        "deeds": deeds,
        "sees_dossiers": standing_of(request).sees(Desk.QUEUE),
        **_cure(request, row),
    }
    return _shown(request, "office/exchange_row.html", context)


def _cure(request: HttpRequest, row: ExchangeRow) -> dict[str, Any]:
    """Return what leads on from a row that cannot go by itself: what differs, or a comparison."""
    if row.state not in _STUCK or row.dossier_id is None:
        return {}
    difference = open_difference_of(row)
    is_comparing = difference is None and looking.is_comparing(row.partner)
    return {
        "is_stuck": True,
        "difference": difference,
        "is_comparing": is_comparing,
        "may_compare": may_run(request) and row.partner in partners(),
    }


@require_safe
def show_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one word of a partner, as it came, and what it did."""
    check_sees(request)
    row = get_object_or_404(ExchangeInbox.objects.select_related("dossier"), pk=pk)
    context = {
        "title": _("Heard from partners"),
        "row": row,
        "status": _status(row),
        "name": named(row.partner),
        "waits": row.dossier
        and looking.clock_waits(dossier=row.dossier, partner=row.partner, day=clock.today()),
        "sees_dossiers": standing_of(request).sees(Desk.QUEUE),
    }
    return _shown(request, "office/exchange_word.html", context)


@require_safe
def list_file(request: HttpRequest, what: str) -> HttpResponse:
    """Hand out a list as its page filters it, as a file."""
    if what not in FILES:
        raise Http404
    wish, made = _wish(request), FILES[what]
    found = made.rows(wish)
    rows = found[:MOST_IN_FILE].iterator(chunk_size=2000)
    table: list[Iterable[object]] = [made.headings, *map(made.cells, rows)]
    if found[MOST_IN_FILE : MOST_IN_FILE + 1]:
        told = {"count": MOST_IN_FILE}
        table.append((_("Only the first %(count)d rows, as the page shows them.") % told,))
    return table_file(request, made.name, table)


def named(partner: str) -> str:
    """Return the partner's name in the language of the page."""
    return looking.partner_named(partner, english=get_language() == "en")


def _lines(rows: list[ExchangeRow]) -> list[Line]:
    fates = fates_of(rows)
    return [
        Line(row, *_TONES[ExchangeState(row.state)], told_fate(row, fates.get(row.pk)))
        for row in rows
    ]


def _wish(request: HttpRequest) -> Wish:
    check_sees(request)
    given, held = request.GET, looking.known_partners()
    asked = given.get("partner", "")
    if not held and asked:
        raise Http404
    before = given.get("before", "")
    state, verdict = given.get("state", ""), given.get("verdict", "")
    return Wish(
        partner=asked if asked in held else next(iter(held), ""),
        state=state if state in {*ExchangeState, "decided"} else "",
        verdict=verdict if verdict in set(InboxVerdict) else "",
        code=given.get("code", "").replace("\0", "").strip()[:40],
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else 0,
    )


def _part(rows: QuerySet[Any], wish: Wish) -> tuple[list[Any], int]:
    """Return one page of rows, and the key before which the next one begins, 0 for none."""
    asked = rows.filter(pk__lt=wish.before) if wish.before else rows
    found = list(asked[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else 0


def _around(wish: Wish, older: int) -> dict[str, Any]:
    held = looking.known_partners()
    return {
        "wish": wish,
        "older": older,
        "partners": [(one, named(one)) for one in held],
        "name": named(wish.partner) if wish.partner else "",
    }


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    whole = admin.site.each_context(request) | {"is_fullwidth": "1"} | context
    return render(request, template, whole)


def _outbox(wish: Wish) -> QuerySet[ExchangeRow]:
    state = "" if wish.state == "decided" else wish.state
    return looking.outbox(wish.partner, state=state, code=wish.code)


def _inbox(wish: Wish) -> QuerySet[ExchangeInbox]:
    return looking.inbox(wish.partner, verdict=wish.verdict, code=wish.code)


def _differences(wish: Wish) -> QuerySet[Difference]:
    return looking.differences(wish.partner, is_open=wish.state != "decided")


@dataclass(frozen=True)
class ListFile:
    """A list as a file: its name, its headings, where its rows come from and what stands there."""

    name: str
    headings: tuple[Any, ...]
    rows: Callable[[Wish], QuerySet[Any]]
    cells: Callable[[Any], Iterator[object]]


def _told_cells(row: ExchangeRow) -> Iterator[object]:
    yield row.partner
    yield row.code
    yield row.get_kind_display()
    yield row.get_state_display()
    yield row.attempt
    yield _instant(row.noted_at)
    yield _instant(row.answered_at)
    yield row.acknowledgement
    yield reason_named(row.reason)


def _word_cells(row: ExchangeInbox) -> Iterator[object]:
    yield row.partner
    yield row.dossier.code if row.dossier else ""
    yield row.their_code
    yield _status(row)
    yield row.get_verdict_display()
    yield _instant(row.said_at)
    yield _instant(row.recorded_at)
    yield row.reason


def _difference_cells(row: Difference) -> Iterator[object]:
    yield row.partner
    yield row.dossier.code if row.dossier else ""
    yield row.their_code
    yield row.get_kind_display()
    yield from looking.sides_of(row)
    yield row.get_repair_display()
    yield row.get_state_display()
    yield row.decided_by.display_name if row.decided_by else ""
    yield _instant(row.decided_at)
    yield "; ".join(act.reason for act in row.acts.all())


def _status(row: ExchangeInbox) -> str:
    return looking.status_named(row.partner, row.status, clock.civil_date(row.said_at))


def _instant(at: Any) -> str:
    return f"{clock.civil_time(at):%H:%M %d/%m/%Y}" if at else ""


FILES: Mapping[str, ListFile] = {
    "outbox": ListFile(
        "da-gui-doi-tac",
        (
            gettext_lazy("partner"), gettext_lazy("dossier"), gettext_lazy("told"),
            gettext_lazy("state"), gettext_lazy("attempts"), gettext_lazy("noted at"),
            gettext_lazy("answered at"), gettext_lazy("receipt"), gettext_lazy("reason"),
        ),
        _outbox,
        _told_cells,
    ),
    "inbox": ListFile(
        "doi-tac-bao-ve",
        (
            gettext_lazy("partner"), gettext_lazy("dossier"), gettext_lazy("number there"),
            gettext_lazy("status there"), gettext_lazy("outcome"), gettext_lazy("said at"),
            gettext_lazy("recorded at"), gettext_lazy("reason"),
        ),
        _inbox,
        _word_cells,
    ),
    "differences": ListFile(
        "chenh-lech-doi-tac",
        (
            gettext_lazy("partner"), gettext_lazy("dossier"), gettext_lazy("number there"),
            gettext_lazy("difference"), gettext_lazy("here"), gettext_lazy("there"),
            gettext_lazy("proposed"), gettext_lazy("state"), gettext_lazy("decided by"),
            gettext_lazy("decided at"), gettext_lazy("reason"),
        ),
        _differences,
        _difference_cells,
    ),
}  # fmt: skip
