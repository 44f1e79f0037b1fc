"""WSGI entry point: `gunicorn config.wsgi`."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  # loads all pages now, not while the first visitor waits

# Eight threads share one interpreter. A page that is being drawn yields to the polls beside it a little sooner than
# after 5 ms, Python's default (docs/performance.md, "Pages").
sys.setswitchinterval(0.0005)
# What was loaded stays: the garbage collector need not look through it while all threads wait.
gc.collect()
gc.freeze()
