"""Writing an audio programme: its words and its sound in one form; nothing typed is lost."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from citizens.models import User
from dossiers.documents.small_uploads import taking_files
from dossiers.services.take_sound import take_sound
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.draft_pages import CONFLICT, UNFIT, Door, check_writer
from portal.office.programme_form import ProgrammeForm
from procedures.answers.heard import length_told
from procedures.definition import DefinitionError
from procedures.models import Programme
from procedures.services.write_programme import write_programme


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("programmes/new/", guarded(begin), name="office_programme_new"),
        path("programmes/<int:pk>/edit/", guarded(edit), name="office_programme_edit"),
    ]


@taking_files
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for a new programme."""
    return _edited(request, None)


@taking_files
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme that nobody hears now."""
    return _edited(request, get_object_or_404(Programme.objects.select_related("recording"), pk=pk))


def _edited(request: HttpRequest, row: Programme | None) -> HttpResponse:
    check_writer(request)
    if request.method != "POST":
        return _page(request, row, ProgrammeForm.of(row))
    form = ProgrammeForm(request.POST, request.FILES)
    status = UNFIT
    if form.is_valid():
        try:
            saved = _saved(request, row, form)
        except StaleVersionError:
            status = CONFLICT
            told = _("Somebody else changed this programme meanwhile. Your words stand below.")
            form.add_error(None, told)
        except DefinitionError as error:
            form.tell(error.problems)
        except RefusedError as refused:
            form.add_error(None, " ".join(refused.reasons))
        else:
            if saved is not None:
                messages.success(request, _("The draft is saved. Nobody hears it yet."))
                return redirect("admin:office_programme", saved.pk)
    return _page(request, row, form, status=status)


def _saved(request: HttpRequest, row: Programme | None, form: ProgrammeForm) -> Programme | None:
    """Return what was stored, None where the sound was refused: the form says why."""
    sent, sound = form.cleaned_data["sound"], None
    if sent is not None:
        try:
            sound = take_sound(data=sent.read(), given_name=sent.name or "")
        except RefusedError as refused:
            form.add_error("sound", f"{sent.name}: {' '.join(refused.reasons)}")
            return None
    return write_programme(
        programme=row,
        version=shown_version(request.POST.get("version", "")),
        words=form.words(),
        by=cast(User, request.user),
        now=clock.now(),
        sound=sound,
    )


def _page(
    request: HttpRequest, row: Programme | None, form: ProgrammeForm, *, status: int = 200
) -> HttpResponse:
    own = reverse("admin:office_programme", args=[row.pk]) if row else ""
    recording = row.recording if row else None
    context: dict[str, Any] = {
        "title": row.title_vi if row else _("New audio programme"),
        "row": row,
        "form": form,
        "back": own or reverse("admin:office_programmes"),
        "sound_url": reverse("admin:office_programme_sound", args=[row.pk])
        if row and recording
        else "",
        "sound_told": length_told(recording) if recording else "",
        "was_sent": status != 200 and bool(request.FILES),
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/programme_form.html", shown, status=status)
