"""The account that fees go to, and what its bank's gateway calls in: PAYMENT_URL says both.

``vietqr://NAME?bin=970436&account=0123456789&holder=KHO+BAC&bank=Vietcombank``: NAME is the gateway
in ``/payments/NAME/``. ``demo:`` is the trial's bank, which moves no money; production refuses it.
Empty: fees are paid at the counter only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MOST_VND = 2_000_000_000
_LONGEST = 80


@dataclass(frozen=True)
class Account:
    """Where transfers go; `gateway` is the name under which the bank calls."""

    gateway: str
    bank_bin: str
    bank: str
    number: str
    holder: str
    is_simulated: bool = False


# A BIN that no bank has: a real app that reads the trial's code finds nobody to pay.
SIMULATED = Account(
    "demo", "999999", "Ngân hàng mô phỏng", "99900001234", "KHO BAC MO PHONG", is_simulated=True
)


@dataclass(frozen=True)
class Call:
    """Money that came in, as the bank tells it."""

    transaction: str
    content: str
    amount_vnd: int
    paid_at: datetime | None


class CallError(ValueError):
    """A call that cannot be read, and what is wrong with it."""


def account() -> Account | None:
    """Return the account of PAYMENT_URL, None without one; ImproperlyConfigured names a fault."""
    url = str(settings.PAYMENT_URL)
    if not url:
        return None
    if url.startswith("demo:"):
        return SIMULATED
    parts = urlsplit(url)
    said = {name: values[-1].strip() for name, values in parse_qs(parts.query).items()}
    found = Account(
        gateway=parts.netloc,
        bank_bin=said.get("bin", ""),
        bank=said.get("bank", ""),
        number=said.get("account", ""),
        holder=said.get("holder", ""),
    )
    _check(parts.scheme, found)
    return found


def _check(scheme: str, found: Account) -> None:
    rules = {
        "scheme": (scheme, r"vietqr"),
        "name of the gateway": (found.gateway, r"[a-z][a-z0-9-]{1,39}"),
        "bin": (found.bank_bin, r"[0-9]{6}"),
        "account": (found.number, r"[0-9A-Za-z]{1,19}"),
        "holder": (found.holder, r".{1,100}"),
        "bank": (found.bank, r".{1,100}"),
    }
    for name, (value, shape) in rules.items():
        if not re.fullmatch(shape, value):
            raise ImproperlyConfigured(f"PAYMENT_URL: {name} is not as docs/payments.md says.")


def read_call(document: object) -> Call:
    """Return what a gateway's JSON says; CallError for anything that is no payment.

    ``{"transaction": "FT26…", "amount": 135000, "content": "DVC…", "paid_at": …}``; the last, such
    as ``2026-11-26T09:00+07:00``, may be missing.
    """
    if not isinstance(document, Mapping):
        raise CallError("not an object")
    return call_of(
        transaction=str(document.get("transaction") or ""),
        content=str(document.get("content") or ""),
        amount=document.get("amount"),
        paid_at=str(document.get("paid_at") or ""),
    )


def call_of(*, transaction: str, content: str, amount: Any, paid_at: str) -> Call:
    """Return a call made of a file's or a document's parts; CallError names the part at fault."""
    number = " ".join(transaction.split())
    if not 1 <= len(number) <= _LONGEST or not number.isprintable():
        raise CallError("the transaction's number is missing or too long")
    return Call(
        transaction=number,
        content=" ".join(content.replace("\0", "").split())[:210],
        amount_vnd=_amount(amount),
        paid_at=_instant(paid_at) if paid_at else None,
    )


def _amount(amount: Any) -> int:
    """Return whole đồng; 135000, "135000", "135.000" and "135,000" are the same."""
    if isinstance(amount, bool) or not isinstance(amount, int | str):
        raise CallError("the amount is no whole number")
    text = str(amount).strip()
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        text = re.sub(r"[.,]", "", text)
    if not re.fullmatch(r"[0-9]{1,12}", text) or not 0 < int(text) <= MOST_VND:
        raise CallError("the amount is no whole number of đồng above zero")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CallError("the time is no ISO date and time") from error
    if found.tzinfo is None:
        raise CallError("the time does not say its zone, such as +07:00")
    return found
