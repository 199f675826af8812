"""The catalogue as everybody may read it: by life, by field, by search; and each procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen
from portal.common import clock
from portal.web.access import for_citizens, public
from portal.web.presenters.catalogue import fields_of, lines_of, tiles_of
from portal.web.presenters.filing import title_of, version_of
from portal.web.presenters.listening import programme_lines
from portal.web.presenters.need import answer_of, form_of, is_told_by_rules, known_answer
from portal.web.presenters.procedures import page_of
from procedures.definition import ProcedureDefinition
from procedures.models import ProcedureVersion
from procedures.selectors import Entry, Index, find_procedures, index_of
from procedures.selectors.programmes import programmes_about

LONGEST_SEARCH = 100
PER_PAGE = 30
UNFIT = 422


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Show what happens in life and the fields; of one of them, or of a search, the procedures."""
    words = " ".join(request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].split())
    day = clock.today()
    if words:
        return render(request, "web/procedures.html", _searched(words, request, day))
    index = index_of(day=day)
    title, entries = _chosen(request, index)
    context: dict[str, Any] = {"words": "", "title": title, "count": len(entries)}
    if title:
        page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": _lines([one.pk for one in page.object_list], day)}
        context["query"] = _query(request)
    else:
        context |= {"tiles": tiles_of(index), "fields": fields_of(index)}
    return render(request, "web/procedures.html", context)


def _searched(words: str, request: HttpRequest, day: date) -> dict[str, Any]:
    found = find_procedures(typed=words, day=day)
    page = Paginator(found.versions, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "words": words,
        "title": _("What was found"),
        "page": page,
        "lines": lines_of(page.object_list, day),
        "query": _query(request),
        "is_near": found.is_near,
        "count": len(found.versions),
    }


def _chosen(request: HttpRequest, index: Index) -> tuple[str, list[Entry]]:
    """Return the heading of what the address names and its procedures; "" for the whole."""
    if event := request.GET.get("event", ""):
        for tile in tiles_of(index):
            if tile.key == event:
                return tile.name, [one for one in index.entries if event in one.occasions]
        raise Http404
    if slug := request.GET.get("field", ""):
        for field in fields_of(index):
            if field.slug == slug:
                return field.name, [one for one in index.entries if one.field == field.name]
        raise Http404
    return (_("All procedures") if "all" in request.GET else ""), index.entries


def _query(request: HttpRequest) -> str:
    """Return what the address asks, but for the page: "q=the&"."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"{asked.urlencode()}&" if asked else ""


def _lines(keys: list[int], day: date) -> Any:
    held = ProcedureVersion.objects.in_bulk(keys)
    return lines_of([held[key] for key in keys], day)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """Tell of one procedure, lead to its beginning, and answer whether one needs it.

    Two or three questions decide, of which nothing is stored; whoever is signed in is shown what
    the registers say instead.
    """
    day = clock.today()
    version = version_of(key, day)
    definition = ProcedureDefinition.from_json(version.definition)
    is_citizen = request.user.is_authenticated and not request.user.is_staff
    is_sent = request.method == "POST"
    form = form_of(definition, request.POST if is_sent else None)
    is_valid = form is not None and is_sent and form.is_valid()
    context = {
        "procedure": page_of(definition, day),
        "form": form,
        "answer": answer_of(definition, form, day) if form is not None and is_valid else None,
        "programmes": programme_lines(programmes_about(procedure=key, day=day)),
        "is_asked_of_registers": is_citizen and is_told_by_rules(version.procedure, day),
    }
    is_wrong = form is not None and bool(form.errors)
    return render(request, "web/procedure.html", context, status=UNFIT if is_wrong else 200)


@for_citizens
@require_safe
def need(request: HttpRequest, citizen: Citizen, key: str) -> HttpResponse:
    """Answer from the registers whether the person needs a procedure."""
    day = clock.today()
    version = version_of(key, day)
    context = {
        "key": key,
        "title": title_of(version),
        "answer": known_answer(procedure=version.procedure, citizen=citizen, day=day),
    }
    return render(request, "web/need.html", context)
