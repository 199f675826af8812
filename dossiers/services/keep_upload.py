"""Keep a photo that somebody sent: sealed, under a random name, and shown to nobody unchecked."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Party
from dossiers.documents.store import store
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import Document
from portal.common.errors import RefusedError

LARGEST = 1_400_000  # bytes of one photo
MOST_WAITING = 20  # photos of one owner that nobody has checked yet
# By the first bytes, never by a name or by what the sender says (F28, F29).
_KINDS = ((b"\xff\xd8\xff", "image/jpeg", "jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", "png"))


@transaction.atomic
def keep_upload(*, owner: Party, data: bytes) -> Document:
    """Return the stored document; the same photo of the same owner is stored once.

    RefusedError for what is no JPEG or PNG, too large, or one too many that waits for its check.
    """
    kind = next((one for one in _KINDS if data.startswith(one[0])), None)
    if kind is None:
        raise RefusedError(_("Only photos (JPEG or PNG) can be taken."))
    if len(data) > LARGEST:
        raise RefusedError(_("This photo is too large."))
    digest = hashlib.sha256(data).hexdigest()
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    mine = Document.objects.filter(owner=owner, origin=DocumentOrigin.UPLOAD)
    known = mine.filter(sha256=digest).first()
    if known is not None:
        return known
    if mine.filter(scan_state=ScanVerdict.PENDING).count() >= MOST_WAITING:
        raise RefusedError(_("Too many photos wait to be checked; please send more tomorrow."))
    _magic, media_type, ending = kind
    return Document.objects.create(
        owner=owner,
        origin=DocumentOrigin.UPLOAD,
        given_name=f"anh-{digest[:8]}.{ending}",
        media_type=media_type,
        size=len(data),
        sha256=digest,
        stored_name=store(data),
        scan_state=ScanVerdict.PENDING,
    )
