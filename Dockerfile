# Server, worker and migrations: one image, started with different words. Built by `docker compose build`.

FROM node:20-bookworm-slim AS front-end
WORKDIR /skranke
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.11-slim-bookworm AS built
ENV VIRTUAL_ENV=/opt/skranke PATH=/opt/skranke/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /skranke
COPY requirements-uv.lock requirements-runtime.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-uv.lock \
    && uv venv --python /usr/local/bin/python3.11 "$VIRTUAL_ENV" \
    && uv pip sync --no-cache --compile-bytecode --require-hashes requirements-runtime.lock
COPY activities activities
COPY api api
COPY database database
COPY domain domain
COPY email_templates email_templates
COPY gateways gateways
COPY web web
COPY workflows workflows
COPY audit.py server.py settings.py wiring.py worker.py ./
COPY --from=front-end /skranke/node_modules node_modules
RUN python -m web.vendor \
    && rm -rf node_modules requirements-uv.lock requirements-runtime.lock \
    && pybabel --quiet compile --directory web/locale \
    && python -m compileall -q .

FROM python:3.11-slim-bookworm
ENV PATH=/opt/skranke/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# The numbers of Temporal's own images, so that one owner of the secrets' files does for all.
RUN groupadd --gid 1000 skranke && useradd --uid 1000 --gid skranke --no-create-home --shell /usr/sbin/nologin skranke
WORKDIR /skranke
COPY --from=built /opt/skranke /opt/skranke
COPY --from=built /skranke /skranke
USER 1000:1000
EXPOSE 8000
CMD ["python", "server.py", "--host", "0.0.0.0", "--port", "8000"]
