"""Which office a message or a paper is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from citizens.models import Agency, DataRequest, Discrepancy
from dossiers.models import Dossier


@dataclass(frozen=True)
class Sender:
    """An office with its code and address; the portal itself has neither."""

    name: str
    code: str = ""
    address: str = ""


def sender_of(thread_key: str) -> Sender:
    """Return the office whose matter a message speaks of: the portal itself until it is filed."""
    room, _colon, key = thread_key.partition(":")
    read = _OFFICES.get(room)
    return as_sender(read(int(key)) if read and key.isdecimal() else None)


def as_sender(agency: Agency | None) -> Sender:
    """Return an office as a sender, the portal where there is none."""
    if agency is None:
        return Sender(settings.SITE_NAME)
    return Sender(agency.name_vi, agency.code, agency.address)


def _office(model: Any, path: str) -> Callable[[int], Agency | None]:
    def read(key: int) -> Agency | None:
        row = model.objects.select_related(path).filter(pk=key).first()
        office: Agency | None = getattr(row, path, None)
        return office

    return read


_OFFICES: dict[str, Callable[[int], Agency | None]] = {
    "dossier": _office(Dossier, "competent"),
    "data_request": _office(DataRequest, "owner"),
    "discrepancy": _office(Discrepancy, "owner"),
}
