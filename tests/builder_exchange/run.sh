#!/usr/bin/env bash
# Networks exchanged with BMTK: it simulates ours, we simulate its, spikes are equal; libsonata and h5py read ours.
#
#   tests/builder_exchange/run.sh               all examples
#   tests/builder_exchange/run.sh hco columns   some
#
# EXCHANGE_PYTHON names an interpreter that has bmtk 1.2, neuron 9.0.2, libsonata and h5py; without it an environment is
# made in target/builder-exchange (the first time it needs the network). RUNTIME names the program. The package saltatory is
# that of target/python-test, which python/test.sh makes. Needs a C++ compiler, for NEURON's mechanisms.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/builder-exchange
mkdir -p "$work"

bmtk=${EXCHANGE_PYTHON:-$work/venv/bin/python}
if ! "$bmtk" -c 'import bmtk, neuron, h5py, libsonata' >/dev/null 2>&1; then
    if [ -n "${EXCHANGE_PYTHON:-}" ]; then
        echo "error: $bmtk has not all of bmtk, neuron, h5py and libsonata" >&2
        exit 2
    fi
    python3 -m venv "$work/venv"
    "$bmtk" -m pip install --quiet --disable-pip-version-check bmtk==1.2.0 neuron==9.0.2 h5py libsonata
fi
ours=$target/python-test/venv/bin/python
if ! "$ours" -c 'import saltatory' >/dev/null 2>&1; then
    "$root/python/test.sh"
fi
runtime=${RUNTIME:-$target/debug/runtime}
[ -x "$runtime" ] || (cd "$root" && cargo build --quiet --locked -p runtime)
(cd "$root" && cargo build --quiet --locked -p builder --examples)

# NEURON's mechanisms, in the order in which the compiler of mod/README.md names them.
if [ ! -d "$work/mechanisms/x86_64" ] || [ "$root/mod/inhsyn.mod" -nt "$work/mechanisms/x86_64" ]; then
    rm -rf "$work/mechanisms"
    mkdir "$work/mechanisms"
    for name in capool cas cat hyper inhsyn ka kca kdr leak na; do cp "$root/mod/$name.mod" "$work/mechanisms"; done
    (cd "$work/mechanisms" && PATH="$(dirname "$bmtk"):$PATH" nrnivmodl . >nrnivmodl.log 2>&1) ||
        { cat "$work/mechanisms/nrnivmodl.log" >&2; exit 1; }
fi
exec "$bmtk" "$here/exchange.py" --ours "$ours" --rust "$target/debug/examples" --runtime "$runtime" --work "$work" "$@"
