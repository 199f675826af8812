"""`manage.py verify_notice TEXT --key FILE`: is a printed paper ours; no network, no database."""

from __future__ import annotations

import base64
import binascii
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.rules.notices import NoticeFormError, NoticeKind, read_notice
from portal.common.crypto import verify_with

_KINDS = {NoticeKind.LETTER: "letter", NoticeKind.SLIP: "receipt slip"}


class Command(BaseCommand):
    help = "Check the QR text of a printed paper against the portal's public key, offline."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the text and the key."""
        parser.add_argument("text", help="what the QR says: the address, or its last part")
        parser.add_argument(
            "--key",
            required=True,
            type=Path,
            metavar="FILE",
            help="public keys as /verify/key/ gives them: base64, one a line",
        )

    def handle(self, *_args: Any, text: str, key: Path, **_options: Any) -> None:
        """Print what the paper says when it is genuine; exit 1 when it is not."""
        keys = _keys(key)
        try:
            notice, signature = read_notice(text)
        except NoticeFormError as error:
            raise CommandError(f"NOT GENUINE: {error}.") from error
        if not any(verify_with(one, notice.statement, signature) for one in keys):
            raise CommandError("NOT GENUINE: none of these keys signed this text.")
        self.stdout.write(
            f"GENUINE {_KINDS[notice.kind]} code={notice.code} "
            f"agency={notice.agency or 'the portal'} date={notice.day:%d/%m/%Y}"
        )


def _keys(file: Path) -> list[bytes]:
    try:
        lines = file.read_text(encoding="ascii").split()
        keys = [base64.b64decode(line, validate=True) for line in lines]
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise CommandError(f"{file}: no keys can be read from it.") from error
    if not keys or any(len(one) != 32 for one in keys):
        raise CommandError(f"{file}: expected keys of 32 bytes in base64, one a line.")
    return keys
