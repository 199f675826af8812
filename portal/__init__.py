"""The project: composition root, pages, API, back-office. apps.py loads the Celery app."""

from __future__ import annotations
