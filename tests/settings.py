"""The project's settings with what only tests need: a fast password hash, a database file that threads can share."""

import os
import tempfile
from pathlib import Path

import tests.environment  # noqa: F401 - first: the settings are read from the environment
from config.settings import *  # noqa: F403
from config.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "sqlite" in DATABASES["default"]["ENGINE"]:
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"plc-tests-{os.getuid()}" / f"{os.getpid()}-{_worker}.sqlite3")
    }
CELERY_TASK_ALWAYS_EAGER = False
