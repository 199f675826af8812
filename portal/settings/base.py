"""What all modes share. Secrets and servers come from the environment (docs: operations guide)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from portal.office.theme import UNFOLD  # noqa: F401
from portal.web.vneid.config import IdentityProvider

# Lets `ModelForm[Grant]` and its like stand in code as they do for mypy.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "citizens.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "Cổng dịch vụ công chủ động"

INSTALLED_APPS = [
    "portal",  # first: its commands (migrate) and templates go before Django's
    # unfold's default config would put its own site in place of ours.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "portal.admin_config.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "rest_framework",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_structlog",
    "portal.common",
    "citizens",
    "notifications",
    "procedures",
    "dossiers",
    "portal.reporting",
    "portal.web",
    "portal.office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.web.security.PortalCSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.web.request_log.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.web.accounts.LastSeenMiddleware",
    "portal.web.second_step.ShutSecretsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "portal.web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ------------------------------------------------------------------------- language and time
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
# Texts of packages that bring no Vietnamese are kept apart: makemessages would drop them.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "_packages"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["portal.office.formats"]

# ------------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "portal" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.static_files.StaticStorage"},
}
WHITENOISE_MAX_AGE = 60 * 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # halves what has to be compressed at the first start

# ------------------------------------------------------------------------- partners
NATIONAL_PORTAL_URL = ""
PARTNER_MAPPINGS = ""  # a folder of mappings in place of ours

# ------------------------------------------------------------------------- people
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME} – "
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: one line a request is enough
# Officials come in with a second factor; a trial lets them in with the password it prints.
OFFICE_REQUIRES_MFA = True
# After so many seconds without a press an official signs in anew (None: when the session ends).
OFFICE_IDLE: int | None = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "portal.web.accounts.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "portal.web.second_step.CodeForm",
    "reauthenticate": "portal.web.second_step.CodeAgainForm",
    "add_webauthn": "portal.web.second_step.AddKeyForm",
    "edit_webauthn": "portal.web.second_step.EditKeyForm",
}
MFA_TOTP_ISSUER = SITE_NAME
MFA_PASSKEY_LOGIN_ENABLED = True
# Who signs citizens in (portal.web.vneid); None: nobody but us. Its claims are kept nowhere.
OIDC: IdentityProvider | None = None
SOCIALACCOUNT_ADAPTER = "portal.web.vneid.linking.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Apps that act for citizens by a token (portal.web.views.app_tokens): apps keep no secret, so only
# a code with PKCE opens something; a token opens for minutes, and its refresh token opens once.
IDP_OIDC_ADAPTER = "portal.web.app_adapter.AppAdapter"
IDP_OIDC_AUTH_METHODS = ["none"]
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 10 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 3600
IDP_OIDC_ROTATE_REFRESH_TOKEN = True

# Sessions and the cache that guards (sign-in limits, one-time codes) live in the database, so that
# losing Redis opens nothing (F5). allauth counts in the cache "default": that must be the guard.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """Return both caches: `default` guards and is a table, `fast` is Redis and may vanish."""
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "guard_cache",
            # Culling would forget counters of sign-in attempts: let only expiry remove rows.
            "OPTIONS": {"MAX_ENTRIES": 1_000_000},
        },
        "fast": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "portal",
            "TIMEOUT": 300,
        },
    }


# What `/metrics` answers to (portal.web.metrics); empty: it is not there.
METRICS_TOKEN = ""

# ------------------------------------------------------------------------- jobs
# The database holds the truth; a task is a bell. Losing one costs a wait until the next beat.
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 60 * 30
CELERY_TASK_SOFT_TIME_LIMIT = 60 * 25
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Above the longest task (imports, six hours): a shorter one would hand a running task out a second
# time. What a killed worker held comes back that late, but the beat has long rung again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7 * 3600, "global_keyprefix": "portal."}

# ------------------------------------------------------------------------- headers
_SELF, _NONE = "'self'", "'none'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "base-uri": [_NONE],
        "connect-src": [_SELF],
        "font-src": [_SELF],
        "form-action": [_SELF],
        "frame-ancestors": [_NONE],
        "img-src": [_SELF, "data:"],
        "manifest-src": [_SELF],
        "object-src": [_NONE],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "worker-src": [_SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The largest extract of a register that is taken in; it never lies in memory as a whole.
IMPORT_MOST_BYTES = 2 * 1024**3

# ------------------------------------------------------------------------- interfaces
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "portal.api.problems.answer",
}
# How many requests one person may make of /api/ within a minute.
API_MOST_A_MINUTE = 300

# ------------------------------------------------------------------------- records of changes
PGTRIGGER_MIGRATIONS = True
PGHISTORY_APPEND_ONLY = True

# ------------------------------------------------------------------------- figures
# An operator's GeoJSON of the units' borders, and which property holds the code (docs/figures.md).
MAP_SHAPES = ""
MAP_SHAPES_CODE = "code"

# ------------------------------------------------------------------------- channels
CLAMD_URL = ""
SMS_URL = "demo:"
APP_URL = ZALO_URL = EMAIL_URL = ""
# Where fees are transferred to and whose bank calls back (docs/payments.md); empty: counter only.
PAYMENT_URL = ""
# Web push: a private key (base64url of 32 bytes); browsers know the portal by its public half.
PUSH_VAPID_KEY = ""
# The push services of the browsers. What a browser names as its endpoint is called nowhere else.
PUSH_HOSTS = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
]
# What one part of an SMS costs the province, in đồng: an assumption until an operator sets it.
SMS_PART_PRICE_VND = 350
# The trial invents its people's numbers under +84 50; production never sends there.
REFUSE_DEMO_NUMBERS = False
