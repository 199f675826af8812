"""Why me, why not: what each rule answers about one person, for the official who is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.enums import ViewPurpose
from citizens.selectors.sensitive import POVERTY
from portal.office.access import log_people_shown
from portal.office.numbers import SEARCH, number_in
from portal.office.reveal import PurposeForm
from portal.office.roles import Desk
from portal.office.sensitive import asks_for_sensitive, may_open_sensitive, needs_dossier
from portal.office.standing import standing_of
from portal.office.why_people import Asked, asked_about, named_in_scope, party_with_number
from portal.office.why_words import RulePage, grouped, in_words, rule_page
from procedures.answers import (
    answers_for,
    outcome_of,
    outcomes,
    rules_told,
    tells_sensitive,
    versions_told,
)
from procedures.models import RuleVersion

FIELDS = ("full_name", "birth_date", "unit", "papers", "suggestion", "rule_answers")
_LONGEST = 100
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    party = "why/<uuid:public_id>/"
    return [
        path("why/", guarded(search), name="office_why"),
        path(party, guarded(show_person), name="office_why_person"),
        path(f"{party}<slug:key>/", guarded(show_rule), name="office_why_rule"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask for whom; a number that is posted leads on, words lead to the list of people."""
    standing = standing_of(request)
    if not standing.sees(Desk.PEOPLE):
        raise PermissionDenied
    versions = versions_told(key=request.GET.get("rule", ""), day=standing.day)
    version = versions[0] if versions else None
    if request.method == "POST":
        return _led_on(request, version)
    context = {
        "title": _("Why me, why not"),
        "rule": version and in_words(version),
        "sees_catalogue": standing.sees(Desk.CATALOGUE),
    }
    return render(request, "office/why.html", admin.site.each_context(request) | context)


def _led_on(request: HttpRequest, version: RuleVersion | None) -> HttpResponse:
    text = request.POST.get(SEARCH, "").strip()[:_LONGEST]
    number = number_in(text)
    if number is None:
        people = reverse("admin:citizens_citizen_changelist")
        return redirect(f"{people}?{urlencode({SEARCH: text})}")
    found = party_with_number(standing_of(request), number)
    if found is None:
        messages.warning(request, _("Nobody with this number is within your reach."))
        return redirect(request.get_full_path())
    if version is None:
        return redirect("admin:office_why_person", found.public_id)
    return redirect("admin:office_why_rule", found.public_id, version.rule.key)


@require_safe
def show_person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what every rule in force comes to for a person, and for the household at home."""
    asked = asked_about(standing_of(request), public_id)
    found = outcomes(
        versions=rules_told(day=asked.day), parties=asked.parties.values(), day=asked.day
    )
    hidden = frozenset(
        one.answers.version.pk
        for one in found
        if tells_sensitive(one.answers.definition, day=asked.day)
    )
    log_people_shown(request, people=[asked.party.pk], fields=FIELDS, purpose=ViewPurpose.SUPPORT)
    context = {
        "title": _("Why me, why not"),
        "asked": asked,
        "groups": grouped(found, asked, hidden),
        "hidden_count": len(hidden),
        "is_fullwidth": "1",
    }
    return render(request, "office/why_person.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_rule(request: HttpRequest, public_id: UUID, key: str) -> HttpResponse:
    """Show each condition of one rule for a person, with the data it was answered from.

    What tells of poverty or health is shown to whoever may open it, in the answer to a POST that
    says why, and only there.
    """
    asked = asked_about(standing_of(request), public_id)
    versions = versions_told(key=key, day=asked.day, number=_number(request))
    if not versions:
        raise Http404
    form = _form(request, asked, versions)
    is_hidden = form is not None and not form.is_valid()
    told = _told(asked, versions, is_hidden=is_hidden)
    _log_rule(request, asked, told, form)
    context = {
        "title": _("Why me, why not"),
        "asked": asked,
        "told": told,
        "is_hidden": is_hidden,
        "form": form if is_hidden and form and form.is_open else None,
        "is_opened": form is not None and not is_hidden,
        "sees_catalogue": asked.standing.sees(Desk.CATALOGUE),
    }
    status = 422 if form is not None and form.errors else 200
    shown = admin.site.each_context(request) | context
    return render(request, "office/why_rule.html", shown, status=status)


class SensitiveForm(PurposeForm):
    """The reason for which a sensitive answer is opened; `is_open` only to who may."""

    is_open = True


def _number(request: HttpRequest) -> int | None:
    number = request.GET.get("version", "")
    return int(number) if number.isdecimal() and len(number) < 6 else None


def _form(
    request: HttpRequest, asked: Asked, versions: Sequence[RuleVersion]
) -> SensitiveForm | None:
    """Return the form that opens a sensitive rule, None where nothing has to be opened."""
    rules = [in_words(version).definition for version in versions]
    is_sensitive = any(tells_sensitive(rule, day=asked.day) for rule in rules)
    if not is_sensitive or asked.person is None:
        return None
    may_open = may_open_sensitive(asked.standing, asked.person)
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    by_dossier = may_open and needs_dossier(asked.standing, asked.person)
    reasons: Sequence[ViewPurpose] = (ViewPurpose.DOSSIER,)
    form = SensitiveForm(
        request.POST if request.method == "POST" else None,
        person=asked.person,
        standing=asked.standing,
        reasons=reasons if by_dossier else (*reasons, ViewPurpose.DATA_QUALITY),
        only_if=asks_for_sensitive,
    )
    form.is_open = may_open
    return form


def _told(asked: Asked, versions: Sequence[RuleVersion], *, is_hidden: bool) -> RulePage:
    """Return the page of a rule; one about another kind of party is asked of the person."""
    version = versions[0]
    if is_hidden:
        return rule_page(version, None, asked, {})
    found = next(
        iter(outcomes(versions=versions, parties=asked.parties.values(), day=asked.day)), None
    )
    if found is None:
        answers = answers_for(version=version, party=asked.party, day=asked.day)
        found = outcome_of(answers, asked.party, asked.day)
    people = {person for fact in found.answers.facts for person in fact.recipients}
    names = named_in_scope(asked.standing, people)
    return rule_page(found.answers.version, found, asked, names)


def _log_rule(
    request: HttpRequest, asked: Asked, told: RulePage, form: SensitiveForm | None
) -> None:
    """Record whom the page names; of a sensitive rule the reason that was given."""
    is_opened = form is not None and form.is_valid()
    given = form.cleaned_data if form is not None and is_opened else {}
    log_people_shown(
        request,
        people=[asked.party.pk, *told.people],
        fields=(*FIELDS, POVERTY) if is_opened else FIELDS,
        purpose=ViewPurpose(given.get("purpose", ViewPurpose.SUPPORT)),
        reference=given.get("code", ""),
    )
