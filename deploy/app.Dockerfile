# The bot and the action server: one image, two commands. Build it in the project's root:
#   docker build -f deploy/app.Dockerfile -t aftercare-app .
# Pin the base further to a digest of your registry where your rules ask for it.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/aftercare
WORKDIR /app
COPY requirements/app.txt requirements/
RUN /opt/aftercare/bin/pip install --require-hashes -r requirements/app.txt
COPY . .
RUN /opt/aftercare/bin/pip install --no-deps --no-build-isolation --editable . \
 && /opt/aftercare/bin/python -m compileall -q bot actions

FROM python:3.11.13-slim-bookworm
ENV PATH=/opt/aftercare/bin:$PATH PYTHONUNBUFFERED=1 PYTHONWARNINGS=ignore AFTERCARE_DATA_DIR=/data AFTERCARE_HOST=0.0.0.0
RUN useradd --system --uid 10001 --home-dir /data aftercare && install -d -o aftercare -g aftercare -m 0700 /data
COPY --from=build /opt/aftercare /opt/aftercare
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000 5055
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["aftercare", "serve"]
