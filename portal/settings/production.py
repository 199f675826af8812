"""Production. It refuses to start, and names everything at once, while a secret or server is
missing, is one of the trial's, or a channel is only simulated.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from portal.settings import secrets
from portal.settings.base import *  # noqa: F403
from portal.settings.base import PUSH_HOSTS, caches
from portal.settings.environment import (
    broker_url,
    crosses_in_clear,
    database,
    env,
    is_signing_key,
    text,
    texts,
)
from portal.settings.logs import configure_logs
from portal.web.vneid.config import provider_from

_problems: list[str] = []


def _required(name: str) -> str:
    """Return a variable; note it as a problem where it is missing or the trial's."""
    value = text(name, "")
    if not value:
        _problems.append(f"{name} is not set (or {name}_FILE names no file that holds it)")
    elif secrets.KNOWN.intersection((value, *map(str.strip, value.split(",")))):
        _problems.append(f"{name} is the trial's, which everybody knows")
    return value


def _secret(name: str, *, length: int) -> str:
    value = _required(name)
    if value and len(value) < length:
        _problems.append(f"{name} is shorter than {length} characters")
    return value


def _signing_key(name: str) -> str:
    """Return the ring of Ed25519 keys; the first one signs, so it must be a whole key."""
    value = _required(name)
    if value and not is_signing_key(value.split(",")[0].strip()):
        _problems.append(f"{name} does not begin with a key: base64 of 32 random bytes")
    return value


def _seal(name: str) -> str:
    """Return where the seal of papers lies; the trial's own says on every paper that it is one."""
    value = _required(name)
    if value and not value.startswith(("map:/", "pkcs12:/", "pkcs11:/")):
        _problems.append(f"{name} must begin with map:/, pkcs12:/ or pkcs11:/ (docs/results.md)")
    return value


def _channel(name: str) -> str:
    """Return a channel's URL, empty where it is not served; a simulated one reaches nobody."""
    value = text(name, "")
    if value.startswith(("demo:", "demo+")):
        _problems.append(f"{name} is demo: a real gateway is needed")
    elif crosses_in_clear(value):
        _problems.append(
            f"{name} would send in clear: use https or smtp+starttls, or a host of this machine"
        )
    return value


SECRET_KEY = _secret("SECRET_KEY", length=50)
FIELD_KEYS = _secret("FIELD_KEYS", length=46)
INDEX_KEY = _secret("INDEX_KEY", length=32)
SIGNING_KEY = _signing_key("SIGNING_KEY")
RECEIPT_SECRET = _secret("RECEIPT_SECRET", length=32)
PDF_SIGNER = _seal("PDF_SIGNER")
LOG_ROOT = _required("LOG_ROOT")
MEDIA_ROOT = _required("MEDIA_ROOT")
METRICS_TOKEN = _secret("METRICS_TOKEN", length=32) if text("METRICS_TOKEN", "") else ""
BACKUP_ROOT = text("BACKUP_ROOT", "/srv/portal/backups")
ALLOWED_HOSTS = texts("ALLOWED_HOSTS", [])
PUBLIC_URL = _required("PUBLIC_URL")
CLAMD_URL = text("CLAMD_URL", "")
MAP_SHAPES = text("MAP_SHAPES", "")
MAP_SHAPES_CODE = text("MAP_SHAPES_CODE", "code")
SMS_URL = _channel("SMS_URL")
SMS_PART_PRICE_VND = env.int("SMS_PART_PRICE_VND", default=SMS_PART_PRICE_VND)  # noqa: F405
APP_URL = _channel("APP_URL")
ZALO_URL = _channel("ZALO_URL")
EMAIL_URL = _channel("EMAIL_URL")
PAYMENT_URL = _channel("PAYMENT_URL")
PUSH_VAPID_KEY = _channel("PUSH_VAPID_KEY")
NATIONAL_PORTAL_URL = _channel("NATIONAL_PORTAL_URL")
PARTNER_MAPPINGS = text("PARTNER_MAPPINGS", "")
PUSH_HOSTS = texts("PUSH_HOSTS", PUSH_HOSTS)
OIDC = provider_from(text)
_database_url = _required("DATABASE_URL")
REDIS_URL = _required("REDIS_URL")

if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    _problems.append("ALLOWED_HOSTS must name the hosts of this portal")
if PUBLIC_URL and not PUBLIC_URL.startswith("https://"):
    _problems.append("PUBLIC_URL must begin with https://")
if OIDC is not None:
    _problems.extend(OIDC.problems())
if _problems:
    raise ImproperlyConfigured("The portal does not start:\n  - " + "\n  - ".join(_problems))

APPLICATION_DATABASE = database(_database_url, role="portal_app")
OWNER_DATABASE = database(text("MIGRATE_DATABASE_URL", _database_url), role=None)
DATABASES = {"default": dict(APPLICATION_DATABASE)}  # a copy: db_roles switches it
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose address is counted by the limits of tries: what so many proxies of ours have written down.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

REFUSE_DEMO_NUMBERS = True

PORTAL_MODE = "production"
LOGGING = configure_logs(readable=False)
