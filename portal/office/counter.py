"""The counter without writing: scan, look, answer the few open questions, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import Citizen, Official, Party
from citizens.selectors.kin import of_age_if_born_by
from dossiers.counter import number_on
from dossiers.enums import CounterStage
from dossiers.models import CounterVisit, Dossier
from dossiers.selectors import age_fault, why_due
from dossiers.selectors.tickets import ticket_of
from dossiers.services.check_answers import check_answers
from dossiers.services.counter_visits import choose_matter, end_visit, go_to, open_visit
from dossiers.services.file_at_counter import file_at_counter, file_bundle_at_counter
from dossiers.tasks import ring_for_automatic_decisions
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.counter_matter import (
    AtCounter,
    asked_form,
    at_counter,
    keep,
    official_of,
    own_visit,
    stage_of,
    waiting_for,
)
from portal.office.counter_wishes import begin_at_counter, wishes_at_counter
from portal.office.counter_words import (
    MEDIAN_DAYS,
    STAGE_WORDS,
    answered_rows,
    choices_for,
    either,
    known_parts,
    open_already,
    open_dossiers,
    owners_of,
    parties_of,
    person_facts,
    prepared_for,
    usual_times,
    watch,
)
from portal.office.issued import papers_of
from portal.office.names import party_name
from portal.office.roles import Desk
from portal.office.sensitive import may_open_sensitive
from portal.office.standing import standing_of
from portal.office.templatetags.office import named
from portal.office.tickets import at_hand
from procedures.definition import ProcedureDefinition
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill.asking import MissingForm
from procedures.selectors import offer_of, versions_in_force

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
UNFIT = 422
_LOGGED = ("full_name", "personal_id_masked", "birth_date", "address", "suggestion")
_LOGGED_FORM = (*_LOGGED, "form")
_LOGGED_RUNNING = (*_LOGGED, "dossier_code", "procedure", "status")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of the counter, each behind the door that `guarded` puts in front."""
    visit = "counter/<uuid:public_id>/"
    return [
        path("counter/", guarded(counter), name="office_counter"),
        path(visit, guarded(person), name="office_counter_person"),
        path(f"{visit}choose/", guarded(choose), name="office_counter_choose"),
        path(f"{visit}form/", guarded(form), name="office_counter_form"),
        path(f"{visit}end/", guarded(end), name="office_counter_end"),
        path(f"{visit}done/", guarded(done), name="office_counter_done"),
    ]


def _at_desk(request: HttpRequest) -> Official:
    """Return the official at the counter; PermissionDenied for whoever does no casework."""
    official = official_of(request)
    if official is None or not standing_of(request).edits(Desk.COUNTER):
        raise PermissionDenied
    return official


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Wait for a card; a POST of its number or QR text opens the person."""
    official = _at_desk(request)
    if request.method == "POST":
        return _opened(request, official)
    running = CounterVisit.objects.filter(
        official=official, ended_at=None, opened_at__date=clock.today()
    ).select_related("applicant")
    visits = list(running.order_by("-opened_at"))
    people = [one.applicant_id for one in visits]
    log_people_shown(request, people=people, fields=("full_name",), purpose=ViewPurpose.COUNTER)
    context = {
        "title": _("Counter"),
        "agency": official.agency,
        "visits": visits,
        "times": usual_times(official.agency, clock.now()),
        "days": MEDIAN_DAYS,
        "queue": at_hand(official),
    }
    return _shown(request, "counter", context)


def _opened(request: HttpRequest, official: Official) -> HttpResponse:
    number = number_on(request.POST.get("card", ""))
    found = None
    if number is not None:
        people = Citizen.objects.alive().select_related("party", "unit")
        found = people.filter(pin_index=Citizen.index_of(number)).first()
    if found is None:
        messages.warning(
            request,
            _("No living person has this number. Scan the card again, or type its 12 digits."),
        )
        return redirect("admin:office_counter")
    try:
        visit = open_visit(
            official=official,
            applicant=found,
            ticket=ticket_of(official=official, day=clock.today()),
            now=clock.now(),
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect("admin:office_counter")
    return redirect("admin:office_counter_person", visit.public_id)


@require_safe
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show who it is, what waits for them, and what else they may begin."""
    _at_desk(request)
    visit, day = own_visit(request, public_id), clock.today()
    choices = choices_for(visit.applicant, versions_in_force(day=day), day)
    standing = standing_of(request)
    may_tell = may_open_sensitive(standing, visit.applicant)
    running = open_dossiers(visit.applicant, standing, with_sensitive=may_tell)
    _log(request, visit, _LOGGED_RUNNING, [one.owner for one in running])
    context = {
        "title": _("Counter"),
        "visit": visit,
        "facts": person_facts(visit.applicant),
        "is_child": visit.applicant.birth_date > of_age_if_born_by(day),
        "running": running,
        "prepared": prepared_for(visit.applicant, day, with_sensitive=may_tell),
        "wishes": wishes_at_counter(day=day),
        "choices": choices,
        "owners": owners_of(choices),
        "watch": watch(visit, clock.now()),
    }
    return _shown(request, "counter_person", context)


