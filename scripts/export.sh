#!/bin/sh
# Writes the hashed exports of uv.lock anew. scripts/lock_check.py (part of ./run test) proves them equal.
set -eu
cd "$(dirname "$0")/.."
export_to() {
    target=$1
    shift
    uv export --frozen --no-emit-project --format requirements-txt --no-header --quiet "$@" >"$target"
}
export_to requirements.txt --all-extras --all-groups
export_to requirements/production.txt --no-dev
export_to requirements/demo.txt --no-dev --extra demo
