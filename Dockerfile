# Targets: `production` (last, so it's the default), and `sandbox`, which adds the simulated AWS.
FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH
WORKDIR /app

FROM base AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements/ requirements/
RUN pip install --require-hashes --no-deps -r requirements/production.txt

FROM packages AS demo-packages
RUN pip install --require-hashes --no-deps -r requirements/demo.txt

FROM base AS app
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app && install -d -o app -g app var
COPY --from=packages /venv /venv
COPY manage.py ./
COPY config/ config/
COPY sellers/ sellers/
COPY onboarding/ onboarding/
COPY templates/ templates/
COPY static/ static/
# collectstatic needs a key to be set. It signs nothing here.
RUN SECRET_KEY=only-to-collect-the-static-files STATIC_MANIFEST=1 python manage.py collectstatic --noinput
USER app

FROM app AS sandbox
COPY --from=demo-packages /venv /venv
COPY sandbox/ sandbox/
EXPOSE 5000 5001 5002
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:5000/_sandbox/api/state', timeout=4)"]
CMD ["python", "-m", "sandbox", "--port", "5000", "--proxy-port", "5001", "--smtp-port", "5002"]

FROM app AS production
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
