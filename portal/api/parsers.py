"""A body that is the extract itself goes straight into a file without a name."""

from __future__ import annotations

from typing import IO, Any

from rest_framework.parsers import BaseParser

from citizens.registers.vault import PlainFile
from dossiers.documents.intake.receiving import LARGEST
from portal.common.crypto import CHUNK


class ExtractParser(BaseParser):
    """Read the body in chunks; the caller closes the file."""

    def parse(  # type: ignore[override]
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> PlainFile:
        """Return the body as a file."""
        plain = PlainFile()
        while chunk := stream.read(CHUNK):
            plain.write(chunk)
        return plain


class PaperParser(BaseParser):
    """Read a body that is a photo or a PDF; of one that is too large a byte too many."""

    def parse(  # type: ignore[override]  # the stubs know of no bare body
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> bytes:
        """Return its bytes."""
        return stream.read(LARGEST + 1)


class PdfParser(PaperParser):
    media_type = "application/pdf"


class JpegParser(PaperParser):
    media_type = "image/jpeg"


class PngParser(PaperParser):
    media_type = "image/png"


class CsvParser(ExtractParser):
    media_type = "text/csv"


class XlsxParser(ExtractParser):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
