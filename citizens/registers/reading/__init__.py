"""Turn a register extract on disk into a stream of lines, or refuse it whole with a reason.

Private to the registers' room; pure: no framework, no database, no clock.
"""

from __future__ import annotations

from citizens.registers.reading.errors_file import ErrorsFile, csv_rows, errors_file
from citizens.registers.reading.extract import Extract, open_extract, sha256_of
from citizens.registers.reading.lines import Line
from citizens.registers.reading.problems import Problem, UnreadableError

__all__ = [
    "ErrorsFile",
    "Extract",
    "Line",
    "Problem",
    "UnreadableError",
    "csv_rows",
    "errors_file",
    "open_extract",
    "sha256_of",
]
