# One image for web, worker, beat and dispatch. Build: docker compose build
FROM python:3.11-slim-bookworm AS portal

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --uid 10001 portal
WORKDIR /srv/portal

COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt

COPY manage.py pyproject.toml ./
COPY portal portal
COPY citizens citizens
COPY procedures procedures
COPY notifications notifications
COPY dossiers dossiers
COPY templates templates
COPY locale locale

# Collecting needs neither servers nor secrets, so the trial's settings will do.
RUN PORTAL_MODE=demo python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p media log-root && chown portal media log-root

USER portal
ENV PORTAL_MODE=production
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "8", "--max-requests", "5000", "--max-requests-jitter", "500"]

# With scikit-learn beside it, to train the forecast: docker compose run --rm --build train
FROM portal AS training
USER root
COPY requirements/forecast.txt requirements/forecast.txt
RUN pip install --require-hashes -r requirements/forecast.txt
USER portal
CMD ["python", "manage.py", "train_forecast"]

# With PostgreSQL's own tools, to back up and to rehearse a restore: docker compose run --rm --build backup
FROM portal AS backups
USER root
COPY requirements/embedded.txt requirements/embedded.txt
RUN pip install --require-hashes -r requirements/embedded.txt \
    && mkdir -p backups && chown portal backups
USER portal
CMD ["python", "manage.py", "back_up"]

# What is built when nobody names a stage.
FROM portal
