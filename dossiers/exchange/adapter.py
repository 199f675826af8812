"""One row to one partner, in the order it expects: code → files → dossier → step → status.

The token comes first, with the line itself. What the partner gave (its number, the numbers of
files) is written at once, in a transaction of its own, so that the next attempt goes on from there.
Nothing here runs inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dossiers.documents.store import open_stored
from dossiers.enums import ExchangeKind, ScanVerdict
from dossiers.exchange import payloads
from dossiers.exchange.portal import NationalPortal
from dossiers.models import Document, Dossier, ExchangeLink, ExchangeRow
from dossiers.partners.mapping import PartnerMapping, Repeats
from dossiers.workflow import FIRST

_HARMLESS = (ScanVerdict.CLEAN, ScanVerdict.STRUCTURE)


def deliver(*, row: ExchangeRow, line: NationalPortal, mapping: PartnerMapping) -> str:
    """Tell the partner of a row and return its receipt; ExchangeError when it did not take it."""
    if row.kind == ExchangeKind.REMOVAL:
        return line.tell("/HuyHoSo", {"MaHoSo": row.their_code}, row.public_id.hex)
    dossier = _dossier(row.dossier_id)
    link = ExchangeLink.objects.get(partner=row.partner, dossier=dossier)
    telling = _Telling(row, dossier, link, line, mapping)
    told: Mapping[ExchangeKind, Callable[[], str]] = {
        ExchangeKind.DOSSIER: telling.of_dossier,
        ExchangeKind.STEP: telling.of_step,
        ExchangeKind.DATES: telling.of_dates,
    }
    return told[ExchangeKind(row.kind)]()


@dataclass(frozen=True)
class _Telling:
    """A row with what it is told from; each call has a reference of its own, the same next time."""

    row: ExchangeRow
    dossier: Dossier
    link: ExchangeLink
    line: NationalPortal
    mapping: PartnerMapping

    @property
    def reference(self) -> str:
        return str(self.row.public_id.hex)

    def of_dossier(self) -> str:
        link, line = self.link, self.line
        if not link.their_code:
            link.their_code = line.next_code(f"{self.reference}-0")
            link.save(update_fields=["their_code"])
        self._upload()
        asks = self.row.attempt > 1 and self.mapping.repeats == Repeats.ASK
        if asks and line.find(link.their_code):
            receipt = f"={link.their_code}"  # it is there: the call arrived, its answer did not
        else:
            event = self.row.event
            document = payloads.whole(
                dossier=self.dossier,
                link=link,
                mapping=self.mapping,
                status=event.status_after if event else self.dossier.status,
            )
            receipt = line.tell("/NoiHoSo", document, f"{self.reference}-1")
        if self.row.event is None and self.dossier.status != FIRST:
            receipt = self._of_status(self.dossier.status, self.row.noted_at)
        return receipt

    def of_step(self) -> str:
        """Tell of a step and of the status after it; without one, of the status as it is now."""
        event = self.row.event
        if event is None:
            return self._of_status(self.dossier.status, self.row.noted_at)
        self._upload()
        document = payloads.progress(
            dossier=self.dossier, event=event, link=self.link, mapping=self.mapping
        )
        self.line.tell("/CapNhatTienTrinh", document, f"{self.reference}-1")
        return self._of_status(event.status_after, event.happened_at)

    def of_dates(self) -> str:
        document = {"MaHoSo": self.link.their_code, **payloads.dates_of(self.dossier)}
        return self.line.tell("/CapNhatTienTrinh", document, self.reference)

    def _of_status(self, status: int, at: datetime) -> str:
        document = payloads.status(
            dossier=self.dossier, status_now=status, at=at, link=self.link, mapping=self.mapping
        )
        return self.line.tell("/CapNhatTrangThai", document, f"{self.reference}-2")

    def _upload(self) -> None:
        """Send the files that the partner lacks; what a scanner has not cleared stays here."""
        documents = Document.objects.filter(papers__dossier=self.dossier, scan_state__in=_HARMLESS)
        for document in documents.distinct().order_by("pk"):
            key = str(document.public_id)
            if key not in self.link.files:
                data, reference = open_stored(document), f"{document.public_id.hex}-t"
                number = self.line.upload(document.given_name, data, document.sha256, reference)
                self.link.files[key] = number
                self.link.save(update_fields=["files"])


def _dossier(key: int | None) -> Dossier:
    """Return the dossier as it is now."""
    if key is None:
        raise ValueError("Only a removal names no dossier.")
    dossiers = Dossier.objects.select_related(
        "owner", "competent", "received_at", "procedure_version__procedure"
    )
    return dossiers.get(pk=key)
