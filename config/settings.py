"""Settings, all from the environment. A wrong value ends the start with a sentence that names the cure.

Any name also reads `NAME_FILE`, a file that holds the value, as Docker and Kubernetes give secrets.
"""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ

from config import env as read
from config import logs

django_stubs_ext.monkeypatch()  # generic admin classes and forms may name their model at run time

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = read.secret_key(env.str("SECRET_KEY", default=""), debug=DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PORT = read.port(env.str("PORT", default="8000"))
ALLOWED_HOSTS = read.allowed_hosts(env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]))
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
HTTPS = env.bool("HTTPS", default=PUBLIC_URL.startswith("https://"))
BEHIND_PROXIES = read.count("BEHIND_PROXIES", env.str("BEHIND_PROXIES", default="0"), least=0, most=5)

for name in ("var", "staticfiles"):
    (BASE_DIR / name).mkdir(exist_ok=True)
_pool = read.count("DATABASE_POOL", env.str("DATABASE_POOL", default="8"), least=0, most=200)
_url = env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")
DATABASES = {"default": read.database(dict(_url), debug=DEBUG, pool=_pool)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Sign-in attempts are counted here: shared by all processes, and alive while Redis is away.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "throttle"},
    # Parts of pages that many people watch, each at most 100 KB (onboarding/pages/common/polling.py).
    "parts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "parts",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
AWS_ENDPOINT_URL = read.aws_endpoint(
    env.str("AWS_ENDPOINT_URL", default=""), allowed=env.bool("ALLOW_AWS_ENDPOINT_URL", default=False)
)
HUB_PRINCIPAL_ARN = env.str("HUB_PRINCIPAL_ARN", default="")
HUB_PRINCIPAL_FINDER = "onboarding.aws.sessions.hub_principal"  # asked when HUB_PRINCIPAL_ARN is empty
DNS_RESOLVERS = read.resolvers(env.list("DNS_RESOLVERS", default=["1.1.1.1", "8.8.8.8"]))
PROBE_PROXY = env.str("PROBE_PROXY", default="")
SELLER_OPS_EMAIL = env.str("SELLER_OPS_EMAIL", default="")
ACCESS_TEMPLATE_URL = env.str("ACCESS_TEMPLATE_URL", default="")  # of the quick-create link: CloudFormation reads S3

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="onboarding@localhost")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "sellers",
    "onboarding",
]
MIDDLEWARE = [
    "config.middleware.RequestId",
    "config.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # CSRF tokens are masked again in each answer, so BREACH reads none
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.SessionLimits",
    "config.middleware.BehindLogin",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sellers.context.layout",
            ],
            "builtins": ["sellers.templatetags.ui", "onboarding.templatetags.seller_guide"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "sellers.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "sellers.adapter.InvitationsOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation link, read from the mailbox, is the proof
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/d/key,20/h/ip", "reset_password": "20/h/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = BEHIND_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody can register somebody else's address: invitations only
MFA_TOTP_ISSUER = "PrivateLink onboarding"

SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_ABSOLUTE_AGE = timedelta(days=7)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Browsers accept the __Host- prefix only over HTTPS (SEC25).
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL] if HTTPS else [])
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and BEHIND_PROXIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without `collectstatic`, as in the demo and in tests, files are served from where they lie. `STATIC_MANIFEST=1
# manage.py collectstatic` builds names with hashes and compressed copies; built, they are used.
_built = not DEBUG and (STATIC_ROOT / "staticfiles.json").is_file()
_manifest = env.bool("STATIC_MANIFEST", default=_built)
_static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static if _manifest else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not _manifest
WHITENOISE_AUTOREFRESH = DEBUG

LOG_LEVEL = read.choice("LOG_LEVEL", env.str("LOG_LEVEL", default="INFO"), ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logs.dict_config(LOG_LEVEL)
logs.configure()

BUILD = env.str("BUILD", default="dev")  # shown with evidence, and part of every ETag: a deploy renews pages
AWS_CALLS_PER_SECOND = env.float("AWS_CALLS_PER_SECOND", default=20.0)  # per account, region and service

# stack.md: every task is idempotent, the database remembers, Celery only nudges.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 3,
    "health_check_interval": 25,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "onboarding.sweep", "schedule": 5.0, "options": {"expires": 10}}}
