"""Encrypted columns, keyed indexes and signatures: the only place that touches key material.

A sealed value is ``version(1) ‖ key id(1) ‖ nonce(12) ‖ AES-256-GCM ciphertext``. The associated
data binds it to a table, a column and a row identity that the writer knows before the row exists,
so that a value copied to another row or column does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import IO, Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from portal.common.errors import SealError

_FORMAT = 1
_NONCE = 12
_BLOCK = 64  # bytes that SHA-256 takes in at once
_FILE = "file"
CHUNK = 1 << 20
_LENGTH = 4  # bytes in front of each sealed chunk


@lru_cache(maxsize=4)
def _ring(spec: str) -> tuple[int, Mapping[int, AESGCM]]:
    """Return (newest id, all keys) of a ring ``id:base64[,id:base64…]``, newest first."""
    keys: dict[int, AESGCM] = {}
    for part in spec.split(","):
        number, _, encoded = part.strip().partition(":")
        keys[int(number)] = AESGCM(base64.b64decode(encoded))
    return next(iter(keys)), keys


def _associated(table: str, column: str, identity: bytes) -> bytes:
    return b"\x00".join((table.encode(), column.encode(), identity))


def seal(plain: bytes, *, table: str, column: str, identity: bytes) -> bytes:
    """Encrypt under the newest key; `identity` is what makes the row unique, such as its index."""
    newest, keys = _ring(settings.FIELD_KEYS)
    nonce = os.urandom(_NONCE)
    body = keys[newest].encrypt(nonce, plain, _associated(table, column, identity))
    return bytes((_FORMAT, newest)) + nonce + body


def sealer(*, table: str, column: str) -> Callable[[bytes, bytes], bytes]:
    """Return `seal` for one column as a function of (plain, identity): for millions of values."""
    newest, keys = _ring(settings.FIELD_KEYS)
    encrypt, head = keys[newest].encrypt, bytes((_FORMAT, newest))
    bound = _associated(table, column, b"")
    urandom = os.urandom

    def one(plain: bytes, identity: bytes) -> bytes:
        nonce = urandom(_NONCE)
        return head + nonce + encrypt(nonce, plain, bound + identity)

    return one


def unseal(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> bytes:
    """Decrypt with whichever key of the ring sealed it; SealError when it was altered or moved."""
    raw = bytes(sealed)
    _newest, keys = _ring(settings.FIELD_KEYS)
    if len(raw) < 2 + _NONCE or raw[0] != _FORMAT or raw[1] not in keys:
        raise SealError(f"{table}.{column}: unknown seal format or key")
    nonce, body = raw[2 : 2 + _NONCE], raw[2 + _NONCE :]
    try:
        return keys[raw[1]].decrypt(nonce, body, _associated(table, column, bytes(identity)))
    except InvalidTag as error:
        reason = "the value was altered or belongs to another row"
        raise SealError(f"{table}.{column}: {reason}") from error


def reseal(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> bytes:
    """Return the same value under the newest key; errors are those of `unseal`."""
    plain = unseal(sealed, table=table, column=column, identity=identity)
    return seal(plain, table=table, column=column, identity=identity)


def ring() -> tuple[int, ...]:
    """Return the numbers of the keys in FIELD_KEYS; the first one seals, the others only open."""
    _newest, keys = _ring(settings.FIELD_KEYS)
    return tuple(keys)


def seal_text(plain: str, *, table: str, column: str, identity: bytes) -> bytes:
    """Like `seal`, for text (UTF-8)."""
    return seal(plain.encode(), table=table, column=column, identity=identity)


def unseal_text(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> str:
    """Like `unseal`, for text (UTF-8)."""
    return unseal(sealed, table=table, column=column, identity=identity).decode()


def seal_json(plain: Any, *, table: str, column: str, identity: bytes) -> bytes:
    """Like `seal`, for a JSON document."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return seal(text.encode(), table=table, column=column, identity=identity)


