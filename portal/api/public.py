"""What everybody may ask: the catalogue in force, and where a dossier is by its code and a fact."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.services.count_tries import network_of
from dossiers.services.track_dossier import TooManyTriesError, track_dossier
from portal.api.access import underlying
from portal.api.bodies import ProcedureBody, TrackBody, TrackedBody, Words
from portal.api.openapi import operation
from portal.api.paging import MOST, page_of
from portal.api.problems import ProblemError
from portal.api.readers import PortalView, count_request, said, tagged
from portal.api.taking import read_body, tracked
from portal.common import clock
from procedures.models import ProcedureVersion
from procedures.selectors import find_procedures, versions_in_force

_LONGEST = 100
TOO_OFTEN = 429


class PublicView(PortalView):
    """Base of every address for everybody; requests are counted by where they come from."""

    parser_classes = [JSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the request against its address's share of a minute, in the database (F5)."""
        read_body(request)
        super().initial(request, *args, **kwargs)
        count_request("api-public", from_where(request), settings.API_MOST_A_MINUTE)


class Procedures(PublicView):
    """The catalogue."""

    @operation(
        "Procedures in force by key; q searches as people type and answers the best in front",
        answers=ProcedureBody,
        is_page=True,
        query=("q",),
        errors=(400,),
    )
    def get(self, request: Request) -> Response:
        """Return a page of them, or what a search found."""
        day = clock.today()
        words = " ".join(request.query_params.get("q", "").replace("\0", "")[:_LONGEST].split())
        if words:
            found = find_procedures(typed=words, day=day).versions[:MOST]
            return Response({"items": [asdict(body_of(one)) for one in found], "next": None})
        rows: QuerySet[Any] = versions_in_force(day=day).annotate(key=F("procedure__key"))
        return page_of(request, rows, by="key", tie="", shape=_bodies, read=str)


class OneProcedure(PublicView):
    """One procedure."""

    @operation("One procedure as it is in force today", answers=ProcedureBody)
    def get(self, request: Request, key: str) -> Response:
        """Return it."""
        row = versions_in_force(day=clock.today()).filter(procedure__key=key).first()
        if row is None:
            raise Http404
        return tagged(request, body_of(row), row.number)


class Track(PublicView):
    """Where is my dossier? Neither code nor fact stands in an address."""

    @operation(
        "Where a dossier is, by its code and the applicant's last 4 digits or day of birth",
        answers=TrackedBody,
        takes=TrackBody,
        errors=(400, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Return it; an unknown code and a wrong fact are one answer (F39)."""
        brought = tracked(request)
        try:
            found = track_dossier(
                code=brought.code,
                fact=brought.fact,
                address=from_where(request),
                now=clock.now(),
            )
        except TooManyTriesError as error:
            wait = int((error.until - clock.now()).total_seconds()) + 1
            raise ProblemError(TOO_OFTEN, headers={"Retry-After": str(wait)}) from None
        if found is None:
            raise Http404
        return said(
            TrackedBody(
                code=found.code,
                status=found.status,
                status_name=found.status_label,
                office=found.office,
                submitted_at=found.submitted_on,
                appointment_on=found.appointment_on,
                ended_at=found.ended_at,
            )
        )


def body_of(row: ProcedureVersion) -> ProcedureBody:
    """Return a procedure as the catalogue tells it."""
    told = row.definition
    return ProcedureBody(
        key=row.procedure.key,
        code=row.procedure.code,
        version=row.number,
        name=Words(row.name_vi, row.name_en or None),
        field_vi=told["domain_vi"],
        result_vi=told["result"]["name_vi"],
        channels=list(told["channels"]),
        legal_basis=list(told["legal_basis"]),
    )


def from_where(request: Request) -> str:
    """Return from where a request comes; all that a server without addresses lets in are one."""
    try:
        address = get_adapter().get_client_ip(underlying(request))
    except PermissionDenied:
        return "nowhere"
    return network_of(address)


def _bodies(rows: list[ProcedureVersion]) -> list[ProcedureBody]:
    return [body_of(row) for row in rows]