@require_POST
def choose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note what the person wants, and for whom."""
    _at_desk(request)
    visit = own_visit(request, public_id)
    try:
        version, owner, suggestion = _chosen(request, visit)
        choose_matter(
            visit=visit, version=version, owner=owner, suggestion=suggestion, now=clock.now()
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect("admin:office_counter_person", public_id)
    return redirect(_form_url(visit, suggestion))


def _chosen(
    request: HttpRequest, visit: CounterVisit
) -> tuple[ProcedureVersion, Party, Suggestion | None]:
    """Return what was pressed; Http404 or RefusedError for what is not offered."""
    day = clock.today()
    suggestion = _wanted(request, visit)
    if suggestion is not None:
        offer = offer_of(suggestion=suggestion, day=day)
        if not offer.versions:
            raise Http404
        return offer.versions[0], suggestion.subject, suggestion
    wanted = request.POST.get("procedure", "")
    version = versions_in_force(day=day).filter(procedure__key=wanted).first()
    if version is None:
        raise Http404
    for one in choices_for(visit.applicant, [version], day):
        for key, _name in one.owners:
            if key == request.POST.get("owner"):
                return version, Party.objects.get(public_id=key), None
    raise RefusedError(_why_not_for(version, visit, request.POST.get("owner", "")))


def _why_not_for(version: ProcedureVersion, visit: CounterVisit, key: str) -> str:
    """Return why it cannot be begun for whom was chosen: their age, else in general words."""
    day, person = clock.today(), visit.applicant
    chosen = [one for one in parties_of(person, day) if str(one.public_id) == key]
    definition = ProcedureDefinition.from_json(version.definition)
    faults = [
        age_fault(definition=definition, applicant=person, owner=one, day=day, is_at_counter=True)
        for one in chosen
    ]
    return "".join(faults) or _("This procedure cannot be begun for whom you chose.")


def _wanted(request: HttpRequest, visit: CounterVisit) -> Suggestion | None:
    """Return the suggestion that was taken, or that a wish has just made; None for neither."""
    if "wish" in request.POST:
        return begin_at_counter(visit=visit, key=request.POST["wish"], data=request.POST)
    if "suggestion" in request.POST:
        return waiting_for(visit, request.POST["suggestion"])
    return None


def _form_url(visit: CounterVisit, suggestion: Suggestion | None) -> str:
    address = reverse("admin:office_counter_form", args=[visit.public_id])
    return f"{address}?suggestion={suggestion.public_id}" if suggestion else address


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the stage that is due; a POST does it and goes on, the last one files."""
    _at_desk(request)
    visit = own_visit(request, public_id)
    matter = at_counter(request, visit)
    if request.method != "POST":
        return _stage_page(request, matter, asked_form(matter))
    stage = stage_of(visit)
    if "to" in request.POST:
        return _gone_to(request, matter, request.POST["to"])
    if stage is CounterStage.CONFIRM:
        return _filed(request, matter)
    if stage is CounterStage.ANSWER:
        asked = asked_form(matter, request.POST)
        if not check_answers(asked=asked, form=matter.form):
            return _stage_page(request, matter, asked, status=UNFIT)
        keep(matter, asked.answers)
    go_to(visit=visit, stage=matter.after(stage), now=clock.now())
    return redirect(_form_url(visit, matter.suggestion))


def _gone_to(request: HttpRequest, matter: AtCounter, wanted: str) -> HttpResponse:
    """Go back to a stage, or forward to the answers that need not be given."""
    if wanted not in (CounterStage.CHECK, CounterStage.ANSWER):
        raise Http404
    go_to(visit=matter.visit, stage=CounterStage(wanted), now=clock.now())
    return redirect(_form_url(matter.visit, matter.suggestion))


