#!/usr/bin/env bash
# Runs all tests, after installing what they need. The slower suites have their own commands: docs/TESTING.md.
set -euo pipefail
cd "$(dirname "$0")"
bash scripts/setup.sh

export SALTATORY_SKIPS="$PWD/target/gpu-skips"
mkdir -p target
# Without it window-system code of Vulkan drivers, which is never used, fills the output with errors.
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-$PWD/target}"
: > "$SALTATORY_SKIPS"

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
cargo test --workspace --locked
SALTATORY_RUNTIME="${CARGO_TARGET_DIR:-$PWD/target}/debug/runtime" python/test.sh

echo "GPU tests skipped for want of an adapter: $(wc -l < "$SALTATORY_SKIPS")"
