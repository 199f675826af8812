#!/usr/bin/env python
"""Django's command line, with the embedded servers of the trial where a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path

from portal import embedded, mode


def main() -> None:
    """Run one management command."""
    mode.set_default_settings()
    with embedded.servers_for_command(sys.argv[1:], project=Path(__file__).resolve().parent):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
