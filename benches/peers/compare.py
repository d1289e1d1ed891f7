"""Run the ring workload in Saltatory and its peers, in turn, and print what each needs.

    python compare.py [--runtime PROGRAM] [--cells 64 256 1024 4096] [--tstop MS] [--threads N] [--rounds N]
                      [--distinct] [--peers neuron,neuron-exact,arbor] [--catalogue FILE]

All programs run the same network in each round, one after the other, so that a busy moment of the machine hits all of
them. Compared are CPU seconds of the simulation alone, set-up apart: medians over the rounds, and the ratio to NEURON
with the lowest and the highest of the rounds; set-up, and bytes a compartment: what is allocated here, by how much the
resident memory of a peer grows. Spikes must agree: those of NEURON to the step, those of Arbor, which
interpolates their times, in number to 10 %.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py

HERE = Path(__file__).resolve().parent
DT, COMPARTMENTS = 0.025, 71


def python(script, *arguments):
    """What a peer's script prints."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    answer = json.loads(result.stdout.strip().splitlines()[-1])
    answer["spikes"] = [tuple(spike) for spike in answer["spikes"]]
    return answer


def saltatory(program, folder, tstop, options):
    """One run; its CPU seconds are those of the whole program less those of a run of one step."""

    def run(until):
        config = json.loads((folder / "config.json").read_text())
        config["run"]["tstop"] = until
        (folder / "run.json").write_text(json.dumps(config))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = subprocess.run([program, "run.json", *options], cwd=folder, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if result.returncode:
            sys.exit(f"{program} failed:\n{result.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        text = result.stdout + result.stderr
        return cpu, {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+) s\b", text)}, text

    start, phases, _ = run(DT)
    cpu, timing, text = run(tstop)
    with h5py.File(folder / "output" / "spikes.h5") as h5:
        group = h5["spikes/ring"]
        spikes = sorted(zip((round(t / DT) for t in group["timestamps"][()]), map(int, group["node_ids"][()])))
    memory = re.search(r"(\d+) bytes a compartment", text)
    return {
        "seconds": timing["simulate"],
        "cpu_seconds": cpu - start,
        "setup": sum(phases[name] for name in ("load", "build", "layout", "engine")),
        "bytes": float(memory[1]) if memory else 0.0,
        "spikes": spikes,
    }


def agree(name, answers):
    """How a program's spikes compare with those of NEURON that computes rates in the same way."""
    exact = name not in ("neuron", "saltatory")
    reference = answers.get("neuron-exact" if exact else "neuron")
    if reference is None:
        return "not compared"
    spikes, expected = answers[name]["spikes"], reference["spikes"]
    if name.startswith("arbor"):
        same = abs(len(spikes) - len(expected)) <= 0.1 * len(expected)
    else:
        same = spikes == expected
    return "agree" if same else f"DIFFER: {len(spikes)}, expected {len(expected)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runtime", default=str(HERE.parents[1] / "target/release/runtime"))
    parser.add_argument("--cells", type=int, nargs="+", default=[64, 256, 1024, 4096])
    parser.add_argument("--tstop", type=float, default=50.0)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--peers", default="neuron,neuron-exact,arbor")
    parser.add_argument("--catalogue")
    args = parser.parse_args()
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    print(f"{model[1] if model else 'CPU unknown'}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
          f"{args.threads} thread(s), {args.tstop:g} ms, delay {args.delay:g} ms, {args.rounds} rounds")
    flags = ["--distinct"] if args.distinct else []
    threads = ["--threads", str(args.threads)]
    for cells in args.cells:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            command = [sys.executable, HERE / "ring.py", folder, str(cells), str(args.tstop), "--delay", str(args.delay)]
            subprocess.run([*command, *flags], check=True)
            common = [cells, args.tstop, "--delay", args.delay, *threads, *flags]
            own = lambda *options: saltatory(args.runtime, folder, args.tstop, [*threads, *options])
            programs = {
                "neuron": lambda: python("neuron_ring.py", *common),
                "neuron-exact": lambda: python("neuron_ring.py", *common, "--no-tables"),
                "arbor": lambda: python("arbor_ring.py", *common),
                "arbor-best": lambda: python("arbor_ring.py", *common, "--group", 64, "--catalogue", args.catalogue),
            }
            wanted = [*args.peers.split(","), *(["arbor-best"] if args.catalogue else [])]
            programs = {name: programs[name] for name in wanted} | {
                "saltatory": own,
                "saltatory-exact": lambda: own("--no-tables"),
                "saltatory-f32": lambda: own("--no-tables", "--precision", "f32"),
                "saltatory-evaluated": lambda: own("--no-tables", "--kernels", "evaluated"),
            }
            for name in programs:
                if name.startswith("saltatory"):
                    programs[name]()  # kernels are compiled now, not in a round
            rounds = [{name: program() for name, program in programs.items()} for _ in range(args.rounds)]
        work = cells * COMPARTMENTS * round(args.tstop / DT) / 1e6
        print(f"\n{cells} cells, {cells * COMPARTMENTS} compartments, "
              f"{len(rounds[0][wanted[0]]['spikes'])} spikes in {wanted[0]}")
        print(f"{'':22}{'million compartment-steps':>27}{'times ' + wanted[0]:>26}{'set-up':>9}{'bytes':>8}  spikes")
        for name in programs:
            speeds = [work / max(r[name]["cpu_seconds"], 1e-9) for r in rounds]
            ratios = [r[wanted[0]]["cpu_seconds"] / max(r[name]["cpu_seconds"], 1e-9) for r in rounds]
            same = agree(name, rounds[0])
            ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            print(f"{name:22}{statistics.median(speeds):17.1f} per CPU s{ratio:>26}"
                  f"{statistics.median(r[name]['setup'] for r in rounds):7.2f} s"
                  f"{statistics.median(r[name]['bytes'] for r in rounds):8.0f}  {same}")


main()
