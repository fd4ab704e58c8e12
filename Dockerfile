# Two stages: the first one builds the environment, the second one holds it and nothing to build with.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python3 -m venv /opt/verbatim
# The locked packages first: they change less often than the code.
COPY requirements.txt requirements-uv.txt ./
RUN python3 -m venv /opt/tools \
    && /opt/tools/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-uv.txt \
    && /opt/verbatim/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seed seed
# Built by the pinned backend, without a network; then pip goes, as nothing is installed in the second stage.
RUN /opt/tools/bin/python -m pip wheel --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /build/dist . \
    && /opt/verbatim/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index /build/dist/*.whl \
    && /opt/verbatim/bin/python -m pip uninstall --yes --quiet --disable-pip-version-check pip \
    && /opt/verbatim/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/verbatim/lib

FROM python:3.13-slim
RUN groupadd --system --gid 10001 verbatim \
    && useradd --system --uid 10001 --gid verbatim --no-create-home --home-dir /data verbatim \
    && install -d -o verbatim -g verbatim /data
COPY --from=build /opt/verbatim /opt/verbatim
ENV PATH=/opt/verbatim/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UVICORN_HOST=0.0.0.0 \
    UVICORN_PORT=8000 \
    VERBATIM_DATABASE_URL=sqlite:////data/verbatim.db \
    VERBATIM_PREPARE=true
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"UVICORN_PORT\"]}/readyz', timeout=2)"]
CMD ["verbatim", "serve"]
