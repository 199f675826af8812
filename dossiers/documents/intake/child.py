"""The child process: takes one file apart under hard limits, and says what came of it.

`python -m dossiers.documents.intake.child MEDIA_TYPE` reads the file from its input and writes one
line of JSON and, for a picture, the new bytes; of a sound the line says how long it is. It has no
environment, so no key and no database, may write no file, and is ended by the kernel when it takes
too much memory or time.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path

from portal.processes import die_with_parent

MOST_MEMORY = 290 * 1024 * 1024  # addresses, libraries included; what is resident is less (F30)
MOST_SECONDS = 4  # of processor time
MOST_FILES = 32


def limit() -> None:
    """Let the kernel end this process where it goes beyond what any paper needs."""
    die_with_parent(signal.SIGKILL)
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Judge one file; the answer is on the output, also where it is refused."""
    limit()
    # After the limits: what these libraries do while they are loaded is bounded too.
    from dossiers.documents.intake import pdfs, pictures, sounds
    from dossiers.documents.intake.kinds import PDF
    from dossiers.documents.intake.refusals import IntakeError, Reason

    media_type, data = sys.argv[1], sys.stdin.buffer.read()
    answer: dict[str, object] = {}
    made = b""
    try:
        if media_type == PDF:
            pdfs.checked(data)
        elif media_type in sounds.KINDS:
            answer["seconds"] = sounds.checked(data, media_type)
        else:
            made = pictures.made_anew(data, media_type)
    except IntakeError as refused:
        answer |= {"reason": refused.reason, "at": refused.at}
    except MemoryError:
        answer["reason"] = Reason.TOO_COMPLEX
    answer["peak_kb"] = _peak_kb()
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
    sys.stdout.buffer.flush()
    os._exit(0)  # no clean-up of what a stranger's file left in the libraries


def _peak_kb() -> int:
    """Return the most memory that was resident, 0 where the kernel does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) if lines else 0


if __name__ == "__main__":
    main()
