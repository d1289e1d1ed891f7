#!/bin/sh
# Compare every mechanism of the given folders with NEURON, each alone; see corpus.py --help.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
. "$here/python.sh"
if [ -z "${RUNTIME:-}" ]; then
    (cd "$root" && cargo build --release --quiet -p runtime -p codegen)
fi
exec "$python" "$here/corpus.py" --runtime "${RUNTIME:-$target/release/runtime}" \
    --modgen "${MODGEN:-$target/release/modgen}" "$@"
