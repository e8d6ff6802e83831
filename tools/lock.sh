#!/bin/sh
# Renews requirements/runtime.txt and requirements/dev.txt from pyproject.toml: tools/lock.sh [--upgrade]
# One version of a package for every Python, with hashes and without the address of any index.
set -eu
cd "$(dirname -- "$0")/.."

uv=$(command -v uv || command -v .venv/bin/uv || command -v "${UV:-uv}") || {
    echo "planwise: make lock needs uv: .venv/bin/python -m pip install uv" >&2
    exit 1
}
pin() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-header --group build "$@" pyproject.toml
}
pin "$@" --output-file requirements/runtime.txt
pin "$@" --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
