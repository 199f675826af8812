"""A browser's upload goes straight into a file without a name, a chunk at a time."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from citizens.registers.vault import PlainFile


class PlainUpload(UploadedFile[bytes]):
    """An uploaded extract; Django closes it with the request."""

    def __init__(self, plain: PlainFile, name: str | None, content_type: str) -> None:
        super().__init__(plain.file, name or "", content_type, plain.size)
        self.plain = plain


class PlainUploadHandler(FileUploadHandler):
    """Set it as the only handler of a request before its body is read."""

    plain: PlainFile | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file of the form."""
        super().new_file(*args, **kwargs)
        self.plain = PlainFile()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a chunk; no other handler gets it."""
        if self.plain is not None:
            self.plain.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> PlainUpload | None:
        """Return the file as the form's value."""
        if self.plain is None:
            return None
        plain, self.plain = self.plain, None
        return PlainUpload(plain, self.file_name, self.content_type or "")

    def upload_interrupted(self) -> None:
        """Let go of a file whose sender went away."""
        if self.plain is not None:
            self.plain.close()
