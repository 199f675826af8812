"""How gateways word their receipts, put into ours. Pure; what cannot be read is a ShapeError.

Of what they send only reference, status, time and error code are taken: a receipt may carry the
telephone's number, which is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from notifications.enums import Channel
from notifications.rules.receipts import Receipt, Status

MOST_AT_ONCE = 500
_LONGEST_REFERENCE, _LONGEST_STATUS, _LONGEST_REST = 80, 40, 40
# Kannel's `%d`: 1 delivered, 2 not delivered, 4 queued at the SMSC, 8 taken by it, 16 refused.
_KANNEL = {
    "1": Status.DELIVERED,
    "2": Status.FAILED,
    "4": Status.SENT,
    "8": Status.SENT,
    "16": Status.FAILED,
}
# eSMS: 5 is "done", and the counts say how it went; 1 to 4 are on the way.
_ESMS_DONE = "5"
_ZALO = {
    "user_received_message": Status.DELIVERED,
    "user_seen_message": Status.READ,
    "user_read_message": Status.READ,
    "oa_send_failed": Status.FAILED,
}

Fields = Mapping[str, Any]


class ShapeError(ValueError):
    """A call that is no receipt; the text never quotes it."""


def read_ours(document: Any) -> list[Receipt]:
    """Return the receipts of our own shape: one ``{reference, status, at}``, or a list of them.

    The list stands under ``receipts``. `at` and `error` may be absent.
    """
    many = document.get("receipts", [document]) if isinstance(document, Mapping) else document
    if not isinstance(many, list) or not 0 < len(many) <= MOST_AT_ONCE:
        raise ShapeError("expected one receipt, or a list of at most 500")
    return [_ours(one) for one in many]


def read_gateway(channel: Channel, fields: Fields) -> list[Receipt]:
    """Return the receipts in a gateway's own words; one that uses ours may do so on any channel."""
    for knows, read in _SHAPES.get(channel, ()):
        if knows(fields):
            return list(read(fields))
    return [_ours(fields)]


def _ours(one: Any) -> Receipt:
    if not isinstance(one, Mapping):
        raise ShapeError("a receipt is an object")
    return _receipt(
        one.get("reference"), one.get("status"), at=one.get("at"), error=one.get("error")
    )


def _receipt(reference: Any, status: Any, *, at: Any = "", error: Any = "") -> Receipt:
    """Return a receipt of plain short words; ShapeError without a reference or a status."""
    reference, status = _word(reference), _word(status).lower()
    if not 0 < len(reference) <= _LONGEST_REFERENCE or not 0 < len(status) <= _LONGEST_STATUS:
        raise ShapeError("a receipt has a reference and a status, both short")
    return Receipt(reference, status, _word(at)[:_LONGEST_REST], _word(error)[:_LONGEST_REST])


def _word(value: Any) -> str:
    """Return text or a number as text without control characters, "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return "".join(char for char in str(value).strip() if char.isprintable())


def _kannel(fields: Fields) -> Iterator[Receipt]:
    """``?reference=…&status=%d&id=%F&at=%T``: the status is a number."""
    raw = _word(fields["status"])
    yield _receipt(
        fields.get("reference") or fields.get("id"),
        _KANNEL.get(raw, f"kannel-{raw}"),
        at=fields.get("at") or fields.get("ts"),
        error=fields.get("error"),
    )


def _esms(fields: Fields) -> Iterator[Receipt]:
    """``?SMSID=…&RequestId=…&SendStatus=5&SendSuccess=1&SendFailed=0``."""
    raw = _word(fields.get("SendStatus"))
    status = Status.SENT if raw in {"1", "2", "3", "4"} else f"esms-{raw}"
    if raw == _ESMS_DONE:
        arrived = _word(fields.get("SendSuccess")) not in ("", "0")
        status = Status.DELIVERED if arrived else Status.FAILED
    yield _receipt(
        fields.get("RequestId") or fields.get("SMSID"), status, error=fields.get("ErrorCode")
    )


def _zalo(fields: Fields) -> Iterator[Receipt]:
    """A webhook of Zalo: ``{event_name, timestamp, message: {tracking_id | msg_id | msg_ids}}``."""
    event, message = _word(fields["event_name"]), fields.get("message")
    if not isinstance(message, Mapping):
        raise ShapeError("an event without a message")
    status = _ZALO.get(event, f"zalo-{event}"[:_LONGEST_STATUS])
    at = message.get("delivery_time") or fields.get("timestamp")
    for reference in _references(message):
        yield _receipt(reference, status, at=at, error=message.get("error"))


def _references(message: Fields) -> Sequence[Any]:
    if message.get("tracking_id"):
        return [message["tracking_id"]]
    many = message.get("msg_ids")
    if isinstance(many, list):
        return many[:MOST_AT_ONCE]
    return [message.get("msg_id")]


def _is_kannel(fields: Fields) -> bool:
    return _word(fields.get("status")).isdecimal()


def _is_esms(fields: Fields) -> bool:
    return "SendStatus" in fields


def _is_zalo(fields: Fields) -> bool:
    return "event_name" in fields


_Shape = tuple[Callable[[Fields], bool], Callable[[Fields], Iterator[Receipt]]]
_SHAPES: Mapping[Channel, Sequence[_Shape]] = {
    Channel.SMS: ((_is_esms, _esms), (_is_kannel, _kannel)),
    Channel.ZALO: ((_is_zalo, _zalo),),
}
