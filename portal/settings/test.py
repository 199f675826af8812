"""The tests: their own embedded servers, decided here since Django reads settings before conftest.

PORTAL_TEST_RUN names the folder of this run's servers; the first process makes it, the workers of
pytest-xdist inherit it. TEST_DATABASE_URL points the tests at a server of one's own instead.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from secrets import token_hex

from portal.embedded import Place
from portal.settings import secrets
from portal.settings.base import *  # noqa: F403
from portal.settings.base import caches
from portal.settings.environment import broker_url, database
from portal.settings.logs import configure_logs

# A name only: whoever starts servers makes the folder, and nothing is left where nobody does.
_RUN = os.environ.setdefault(
    "PORTAL_TEST_RUN", f"{tempfile.gettempdir()}/portal-test-{token_hex(8)}"
)
_PLACE = Place(Path(_RUN))
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
_URL = os.environ.get("TEST_DATABASE_URL") or _PLACE.database_url
REDIS_URL = f"{_PLACE.redis_url}?db={_WORKER}"

APPLICATION_DATABASE = database(_URL, role="portal_app")
OWNER_DATABASE = database(_URL, role=None)
DATABASES = {"default": APPLICATION_DATABASE | {"CONN_MAX_AGE": 0}}
CACHES = caches(REDIS_URL)
# Of this process alone: emptying a cache empties its database, and with it another one's queue.
CELERY_BROKER_URL = broker_url(REDIS_URL)

SECRET_KEY = secrets.SECRET_KEY
FIELD_KEYS = secrets.FIELD_KEYS
INDEX_KEY = secrets.INDEX_KEY
SIGNING_KEY = secrets.SIGNING_KEY
RECEIPT_SECRET = secrets.RECEIPT_SECRET
PDF_SIGNER = f"test:{_RUN}/seal"
LOG_ROOT = f"{_RUN}/log-root-{_WORKER}"
MEDIA_ROOT = f"{_RUN}/media-{_WORKER}"
BACKUP_ROOT = f"{_RUN}/backups-{_WORKER}"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PUBLIC_URL = "http://testserver"
OFFICE_REQUIRES_MFA = False
OFFICE_IDLE = None
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
PAYMENT_URL = "demo:"

# Plain files and a quick hash: a manifest would need collectstatic before every run.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

PORTAL_MODE = "test"
LOGGING = configure_logs(readable=True, level="WARNING")
