"""The door for gunicorn."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from portal.mode import set_default_settings

set_default_settings()
application = get_wsgi_application()
