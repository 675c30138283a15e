"""All settings, each from one environment variable (docs/deploy.md lists them). The defaults suit one machine."""

import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env

VAR = env.folder("VAR", Path.cwd() / "var" if not (env.ROOT / "pyproject.toml").exists() else env.ROOT / "var")
TESTING = "pytest" in sys.modules
DEMO = env.flag("DEMO") or TESTING
DEBUG = env.flag("DEBUG")

SECRET_KEY = env.secret_key(VAR, fixed="only-for-tests-" * 4 if TESTING else "")
ALLOWED_HOSTS = env.words("HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("ORIGINS")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "levelground.demo",
    "levelground.insight",
    "levelground.support",
    "levelground.returns",
    "levelground.measures",
    "levelground.cycles",
    "levelground.assessments",
    "levelground.frameworks",
    "levelground.organisations",
    "levelground.accounts",
    "levelground.foundation.notifications",
    "levelground.foundation.jobs",
    "levelground.foundation.documents",
    "levelground.foundation.exports",
    "levelground.foundation.audit",
    "levelground.ui",
    "levelground.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "levelground.config.middleware.request_context",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "levelground.config.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "levelground.accounts.middleware.keep_session",
    "levelground.config.middleware.request_size",
    "levelground.config.middleware.domain_errors",
]

ROOT_URLCONF = "levelground.config.urls"
WSGI_APPLICATION = "levelground.config.wsgi.application"
FORM_RENDERER = "levelground.ui.forms.LevelgroundRenderer"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "levelground.config.navigation.page_context",
    "levelground.accounts.context.session",
    "levelground.accounts.context.one_token",
    *(["levelground.demo.context.personas"] if DEMO else []),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "levelground.config.jinja.environment",
            "context_processors": _CONTEXT_PROCESSORS,
            "autoescape": True,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'levelground.sqlite3'}"), conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "levelground.foundation.fair_sqlite3"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a save that was acknowledged is on the disk.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
elif env.flag("DATABASE_POOL", default=not TESTING):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE", 8), "timeout": 5}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because every worker process must see the same counts of failed sign-ins (accounts makes the table).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "levelground_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["levelground.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "levelground.accounts.passwords.NotLikeYou", "OPTIONS": {"user_attributes": ["name", "email"]}},
    {"NAME": "levelground.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "levelground.accounts.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one counts once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_ADAPTER = "levelground.accounts.adapters.AccountAdapter"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_SESSION_REMEMBER = None  # asked at sign-in; off means: signed out when the browser closes
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/5m/ip"}
# How many of our own proxies stand in front: without it everybody behind them would share one count of failed sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXIES", 0)
_FORMS = "levelground.accounts.signin_forms."
ACCOUNT_FORMS = {
    "login": f"{_FORMS}LoginForm",
    "add_email": f"{_FORMS}NewEmailForm",
    "change_password": f"{_FORMS}ChangePasswordForm",
    "set_password": f"{_FORMS}SetPasswordForm",
    "reset_password": f"{_FORMS}ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}ResetPasswordKeyForm",
    "reauthenticate": f"{_FORMS}ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}CodeForm",
    "authenticate_webauthn": f"{_FORMS}PasskeyForm",
    "reauthenticate": f"{_FORMS}CodeAgainForm",
    "reauthenticate_webauthn": f"{_FORMS}PasskeyAgainForm",
    "login_webauthn": f"{_FORMS}PasskeyLoginForm",
    "activate_totp": f"{_FORMS}ActivateAppForm",
    "add_webauthn": f"{_FORMS}AddPasskeyForm",
    "edit_webauthn": f"{_FORMS}RenamePasskeyForm",
}
SOCIALACCOUNT_FORMS = {"disconnect": f"{_FORMS}DisconnectForm"}
MFA_ADAPTER = "levelground.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are invited, and a new address counts only when confirmed
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
MFA_TOTP_ISSUER = "Levelground"
# Off: it would write a row at every request.
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "levelground.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {}
if env.text("OIDC_SERVER_URL", ""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("OIDC_NAME", "Your organisation"),
                "client_id": env.text(
                    "OIDC_CLIENT_ID", because="The sign-in service at LEVELGROUND_OIDC_SERVER_URL gives it."
                ),
                "secret": env.text(
                    "OIDC_CLIENT_SECRET", because="The sign-in service at LEVELGROUND_OIDC_SERVER_URL gives it."
                ),
                "settings": {
                    "server_url": env.text("OIDC_SERVER_URL").rstrip("/"),
                    # An address that the service has checked signs in the invited person who has it here.
                    "email_authentication": True,
                    # Some services never say whether they checked: trust them for these domains.
                    "verified_email": env.words("OIDC_VERIFIED_DOMAINS"),
                },
            }
        ]
    }

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LANGUAGE_COOKIE_NAME = "levelground_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
# Tests read static files where they lie, because WhiteNoise warns of a folder that is not there.
STATIC_ROOT = Path(__file__).parents[1] / "ui" / "static" if TESTING else VAR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
_STATIC = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if (TESTING or DEBUG)
    else ("levelground.config.storage.StaticStorage")
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.folder("DOCUMENTS", VAR / "documents"), "base_url": None},
    },
    "staticfiles": {"BACKEND": _STATIC},
}
if env.text("S3_BUCKET", ""):
    STORAGES["documents"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("S3_BUCKET"),
            "endpoint_url": env.text("S3_ENDPOINT", "") or None,
            "region_name": env.text("S3_REGION", "") or None,
            "default_acl": "private",
            "file_overwrite": True,
        },
    }
MEDIA_ROOT = VAR / "media"
DOCUMENT_MAX_BYTES = env.number("DOCUMENT_MAX_MB", 20) * 1_000_000
CLAMD_SOCKET = env.text("CLAMD_SOCKET", "")
EVIDENCE_STALE_MONTHS = env.number("EVIDENCE_STALE_MONTHS", 12)
EVIDENCE_EXPIRING_DAYS = env.number("EVIDENCE_EXPIRING_DAYS", 30)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest file and the form around it.
REQUEST_MAX_BYTES = DOCUMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
JOBS_IN_SERVE = env.flag("JOBS_IN_SERVE", default=True)
JOBS_POLL_SECONDS = env.number("JOBS_POLL_SECONDS", 1)
JOBS_BEAT_SECONDS = env.number("JOBS_BEAT_SECONDS", 10)
# A worker that was not heard of for so long is taken for dead, and its job is given to another one.
JOBS_LEASE_SECONDS = env.number("JOBS_LEASE_SECONDS", 60)

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST", "")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_TLS")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Levelground <levelground@localhost>")

DIGEST_TIME = env.time("DIGEST_TIME", "08:00")
DIGEST_WEEKDAY = env.number("DIGEST_WEEKDAY", 0)
QUIET_HOURS = env.hours("QUIET_HOURS", "20:00-07:00")
REMINDERS_BEFORE = env.numbers("REMINDERS_BEFORE", "30,14,7,1")
REMINDERS_AFTER = env.numbers("REMINDERS_AFTER", "1,7,14")
NOTIFICATIONS_KEEP_DAYS = env.number("NOTIFICATIONS_KEEP_DAYS", 365)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "levelground.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "levelground.config.errors.csrf_failure"
if env.flag("HTTPS", default=BASE_URL.startswith("https://")):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 60 * 60 * 24 * 30)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

METRICS_TOKEN = env.text("METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Not Django's own lines about pages that are not there: the access line says so already. An error comes from here.
    "loggers": {"django.request": {"level": "ERROR"}},
    "formatters": {"json": {"()": "levelground.config.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
}

SITE_NAME = _("Levelground")
