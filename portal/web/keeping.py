"""What a person types is kept while they type, whatever page asks it, and found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from citizens.models import Citizen, Party
from dossiers.selectors import KEPT_DAYS
from dossiers.services import save_draft
from dossiers.services.freeze_form import refused_answers
from portal.common import clock
from portal.common.row_security import with_application_rights
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Filled
from procedures.prefill.asking import MissingForm


def keep(
    sent: Mapping[str, str],
    *,
    asked: Sequence[Filled],
    version: ProcedureVersion,
    applicant: Citizen,
    owner: Party,
    suggestion: Suggestion | None,
) -> None:
    """Keep the answers to what is asked as a draft; RefusedError as of `save_draft`."""
    changes = answers_in(sent, asked)
    with with_application_rights():
        save_draft(
            suggestion=suggestion,
            version=version,
            applicant=applicant,
            owner=owner,
            changes=changes,
            now=clock.now(),
            fields=asked,
        )


def answers_in(sent: Mapping[str, str], asked: Sequence[Filled]) -> dict[str, str]:
    """Return what was sent of what is asked; several choices come one a line."""
    many = getattr(sent, "getlist", None)
    names = [field.name for field in asked if field.name in sent]
    return {name: "\n".join(many(name)) if many else sent[name] for name in names}


def asked_again(asked: Sequence[Filled], stated: Mapping[str, str]) -> MissingForm:
    """Return the form with what was typed before, and beside it what of that cannot be filed."""
    form = MissingForm(asked, stated=stated)
    form.lay_beside(refused_answers(fields=asked, answers=stated))
    return form


def said(request: HttpRequest, refused: str = "", days: int = KEPT_DAYS) -> HttpResponse:
    """Answer a page that keeps what is typed: when it was kept, or why it was not.

    `days` is for how long, 0 until it is filed.
    """
    context = {"now": clock.now(), "days": days, "refused": refused}
    return render(request, "web/parts/saved.html", context)
