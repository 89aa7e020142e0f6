# A small image of the service: Python, the pinned dependencies and the package, run by nobody in particular.

FROM docker.io/library/python:3.13-slim AS build
COPY requirements-cluster.txt requirements-tracing.txt requirements-build.txt /src/
RUN python -m venv /opt/build && python -m venv /opt/zoom-ops \
 && /opt/build/bin/pip install --quiet --no-cache-dir --require-hashes --requirement /src/requirements-build.txt \
 && /opt/zoom-ops/bin/pip install --quiet --no-cache-dir --require-hashes --requirement /src/requirements-cluster.txt \
 && /opt/zoom-ops/bin/pip install --quiet --no-cache-dir --require-hashes --requirement /src/requirements-tracing.txt
COPY . /src
RUN cd /src && /opt/build/bin/python -m hatchling build --target wheel --directory /wheel \
 && /opt/zoom-ops/bin/pip install --quiet --no-cache-dir --no-index --no-deps /wheel/*.whl \
 && /opt/zoom-ops/bin/pip uninstall --quiet --yes pip

FROM docker.io/library/python:3.13-slim
# an older image that is still on the machine: CVE-2026-3276; docker build --pull fetches a newer one
RUN python -c "import sys; sys.exit(sys.version_info < (3, 13, 14) and 'Python is older than 3.13.14: docker build --pull')"
RUN useradd --uid 10001 --no-log-init --create-home --home-dir /data --shell /usr/sbin/nologin zoom-ops
COPY --from=build /opt/zoom-ops /opt/zoom-ops
ENV PATH=/opt/zoom-ops/bin:$PATH PYTHONUNBUFFERED=1 ZOOM_OPS_DATA_DIR=/data ZOOM_OPS_LISTEN=0.0.0.0:8000
USER zoom-ops
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["zoom-ops", "health"]
ENTRYPOINT ["zoom-ops"]
CMD ["serve"]
