"""Registers and their deliveries for machines, by an official's session."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Batch, Register
from citizens.registers.overview import register_overviews
from citizens.registers.uploads import PlainUpload, PlainUploadHandler
from citizens.registers.vault import PlainFile
from citizens.services.hand_out_rejections import errors_of
from citizens.services.receive_batch import Received, receive_batch
from citizens.tasks import ring_for_batches
from portal.api.access import Imports, OfficialView, SeesRegisters, underlying
from portal.api.openapi import operation
from portal.api.parsers import CsvParser, XlsxParser
from portal.api.problems import ProblemError, bad
from portal.api.shapes import address_of, shape_of_batch, shape_of_register
from portal.common import clock

_BESIDES_THE_FILE = 1 << 20
_A_DAY = 24 * 60 * 60
_YES = frozenset({"1", "true", "yes"})


class Registers(OfficialView):
    """All registers with freshness, completeness and declared formats."""

    permission_classes = [SeesRegisters]

    @operation("All registers: freshness, completeness, formats")
    def get(self, request: Request) -> Response:
        """Return every register."""
        overviews = register_overviews(day=clock.today())
        return Response({"registers": [shape_of_register(one) for one in overviews]})


class Batches(OfficialView):
    """Bring a delivery of a register in."""

    permission_classes = [Imports]
    parser_classes = [MultiPartParser, CsvParser, XlsxParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Say where an uploaded file goes before anything reads the body."""
        request.upload_handlers = [PlainUploadHandler(request)]
        made: Request = super().initialize_request(request, *args, **kwargs)
        return made

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a huge body unread."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.IMPORT_MOST_BYTES + _BESIDES_THE_FILE
        if not announced.isdecimal() or int(announced) > most:
            raise ProblemError(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
        super().initial(request, *args, **kwargs)

    @operation(
        "Bring a delivery of a register in",
        status=202,
        headers=("Idempotency-Key",),
        errors=(400, 409, 413, 415, 422),
    )
    def post(self, request: Request, code: str) -> Response:
        """Take the file in and answer 202 with its address; the same file again is answered 200."""
        if not Register.objects.filter(pk=code).exists():
            raise Http404
        plain, name = _file(request)
        with plain:
            asked = request.query_params if isinstance(request.data, PlainFile) else request.data
            _refuse_another_use_of_the_key(request, code, plain)
            received = self._received(request, code, plain, name, {**_flat(asked)})
        ring_for_batches()
        batch = Batch.objects.get(pk=received.batch.pk)
        answered = status.HTTP_202_ACCEPTED if received.is_new else status.HTTP_200_OK
        return Response(
            shape_of_batch(batch), status=answered, headers={"Location": address_of(batch)}
        )

    def _received(
        self, request: Request, code: str, plain: PlainFile, name: str, asked: Mapping[str, str]
    ) -> Received:
        return receive_batch(
            register=code,
            plain=plain,
            name=name,
            by=self.official(request),
            day=clock.today(),
            kind=asked.get("kind") or None,
            as_of=_day(asked.get("as_of")),
            encoding=asked.get("encoding") or None,
            is_rehearsal=asked.get("dry_run", "").lower() in _YES,
            is_confirmed=asked.get("confirmed", "").lower() in _YES,
        )


class OneBatch(OfficialView):
    """Where a delivery stands."""

    permission_classes = [Imports]

    @operation("Where a delivery stands")
    def get(self, request: Request, code: str, public_id: UUID) -> Response:
        """Return state, counts, reasons and kinds of mistakes."""
        return Response(shape_of_batch(_batch(code, public_id)))


class Errors(OfficialView):
    """The rejected rows of a delivery, to be mended and sent again."""

    permission_classes = [Imports]

    @operation("The rejected rows of a delivery, as CSV", media="text/csv")
    def get(self, request: Request, code: str, public_id: UUID) -> HttpResponseBase:
        """Return them as CSV; whoever stands in them is logged before they leave."""
        batch = _batch(code, public_id)
        rows = errors_of(batch=batch, by=self.official(request), page="api:batch_errors")
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        name = f"{batch.register_id}.{batch.kind}.{batch.as_of:%Y-%m-%d}.errors.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response


def _batch(code: str, public_id: UUID) -> Batch:
    batch = Batch.objects.filter(register=code, public_id=public_id).first()
    if batch is None:
        raise Http404
    return batch


def _file(request: Request) -> tuple[PlainFile, str]:
    """Return the file of the request: the body itself, or the field `file` of a form."""
    if isinstance(request.data, PlainFile):
        return request.data, request.query_params.get("name", "api")
    if not (request.content_type or "").startswith(MultiPartParser.media_type):
        return PlainFile(), ""  # an empty body, which nothing has read
    sent = underlying(request).FILES.get("file")
    if isinstance(sent, PlainUpload):
        return sent.plain, sent.name or "api"
    raise ProblemError(
        status.HTTP_422_UNPROCESSABLE_ENTITY, bad("no_file", _("There is no file in the request."))
    )


def _flat(asked: Any) -> dict[str, str]:
    return {name: value for name, value in asked.items() if isinstance(value, str)}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        reason = bad("as_of", _("as_of is not a day; write it as 2026-01-31."))
        raise ProblemError(status.HTTP_400_BAD_REQUEST, reason) from None


def _refuse_another_use_of_the_key(request: Request, code: str, plain: PlainFile) -> None:
    """Let an Idempotency-Key stand for one file of one register, for a day.

    A file is one batch anyway; the key tells a sender who mixes up two files.
    """
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return
    key = hashlib.sha256(f"{request.user.pk} {given}".encode()).hexdigest()
    known = cache.get_or_set(f"idempotency:{key}", f"{code} {plain.sha256}", _A_DAY)
    if known != f"{code} {plain.sha256}":
        raise ProblemError(status.HTTP_409_CONFLICT)
