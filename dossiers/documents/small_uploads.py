"""A browser's photo or PDF stays in memory on its way in: it is never on disk in clear."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from dossiers.documents.intake.receiving import LARGEST

MOST_FILES = 20  # of one press
_MOST_BYTES = 60_000_000  # of one press
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def taking_files(view: View[P]) -> View[P]:
    """Let a page take papers; put `csrf_protect` below whatever decides who may open the page.

    The handler has to be set before the body is read, and Django would read it for the token first.
    """

    @wraps(view)
    def prepared(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.upload_handlers = [SmallUploadHandler(request)]
        return view(request, *args, **kwargs)

    exempt: View[P] = csrf_exempt(prepared)
    return exempt


class SmallUploadHandler(FileUploadHandler):
    """Set it as the only handler of a request before its body is read.

    Of a file that is larger than any paper it keeps one byte too many, so that the pipeline refuses
    it with its sentence; of files beyond the number of one press it keeps nothing.
    """

    _file: BytesIO | None = None
    _count = _total = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file of the form."""
        super().new_file(*args, **kwargs)
        self._count += 1
        is_few = self._count <= MOST_FILES and self._total < _MOST_BYTES
        self._file = BytesIO() if is_few else None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a chunk; no other handler gets it."""
        if self._file is not None:
            self._file.write(raw_data[: max(LARGEST + 1 - self._file.tell(), 0)])
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """Return the file as the form's value."""
        if self._file is None:
            return None
        file, self._file = self._file, None
        size = file.tell()
        self._total += size
        file.seek(0)
        return InMemoryUploadedFile(
            file, self.field_name, self.file_name or "", self.content_type or "", size, None
        )
