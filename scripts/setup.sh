#!/usr/bin/env bash
# Installs what the build, the runs and the tests need on Debian 12: HDF5, pkg-config, a C linker, Python with venv,
# and, if the machine has no Vulkan driver, Mesa's software one (lavapipe). Does nothing where all is there.
set -euo pipefail

missing=()
pkg-config --exists hdf5 2>/dev/null || missing+=(libhdf5-dev pkg-config)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
ldconfig -p | grep -q 'libvulkan\.so\.1' || missing+=(libvulkan1)
if ! compgen -G '/usr/share/vulkan/icd.d/*.json' >/dev/null && ! compgen -G '/etc/vulkan/icd.d/*.json' >/dev/null; then
    missing+=(mesa-vulkan-drivers)
fi

if [ ${#missing[@]} -gt 0 ]; then
    echo "installing: ${missing[*]}" >&2
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v cargo >/dev/null; then
    echo "error: Rust is not installed; see https://rustup.rs" >&2
    exit 2
fi
