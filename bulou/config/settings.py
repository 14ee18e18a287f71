"""Django's settings; every value that differs between places comes from bulou.config.env."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from bulou.config import database, queue
from bulou.config.env import env_bool, env_choice, env_int, env_list, env_secret
from bulou.postgres.layout import data_folder

PACKAGE = Path(__file__).resolve().parent.parent
BULOU_DATA = data_folder()


def _kept_secret() -> str:
    """Return the key that `bulou init` made; nothing before that, and Django refuses to sign with nothing."""
    try:
        return (BULOU_DATA / "secret_key").read_text(encoding="ascii").strip()
    except OSError:
        return ""


# --- Safety
DEBUG = False
SECRET_KEY = env_secret("BULOU_SECRET_KEY") or _kept_secret()
BULOU_TLS = env_choice(
    "BULOU_TLS", ("off", "proxy"), "off"
)  # proxy: a TLS proxy in front sets X-Forwarded-Proto
BULOU_ALLOW_PLAIN_HTTP = env_bool(
    "BULOU_ALLOW_PLAIN_HTTP", default=False
)  # serve beyond this machine without TLS
ALLOWED_HOSTS = [*env_list("BULOU_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in env_list("BULOU_HOSTS") if BULOU_TLS == "proxy"]
if BULOU_TLS == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BULOU_TLS == "proxy"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env_int("BULOU_SESSION_HOURS", 12, least=1, most=168) * 3600
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "bulou_session", "bulou_csrf", "bulou_language"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # 500 records with room to spare
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # bulk assignment of a list
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger uploads go to a file

# --- Who
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "display_name")},
    },
]
# Lockout by account only: a whole office shares one address, and a whole street one mobile gateway.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "name"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- What
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "procrastinate.contrib.django",
    "bulou.ledger",
    "bulou.grid",
    "bulou.access",
    "bulou.protocols",
    "bulou.people",
    "bulou.coverage",
    "bulou.tasks",
    "bulou.lines.screening",
    "bulou.lines.disinfection",
    "bulou.lines.supervision",
    "bulou.intake",
    "bulou.reports",
    "bulou.doors.desk",
    "bulou.doors.cli",
]
if find_spec("django_linear_migrations"):  # for developers: two new migrations become a visible conflict
    INSTALLED_APPS.append("django_linear_migrations")
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bulou.config.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
SCOPE_MIDDLEWARE = "bulou.doors.desk.session.ScopeMiddleware"
if find_spec("bulou.doors.desk.session"):
    MIDDLEWARE.append(SCOPE_MIDDLEWARE)
ROOT_URLCONF = "bulou.config.urls"
WSGI_APPLICATION = "bulou.config.wsgi.application"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Where it is kept
DATABASES = {"default": database.settings(BULOU_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = queue.AUTODISCOVER_MODULE_NAME
PROCRASTINATE_WORKER_DEFAULTS = queue.WORKER_DEFAULTS
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_URL = "/static/"
STATIC_ROOT = BULOU_DATA / "static"
# `serve` collects and hashes the static files; before that (tests, tools) they are served as they are.
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = BULOU_DATA / "files"

# --- Language and time
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- What is said in the log: no bodies, no names, no tokens
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env_choice("BULOU_LOG", ("DEBUG", "INFO", "WARNING"), "WARNING"),
    },
}
