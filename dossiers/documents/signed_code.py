"""The QR of a printed paper: an address of the portal whose last part is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.utils.safestring import SafeString

from notifications.rules.notices import Notice, NoticeKind
from notifications.services import sign_notice


@dataclass(frozen=True)
class SignedCode:
    """What is printed beside a paper's words: `code` is what one types at `typed_at`.

    `typed_at` is "" where only the QR answers: a dossier's code is no secret, and whether there is
    such a dossier is nobody else's business.
    """

    code: str
    address: str
    typed_at: str

    @property
    def picture(self) -> SafeString:
        """The QR as SVG; it holds nothing but squares."""
        drawn = segno.make(self.address, error="m", micro=False)
        return SafeString(drawn.svg_inline(border=2, omitsize=True, svgclass="qr__code"))


def signed_code(*, kind: NoticeKind, code: str, shown: str, agency: str, day: date) -> SignedCode:
    """Return the QR of a paper dated `day`; `shown` is its code as people read it."""
    text = sign_notice(Notice(kind, code, agency, day))
    page = f"{settings.PUBLIC_URL}/verify/"
    typed_at = page.partition("://")[2] if kind == NoticeKind.LETTER else ""
    return SignedCode(shown, f"{page}{text}/", typed_at)
