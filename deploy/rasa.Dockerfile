# Rasa with our components and the trained model. Build it in the project's root:
#   docker build -f deploy/rasa.Dockerfile -t aftercare-rasa .
# For amd64: requirements/rasa.txt names the packages of that machine (see docs/deploy.md on arm64).
FROM python:3.10.18-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Some of what Rasa asks for comes as source only.
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/rasa
WORKDIR /app
COPY requirements/rasa.txt requirements/
RUN /opt/rasa/bin/pip install --require-hashes -r requirements/rasa.txt
COPY . .
# The same model that `aftercare train` makes: data/, domain.yml and config.yml decide it.
RUN RASA_TELEMETRY_ENABLED=false /opt/rasa/bin/python -m rasa train \
    --data data/nlu data/stories --domain domain.yml --config config.yml --out models --fixed-model-name aftercare \
 && /opt/rasa/bin/python -m compileall -q bot

FROM python:3.10.18-slim-bookworm
ENV PATH=/opt/rasa/bin:$PATH PYTHONUNBUFFERED=1 PYTHONWARNINGS=ignore RASA_TELEMETRY_ENABLED=false LOG_LEVEL=WARNING \
    LOG_LEVEL_LIBRARIES=ERROR TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES= SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    HOME=/tmp MPLCONFIGDIR=/tmp
RUN useradd --system --uid 10002 --no-create-home rasa
COPY --from=build /opt/rasa /opt/rasa
COPY --from=build /app /app
WORKDIR /app
USER 10002:10002
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5005/', timeout=4)"]
CMD ["python", "-m", "bot.understanding", "run", "--model", "models/aftercare.tar.gz", "--interface", "0.0.0.0", "--port", "5005", \
     "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
