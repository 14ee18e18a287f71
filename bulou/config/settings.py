"""Django's settings; every value that differs between places comes from bulou.config.env."""

from datetime import timedelta
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
SECRET_KEY = env_secret("BULOU_SECRET_KEY") or _kept_secret()  # instead of the key that `bulou init` keeps
BULOU_KEY_IS_MISSING = not SECRET_KEY  # before the first `bulou init`
BULOU_TLS = env_choice(
    "BULOU_TLS", ("off", "proxy"), "off"
)  # proxy: a TLS proxy in front sets X-Forwarded-Proto
BULOU_ALLOW_PLAIN_HTTP = env_bool(
    "BULOU_ALLOW_PLAIN_HTTP", default=False
)  # serve beyond this machine without TLS
ALLOWED_HOSTS = [*env_list("BULOU_HOSTS"), "localhost", "127.0.0.1", "[::1]"]  # names it answers to
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in env_list("BULOU_HOSTS") if BULOU_TLS == "proxy"]
if BULOU_TLS == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BULOU_TLS == "proxy"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = env_int("BULOU_SESSION_HOURS", 12, least=1, most=168) * 3600  # then sign in again
SESSION_ENGINE = "bulou.doors.desk.sessions"
SESSION_COOKIE_NAME = "__Host-session" if BULOU_TLS == "proxy" else "session"
CSRF_FAILURE_VIEW = "bulou.doors.desk.errors.csrf"
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
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = []  # access.rules decides
# Lockout by account only: a whole office shares one address, and a whole street one mobile gateway.
# access.actions.sign_in answers a locked account itself; there is no middleware that could.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "bulou.access.queries.counted_as"  # a known browser is counted by itself
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]  # no AxesMiddleware and no addresses, see above

# --- What
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "procrastinate.contrib.django",
    "bulou.ledger",
    "bulou.grid",
    "bulou.access",
    "bulou.protocols",
    "bulou.command",
    "bulou.people",
    "bulou.evidence",
    "bulou.coverage",
    "bulou.tasks",
    "bulou.watches",
    "bulou.custody",
    "bulou.cases",
    "bulou.lines.screening",
    "bulou.lines.disinfection",
    "bulou.lines.supervision",
    "bulou.lines.checkpoints",
    "bulou.lines.restrictions",
    "bulou.lines.isolation",
    "bulou.lines.testing",
    "bulou.lines.tracing",
    "bulou.intake",
    "bulou.reports",
    "bulou.doors.desk",
    "bulou.doors.field",
    "bulou.doors.public",
    "bulou.doors.cli",
]
if find_spec("django_linear_migrations"):  # for developers: two new migrations become a visible conflict
    INSTALLED_APPS.append("django_linear_migrations")
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bulou.config.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bulou.config.readonly.ReadOnlyMiddleware",
]
SCOPE_MIDDLEWARE = "bulou.doors.desk.session.ScopeMiddleware"
if find_spec("bulou.doors.desk.session"):
    MIDDLEWARE.append(SCOPE_MIDDLEWARE)
ROOT_URLCONF = "bulou.config.urls"
WSGI_APPLICATION = "bulou.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
            ],
        },
    },
]

# --- Where it is kept
BULOU_EMBEDDED = not env_secret("DATABASE_URL")
DATABASES = {"default": database.settings(BULOU_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = queue.import_paths(INSTALLED_APPS)
PROCRASTINATE_WORKER_DEFAULTS = queue.WORKER_DEFAULTS
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_URL = "/static/"
# `serve` collects and hashes the static files first; everything else takes them as they are.
_COLLECTED = env_bool("BULOU_STATIC_COLLECTED", default=False)  # set by `serve` for its web processes
STATIC_ROOT = BULOU_DATA / "static" if _COLLECTED else None
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
BULOU_PHOTO_DAYS = env_int("BULOU_PHOTO_DAYS", 90, least=1, most=730)  # then a photo is destroyed

# --- Boards: what many look at is made once for all of them
BULOU_SHARED_MS = env_int("BULOU_SHARED_MS", 1000, least=0, most=2500)  # how old a shared board may be

# --- When the disk is nearly full: pages are shown, and nothing is taken in until there is room
BULOU_READ_ONLY_PERCENT = env_int("BULOU_READ_ONLY_PERCENT", 92, least=50, most=100)  # used of the disk
BULOU_READ_ONLY_FREE_GB = env_int("BULOU_READ_ONLY_FREE_GB", 10, least=0)  # and less than this is free

# --- Language and time
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # what people read; the database and the API speak UTC
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
        "level": env_choice("BULOU_LOG", ("DEBUG", "INFO", "WARNING"), "WARNING"),  # how much is said
    },
}
