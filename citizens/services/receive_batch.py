"""Take in an extract that somebody sends: checked, sealed on disk, in line to be imported."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch, User
from citizens.registers import vault
from citizens.registers.formats import Format
from citizens.registers.reading import Problem, UnreadableError, open_extract
from citizens.registers.session import held_register
from citizens.registers.vault import PlainFile
from citizens.selectors.batches import Turn, is_without_file, turn_of
from citizens.services.batch_turns import REHEARSAL, anew, give_file, said
from citizens.services.confirm_batch import confirm_batch
from citizens.services.import_register import choose_format
from portal.common.errors import RefusedError

_LONGEST_NAME = 120
_BY_PROOF = "auto"


class NotReceivedError(RefusedError):
    """A file that was not taken in; `problems` say why in both languages."""

    def __init__(self, *problems: Problem) -> None:
        """Keep every problem; the reasons are in the language of the moment."""
        english = translation.get_language() == "en"
        super().__init__(*(one.en if english else one.vi for one in problems))
        self.problems = problems


@dataclass(frozen=True)
class Received:
    """The batch of a file, and whether the file was new; a known one changes nothing."""

    batch: Batch
    is_new: bool


def receive_batch(
    *,
    register: str,
    plain: PlainFile,
    name: str,
    by: User,
    day: date,
    kind: str | None = None,
    as_of: date | None = None,
    encoding: str | None = None,
    is_rehearsal: bool = False,
    is_confirmed: bool = False,
) -> Received:
    """Store the extract `plain` of `register` and return its batch; the caller rings the bell.

    `kind`, `as_of` and `encoding` are those of `import_register`; `name` is what the sender calls
    the file. `is_rehearsal` stops before anything is written, until somebody confirms;
    `is_confirmed` is that word for a file that waits for it, and nothing on its first sending:
    nobody confirms what nobody has seen. The same file of the same day is one batch, however often
    it is sent; one that was refused begins anew, one whose command died is carried on.
    NotReceivedError says why a file cannot be used: what it is, its encoding, its headings, its
    size, a day to come, a command that imports it just now.
    """
    declared, is_text = _examined(plain, register, kind, encoding)
    _refuse_a_day_to_come(as_of, day)
    wanted = Batch(
        register_id=register,
        kind=declared.kind,
        as_of=as_of or day,
        sha256=plain.sha256,
        source=cleaned(name),
        started_by=by,
        state=BatchState.RECEIVED,
        refusal=[REHEARSAL] if is_rehearsal else [],
        row_count=plain.line_ends if is_text else 0,
    )
    known = _known(wanted, of_any_day=as_of is None)
    if known is not None and is_without_file(known):
        return _carried_on(wanted, known, plain, encoding)
    if known is not None and turn_of(known) is not Turn.REFUSED:
        if is_confirmed and turn_of(known) is Turn.HELD:
            confirm_batch(batch=known, by=by)
        return Received(known, is_new=False)
    return _stored(wanted, known, plain, encoding)


def declared_encoding(batch: Batch) -> str | None:
    """Return the encoding that the sender declared; None where the content has to prove it."""
    declared = batch.stored_as.rpartition(".")[2]
    return None if declared == _BY_PROOF else declared


def cleaned(name: str) -> str:
    """Return what a sender calls a file as one short line of visible characters (F28)."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = " ".join(visible.split())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 9]}…{plain[-8:]}"


def _examined(
    plain: PlainFile, register: str, kind: str | None, encoding: str | None
) -> tuple[Format, bool]:
    """Return which table the file is, and whether it is text; NotReceivedError says why not."""
    most = settings.IMPORT_MOST_BYTES
    if plain.size > most:
        limit = most >> 20
        vi, en = f"tệp lớn hơn {limit} MB", f"the file is larger than {limit} MB"
        raise NotReceivedError(Problem("too_large", vi, en))
    try:
        with open_extract(plain.path, encoding=encoding) as extract:
            header, is_text = extract.header, extract.encoding != "xlsx"
    except UnreadableError as unreadable:
        raise NotReceivedError(*unreadable.reasons) from unreadable
    return _format(register, kind, header), is_text


def _format(register: str, kind: str | None, header: Sequence[str]) -> Format:
    reasons: dict[str, tuple[str, ...]] = {}
    for language in ("vi", "en"):
        with translation.override(language):
            try:
                return choose_format(register, kind, header)
            except RefusedError as refused:
                reasons[language] = refused.reasons
    pairs = zip(reasons["vi"], reasons["en"], strict=True)
    raise NotReceivedError(*(Problem("headings", vi, en) for vi, en in pairs))


def _refuse_a_day_to_come(as_of: date | None, day: date) -> None:
    if as_of is None or as_of <= day:
        return
    told = said(lambda: _("The data cannot be of a day in the future."))
    raise NotReceivedError(Problem("as_of", told["vi"], told["en"]))


def _known(wanted: Batch, *, of_any_day: bool) -> Batch | None:
    """Return the batch that this file has; without a day given, the newest of whatever day."""
    same = Batch.objects.filter(register=wanted.register_id, kind=wanted.kind, sha256=wanted.sha256)
    if of_any_day:
        standing = same.exclude(state=BatchState.REFUSED).order_by("-received_at").first()
        if standing is not None:
            return standing
    return same.filter(as_of=wanted.as_of).first()


def _carried_on(wanted: Batch, begun: Batch, plain: PlainFile, encoding: str | None) -> Received:
    """Give a batch whose command died the file; NotReceivedError while a command is at work."""
    with ExitStack() as held:
        try:
            held.enter_context(held_register(begun.register_id))
        except RefusedError:
            raise NotReceivedError(_is_running()) from None
        begun.refresh_from_db()
        if not is_without_file(begun):  # it came to its end meanwhile
            return Received(begun, is_new=False)
        if begun.progress and wanted.refusal:
            raise NotReceivedError(_half_written(begun))
        return _stored(wanted, begun, plain, encoding)


def _is_running() -> Problem:
    told = said(
        lambda: _("Another import of this register is running. Try again when it has ended.")
    )
    return Problem("running", told["vi"], told["en"])


def _half_written(begun: Batch) -> Problem:
    told = said(
        lambda: (
            _(
                "A command began to import this file and stopped: what it says up to line %(line)s "
                "is written already, so it cannot be tried first. Send it without the trial: "
                "the rest is taken over."
            )
            % {"line": begun.progress}
        )
    )
    return Problem("half_written", told["vi"], told["en"])


def _stored(wanted: Batch, known: Batch | None, plain: PlainFile, encoding: str | None) -> Received:
    """Seal the file and put its batch in line; of two at once the second finds the first."""
    wanted.stored_as = f"{secrets.token_hex(16)}.{encoding or _BY_PROOF}"
    vault.store(plain, wanted.stored_as)
    try:
        if known is not None:
            claim = anew if known.state == BatchState.REFUSED else give_file
            batch, is_mine = known, claim(known, wanted)
        else:
            key = ("register_id", "kind", "as_of", "sha256")
            rest = ("source", "started_by", "state", "refusal", "row_count", "stored_as")
            batch, is_mine = Batch.objects.get_or_create(
                **{name: getattr(wanted, name) for name in key},
                defaults={name: getattr(wanted, name) for name in rest},
            )
    except BaseException:
        vault.forget(wanted.stored_as)
        raise
    if not is_mine:
        vault.forget(wanted.stored_as)
    return Received(batch, is_new=is_mine)
