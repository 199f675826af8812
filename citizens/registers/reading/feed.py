"""Hand physical lines to the CSV reader, bounded, and take them back when a record went wrong."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import TextIO

MOST_CHARACTERS = 1 << 20  # of one physical line, and of one record
CHUNK = 1 << 16
CUT = "\uffff"  # ends a line that was too long; no text contains this


class Feed:
    """An iterator over the physical lines of a decoded stream.

    `first` is the number of the line where the record under way began, counted from 1. A stray
    quote makes the CSV reader swallow good lines; `give_back` puts all but the first in line again.
    """

    def __init__(self, stream: TextIO, convert: Callable[[str], str] | None) -> None:
        """Read from `stream`, opened with newline=""; `convert` is done to what it decoded."""
        self._stream, self._convert = stream, convert
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._characters = 0
        self.first = self._number = 1

    def __iter__(self) -> Iterator[str]:
        """Return itself: lines are handed out once."""
        return self

    def __next__(self) -> str:
        """Return the next physical line; csv.Error when the record under way never ends."""
        line = self._again.popleft() if self._again else self._read()
        self._number += 1
        self._characters += len(line)
        self._taken.append(line)
        if self._characters > MOST_CHARACTERS and len(self._taken) > 1:
            raise csv.Error("the record does not end")
        return line

    def peek(self) -> str:
        """Return the next physical line and leave it in line; StopIteration at the end."""
        if not self._again:
            self._again.append(self._read())
        return self._again[0]

    def begin(self) -> None:
        """Begin a record with the next line."""
        self.first = self._number
        self._taken.clear()
        self._characters = 0

    def give_back(self) -> str:
        """Return the first line of the record under way; the others will be handed out again."""
        first, *others = self._taken or [""]
        self._again.extendleft(reversed(others))
        self._number -= len(others)
        return first.rstrip("\r\n")

    def _read(self) -> str:
        line = self._stream.readline(MOST_CHARACTERS)
        if not line:
            raise StopIteration
        mark = ""
        if len(line) == MOST_CHARACTERS and line[-1] not in "\r\n":
            self._skip_rest()
            line, mark = line[:CHUNK], CUT
        return (self._convert(line) if self._convert else line) + mark

    def _skip_rest(self) -> None:
        self.is_cut = True
        while (rest := self._stream.readline(CHUNK)) and rest[-1] not in "\r\n":
            pass
