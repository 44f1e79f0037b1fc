"""The Django project: settings, URLs, middleware, WSGI and the Celery application."""

from config.celery import app as celery

__all__ = ["celery"]
