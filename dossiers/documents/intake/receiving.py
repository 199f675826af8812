"""The door: one file in, what may be kept of it out, or a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossiers.documents.intake.kinds import PDF, kind_of
from dossiers.documents.intake.names import kept_name
from dossiers.documents.intake.refusals import IntakeError, Reason
from dossiers.documents.intake.sounds import sound_kind

LARGEST = 10_000_000  # bytes of one file
_PATIENCE = 20.0  # seconds on the clock; the limit that counts is the processor time of the child
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Taken:
    """What is kept of a file: its bytes, what they are, a name to show, and what judging took."""

    data: bytes
    media_type: str
    name: str
    peak_kb: int = 0


@dataclass(frozen=True)
class Sound:
    """A sound that is kept as it came: its bytes, what they are, a name to show, whole seconds."""

    data: bytes
    media_type: str
    name: str
    seconds: int


def receive(data: bytes, given_name: str) -> Taken:
    """Return what may be kept; IntakeError with the reason for everything else.

    Pictures come back encoded anew, PDFs as they were. Blocks for up to seconds, asks no network.
    """
    if len(data) > LARGEST:
        raise IntakeError(Reason.TOO_LARGE)
    media_type = kind_of(data)
    name = kept_name(given_name, media_type)
    answer, made = _judged(data, media_type)
    kept = data if media_type == PDF else made
    return Taken(kept, media_type, name, int(answer["peak_kb"]))


def receive_sound(data: bytes, given_name: str) -> Sound:
    """Return a sound that browsers play, followed from its first byte to its last.

    IntakeError with the reason for everything else.
    """
    if len(data) > LARGEST:
        raise IntakeError(Reason.TOO_LARGE)
    media_type = sound_kind(data)
    name = kept_name(given_name, media_type)
    answer, _nothing = _judged(data, media_type)
    return Sound(data, media_type, name, int(answer["seconds"]))


def _judged(data: bytes, media_type: str) -> tuple[dict[str, Any], bytes]:
    """Let a child with limits and without our environment take the file apart."""
    command = [sys.executable, "-E", "-s", "-m", "dossiers.documents.intake.child", media_type]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, input=data, capture_output=True, cwd=_ROOT, env={}, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise IntakeError(Reason.TOO_COMPLEX) from None
    line, _end, made = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise IntakeError(Reason.TOO_COMPLEX)  # ended by a limit, or by the file
    answer: dict[str, Any] = json.loads(line)
    if "reason" in answer:
        raise IntakeError(Reason(answer["reason"]), at=answer.get("at"))
    return answer, made
