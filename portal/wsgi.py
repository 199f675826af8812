"""The door for gunicorn."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.mode import set_default_settings

# A request whose database hangs fails after ten seconds (F4); what takes longer is a worker's.
os.environ.setdefault("STATEMENT_TIMEOUT", "10s")
set_default_settings()
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # all pages now, not while the first citizen waits