def _filed(request: HttpRequest, matter: AtCounter) -> HttpResponse:
    try:
        _file(matter, request.POST.get("confirmed") == "yes")
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect(_form_url(matter.visit, matter.suggestion))
    transaction.on_commit(ring_for_automatic_decisions)
    return redirect("admin:office_counter_done", matter.visit.public_id)


def _file(matter: AtCounter, has_confirmed: bool) -> None:
    if matter.suggestion and matter.offer and matter.together:
        file_bundle_at_counter(
            visit=matter.visit,
            suggestion=matter.suggestion,
            offer=matter.offer,
            together=matter.together,
            answers=matter.answers,
            has_confirmed=has_confirmed,
            now=clock.now(),
        )
        return
    file_at_counter(
        visit=matter.visit,
        suggestion=matter.suggestion,
        answers=matter.answers,
        has_confirmed=has_confirmed,
        now=clock.now(),
    )


@require_POST
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End a visit that came to nothing; what was answered stays as the person's draft."""
    _at_desk(request)
    end_visit(visit=own_visit(request, public_id), dossier=None, now=clock.now())
    messages.success(request, _("The visit is ended; nothing was filed."))
    return redirect("admin:office_counter")


@require_safe
def done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the dossier that was filed, when its result comes, and how long it took."""
    official = _at_desk(request)
    visits = CounterVisit.objects.select_related("dossier__competent", "applicant", "owner")
    visit = visits.filter(
        public_id=public_id, official=official, ended_at__date__gte=clock.today()
    ).first()
    if visit is None:
        raise Http404
    _log(request, visit, _LOGGED)
    context = {
        "title": _("Counter"),
        "visit": visit,
        "dossier": visit.dossier,
        "beside": _beside(visit.dossier),
        "why_due": why_due(dossier=visit.dossier) if visit.dossier else "",
        "issued": papers_of(request, visit.dossier) if visit.dossier else {},
        "watch": watch(visit, visit.ended_at or clock.now()),
        "queue": at_hand(official),
    }
    return _shown(request, "counter_done", context)


def _head(matter: AtCounter) -> str:
    """Return the name of the bundle, else of the procedure."""
    bundle = matter.offer.bundle if matter.offer else None
    if bundle is None:
        return named(matter.version)
    document = bundle.definition
    return either(document["name_vi"], document.get("name_en"))


def _beside(dossier: Dossier | None) -> list[Dossier]:
    """Return the other dossiers that the same press filed."""
    if dossier is None or dossier.bundle_case_id is None:
        return []
    same = Dossier.objects.filter(bundle_case=dossier.bundle_case_id).exclude(pk=dossier.pk)
    return list(same.select_related("procedure_version", "competent").order_by("pk"))


def _stage_page(
    request: HttpRequest, matter: AtCounter, asked: MissingForm, status: int = 200
) -> HttpResponse:
    visit = matter.visit
    stage = stage_of(visit)
    if stage is CounterStage.CONFIRM and not matter.is_complete:
        go_to(visit=visit, stage=CounterStage.ANSWER, now=clock.now())
        stage = CounterStage.ANSWER
    _log(request, visit, _LOGGED_FORM)
    form = matter.form.fitting(matter.answers)  # what is shown is what will be filed
    context = {
        "title": _("Counter"),
        "visit": visit,
        "matter": matter,
        "head": _head(matter),
        "steps": [] if matter.offer is None else matter.offer.steps,
        "stage": str(stage),
        "stages": [(str(one), STAGE_WORDS[one]) for one in matter.stages],
        "already": open_already(visit),
        "for_whom": "" if visit.owner_id == visit.applicant_id else party_name(visit.owner),
        "known": known_parts(form, visit.applicant.full_name),
        "known_count": sum(bool(field.value) for field in form.fields),
        "answered": answered_rows(matter.form, matter.answers),
        "asked": asked,
        "more_count": len(asked.fields) - len(matter.form.missing),
        "brought": [paper for paper in matter.form.papers if paper.is_brought],
        "watch": watch(visit, clock.now()),
    }
    return _shown(request, "counter_form", context, status)


def _log(
    request: HttpRequest,
    visit: CounterVisit,
    fields: tuple[str, ...],
    besides: Sequence[int] = (),
) -> None:
    log_people_shown(
        request,
        people=[visit.applicant_id, visit.owner_id, *besides],
        fields=fields,
        purpose=ViewPurpose.COUNTER,
    )


def _shown(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    whole = admin.site.each_context(request) | context
    return render(request, f"office/{page}.html", whole, status=status)
