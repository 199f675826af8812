""" "My matters" and the list behind a card that stands for many."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.selectors import dossiers_of, drafts_of
from notifications.selectors import inbox_of
from portal.common import clock
from portal.common.sql import ask_together
from portal.web import undo
from portal.web.access import for_citizens
from portal.web.presenters import dossiers as dossier_cards
from portal.web.presenters import matters as cards
from portal.web.presenters.cases import needing_cards, needing_cases
from portal.web.presenters.coming import family_of, next_dates
from portal.web.presenters.people import greeting, parties_of, pronoun
from portal.web.presenters.prefilled import prefilled_line
from procedures.answers import watching
from procedures.models import Suggestion
from procedures.selectors import papers_behind, suggestions_of

RECENT = 20
ON_A_PAGE = 25


@for_citizens
@require_safe
def matters(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show what needs the person now, what is being handled, and what comes."""
    day = clock.today()
    rows = _rows(citizen, day)
    board = cards.board(rows, citizen)
    filed = dossiers_of(citizen=citizen).select_related("owner__citizen", "owner__organisation")
    cases, rules = needing_cases(citizen), watching(day=day)
    begun = _counted(drafts_of(applicant=citizen))
    unread = _counted(inbox_of(party=citizen.party).filter(read_at=None))
    running = dossier_cards.running(filed, RECENT, cases, rules, begun, unread)
    needing = needing_cards(cases, day)
    count = len(needing) + len(running.asked) + board.count
    if board.lead is not None:
        board.now[0].lines.append(prefilled_line(board.lead, citizen, day))
    waiting = [row.suggestion for row in rows]
    family = family_of(citizen, parties_of(citizen, day), waiting, day, rules)
    told = {*cards.by_anchor(rows), *(row.anchor for row in (*running.asked, *running.handled))}
    context = {
        "greeting": greeting(citizen, day),
        "summary": _summary(count, running.handled_count, pronoun(citizen, day)),
        "count": count,
        "matters": cards.most_urgent_first(
            board.now,
            [*needing, *(dossier_cards.card(row, citizen.pk) for row in running.asked)],
            day,
        ),
        "later": board.later,
        "handled": [dossier_cards.card(row, citizen.pk) for row in running.handled],
        "further": running.handled_count - len(running.handled),
        "dates": next_dates(family, told),
        "shortcuts": _shortcuts(sum(begun), sum(unread)),
        "undo": undo.last(request),
    }
    return render(request, "web/matters.html", context)


def _summary(count: int, handled: int, you: str) -> str:
    """Return "2 việc cần bà · 1 đang giải quyết", "" when there is neither."""
    told = []
    if count:
        words = ngettext("%(n)d matter needs %(you)s", "%(n)d matters need %(you)s", count)
        told.append(words % {"n": count, "you": you})
    if handled:
        told.append(
            ngettext("%(n)d being handled", "%(n)d being handled", handled) % {"n": handled}
        )
    return " · ".join(told)


def _rows(citizen: Citizen, day: date) -> list[cards.Waiting]:
    """Return what waits for the person (one query)."""
    mine = suggestions_of(citizen=citizen, day=day)
    papers = papers_behind(Suggestion.objects.waiting().of_recipient(citizen))
    ask_together(mine, papers)
    return cards.waiting(mine, day, papers)


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    """Return the number of rows as a question of one row, or none where there are none."""
    count: QuerySet[Any, int] = rows.order_by().values_list(Window(Count("*")), flat=True)[:1]
    return count


def _shortcuts(begun: int, unread: int) -> list[dict[str, object]]:
    return [
        {
            "url": reverse("web:wishes"),
            "icon": "forward",
            "label": _("Begin something"),
            "count": 0,
        },
        {"url": reverse("web:procedures"), "icon": "search", "label": _("Procedures"), "count": 0},
        {"url": reverse("web:drafts"), "icon": "paper", "label": _("My drafts"), "count": begun},
        {"url": reverse("web:papers"), "icon": "card", "label": _("My papers"), "count": 0},
        {"url": reverse("web:dossiers"), "icon": "paper", "label": _("My dossiers"), "count": 0},
        {"url": reverse("web:inbox"), "icon": "inbox", "label": _("Inbox"), "count": unread},
        {"url": reverse("web:my_data"), "icon": "person", "label": _("My data"), "count": 0},
        {"url": reverse("web:why_not"), "icon": "help", "label": _("Why not?"), "count": 0},
        {"url": reverse("web:views"), "icon": "eye", "label": _("Who saw my data"), "count": 0},
        {
            "url": reverse("web:helpers"),
            "icon": "people",
            "label": _("People who help me"),
            "count": 0,
        },
        {
            "url": reverse("web:helping"),
            "icon": "people",
            "label": _("Help somebody to file"),
            "count": 0,
        },
        {"url": reverse("web:choices"), "icon": "check", "label": _("My choices"), "count": 0},
        {
            "url": reverse("web:requests"),
            "icon": "key",
            "label": _("My rights over data"),
            "count": 0,
        },
    ]


@for_citizens
@require_safe
def pile(request: HttpRequest, citizen: Citizen, rule: str, party: UUID) -> HttpResponse:
    """List the suggestions of one rule for one holder: an organisation's fifty badges."""
    day = clock.today()
    mine = suggestions_of(citizen=citizen, day=day)
    rows = cards.waiting(mine.filter(rule__key=rule, subject__public_id=party), day)
    if not rows:
        raise Http404
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": cards.pile_title(rows),
        "for_whom": cards.for_whom(rows[0].suggestion.subject, citizen),
        "rows": [cards.card(row, citizen) for row in page],
        "page": page,
    }
    return render(request, "web/pile.html", context)
