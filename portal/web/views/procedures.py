"""The catalogue as everybody may read it: the list of procedures, and the page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.web.access import public
from portal.web.presenters.filing import version_of
from portal.web.presenters.procedures import fields_of, page_of
from procedures.definition import ProcedureDefinition
from procedures.selectors import versions_in_force

LONGEST_SEARCH = 100


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """List what is in force by field; `q` looks for words, with or without accents."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    day = clock.today()
    fields = fields_of(versions_in_force(day=day), words, day)
    count = sum(len(field.lines) for field in fields)
    context = {"fields": fields, "words": words, "count": count}
    return render(request, "web/procedures.html", context)


@public
@require_safe
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """Tell of one procedure, and lead to its beginning."""
    version = version_of(key, clock.today())
    definition = ProcedureDefinition.from_json(version.definition)
    return render(request, "web/procedure.html", {"procedure": page_of(definition, clock.now())})
