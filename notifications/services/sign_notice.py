"""Sign what a printed paper says of itself, and check it with the keys of SIGNING_KEY."""

from __future__ import annotations

from notifications.rules.notices import Notice, NoticeFormError, read_notice, spelled
from portal.common.crypto import sign, verify


def sign_notice(notice: Notice) -> str:
    """Return the text for the QR of a paper."""
    return spelled(notice, sign(notice.statement))


def genuine_notice(text: str) -> Notice | None:
    """Return the notice that one of our keys signed, None for anything else."""
    try:
        notice, signature = read_notice(text)
    except NoticeFormError:
        return None
    return notice if verify(notice.statement, signature) else None
