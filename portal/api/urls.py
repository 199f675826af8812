"""Addresses under /api/; what is none of them answers as errors do here."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import (
    answers,
    dossiers,
    drafts,
    inbox,
    life,
    looks,
    mine,
    openapi,
    outcome,
    papers,
    proofs,
    public,
    registers,
    suggestions,
)
from portal.api.readers import PortalView


class Nothing(APIView):
    """Every other address."""

    audience = "public"
    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer whatever is asked."""
        raise Http404


class Schema(PortalView):
    """What all addresses take and answer."""

    @openapi.operation("This schema")
    def get(self, request: Request) -> Response:
        """Return it as OpenAPI 3.1."""
        return Response(openapi.document(pages))


_SUGGESTION = "v1/suggestions/<uuid:public_id>"
_DOSSIER = "v1/dossiers/<uuid:public_id>"
_DRAFT = "v1/drafts/<uuid:public_id>"
_ISSUED = f"{_DOSSIER}/issued"
_BATCHES = "v1/registers/<slug:code>/batches"
pages: list[URLPattern | URLResolver] = [
    path("v1/schema/", Schema.as_view(), name="schema"),
    path("v1/me", mine.Me.as_view(), name="me"),
    path("v1/credentials", mine.Credentials.as_view(), name="credentials"),
    path("v1/preferences", life.Preferences.as_view(), name="preferences"),
    path("v1/calendar", life.Calendar.as_view(), name="calendar"),
    path("v1/devices", life.Devices.as_view(), name="devices"),
    path("v1/devices/<uuid:public_id>", life.OneDevice.as_view(), name="device"),
    path("v1/suggestions", suggestions.Suggestions.as_view(), name="suggestions"),
    path(_SUGGESTION, suggestions.OneSuggestion.as_view(), name="suggestion"),
    path(f"{_SUGGESTION}/why", suggestions.Why.as_view(), name="why"),
    path(f"{_SUGGESTION}/form", answers.SuggestionForm.as_view(), name="suggestion_form"),
    path(f"{_SUGGESTION}/accept", answers.Accept.as_view(), name="accept"),
    path(f"{_SUGGESTION}/snooze", answers.Snooze.as_view(), name="snooze"),
    path(f"{_SUGGESTION}/dismiss", answers.Dismiss.as_view(), name="dismiss"),
    path(f"{_SUGGESTION}/papers", papers.SuggestionPapers.as_view(), name="suggestion_papers"),
    path(
        f"{_SUGGESTION}/papers/<str:code>",
        papers.SuggestionPaper.as_view(),
        name="suggestion_paper",
    ),
    path("v1/drafts", drafts.Drafts.as_view(), name="drafts"),
    path(_DRAFT, drafts.OneDraft.as_view(), name="draft"),
    path(f"{_DRAFT}/papers", papers.DraftPapers.as_view(), name="draft_papers"),
    path(f"{_DRAFT}/papers/<str:code>", papers.DraftPaper.as_view(), name="draft_paper"),
    path(f"{_DRAFT}/file", drafts.FileDraft.as_view(), name="draft_file"),
    path("v1/papers", papers.Papers.as_view(), name="papers"),
    path("v1/papers/<uuid:public_id>", papers.OnePaper.as_view(), name="paper"),
    path("v1/papers/<uuid:public_id>/file", papers.PaperFile.as_view(), name="paper_file"),
    path("v1/dossiers", dossiers.Dossiers.as_view(), name="dossiers"),
    path(_DOSSIER, dossiers.OneDossier.as_view(), name="dossier"),
    path(f"{_DOSSIER}/timeline", dossiers.Timeline.as_view(), name="timeline"),
    path(f"{_DOSSIER}/withdraw", dossiers.Withdraw.as_view(), name="withdraw"),
    path(f"{_DOSSIER}/filed", outcome.Filed.as_view(), name="filed"),
    path(f"{_DOSSIER}/papers", papers.DossierPapers.as_view(), name="dossier_papers"),
    path(f"{_DOSSIER}/papers/<str:code>", papers.DossierPaper.as_view(), name="dossier_paper"),
    path(f"{_DOSSIER}/supplement", outcome.Supplement.as_view(), name="supplement"),
    path(f"{_DOSSIER}/fees", outcome.Fees.as_view(), name="fees"),
    path(_ISSUED, outcome.Outcome.as_view(), name="issued"),
    path(f"{_ISSUED}/<uuid:paper>", outcome.OutcomeFile.as_view(), name="issued_file"),
    path(f"{_DOSSIER}/receive", outcome.Receive.as_view(), name="receive"),
    path("v1/inbox", inbox.Inbox.as_view(), name="inbox"),
    path("v1/inbox/<uuid:public_id>", inbox.Letter.as_view(), name="letter"),
    path("v1/inbox/<uuid:public_id>/read", inbox.Read.as_view(), name="letter_read"),
    path("v1/looks", looks.Looks.as_view(), name="looks"),
    path("v1/procedures", public.Procedures.as_view(), name="procedures"),
    path("v1/procedures/<slug:key>", public.OneProcedure.as_view(), name="procedure"),
    path("v1/track", public.Track.as_view(), name="track"),
    path("v1/verify", proofs.Verify.as_view(), name="verify"),
    path("v1/figures", proofs.Figures.as_view(), name="figures"),
    path("v1/registers", registers.Registers.as_view(), name="registers"),
    path(_BATCHES, registers.Batches.as_view(), name="batches"),
    path(f"{_BATCHES}/<uuid:public_id>", registers.OneBatch.as_view(), name="batch"),
    path(f"{_BATCHES}/<uuid:public_id>/errors", registers.Errors.as_view(), name="batch_errors"),
    re_path("", Nothing.as_view(), name="nothing"),
]
urlpatterns = [path("", include((pages, "api")))]
