"""Workloads, and the programs that run them: each program is a function without arguments that gives one run's answer.

An answer has `cpu_seconds` and `seconds` of the simulation, `setup` seconds, `bytes` a compartment and the `spikes`. What is
allocated is counted here; of a peer it is by how much the resident memory grows.
"""

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import h5py

import builds
from cells import COMPARTMENTS, DT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def python(script, *arguments, folder=None, **environment):
    """What a peer's script prints."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder, env={**os.environ, **environment})
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    answer = json.loads([line for line in result.stdout.splitlines() if line.startswith("{")][-1])
    answer["spikes"] = [tuple(spike) for spike in answer["spikes"]]
    return answer


def coreneuron(build, script, cells, tstop, *arguments):
    """One run; its seconds are those of the simulation less those of one of one step, in which the model is handed over."""
    library = str(build / "x86_64/libcorenrnmech.so")
    go = lambda until: python(script, cells, until, *arguments, "--coreneuron", folder=build, CORENEURONLIB=library)
    start, answer = go(DT), go(tstop)
    for name in ("cpu_seconds", "seconds"):
        answer[name] -= start[name]
    return answer


def saltatory(program, folder, config, dt, tstop, options):
    """One run; its CPU seconds are those of the whole program less those of a run of one step."""

    def run(until):
        settings = json.loads(config.read_text())
        settings["run"]["tstop"] = until
        settings["reports"] = {}
        settings.get("output", {})["output_dir"] = str(folder / "output")
        file = config.with_name(f"run-{os.getpid()}.json")
        file.write_text(json.dumps(settings))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            result = subprocess.run([program, "--overwrite", str(file), *options], capture_output=True, text=True)
        finally:
            file.unlink()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if result.returncode:
            sys.exit(f"{program} failed:\n{result.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        text = result.stdout + result.stderr
        return cpu, {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+) s\b", text)}, text

    start, phases, _ = run(dt)
    cpu, timing, text = run(tstop)
    with h5py.File(folder / "output" / "spikes.h5") as h5:
        groups = list(h5["spikes"].values())
        spikes = sorted((round(t / dt), int(i)) for of in groups for t, i in zip(of["timestamps"][()], of["node_ids"][()]))
    memory = re.search(r"(\d+) bytes a compartment", text)
    return {
        "seconds": timing["simulate"],
        "cpu_seconds": cpu - start,
        "setup": sum(phases[name] for name in ("load", "build", "layout", "engine")),
        "bytes": float(memory[1]) if memory else 0.0,
        "spikes": spikes,
    }


def own(program, folder, config, dt, tstop, options):
    """This program's ways to run a network."""
    go = lambda *more: saltatory(program, folder, config, dt, tstop, [*options, *more])
    return {
        "saltatory": go,
        "saltatory-exact": lambda: go("--no-tables"),
        "saltatory-f32": lambda: go("--no-tables", "--precision", "f32"),
        "saltatory-evaluated": lambda: go("--no-tables", "--kernels", "evaluated"),
    }


def ring(args, folder, cells, delay, threads, wanted):
    """Rings of cells; gives compartment-steps and the programs."""
    flags = [*(["--distinct"] if args.distinct else []), "--synapses", args.synapses]
    kind = ["--cell", args.cell]
    command = [sys.executable, HERE / "ring.py", folder, cells, args.tstop, "--delay", delay, *flags, *kind]
    subprocess.run(list(map(str, command)), check=True)
    common = [cells, args.tstop, "--delay", delay, "--threads", threads, *flags]
    files = builds.of_cell(args.cell)
    plain = builds.neuron(args.cell, files) if files else None
    options = ["--threads", str(threads), "--mechanisms", str(ROOT / "mod"), "--mechanisms", str(HERE / "mod")]
    programs = {
        "neuron": lambda: python("neuron_ring.py", *common, *kind, folder=plain),
        **own(args.runtime, folder, folder / "config.json", DT, args.tstop, options),
    }
    for name, core in (("coreneuron", "stock"), ("coreneuron-best", "best")):
        if name in wanted:
            build = builds.neuron(args.cell, files, core)
            programs[name] = lambda build=build: coreneuron(build, "neuron_ring.py", *common, *kind)
    if args.cell == "hh":
        programs["neuron-exact"] = lambda: python("neuron_ring.py", *common, "--no-tables")
        programs["arbor"] = lambda: python("arbor_ring.py", *common)
        if "arbor-best" in wanted:
            catalogue = args.catalogue or builds.catalogue()
            programs["arbor-best"] = lambda: python("arbor_ring.py", *common, "--group", 64, "--catalogue", catalogue)
    return cells * COMPARTMENTS, DT, programs


def oscillator(args, folder, copies, _delay, threads, _wanted):
    """Copies of the oscillator of `examples/hco`: two cells of 51 compartments."""
    dt, build = 0.1, builds.neuron("oscillator", builds.of_oscillator())
    options = ["--threads", str(threads), "--copies", str(copies)]
    programs = {
        "neuron": lambda: python("neuron_oscillator.py", copies, args.tstop, "--threads", threads, folder=build),
        **own(args.runtime, folder, ROOT / "examples/hco/config.json", dt, args.tstop, options),
    }
    return 2 * 51 * copies, dt, programs
