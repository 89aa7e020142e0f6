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
RUN useradd --uid 10001 --no-log-init --create-home --home-dir /data --shell /usr/sbin/nologin zoom-ops
COPY --from=build /opt/zoom-ops /opt/zoom-ops
# an old image may still be on this machine; measured, since whoever packs Python may have patched an older version
RUN /opt/zoom-ops/bin/python -c "import sys; from zoom_ops.linear import sorts_slowly; \
    sys.exit(sorts_slowly() and 'This Python has CVE-2026-3276; newer than 3.13.13 has not: docker build --pull')"
ENV PATH=/opt/zoom-ops/bin:$PATH PYTHONUNBUFFERED=1 ZOOM_OPS_DATA_DIR=/data ZOOM_OPS_LISTEN=0.0.0.0:8000
USER zoom-ops
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["zoom-ops", "health"]
ENTRYPOINT ["zoom-ops"]
CMD ["serve"]
