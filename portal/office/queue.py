"""My queue: the dossiers of the official's units, most urgent first, each with its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.enums import PartyKind, ViewPurpose
from citizens.models import Citizen
from citizens.models.parties import SortKey
from dossiers.enums import ClockColour
from dossiers.models import Dossier
from dossiers.models.dossiers import FINISHED, STATUSES
from dossiers.selectors import alerts_for
from dossiers.selectors.codes import by_code
from portal.office.access import log_people_shown
from portal.office.clock_colours import SIGNS, Day
from portal.office.names import SUBJECT_TABLES, named_like, party_name, through
from portal.office.numbers import answer_search
from portal.office.paging import MOST_COUNTED, Found, ListPaginator, by_keys, found_once
from portal.office.presses import in_bulk, may_hand_over
from portal.office.queue_filters import saved_views
from portal.office.queue_wish import OWN_AGENCY, URGENT_ON, WHOLE_UNIT, Wish, where_first
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force

PER_PAGE = 30
_OWNER_TABLES = through("owner", SUBJECT_TABLES)
_OPEN = tuple(colour for colour in SIGNS if colour is not ClockColour.ENDED)


@dataclass(frozen=True)
class Row:
    """A dossier on the list, ready to be shown."""

    dossier: Dossier
    colour: ClockColour
    word: Any
    icon: str
    days: int | None
    due_on: date | None
    owner: str
    is_warned: bool = False

    @property
    def died_on(self) -> date | None:
        """The day on which the owner died, if one did; the office still decides the dossier."""
        owner = self.dossier.owner
        return owner.citizen.died_on if owner.kind == PartyKind.CITIZEN else None

    @property
    def days_late(self) -> int:
        """The working days since the due date."""
        return -self.days if self.days and self.days < 0 else 0


def dossiers_of(standing: Standing) -> QuerySet[Dossier]:
    """Return the dossiers decided or received in the official's units, and of those they cover.

    None without a grant for the queue.
    """
    if standing.everywhere:
        return Dossier.objects.all()
    if not standing.sees(Desk.QUEUE):
        return Dossier.objects.none()
    return Dossier.objects.filter(standing.reach)


def visible_dossier(request: HttpRequest, public_id: UUID) -> Dossier:
    """Return one dossier with what its page needs; Http404 for those of other units."""
    tables = ("procedure_version", "competent__unit__parent", "unit", "assignee__user", "applicant")
    ends = ("result", "automatic_decision", "automatic_refusal", "bundle_case__bundle")
    mine = dossiers_of(standing_of(request))
    rows = mine.select_related(*tables, *_OWNER_TABLES, "suggestion", *ends)
    dossier = rows.filter(public_id=public_id).first()
    if dossier is None:
        raise Http404(_("No dossier here."))
    return dossier


def asked_for(request: HttpRequest, standing: Standing) -> QuerySet[Dossier]:
    """Return the dossiers that the address of the queue asks for, in turn, as rows are shown."""
    wish = Wish.of(request.GET, standing)
    return with_names(in_turn(wished(request, standing, wish, Day.of(standing.day)), wish))


def wished(request: HttpRequest, standing: Standing, wish: Wish, day: Day) -> QuerySet[Dossier]:
    """Return the dossiers that somebody asked the queue for, in no order."""
    return wish.apply(_narrowed(dossiers_of(standing), wish, request).rows, day)


@require_http_methods(["GET", "HEAD", "POST"])
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show the queue: tabs by colour, filters, search, one page of rows."""
    standing = standing_of(request)
    if not standing.sees(Desk.QUEUE):
        raise PermissionDenied
    if request.method == "POST":
        return answer_search(request, request.path, lambda number: _dossiers_of(standing, number))
    day, wish = Day.of(standing.day), Wish.of(request.GET, standing)
    found = _narrowed(dossiers_of(standing), wish, request)
    mine = found.rows
    counts = counts_of(mine, day)
    asked = with_names(in_turn(wish.apply(mine, day), wish))
    pages = ListPaginator(asked, PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = list(page)
    warned = _warned(standing, shown)
    rows = [row_of(dossier, day, is_warned=dossier.pk in warned) for dossier in shown]
    log_people_shown(
        request,
        people=[key for row in rows for key in (row.dossier.owner_id, row.dossier.applicant_id)],
        fields=("full_name", "dossier_code", "procedure", "status"),
        purpose=ViewPurpose.DOSSIER,
    )
    context = {
        "title": _("Dossiers"),
        "rows": rows,
        "page": page,
        "most": MOST_COUNTED if found.is_cut or pages.is_cut else 0,
        "wish": wish,
        "way": wish.way,
        "tabs": [tab_of(colour, counts, wish) for colour in SIGNS],
        "open_count": sum(counts[colour.value] for colour in _OPEN),
        "statuses": [(number.value, label) for number, label in STATUSES],
        "procedures": _procedures(standing),
        "saved": saved_views(request, wish),
        "bulk": in_bulk(standing.roles),
        "may_hand_over": may_hand_over(standing.roles),
        "is_fullwidth": "1",
    }
    return render(request, "office/queue.html", admin.site.each_context(request) | context)


def counts_of(mine: QuerySet[Dossier], day: Day, most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many there are of each colour; the finished ones are counted to `most` + 1."""
    ended = mine.filter(day.condition(ClockColour.ENDED)).order_by()
    running = mine.exclude(day.condition(ClockColour.ENDED)).aggregate(**day.counts())
    return running | {ClockColour.ENDED.value: ended[: most + 1].count()}


def _warned(standing: Standing, dossiers: list[Dossier]) -> set[int]:
    """Return those of which the official has a warning before the limit that they have not seen."""
    mine = alerts_for(user=standing.user, day=standing.day).filter(dossier__in=dossiers)
    return set(mine.order_by().values_list("dossier_id", flat=True))


def row_of(dossier: Dossier, day: Day, *, is_warned: bool = False) -> Row:
    """Return a dossier with its clock in words; reads nothing further."""
    colour = day.colour(dossier)
    word, icon = SIGNS[colour]
    runs = colour in (ClockColour.LATE, ClockColour.SOON, ClockColour.ON_TIME)
    days = day.working_days_left(dossier.due_on) if runs and dossier.due_on else None
    due_on = dossier.due_on or dossier.expected_on
    return Row(dossier, colour, word, icon, days, due_on, party_name(dossier.owner), is_warned)


def in_turn(dossiers: QuerySet[Dossier], wish: Wish | None = None) -> QuerySet[Dossier]:
    """Return dossiers by due (or expected) date, undated last; finished ones the newest first."""
    if wish is not None and wish.is_ended:
        return dossiers.order_by(F("finished_at").desc(nulls_last=True), F("pk").desc())
    return dossiers.order_by(URGENT_ON.asc(nulls_last=True), "submitted_at", "pk")


def open_first(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return dossiers with the open ones first, in turn, then finished ones, the newest first.

    Of more than anybody reads those are kept that somebody may still have to work on.
    """
    is_finished = ExpressionWrapper(Q(status__in=FINISHED), BooleanField())
    newest = F("finished_at").desc(nulls_last=True)
    first = URGENT_ON.asc(nulls_last=True)
    return dossiers.order_by(is_finished, newest, first, "submitted_at", "pk")


def urgent_first(dossiers: QuerySet[Dossier], most: int) -> QuerySet[Dossier]:
    """Return the `most` urgent dossiers with what a row shows."""
    first = in_turn(dossiers)
    return with_names(by_keys(first, first[:most]))


def with_names(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return dossiers with what a row shows."""
    tables = ("procedure_version", "competent", "assignee__user", *_OWNER_TABLES)
    return dossiers.select_related(*tables).defer("form_enc", "procedure_version__definition")


def _narrowed(dossiers: QuerySet[Dossier], wish: Wish, request: HttpRequest) -> Found:
    """Return what the tabs count: everything but the colour and the status."""
    if wish.procedure is not None:
        dossiers = dossiers.filter(procedure_version__procedure=wish.procedure)
    if wish.mine:
        dossiers = dossiers.filter(assignee=request.user.pk)
    if wish.own_agency:
        dossiers = of_own_agency(dossiers, request)
    if wish.person is not None:
        dossiers = dossiers.filter(owner__public_id=wish.person)
    if not wish.text:
        return Found(dossiers, is_cut=False)
    return found_once(dossiers, open_first(_matching(dossiers, wish.text)))


def _dossiers_of(standing: Standing, number: str) -> str | None:
    """Return the address of the dossiers within reach of the person with this number."""
    theirs = dossiers_of(standing).filter(owner__citizen__pin_index=Citizen.index_of(number))
    person = theirs.values_list("owner__public_id", flat=True).first()
    if person is None:
        return None
    return f"{reverse('admin:office_queue')}?person={person}&where={WHOLE_UNIT}"


def of_own_agency(dossiers: QuerySet[Dossier], request: HttpRequest) -> QuerySet[Dossier]:
    """Return what the official's own agency decides."""
    return dossiers.filter(competent__officials=request.user.pk)


def at_first(request: HttpRequest, standing: Standing) -> QuerySet[Dossier]:
    """Return the dossiers that the official's queue begins with."""
    mine = dossiers_of(standing)
    return of_own_agency(mine, request) if where_first(standing) == OWN_AGENCY else mine


def _matching(dossiers: QuerySet[Dossier], text: str) -> QuerySet[Dossier]:
    """Return dossiers by what is said of a code, or by words of a name; numbers are posted.

    Two looks put together: of one look joined by OR every dossier would be read. Every code has a
    digit, no person's name has one.
    """
    rows = dossiers.order_by()
    if any(sign.isdigit() for sign in text):
        ours = rows.filter(by_code(text))
    else:
        ours = named_like(rows, "owner__citizen__name_fold", text)
    named = rows.filter(owner__organisation__name__icontains=text)
    return dossiers.filter(pk__in=ours.values("pk").union(named.values("pk")))


def tab_of(
    colour: ClockColour, counts: dict[str, int], wish: Wish, most: int = MOST_COUNTED
) -> dict[str, Any]:
    """Return what the tab of a colour shows; `is_cut` where there are more than are counted."""
    word, icon = SIGNS[colour]
    count = counts[colour.value]
    is_cut = colour is ClockColour.ENDED and count > most
    return {
        "colour": colour,
        "word": word,
        "icon": icon,
        "count": most if is_cut else count,
        "is_cut": is_cut,
        "is_open": wish.colour is colour,
    }


def _procedures(standing: Standing) -> QuerySet[ProcedureVersion]:
    """Return the procedures in force, to choose from: the catalogue is the same for every unit."""
    versions = ProcedureVersion.objects.filter(in_force(standing.day))
    return versions.only("procedure", "name_vi", "name_en").order_by(
        SortKey(F("name_vi"), Value(""))
    )
