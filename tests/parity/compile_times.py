"""How long a folder of mechanisms takes to compile, here and in NEURON, on this machine.

    python compile_times.py --modgen PATH --nocmodl PATH FOLDER ... [--count 100]

Picks so many different `.mod` files below the folders that describe density mechanisms or point
processes, have no C, and that both compilers accept, spread evenly and each name once, and puts them into one
folder. Printed are the times of `modgen` alone, of `modgen --build` (with rustc, into an empty
cache), of `nrnivmodl`, and the ratio of the last two. Build modgen with --release for figures that
mean something.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import NEURONS_OWN


def timed(command, at, **environment):
    """Seconds that a command takes in a folder; None if it fails."""
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, env={**os.environ, **environment})
    return time.perf_counter() - begin if done.returncode == 0 else None


def mechanism(text):
    """The name of a density mechanism or point process."""
    text = re.sub(r"COMMENT.*?ENDCOMMENT|[:?].*?$", "", text, flags=re.S | re.M)
    found = re.search(r"\b(?:SUFFIX|POINT_PROCESS)\s+(\w+)", text)
    # C that no longer compiles, files elsewhere and variables of other files would stop nrnivmodl.
    alone = not re.search(r"\b(?:VERBATIM|INCLUDE|EXTERNAL|SUFFIX\s+nothing)\b", text)
    return found.group(1) if found and alone else None


def candidates(folders):
    """Different files with different names, in order of their paths."""
    texts, names, found = set(), {name.lower() for name in NEURONS_OWN}, []
    for file in sorted(file for folder in folders for file in folder.rglob("*.mod")):
        text = file.read_text(errors="replace")
        name, digest = mechanism(text), hashlib.md5(text.encode()).digest()
        if name and name.lower() not in names and digest not in texts:
            names.add(name.lower())
            texts.add(digest)
            found.append((name, file))
    return found


def translated(file, at, nocmodl):
    """Whether NEURON's translator takes a file."""
    shutil.copy(file, at / "x.mod")
    return timed([nocmodl, "x.mod"], at) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--modgen", required=True, type=Path)
    parser.add_argument("--nrnivmodl", default=shutil.which("nrnivmodl"), type=Path)
    parser.add_argument("--nocmodl", required=True, type=Path, help="NEURON's translator, .data/bin/nocmodl of its package")
    parser.add_argument("--count", default=100, type=int)
    arguments = parser.parse_args()
    if arguments.nrnivmodl is None:
        sys.exit("nrnivmodl is not on the PATH; name it with --nrnivmodl")
    modgen, nrnivmodl = arguments.modgen.resolve(), arguments.nrnivmodl.resolve()
    found = candidates(arguments.folders)
    with tempfile.TemporaryDirectory() as at:
        at = Path(at)
        folder = at / "mechanisms"
        folder.mkdir()
        # Every second of what is left, until there are enough.
        step = max(1, len(found) // (2 * arguments.count))
        chosen = 0
        for first in range(step):
            for name, file in found[first::step]:
                if chosen == arguments.count:
                    break
                if timed([modgen, "check", file], at) is not None and translated(file, at, arguments.nocmodl):
                    shutil.copy(file, folder / f"{name}.mod")
                    chosen += 1
        alone = timed([modgen, folder, "-o", at / "out"], at)
        built = timed([modgen, folder, "-o", at / "built", "--build"], at, XDG_CACHE_HOME=str(at / "cache"))
        neuron = timed([nrnivmodl, folder], at)
    if None in (alone, built, neuron):
        sys.exit(f"not all compiled: modgen {alone}, modgen --build {built}, nrnivmodl {neuron}")
    print(f"{chosen} mechanisms: modgen {alone:.2f} s, modgen --build {built:.1f} s, nrnivmodl {neuron:.1f} s, "
          f"{neuron / built:.1f} times as long")


if __name__ == "__main__":
    main()
