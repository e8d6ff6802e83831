# syntax=docker/dockerfile:1
# The dashboard and its runner in one container; data lives in the volume /data.

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/planwise
ENV PATH=/opt/planwise/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# The pins come first: a change of source does not fetch the packages again.
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY scenarios scenarios
COPY simulation simulation
COPY app app
RUN pip install --no-build-isolation --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 planwise && install -d -o planwise -g planwise /data
COPY --from=build /opt/planwise /opt/planwise
ENV PATH=/opt/planwise/bin:$PATH PYTHONUNBUFFERED=1 RAY_USAGE_STATS_ENABLED=0
USER planwise
WORKDIR /data
VOLUME /data
EXPOSE 5006
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5006/healthz', timeout=5)"]
ENTRYPOINT ["planwise"]
CMD ["serve", "--address", "0.0.0.0", "--port", "5006", "--data", "/data"]
