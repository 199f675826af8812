"""What a thief of a dump can do without INDEX_KEY: try all numbers of a cohort, find nobody.

A personal number is province (3 digits), century and sex (1), year of birth (2) and a serial (6):
whoever knows where and when a person was born has a million numbers to try. With INDEX_KEY each of
them is found, so the look itself works.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection

from benchmarks.measures import Report, suite
from citizens.models import Citizen

COHORT = "999156"  # women born in 1956, in a province that does not exist
NUMBERS = 1_000_000
HELD = 1_000  # of them stand in the table that was stolen
_BATCH = 50_000

Guess = Callable[[bytes], bytes]


def _hmac(key: bytes, *, before: bytes = b"pin\x1f") -> Guess:
    """Return the index as the portal computes it, under a key of one's own."""
    return lambda number: hmac.digest(key, before + number, "sha256")


def _plain(digest: str) -> Guess:
    return lambda number: hashlib.new(digest, number).digest()


def guesses() -> dict[str, Guess]:
    """Return the ways in which somebody without the key would try; 32 bytes each."""
    return {
        "SHA-256 of the number": _plain("sha256"),
        "SHA-256 of the tagged number": lambda number: hashlib.sha256(b"pin\x1f" + number).digest(),
        "SHA3-256 of the number": _plain("sha3_256"),
        "HMAC under an empty key": _hmac(b""),
        "HMAC under a random key": _hmac(secrets.token_bytes(32)),
        "HMAC under SECRET_KEY": _hmac(settings.SECRET_KEY.encode()),
        "HMAC under FIELD_KEYS": _hmac(settings.FIELD_KEYS.encode()),
        "HMAC under the key in another case": _hmac(settings.INDEX_KEY.swapcase().encode()),
    }


@suite("protection", is_long=True)
def run(report: Report, citizens: int) -> None:
    """Try all numbers of a cohort; how many people the database holds beside does not matter."""
    del citizens
    attack(report)


def attack(report: Report, *, numbers: int = NUMBERS, held: int = HELD) -> None:
    """Report how many of `held` people are found by trying `numbers` numbers in every way."""
    stolen = _stolen(numbers, held)
    for name, guess in guesses().items():
        found = matches(stolen, guess, numbers)
        report.add(f"{numbers:,} numbers, {name}", found, "rows", at_most=0)
    with_key = matches(stolen, _hmac(settings.INDEX_KEY.encode()), numbers)
    report.add("the same with INDEX_KEY", with_key, "rows", at_least=held)


def _stolen(tried: int, held: int) -> frozenset[bytes]:
    """Return the column `pin_index` as a dump gives it, for people spread over the cohort."""
    numbers = [f"{COHORT}{serial:06d}" for serial in range(0, tried, tried // held)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stolen")
        cursor.execute("CREATE TEMPORARY TABLE stolen (pin_index bytea, pin_enc bytea)")
        for number in numbers:
            row = (Citizen.index_of(number), Citizen.seal_pin(number))
            cursor.execute("INSERT INTO stolen VALUES (%s, %s)", row)
        cursor.execute("SELECT pin_index FROM stolen")
        return frozenset(bytes(index) for (index,) in cursor.fetchall())


def matches(stolen: frozenset[bytes], guess: Guess, numbers: int) -> int:
    """Return how many rows are found by guessing the first `numbers` numbers of the cohort."""
    return sum(len(stolen.intersection(batch)) for batch in _guessed(guess, numbers))


def _guessed(guess: Guess, numbers: int) -> Iterator[list[bytes]]:
    for first in range(0, numbers, _BATCH):
        serials = range(first, min(first + _BATCH, numbers))
        yield [guess(f"{COHORT}{serial:06d}".encode()) for serial in serials]
