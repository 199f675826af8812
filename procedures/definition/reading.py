"""Strict reading of a document (a parsed YAML or JSON mapping) into plain values.

Every problem of a document is kept with the path of its key and a reason in Vietnamese and English,
so that whoever wrote the file can mend all of it at once. Nothing is guessed or converted: a number
in quotes is not a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

from portal.common.errors import RefusedError

Choice = TypeVar("Choice", bound=StrEnum)

_TYPE_NAMES: Mapping[type, tuple[str, str]] = {
    str: ("một đoạn chữ", "a text"),
    int: ("một số nguyên", "a whole number"),
    bool: ("true hoặc false", "true or false"),
    dict: ("một nhóm khóa: giá trị", "a mapping of keys to values"),
    list: ("một danh sách", "a list"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document: where (``procedures[3].fees[0].amount_vnd``) and why."""

    path: str
    vi: str
    en: str
    line: int | None = None

    def __str__(self) -> str:
        line = f"dòng {self.line}" if self.line else ""
        place = ", ".join(filter(None, (line, self.path))) or "tệp"
        return f"{place}: {self.vi} / {self.en}"


class DefinitionError(RefusedError):
    """A document that is not what it should be; `problems` names every key at fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*map(str, problems))
        self.problems = tuple(problems)


class Node:
    """One mapping of a document. Reading a wrong value notes a problem and returns a harmless one.

    Call `close()` when all keys are read: it notes keys that nobody asked for (typing mistakes).
    """

    def __init__(self, raw: object, path: str = "", problems: list[Problem] | None = None) -> None:
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self._read: set[str] = set()
        self._raw: Mapping[str, Any] = {}
        if isinstance(raw, Mapping):
            self._raw = raw
        else:
            self._wrong_type(path, dict, raw)
        self._is_mapping = isinstance(raw, Mapping)

    def at(self, key: str) -> str:
        """Return the path of a key of this mapping."""
        return f"{self.path}.{key}" if self.path else key

    def note(self, key: str, vi: str, en: str) -> None:
        """Note a problem with one of this mapping's keys."""
        self.problems.append(Problem(self.at(key) if key else self.path, vi, en))

    def names(self) -> list[str]:
        """Return the keys of this mapping, in the order of the document."""
        return [str(key) for key in self._raw]

    def raw(self) -> Mapping[str, Any]:
        """Return the whole mapping as it is; all of it counts as read."""
        self._read.update(self.names())
        return self._raw

    def has(self, key: str) -> bool:
        """Return whether the key is there with a value other than null; counts as read."""
        self._read.add(key)
        return self._raw.get(key) is not None

    def text(self, key: str) -> str:
        """Return a required text that is not blank, in Unicode's composed form (NFC)."""
        value = self._required(key, str)
        if value is None:
            return ""
        if not value.strip():
            self.note(key, "không được để trống", "must not be blank")
        return unicodedata.normalize("NFC", value)

    def text_or_none(self, key: str) -> str | None:
        """Return an optional text; an empty one is none."""
        return self.text(key) if self.has(key) and self._raw[key] != "" else None

    def integer(self, key: str, *, low: int = 0, high: int = 10**12) -> int:
        """Return a required whole number within `low` … `high`."""
        value: int | None = self._required(key, int)
        if value is None:
            return low
        if not low <= value <= high:
            self.note(key, f"phải từ {low} đến {high}", f"must be from {low} to {high}")
        return value

    def number(self, key: str, *, low: float, high: float) -> float:
        """Return a required number, whole or not, within `low` … `high`."""
        value: Any = self._raw.get(key)
        self._read.add(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(key, "phải là một số", "must be a number")
            return low
        if not low <= value <= high:
            self.note(key, f"phải từ {low} đến {high}", f"must be from {low} to {high}")
        return value

    def integer_or_none(self, key: str, *, low: int = 0, high: int = 10**12) -> int | None:
        """Return an optional whole number."""
        return self.integer(key, low=low, high=high) if self.has(key) else None

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a truth value; required unless a default is given."""
        if default is not None and not self.has(key):
            return default
        return bool(self._required(key, bool))

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        """Return a value of a closed list; required unless a default is given."""
        members = list(kind)
        if default is not None and not self.has(key):
            return default
        value = self._required(key, str)
        if value is None:
            return members[0]
        if value in members:
            return kind(value)
        self._not_one_of(self.at(key), value, [str(member) for member in members])
        return members[0]

    def day_or_none(self, key: str) -> date | None:
        """Return an optional civil date, written YYYY-MM-DD."""
        if not self.has(key):
            return None
        value = self._raw[key]
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "")
        except (TypeError, ValueError):
            self.note(key, f"{value!r} không phải ngày dạng NNNN-TT-NN", "is not a date YYYY-MM-DD")
            return None

    def time_or_none(self, key: str) -> time | None:
        """Return an optional hour of the day, written HH:MM."""
        if not self.has(key):
            return None
        value = self._raw[key]
        try:
            return time.fromisoformat(value if re.fullmatch(r"\d\d:\d\d", value) else "")
        except (TypeError, ValueError):
            self.note(key, f"{value!r} không phải giờ dạng 'HH:MM'", "is not an hour 'HH:MM'")
            return None

    def node(self, key: str) -> Node:
        """Return a required mapping below this one."""
        return Node(self._required(key, dict) or {}, self.at(key), self.problems)

    def node_or_none(self, key: str) -> Node | None:
        """Return an optional mapping below this one."""
        return self.node(key) if self.has(key) else None

    def nodes(self, key: str, *, required: bool = True) -> list[Node]:
        """Return a list of mappings."""
        return [Node(raw, path, self.problems) for path, raw in self._items(key, required)]

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self._typed_items(key, str, required))

    def integers(self, key: str, *, required: bool = True) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple(self._typed_items(key, int, required))

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Return a required list of values of a closed list."""
        allowed = [str(member) for member in kind]
        found: list[Choice] = []
        for path, raw in self._items(key, required=True):
            if isinstance(raw, str) and raw in allowed:
                found.append(kind(raw))
            else:
                self._not_one_of(path, raw, allowed)
        return tuple(found)

    def ignore(self, *keys: str) -> None:
        """Take keys as read: they speak to readers of the file, not to the program."""
        self._read.update(keys)

    def close(self) -> None:
        """Note every key of this mapping that was not read."""
        for key in sorted(map(str, self._raw.keys() - self._read)):
            self.note(key, "khóa này không có trong mẫu", "there is no such key")

    def raise_problems(self) -> None:
        """Raise DefinitionError when anything in the document was wrong."""
        if self.problems:
            raise DefinitionError(self.problems)

    def _required(self, key: str, kind: type) -> Any:
        self._read.add(key)
        if self._raw.get(key) is None:
            if self._is_mapping:
                self.note(key, "thiếu giá trị bắt buộc", "is missing")
            return None
        return self._checked(self.at(key), kind, self._raw[key])

    def _checked(self, path: str, kind: type, value: object) -> Any:
        wrong_flag = isinstance(value, bool) and kind is not bool
        if isinstance(value, kind) and not wrong_flag:
            return value
        self._wrong_type(path, kind, value)
        return None

    def _items(self, key: str, required: bool) -> list[tuple[str, Any]]:
        if not required and not self.has(key):
            return []
        values = self._required(key, list) or []
        return [(f"{self.at(key)}[{index}]", value) for index, value in enumerate(values)]

    def _typed_items(self, key: str, kind: type, required: bool) -> list[Any]:
        checked = [self._checked(path, kind, raw) for path, raw in self._items(key, required)]
        return [value for value in checked if value is not None]

    def _wrong_type(self, path: str, kind: type, value: object) -> None:
        vi, en = _TYPE_NAMES[kind]
        self.problems.append(
            Problem(
                path, f"phải là {vi}, không phải {value!r:.60}", f"must be {en}, not {value!r:.60}"
            )
        )

    def _not_one_of(self, path: str, value: object, allowed: Sequence[str]) -> None:
        names = ", ".join(allowed)
        self.problems.append(
            Problem(
                path,
                f"{value!r:.60} phải là một trong: {names}",
                f"{value!r:.60} is none of: {names}",
            )
        )