def unseal_json(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> Any:
    """Like `unseal`, for a JSON document."""
    return json.loads(unseal(sealed, table=table, column=column, identity=identity))


# ------------------------------------------------------------------------------ files
def seal_stream(source: IO[bytes], out: IO[bytes], *, table: str, name: str) -> None:
    """Encrypt all of `source` into `out`, a chunk of one MiB at a time.

    Each chunk is bound to the file's `name`, its place and whether it is the last, so that none can
    be swapped, moved or cut off. The column's name of a file is ``file``.
    """
    seal_chunk = sealer(table=table, column=_FILE)
    for number, (chunk, is_last) in enumerate(_chunks(source)):
        sealed = seal_chunk(chunk, _place(name, number, is_last=is_last))
        out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def unseal_stream(source: IO[bytes], *, table: str, name: str) -> Iterator[bytes]:
    """Yield in clear what `seal_stream` wrote; SealError once it was altered, renamed or cut."""
    sealed, number = _frame(source, name), 0
    while sealed:
        following = _frame(source, name)
        place = _place(name, number, is_last=not following)
        yield unseal(sealed, table=table, column=_FILE, identity=place)
        sealed, number = following, number + 1
    if not number:
        raise SealError(f"{name}: the sealed file is empty")


def _place(name: str, number: int, *, is_last: bool) -> bytes:
    return f"{name}:{number}:{'last' if is_last else 'more'}".encode()


def _chunks(source: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield whole chunks with whether each is the last; of an empty file one, empty."""
    chunk = source.read(CHUNK)
    while following := source.read(CHUNK):
        yield chunk, False
        chunk = following
    yield chunk, True


def _frame(source: IO[bytes], name: str) -> bytes:
    """Return the next sealed chunk, b"" at the end; SealError where it was cut short."""
    head = source.read(_LENGTH)
    length = int.from_bytes(head, "big")
    sealed = source.read(length) if length <= CHUNK + 1024 else b""
    if head and (len(head) < _LENGTH or len(sealed) < length or not sealed):
        raise SealError(f"{name}: the sealed file was cut short")
    return sealed


# ---------------------------------------------------------------------------- indexes
@lru_cache(maxsize=4)
def _begun(key: str) -> hmac.HMAC:
    """Return an HMAC that nothing was told yet: setting up the key takes longer than the rest."""
    return hmac.new(key.encode(), digestmod="sha256")


def keyed_index(*parts: str) -> bytes:
    """Return 32 bytes that stand for an identifier in look-ups: HMAC-SHA-256 under INDEX_KEY.

    The same parts always give the same bytes; without the key they cannot be enumerated.
    """
    index = _begun(settings.INDEX_KEY).copy()
    index.update("\x1f".join(parts).encode())
    return index.digest()


def indexer(*first: str) -> Callable[[str], bytes]:
    """Return `keyed_index(*first, last)` as a function of the last part: for millions of values.

    It remembers its latest answers: rows about the same people often stand together.
    """
    # HMAC by its definition (RFC 2104): an object of the library's takes twice as long to copy.
    key = settings.INDEX_KEY.encode()
    key = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in key)) for pad in (0x36, 0x5C))
    inner.update("".join(f"{part}\x1f" for part in first).encode())

    @lru_cache(maxsize=4_096)
    def one(last: str) -> bytes:
        within, index = inner.copy(), outer.copy()
        within.update(last.encode())
        index.update(within.digest())
        return index.digest()

    return one


@lru_cache(maxsize=4)
def _standing_key(key: str) -> AESGCM:
    """Return a key of its own purpose, drawn from INDEX_KEY, which never changes."""
    return AESGCM(hmac.digest(key.encode(), b"secrets inside documents", "sha256"))


def seal_inside(plain: str, *, purpose: str) -> str:
    """Encrypt a secret that lies inside a document of another package, as text.

    `rotate_keys` knows columns, not what lies inside one; so the key is not of FIELD_KEYS.
    """
    nonce = os.urandom(_NONCE)
    body = _standing_key(settings.INDEX_KEY).encrypt(nonce, plain.encode(), purpose.encode())
    return base64.b64encode(nonce + body).decode()


def unseal_inside(sealed: str, *, purpose: str) -> str:
    """Decrypt what `seal_inside` made for this purpose; SealError for anything else."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        cipher = _standing_key(settings.INDEX_KEY)
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealError(f"{purpose}: the value was altered, or INDEX_KEY is another") from error


# ------------------------------------------------------------------------------- signatures
_PUBLIC = "public:"


def _decoded(part: str) -> bytes:
    return base64.b64decode(part.removeprefix(_PUBLIC), validate=True)


@lru_cache(maxsize=4)
def _signing_key(spec: str) -> Ed25519PrivateKey:
    """Return the key that signs: the first of the ring; SealError where that is a public half."""
    newest = spec.split(",")[0].strip()
    if newest.startswith(_PUBLIC):
        raise SealError("SIGNING_KEY begins with a public half: nothing can be signed here")
    return Ed25519PrivateKey.from_private_bytes(_decoded(newest))


@lru_cache(maxsize=4)
def _checking_keys(spec: str) -> tuple[Ed25519PublicKey, ...]:
    """Return every key of the ring as its public half, newest first."""
    return tuple(
        Ed25519PublicKey.from_public_bytes(_decoded(part))
        if part.startswith(_PUBLIC)
        else Ed25519PrivateKey.from_private_bytes(_decoded(part)).public_key()
        for part in map(str.strip, spec.split(","))
    )


def sign(message: bytes) -> bytes:
    """Return the 64 bytes of an Ed25519 signature under the first key of SIGNING_KEY.

    SIGNING_KEY is ``base64[,base64…]``, newest first, 32 bytes each. An older key only has to
    check what it signed: its public half is enough, written ``public:base64``.
    """
    return _signing_key(settings.SIGNING_KEY).sign(message)


def verify(message: bytes, signature: bytes) -> bool:
    """Return whether any key of SIGNING_KEY made this signature of these very bytes."""
    return any(_verifies(key, message, signature) for key in _checking_keys(settings.SIGNING_KEY))


def public_halves() -> tuple[bytes, ...]:
    """Return the public half of every key of SIGNING_KEY, newest first, 32 bytes each."""
    return tuple(key.public_bytes_raw() for key in _checking_keys(settings.SIGNING_KEY))


def verify_with(public_half: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the key with this public half made the signature; reads no setting.

    ValueError where the half is not 32 bytes.
    """
    return _verifies(Ed25519PublicKey.from_public_bytes(public_half), message, signature)


def _verifies(key: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
