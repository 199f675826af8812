"""One matter at the counter: what was chosen, its form, its stages, and the press that files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict

from citizens.models import Official
from dossiers.enums import CounterStage
from dossiers.models import CounterVisit, Draft
from dossiers.selectors import draft_about
from dossiers.services import AnswersRefusedError, save_draft
from dossiers.services.freeze_form import freeze_form
from portal.common import clock
from portal.office.standing import standing_of
from procedures.definition.bundle import BundleDefinition
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Form, Together, prefill_form, prefill_together
from procedures.prefill.asking import MissingForm, asked_of
from procedures.selectors import Offer, offer_of, suggestion_for


@dataclass(frozen=True)
class AtCounter:
    """What a visit is about: the version, the suggestion it answers, the form as it is known.

    Of a bundle `version` is the first step's, `offer` and the form `together` are of all its steps.
    """

    visit: CounterVisit
    version: ProcedureVersion
    suggestion: Suggestion | None
    draft: Draft | None
    form: Form
    offer: Offer | None = None
    together: Together | None = None

    @property
    def answers(self) -> dict[str, str]:
        """What was answered so far."""
        return {} if self.draft is None else self.draft.form

    @property
    def stages(self) -> list[CounterStage]:
        """The stages that this matter needs after the choice."""
        is_brought = any(paper.is_brought for paper in self.form.papers)
        return [
            CounterStage.CHECK,
            *([CounterStage.ANSWER] if self.form.missing else []),
            *([CounterStage.PAPERS] if is_brought else []),
            CounterStage.CONFIRM,
        ]

    def after(self, stage: CounterStage) -> CounterStage:
        """Return the stage that follows; the last one stays."""
        order = list(CounterStage)
        return next(
            (one for one in self.stages if order.index(one) > order.index(stage)),
            CounterStage.CONFIRM,
        )

    @property
    def is_complete(self) -> bool:
        """Whether it could be filed as it stands."""
        try:
            freeze_form(form=self.form, answers=self.answers)
        except AnswersRefusedError:
            return False
        return True


def own_visit(request: HttpRequest, public_id: UUID) -> CounterVisit:
    """Return a running visit of the official's own of today; Http404 for any other.

    Whoever was here on another day is opened anew, by their card.
    """
    rows = CounterVisit.objects.select_related(
        "official__user",
        "agency",
        "applicant__party",
        "applicant__unit",
        "owner__citizen",
        "owner__organisation",
        "procedure_version__procedure",
    )
    today = rows.filter(ended_at=None, opened_at__date=clock.today())
    visit = today.filter(public_id=public_id, official=official_of(request)).first()
    if visit is None:
        raise Http404
    return visit


def official_of(request: HttpRequest) -> Official | None:
    """Return who sits at the counter; None for an account without an office."""
    found: Official | None = getattr(standing_of(request).user, "official", None)
    return found


def waiting_for(visit: CounterVisit, key: str) -> Suggestion:
    """Return a suggestion that waits for the person; Http404 for any other."""
    try:
        return suggestion_for(citizen=visit.applicant, public_id=UUID(key))
    except (ValueError, Suggestion.DoesNotExist):
        raise Http404 from None


def at_counter(request: HttpRequest, visit: CounterVisit) -> AtCounter:
    """Return what the visit is about; Http404 before anything was chosen."""
    version, day = visit.procedure_version, clock.today()
    if version is None:
        raise Http404
    suggestion = _answered(request, visit, version, day)
    offer = None if suggestion is None else offer_of(suggestion=suggestion, day=day)
    together = None
    if suggestion is not None and offer is not None and not is_of_one(offer):
        together = _together(offer, suggestion, visit, day)
    return AtCounter(
        visit=visit,
        version=version,
        suggestion=suggestion,
        draft=draft_about(
            applicant=visit.applicant,
            owner=visit.owner,
            procedure=version.procedure,
            suggestion=suggestion,
        ),
        form=together.form
        if together
        else prefill_form(
            version=version,
            subject=visit.owner,
            applicant=visit.applicant,
            suggestion=suggestion,
            day=day,
        ),
        offer=offer if together else None,
        together=together,
    )


def is_of_one(offer: Offer) -> bool:
    """Return whether the offer is one procedure, and no case of several."""
    return len(offer.versions) == 1 and len(offer.steps) <= 1


def _together(offer: Offer, suggestion: Suggestion, visit: CounterVisit, day: date) -> Together:
    """Return the one form of all steps, as the person's own page asks it."""
    bundle = BundleDefinition.from_json(offer.bundle.definition) if offer.bundle else None
    return prefill_together(
        versions=offer.versions,
        shared_fields=bundle.shared_fields if bundle else (),
        subject=suggestion.subject,
        applicant=visit.applicant,
        suggestion=suggestion,
        day=day,
        later=offer.later,
    )


def _answered(
    request: HttpRequest, visit: CounterVisit, version: ProcedureVersion, day: date
) -> Suggestion | None:
    """Return the suggestion that the address names, where it is about what was chosen."""
    if "suggestion" not in request.GET:
        return None
    suggestion = waiting_for(visit, request.GET["suggestion"])
    fits = version in offer_of(suggestion=suggestion, day=day).versions
    if not fits or suggestion.subject_id != visit.owner_id:
        raise Http404
    return suggestion


def stage_of(visit: CounterVisit) -> CounterStage:
    """Return the stage that the stopwatch is in."""
    running = visit.steps.filter(ended_at=None).first()
    return CounterStage(running.step) if running else CounterStage.OPEN


def keep(matter: AtCounter, answers: Mapping[str, str]) -> None:
    """Keep the answers as the person's own draft: a broken-off visit loses nothing."""
    save_draft(
        suggestion=matter.suggestion,
        version=matter.version,
        applicant=matter.visit.applicant,
        owner=matter.visit.owner,
        changes=answers,
        fields=matter.together.form.fields if matter.together else None,
        now=clock.now(),
    )


def asked_form(matter: AtCounter, data: QueryDict | None = None) -> MissingForm:
    """Return the form that asks what nobody knows."""
    return MissingForm(asked_of(matter.form), data, stated=matter.answers)
