"""The demo: a synthetic population without any real person, and accounts to look around with.

`generate` plans everything as plain values first (`plan`), then writes it with COPY.
"""

from __future__ import annotations
