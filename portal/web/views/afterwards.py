"""After the result: one press says how it was, one page says what was saved."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Citizen
from dossiers.selectors.savings import saving_for
from dossiers.services.rate_dossier import rate_dossier
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier
from portal.web.presenters.afterwards import saved_lines, year_of
from portal.web.presenters.dossiers import title_of, whose


@for_citizens
@require_POST
def rate(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Keep the pressed answer, and the words where the form had room for them."""
    row = own_dossier(citizen, public_id)
    try:
        with with_application_rights():
            rate_dossier(
                dossier=row,
                citizen=citizen,
                answer=request.POST.get("answer", ""),
                words=request.POST.get("words"),
                now=clock.now(),
            )
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. Your answer is kept."))
    return redirect(reverse("web:dossier", args=[public_id]) + "#rating")


@for_citizens
@require_safe
def saved(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show what this matter saved, and what the year did; each figure with its rule."""
    row = own_dossier(citizen, public_id)
    saving = saving_for(dossier=row)
    if saving is None:
        raise Http404
    year, total = year_of(citizen)
    context = {
        "dossier": row,
        "title": title_of(row),
        "for_whom": whose(row, citizen),
        "was_told": bool(saving.asking),
        "lines": saved_lines(saving),
        "year": year,
        "total": total,
    }
    return render(request, "web/saved.html", context)
