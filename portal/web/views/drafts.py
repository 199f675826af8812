"""What the person has begun and not filed: the list, and throwing one away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen
from dossiers.models import Draft
from dossiers.selectors import KEPT_DAYS, draft_for
from dossiers.services import discard_draft
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters.filing import draft_line, draft_lines


@for_citizens
@require_safe
def drafts(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List the drafts, with the day on which each is removed by itself."""
    context = {"drafts": draft_lines(citizen), "days": KEPT_DAYS}
    return render(request, "web/drafts.html", context)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Ask whether the person is sure; a POST removes the draft."""
    try:
        draft = draft_for(applicant=citizen, public_id=public_id)
    except Draft.DoesNotExist:
        raise Http404 from None
    line = draft_line(draft, citizen)
    if request.method != "POST":
        return render(request, "web/draft_delete.html", {"draft": line})
    with with_application_rights():
        discard_draft(draft=draft)
    messages.success(request, _("The draft “%(title)s” is deleted.") % {"title": line.title})
    return redirect("web:drafts")
