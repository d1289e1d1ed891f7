"""Builds what peers need: mechanisms for NEURON and CoreNEURON, a catalogue for Arbor. Each is built once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "peers-builds"
BEST = {"coreneuron": "-O3 -march=native -ffast-math -lmvec -lm", "arbor": "-O3 -march=native"}
OSCILLATOR = ["capool", "cas", "cat", "hyper", "inhsyn", "ka", "kca", "kdr", "leak", "na"]


def run(command, folder, log, **environment):
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with (folder / log).open("w") as output:
        result = subprocess.run(list(map(str, command)), cwd=folder, stdout=output, stderr=subprocess.STDOUT,
                                env={**os.environ, "PATH": paths, **environment})
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed; see {folder / log}")


def compiler(folder, flags):
    """A compiler that adds flags to all that it is told."""
    script = folder / "cxx"
    script.write_text(f'#!/bin/sh\nexec g++ "$@" {flags}\n')
    script.chmod(0o755)
    return script


def neuron(name, files, core=None):
    """A folder in which NEURON finds mechanisms; `core`: also CoreNEURON's, `stock` or `best`."""
    folder = FOLDER / f"{name}-{core or 'neuron'}"
    if (folder / "x86_64/special").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "mod").mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder / "mod")
    if not files:
        # CoreNEURON's library has NEURON's own mechanisms besides those of the folder, which must not be empty.
        (folder / "mod/nothing.mod").write_text("NEURON { SUFFIX nothing }\n")
    flags = BEST["coreneuron"] if core == "best" else ""
    run(["nrnivmodl", *(["-coreneuron"] if core else []), "mod"], folder, "build.log", CXX=str(compiler(folder, flags)))
    return folder


def of_cell(kind):
    """The files of a cell of the ring that NEURON does not have itself."""
    return [] if kind == "hh" else sorted((HERE / "mod").glob("*.mod"))


def of_oscillator():
    """Those of the oscillator."""
    return [ROOT / f"mod/{name}.mod" for name in OSCILLATOR]


def catalogue():
    """Arbor's catalogue of the cells with `hh`, with all instructions of this machine; needs cmake."""
    file = FOLDER / "arbor/peers-catalogue.so"
    changed = max(source.stat().st_mtime for source in (HERE / "arbor").iterdir())
    if not file.exists() or file.stat().st_mtime < changed:
        file.parent.mkdir(parents=True, exist_ok=True)
        import arbor

        script = Path(arbor.__file__).parent / "bin/arbor-build-catalogue"
        command = [sys.executable, script, "peers", HERE / "arbor", "--cxx", compiler(file.parent, BEST["arbor"])]
        run(command, file.parent, "build.log")
    return file
