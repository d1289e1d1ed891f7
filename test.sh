#!/usr/bin/env bash
# Runs all tests, after installing what they need. Slow suites have their own commands: see docs/TESTING.md.
set -euo pipefail
cd "$(dirname "$0")"
bash scripts/setup.sh

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
# One test at a time per binary on the software GPU driver would be slow; cargo's default is fine.
cargo test --workspace --locked
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
