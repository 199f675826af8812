"""Words for answers: an agency's short texts, which its officials put into a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Agency, User
from dossiers.models import AnswerText
from dossiers.models.desk import LONGEST_TITLE
from dossiers.services.advance import LONGEST_NOTE
from dossiers.services.write_answer_text import take_answer_text_away, write_answer_text
from portal.common import clock
from portal.common.errors import RefusedError

_PAGE = "admin:office_answers"


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("answer-texts/", guarded(show), name="office_answers"),
        path("answer-texts/write/", guarded(write), name="office_answers_write"),
        path("answer-texts/<int:key>/away/", guarded(away), name="office_answers_away"),
    ]


def texts_for(request: HttpRequest) -> QuerySet[AnswerText]:
    """Return the texts of the official's own agency, by title."""
    agency = _agency(request)
    return agency.answer_texts.order_by("title") if agency else AnswerText.objects.none()


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the texts of the own agency, and a form for a further one."""
    return _page(request)


@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Keep a text; a title that is there already gets the new words."""
    given = {name: request.POST.get(name, "") for name in ("title", "body")}
    try:
        kept = write_answer_text(
            agency=_own(request), user=cast(User, request.user), now=clock.now(), **given
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return _page(request, given, status=422)
    messages.success(request, _("The text “%(title)s” is kept.") % {"title": kept.title})
    return redirect(_PAGE)


@require_POST
def away(request: HttpRequest, key: int) -> HttpResponse:
    """Take a text of the own agency away; answers that were given with it stay as they are."""
    if take_answer_text_away(agency=_own(request), key=key):
        messages.success(request, _("The text is taken away; answers already given stay."))
    return redirect(_PAGE)


def _page(
    request: HttpRequest, given: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    agency = _own(request)
    context = {
        "title": _("Words for answers"),
        "agency": agency,
        "texts": agency.answer_texts.select_related("written_by").order_by("title"),
        "given": given or {"title": "", "body": ""},
        "longest_title": LONGEST_TITLE,
        "longest": LONGEST_NOTE,
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/answer_texts.html", shown, status=status)


def _own(request: HttpRequest) -> Agency:
    agency = _agency(request)
    if agency is None:
        raise PermissionDenied
    return agency


def _agency(request: HttpRequest) -> Agency | None:
    official = getattr(request.user, "official", None)
    return None if official is None else official.agency
