"""Settings: where things are and with what they run, from the environment only (docs/operate.md).

A city's policy (limits, categories, calendars, who answers for what) is rows, never a setting.
Wrong combinations are system checks with an id and a hint (`changxiao doctor`).
"""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from changxiao.kernel.home import folder, home, secret
from changxiao.ledger import sqlite_version
from changxiao.orgs import profiles

BASE_DIR = Path(__file__).resolve().parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


HOME = home()
DEBUG = _flag("CHANGXIAO_DEBUG")
DEMO = _flag("CHANGXIAO_DEMO", (HOME / "demo").is_file())  # sign-in help; loopback only
SITE_URL = os.environ.get("CHANGXIAO_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
SECRET_KEY = os.environ.get("CHANGXIAO_SECRET_KEY") or secret("django").decode()
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "changxiao.ui",  # before allauth: our pages stand in for its own
    "django_htmx",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "changxiao.ledger",
    "changxiao.areas",
    "changxiao.orgs",
    "changxiao.catalog",
    "changxiao.assets",
    "changxiao.cases",
    "changxiao.notices",
    "changxiao.workorders",
    "changxiao.patrols",
    "changxiao.evaluation",
    "changxiao.surfaces.desk",
    "changxiao.surfaces.field",
    "changxiao.surfaces.leader",
    "changxiao.surfaces.portal",
]

if DEBUG:  # nowhere else do the pages of developers exist
    INSTALLED_APPS.append("changxiao.surfaces.dev")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "changxiao.ui.compress.CompressPages",
    "changxiao.ui.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "changxiao.orgs.middleware.SessionRulesMiddleware",
    "changxiao.orgs.middleware.ViewerMiddleware",
    "changxiao.orgs.middleware.FirstThingsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "changxiao.kernel.middleware.EdgeMiddleware",
    "changxiao.kernel.middleware.UnavailableMiddleware",
    "changxiao.surfaces.desk.middleware.city_time",
]

# Programs come with a token and no cookie (docs/adr/0004): no session, form or page is theirs,
# and a report must not pay for them. `wsgi` chooses by the address.
PROGRAM_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "changxiao.ui.compress.CompressPages",
    "changxiao.ui.middleware.headers",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "changxiao.orgs.middleware.nobody_yet",
    "changxiao.kernel.middleware.EdgeMiddleware",
    "changxiao.kernel.middleware.UnavailableMiddleware",
]
ROOT_URLCONF = "changxiao.urls"
WSGI_APPLICATION = "changxiao.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "changxiao.ui.context.chrome",
                "changxiao.surfaces.desk.context.frame",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """`DATABASE_URL`: postgres://user:password@host:port/name?option=value, or sqlite:///file."""
    if not url or url.startswith("sqlite:"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(unquote(urlsplit(url).path)) if url else HOME / "changxiao.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                # Pages and verbs say some hundred statements; with Python's 128 kept, a third of
                # what the database does is to read again what it has read before.
                "cached_statements": 1000,
                "init_command": SQLITE_PRAGMAS,
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c statement_timeout=30000 -c lock_timeout=10000",
            **dict(parse_qsl(parts.query)),
        },
    }


SQLITE_PRAGMAS = sqlite_version.pragmas(sqlite3.sqlite_version_info)
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "orgs.Staff"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
PASSWORD_PROFILE = os.environ.get("CHANGXIAO_PASSWORD_PROFILE", "asvs").strip().lower()
AUTH_PASSWORD_VALIDATORS = profiles.validators(PASSWORD_PROFILE)
MFA_POLICY = os.environ.get("CHANGXIAO_MFA", "off").strip().lower()  # staff: posts that decide
TRUSTED_PROXIES = os.environ.get("CHANGXIAO_TRUSTED_PROXIES", "").replace(",", " ").split()
# Kind of session: (idle, absolute) in seconds (reliability T9). Shared counters live in rows.
SESSION_RULES = {"console": (1800, 43_200), "field": (43_200, 604_800)}
SESSION_COOKIE_AGE = 604_800
ACCOUNT_ADAPTER = "changxiao.orgs.signin.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # counted by orgs.throttle, which all workers share
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "changxiao.orgs.signin.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "changxiao.orgs.signin.CodeForm",
    "reauthenticate": "changxiao.orgs.signin.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Changxiao"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "changxiao.orgs.clientip.client_ip"
AXES_LOCKOUT_CALLABLE = "changxiao.orgs.signin.same_page"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]  # each in its own words
TIME_ZONE = "Asia/Shanghai"
# Which day it is in the city is asked of this (kernel.day), never of TIME_ZONE.
CITY_ZONE = "changxiao.catalog.policy.city_zone"
CITY_DAY_WATCH = "changxiao.catalog.policy.day_watch"
USE_I18N = True
USE_TZ = True
# Words of the floors that are no Django apps; each room brings its own locale folder.
LOCALE_PATHS = [
    BASE_DIR / room / "locale" for room in ("kernel", "cli", "bench", "surfaces/protocols")
]
LANGUAGE_COOKIE_NAME = "cx_lang"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = folder("static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "changxiao.ui.statics.Storage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
MEDIA_ROOT = folder("media")
SILENCED_SYSTEM_CHECKS: list[str] = []

# Where pages hear of changes: an address of its own port, or a path behind a proxy; none: nowhere.
LIVE_URL = os.environ.get("CHANGXIAO_LIVE_URL", "").strip()
# A tile source below our own map layers, off by default: an address with {z}, {x}, {y}.
MAP_TILES = os.environ.get("CHANGXIAO_MAP_TILES", "").strip()
MAP_TILES_CRS = os.environ.get("CHANGXIAO_MAP_TILES_CRS", "wgs84").strip().lower()
MAP_TILES_CREDIT = os.environ.get("CHANGXIAO_MAP_TILES_CREDIT", "")


def _origin(url: str) -> list[str]:
    """来源 as a policy names it; none for a path, which is our own."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


# Defaults sheet of reliability: nothing inline, nothing from elsewhere. `connect-src` grows by one
# address only where live updates run on a port of their own or a tile source is set.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:", *_origin(MAP_TILES)],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *_origin(LIVE_URL), *_origin(MAP_TILES)],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it, and /healthz stays plain
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "cx_sid"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "cx_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "changxiao.ui.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = HTTPS
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# The trace of a fault goes to the process's own log (stderr), never to the page; bodies of requests
# and what people typed are not logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
