#!/usr/bin/env bash
# Builds the wheel, installs it in a clean virtual environment and tests it there, with the program `runtime` of this
# repository.
#
#     python/test.sh              BMTK_PYTHON=.../bin/python python/test.sh   compares with BMTK besides
#     PROFILE=release python/test.sh
#
# Needs Python 3.10 or later with venv, and Rust. The environment is made anew in target/python-test each time.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$here")"
profile="${PROFILE:-dev}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
work="$CARGO_TARGET_DIR/python-test"

stop() {
    echo "error: $1" >&2
    exit 2
}
command -v python3 >/dev/null || stop "python3 is not installed; on Debian: apt-get install python3 python3-venv"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || stop "$(python3 -V) is too old; 3.10 or later is needed"
python3 -c 'import ensurepip, venv' 2>/dev/null || stop "python3 lacks venv; on Debian: apt-get install python3-venv"

rm -rf "$work"
mkdir -p "$work"
python3 -m venv "$work/venv"
python="$work/venv/bin/python"
install() {
    "$python" -m pip install --quiet --disable-pip-version-check "$@" ||
        stop "pip could not install $*; the package index must be reachable (PIP_INDEX_URL names another)"
}
install "maturin>=1.8,<2" numpy h5py libsonata pytest mypy pynrrd

if [ -z "${SALTATORY_RUNTIME:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" -p runtime)
    folder="$profile"
    [ "$profile" = dev ] && folder=debug
    export SALTATORY_RUNTIME="$CARGO_TARGET_DIR/$folder/runtime"
fi

(cd "$here" && "$work/venv/bin/maturin" build --quiet --locked --auditwheel skip --profile "$profile" --interpreter "$python" --out "$work/wheels")
install "$work"/wheels/*.whl

# Away from the sources, so that the installed package is tested.
cp -r "$here/tests" "$work/tests"
cd "$work"
SALTATORY_ROOT="$root" "$python" -m pytest -q tests
"$python" -m mypy --no-error-summary --ignore-missing-imports -p saltatory
if [ -n "${BMTK_PYTHON:-}" ]; then
    "$python" tests/compare_bmtk.py
fi
