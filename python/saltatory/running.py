"""Simulations: the program `runtime` is started, watched and stopped.

It runs as a process of its own: a graphics driver that fails does not take Python with it, all memory is returned, and
the numbers are those of the program that the documentation describes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from os import PathLike
from pathlib import Path

from .results import Report, Spikes, read_report, read_spikes
from .simulator.bionet import pyfunction_cache


class RunError(RuntimeError):
    """The simulation failed; the message is that of the program."""


class Result:
    """What a simulation wrote."""

    def __init__(self, summary: str, files: list[Path]):
        self.summary = summary
        self.files = files

    def _file(self, name: str) -> Path:
        for file in self.files:
            if file.name == name:
                return file
        raise FileNotFoundError(f"the run wrote no {name}, only {', '.join(f.name for f in self.files)}")

    def spikes(self, file: str = "spikes.h5") -> dict[str, Spikes]:
        """The spikes by population."""
        return read_spikes(self._file(file))

    def report(self, name: str, population: str | None = None) -> Report:
        """A report by its name or its file name."""
        return read_report(self._file(name if name.endswith(".h5") else f"{name}.h5"), population)

    def __repr__(self) -> str:
        return self.summary


def program() -> str:
    """The program: $SALTATORY_RUNTIME, or beside this package, or on the path."""
    named = os.environ.get("SALTATORY_RUNTIME")
    if named:
        if not os.access(named, os.X_OK):
            raise FileNotFoundError(f"SALTATORY_RUNTIME: {named} is no program")
        return named
    beside = Path(__file__).parent / "bin" / "runtime"
    found = str(beside) if beside.exists() else shutil.which("runtime")
    if not found:
        raise FileNotFoundError("the program `runtime` is not on the path; build it with `cargo build --release -p "
                                "runtime` and set SALTATORY_RUNTIME to where it is")
    return found


def run(config: str | PathLike[str], *, gpu: bool = False, threads: int | None = None, quiet: bool = False,
        overwrite: bool = False, arguments: list[str] | None = None) -> Result:
    """Runs the simulation of a SONATA configuration.

    :param config: the JSON file
    :param gpu: run on a GPU
    :param threads: the number of threads; as many as there are processors if not given
    :param quiet: show no progress
    :param overwrite: replace the results of an earlier run, also where the configuration does not allow it
    :param arguments: further options of the program, such as ["--compat", "neuron"]

    Progress is shown on standard error. Ctrl-C ends the simulation; what was simulated until then is kept.
    """
    with pyfunction_cache.applied(Path(config)) as path:
        command = [program(), str(path)]
        command += ["--gpu"] if gpu else []
        command += ["--threads", str(threads)] if threads is not None else []
        command += ["--overwrite"] if overwrite else []
        command += arguments or []
        # A session of its own: an interruption is passed on once, not twice.
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        assert process.stdout is not None and process.stderr is not None
        messages = []
        try:
            for line in process.stderr:
                messages.append(line)
                if not quiet:
                    print(line, end="", file=sys.stderr, flush=True)
            summary = process.stdout.read()
            status = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.communicate()
            raise
        if status != 0:
            raise RunError("".join(messages).strip() or f"runtime ended with status {status}")
        written = [line.removeprefix("written: ") for line in summary.splitlines() if line.startswith("written: ")]
        return Result(summary.strip(), [Path(f) for line in written for f in line.split(", ")])
