"""Every column that holds encrypted values, and what each value is bound to: the one list.

It stands in the lowest room that sees all of them. A test finds columns that are missing here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from citizens.models import (
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    DataRequest,
    Discrepancy,
    Rejection,
)
from dossiers.models import BundleCase, Dossier, Draft
from notifications.models import DemoDelivery, InboundMessage, Message, ZaloToken


@dataclass(frozen=True)
class SealedColumn:
    """One encrypted column; `identity` computes from a row, with `reads` loaded, what binds it."""

    model: type[Model]
    column: str
    identity: Callable[[Any], bytes]
    reads: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table's name in the database, to which the values are bound as well."""
        return self.model._meta.db_table

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


def _by_index(model: type[Model], column: str, index: str) -> SealedColumn:
    return SealedColumn(model, column, lambda row: bytes(getattr(row, index)), (index,))


def _by_public_id(model: type[Model], column: str) -> SealedColumn:
    return SealedColumn(model, column, lambda row: row.public_id.bytes, ("public_id",))


def _by_app(column: str) -> SealedColumn:
    return SealedColumn(ZaloToken, column, lambda row: row.app_id.encode(), ("app_id",))


def _by_reference(column: str) -> SealedColumn:
    return SealedColumn(DemoDelivery, column, lambda row: row.reference.encode(), ("reference",))


SEALED = (
    _by_index(Citizen, "pin_enc", "pin_index"),
    SealedColumn(
        CitizenSensitive, "body_enc", lambda row: row.citizen.seal_identity, ("citizen__pin_index",)
    ),
    _by_index(ContactPoint, "value_enc", "value_index"),
    _by_index(Credential, "number_enc", "number_index"),
    SealedColumn(
        Rejection,
        "row_enc",
        lambda row: f"{row.batch_id}:{row.line}".encode(),
        ("batch_id", "line"),
    ),
    _by_public_id(Discrepancy, "note_enc"),
    _by_public_id(DataRequest, "body_enc"),
    _by_public_id(DataRequest, "answer_enc"),
    _by_public_id(Message, "secret_params_enc"),
    _by_public_id(InboundMessage, "sender_enc"),
    _by_public_id(InboundMessage, "body_enc"),
    _by_app("access_enc"),
    _by_app("refresh_enc"),
    _by_reference("address_enc"),
    _by_reference("body_enc"),
    _by_public_id(Draft, "form_enc"),
    _by_public_id(Dossier, "form_enc"),
    _by_public_id(BundleCase, "form_enc"),
)
