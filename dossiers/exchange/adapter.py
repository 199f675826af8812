"""One row to one partner, in the order it expects: code → files → dossier → step → status.

The token comes first, with the line itself. What the partner gave (its number, the numbers of
files) is written at once, in a transaction of its own, so that the next attempt goes on from there.
Nothing here runs inside a transaction.
"""

from __future__ import annotations

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
    reference = row.public_id.hex
    if row.kind == ExchangeKind.REMOVAL:
        return line.tell("/HuyHoSo", {"MaHoSo": row.their_code}, reference)
    dossier = _dossier(row.dossier_id)
    link = ExchangeLink.objects.get(partner=row.partner, dossier=dossier)
    told = {
        ExchangeKind.DOSSIER: _tell_dossier,
        ExchangeKind.STEP: _tell_step,
        ExchangeKind.DATES: _tell_dates,
    }
    return told[ExchangeKind(row.kind)](row, dossier, link, line, mapping)


def _tell_dossier(
    row: ExchangeRow,
    dossier: Dossier,
    link: ExchangeLink,
    line: NationalPortal,
    mapping: PartnerMapping,
) -> str:
    reference = row.public_id.hex
    if not link.their_code:
        link.their_code = line.next_code(f"{reference}-0")
        link.save(update_fields=["their_code"])
    _upload(dossier, link, line)
    if row.attempt > 1 and mapping.repeats == Repeats.ASK and line.find(link.their_code):
        receipt = f"={link.their_code}"  # it is there: the call arrived, its answer did not
    else:
        status = row.event.status_after if row.event else dossier.status
        document = payloads.whole(dossier=dossier, link=link, mapping=mapping, status=status)
        receipt = line.tell("/NoiHoSo", document, f"{reference}-1")
    if row.event is None and dossier.status != FIRST:
        receipt = _tell_status(row, dossier, link, line, mapping)
    return receipt


def _tell_step(
    row: ExchangeRow,
    dossier: Dossier,
    link: ExchangeLink,
    line: NationalPortal,
    mapping: PartnerMapping,
) -> str:
    """Tell of a step and of the status after it; without one, of the status as it is now."""
    event = row.event
    if event is None:
        return _tell_status(row, dossier, link, line, mapping)
    _upload(dossier, link, line)
    document = payloads.progress(dossier=dossier, event=event, link=link, mapping=mapping)
    line.tell("/CapNhatTienTrinh", document, f"{row.public_id.hex}-1")
    status = payloads.status(
        dossier=dossier,
        status_now=event.status_after,
        at=event.happened_at,
        link=link,
        mapping=mapping,
    )
    return line.tell("/CapNhatTrangThai", status, f"{row.public_id.hex}-2")


def _tell_status(
    row: ExchangeRow,
    dossier: Dossier,
    link: ExchangeLink,
    line: NationalPortal,
    mapping: PartnerMapping,
) -> str:
    document = payloads.status(
        dossier=dossier, status_now=dossier.status, at=row.noted_at, link=link, mapping=mapping
    )
    return line.tell("/CapNhatTrangThai", document, f"{row.public_id.hex}-2")


def _tell_dates(
    row: ExchangeRow,
    dossier: Dossier,
    link: ExchangeLink,
    line: NationalPortal,
    mapping: PartnerMapping,
) -> str:
    document = {"MaHoSo": link.their_code, **payloads.dates_of(dossier)}
    return line.tell("/CapNhatTienTrinh", document, row.public_id.hex)


def _upload(dossier: Dossier, link: ExchangeLink, line: NationalPortal) -> None:
    """Send the files that the partner does not have; what a scanner has not cleared stays here."""
    documents = Document.objects.filter(papers__dossier=dossier, scan_state__in=_HARMLESS)
    for document in documents.distinct().order_by("pk"):
        key = str(document.public_id)
        if key not in link.files:
            data = open_stored(document)
            reference = f"{document.public_id.hex}-t"
            link.files[key] = line.upload(document.given_name, data, document.sha256, reference)
            link.save(update_fields=["files"])


def _dossier(key: int | None) -> Dossier:
    """Return the dossier as it is now."""
    if key is None:
        raise ValueError("Only a removal names no dossier.")
    dossiers = Dossier.objects.select_related(
        "owner", "competent", "received_at", "procedure_version__procedure"
    )
    return dossiers.get(pk=key)
