"""Set up a network with many synapses in Saltatory and in BMTK, in turn, and print what each needs.

    python compare.py [--runtime PROGRAM] [--edges N ...] [--cells N] [--kinds N] [--bmtk-edges N] [--rounds N]

The files are those of `network.py`. Compared is the time from the first look at the configuration to a network that can
be simulated; in Saltatory that is the whole program but one step, with kernels compiled before, in BMTK the time between
its imports and `run()`. BMTK gets no more than `--bmtk-edges`; beyond that its time of the largest network that it had is
taken times the number of edges, and marked so.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETUP = ["load", "compile", "build", "layout", "engine"]


def saltatory(program, folder, options):
    """Seconds of each part of the set-up, and bytes of memory."""
    result = subprocess.run([program, "config.json", *options], cwd=folder, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{program} failed:\n{result.stderr}")
    text = result.stdout + result.stderr
    parts = {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+) s\b", text)}
    return {
        "parts": {name: parts[name] for name in SETUP if name in parts},
        "setup": sum(parts.get(name, 0.0) for name in SETUP),
        "memory": 1e6 * float(re.search(r"([\d.]+) MB at most", text)[1]),
        "text": text,
    }


def bmtk(folder):
    command = [sys.executable, str(HERE / "bmtk_setup.py"), "config.json"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runtime", default=str(HERE.parents[1] / "target/release/runtime"))
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--kinds", type=int, default=10)
    parser.add_argument("--bmtk-edges", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    print(f"{model[1] if model else 'CPU unknown'}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    options, known = ["--threads", str(args.threads)], None
    for edges in sorted(args.edges):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, HERE / "network.py", folder, "--edges", edges, "--cells", args.cells, "--kinds", args.kinds]
            subprocess.run(list(map(str, command)), check=True)
            saltatory(args.runtime, folder, options)  # kernels are compiled now, not in a round
            own, other = [], []
            for _ in range(args.rounds):
                own.append(saltatory(args.runtime, folder, options))
                if edges <= args.bmtk_edges:
                    other.append(bmtk(folder))
        if other:
            known = edges, statistics.median(r["setup"] for r in other)
        median = {name: statistics.median(r["parts"][name] for r in own) for name in own[0]["parts"]}
        setup = statistics.median(r["setup"] for r in own)
        print(f"\n{edges} synapses on {args.cells} cells of {args.kinds} kinds")
        print(f"saltatory {setup:8.2f} s, {statistics.median(r['memory'] for r in own) / edges:6.0f} bytes a synapse at most  ("
              + ", ".join(f"{name} {value:.2f} s" for name, value in median.items()) + ")")
        print("".join(f"          {line}\n" for line in own[0]["text"].splitlines() if "bytes" in line), end="")
        if other:
            ratios = [a["setup"] / b["setup"] for a, b in zip(other, own)]
            print(f"bmtk      {known[1]:8.2f} s, {statistics.median(r['memory'] for r in other) / edges:6.0f} bytes a synapse at most; "
                  f"{statistics.median(ratios):.0f} times as long ({min(ratios):.0f}-{max(ratios):.0f})")
        elif known:
            scaled = known[1] * edges / known[0]
            print(f"bmtk      {scaled:8.2f} s if it grows as its {known[0]} synapses did; {scaled / setup:.0f} times as long")


main()
