"""The trial run: embedded servers unless DATABASE_URL and REDIS_URL name others, known secrets."""

from __future__ import annotations

from portal.embedded import trial_place
from portal.settings import secrets
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, caches
from portal.settings.environment import broker_url, database, env, text, texts
from portal.settings.logs import configure_logs
from portal.web.vneid.config import provider_from

_PLACE = trial_place(BASE_DIR)
_URL = text("DATABASE_URL", _PLACE.database_url)
REDIS_URL = text("REDIS_URL", _PLACE.redis_url)

APPLICATION_DATABASE = database(_URL, role="portal_app")
OWNER_DATABASE = database(text("MIGRATE_DATABASE_URL", _URL), role=None)
DATABASES = {"default": dict(APPLICATION_DATABASE)}  # a copy: db_roles switches it
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

SECRET_KEY = text("SECRET_KEY", secrets.SECRET_KEY)
FIELD_KEYS = text("FIELD_KEYS", secrets.FIELD_KEYS)
INDEX_KEY = text("INDEX_KEY", secrets.INDEX_KEY)
SIGNING_KEY = text("SIGNING_KEY", secrets.SIGNING_KEY)
RECEIPT_SECRET = text("RECEIPT_SECRET", secrets.RECEIPT_SECRET)
PDF_SIGNER = text("PDF_SIGNER", f"test:{_PLACE.root}/seal")
LOG_ROOT = text("LOG_ROOT", str(_PLACE.root / "log-root"))
MEDIA_ROOT = text("MEDIA_ROOT", str(_PLACE.root / "media"))
METRICS_TOKEN = text("METRICS_TOKEN", "")
BACKUP_ROOT = text("BACKUP_ROOT", str(_PLACE.root / "backups"))
ALLOWED_HOSTS = texts("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
PUBLIC_URL = text("PUBLIC_URL", f"http://127.0.0.1:{env.int('PORT', default=8000)}")
OFFICE_REQUIRES_MFA = env.bool("OFFICE_REQUIRES_MFA", default=False)
# Browsers know no passkey for an address of numbers: open the trial as http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MFA_PASSKEY_LOGIN_ENABLED = OFFICE_REQUIRES_MFA
OIDC = provider_from(text)
CLAMD_URL = text("CLAMD_URL", "")
MAP_SHAPES = text("MAP_SHAPES", "")
MAP_SHAPES_CODE = text("MAP_SHAPES_CODE", "code")
SMS_URL = text("SMS_URL", "demo:")
SMS_PART_PRICE_VND = env.int("SMS_PART_PRICE_VND", default=SMS_PART_PRICE_VND)  # noqa: F405
APP_URL = text("APP_URL", "demo:")
ZALO_URL = text("ZALO_URL", "demo:")
EMAIL_URL = text("EMAIL_URL", "demo:")
PAYMENT_URL = text("PAYMENT_URL", "demo:")
PUSH_VAPID_KEY = text("PUSH_VAPID_KEY", "demo:")
NATIONAL_PORTAL_URL = text(
    "NATIONAL_PORTAL_URL", f"demo+unix://demo:demo@{_PLACE.sockets}/partner.sock"
)
PARTNER_MAPPINGS = text("PARTNER_MAPPINGS", "")

PORTAL_MODE = "demo"
LOGGING = configure_logs(readable=True)
