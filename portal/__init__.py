"""The project: composition root, pages, API and back-office. The Celery app is loaded by apps.py."""

from __future__ import annotations
