"""Run a workload in Saltatory and its peers, in turn, and print what each needs.

    python compare.py [--runtime PROGRAM] [--workload ring|oscillator] [--cell hh|rich] [--cells 64 256 1024 4096]
                      [--delay 5 1] [--threads 1 2] [--tstop MS] [--rounds N] [--distinct] [--synapses N] [--catalogue FILE]
                      [--programs neuron,neuron-exact,coreneuron,coreneuron-best,arbor,arbor-best,saltatory,...]

All programs run the same network in each round, one after the other, so that a busy moment of the machine hits all of
them. Compared are CPU seconds of the simulation alone (`getrusage`), set-up apart, for time on the clock means nothing on a
machine that does other things too; with several threads they tell what threads cost, not what they gain, and the clock is
printed as well. Printed are medians over the rounds, and the ratio to NEURON with the lowest and the highest of the rounds;
set-up, and bytes a compartment. Spikes must agree: those of NEURON to the step, those of CoreNEURON with its fastest
arithmetic and of Arbor, which interpolates their times, in number to 10 %.

`--cells` counts copies of two cells with `--workload oscillator`. `rich` is a cell of twelve mechanisms with calcium;
`--synapses` gives each cell of a ring so many of Exp2Syn besides the one that makes the ring.
"""

import argparse
import os
import re
import statistics
import tempfile
from pathlib import Path

import workloads

HERE = Path(__file__).resolve().parent
PROGRAMS = "neuron,neuron-exact,coreneuron-best,arbor,arbor-best,saltatory,saltatory-exact,saltatory-f32,saltatory-evaluated"


def agree(name, answers):
    """How a program's spikes compare with those of NEURON that computes rates in the same way."""
    exact = name.startswith("arbor") or name.startswith("saltatory-") or name == "neuron-exact"
    reference = answers.get("neuron-exact" if exact else "neuron") or answers.get("neuron")
    if reference is None:
        return "not compared"
    spikes, expected = answers[name]["spikes"], reference["spikes"]
    if spikes == expected:
        return "agree"
    if name.startswith("arbor") or name == "coreneuron-best":
        return "agree in number" if abs(len(spikes) - len(expected)) <= 0.1 * len(expected) else "DIFFER"
    moved = sum(1 for spike in spikes if spike not in set(expected))
    return f"DIFFER: {moved} of {len(spikes)}, expected {len(expected)}"


def show(rounds, programs, work):
    """One line for each program."""
    first = next(iter(programs))
    print(f"{'':21}{'Mcs/CPU s':>10}{'Mcs/s':>9}{'times ' + first:>24}{'set-up':>10}{'bytes':>7}  spikes")
    for name in programs:
        of = lambda key: [max(r[name][key], 1e-9) for r in rounds]
        median = statistics.median
        ratios = [r[first]["cpu_seconds"] / max(r[name]["cpu_seconds"], 1e-9) for r in rounds]
        ratio = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        print(f"{name:21}{median(work / s for s in of('cpu_seconds')):10.1f}{median(work / s for s in of('seconds')):9.1f}"
              f"{ratio:>24}{median(of('setup')):8.2f} s{median(of('bytes')):7.0f}  {agree(name, rounds[0])}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runtime", default=str(HERE.parents[1] / "target/release/runtime"))
    parser.add_argument("--workload", choices=["ring", "oscillator"], default="ring")
    parser.add_argument("--cell", choices=["hh", "rich"], default="hh")
    parser.add_argument("--cells", type=int, nargs="+")
    parser.add_argument("--tstop", type=float, default=50.0)
    parser.add_argument("--delay", type=float, nargs="+", default=[5.0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--synapses", type=int, default=0)
    parser.add_argument("--programs", default=PROGRAMS)
    parser.add_argument("--catalogue")
    args = parser.parse_args()
    args.runtime = str(Path(args.runtime).resolve())
    sizes = args.cells or ([10_000] if args.workload == "oscillator" else [100] if args.cell == "rich" else [64, 256, 1024, 4096])
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    print(f"{model[1] if model else 'CPU unknown'}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {args.rounds} rounds "
          f"of {args.tstop:g} ms; Mcs: million compartment-steps")
    wanted = args.programs.split(",")
    make = workloads.oscillator if args.workload == "oscillator" else workloads.ring
    delays = [0.0] if args.workload == "oscillator" else args.delay
    for cells, delay, threads in ((c, d, t) for c in sizes for d in delays for t in args.threads):
        with tempfile.TemporaryDirectory() as folder:
            compartments, dt, programs = make(args, Path(folder), cells, delay, threads, wanted)
            programs = {name: programs[name] for name in wanted if name in programs}
            for name in programs:
                if name.startswith("saltatory"):
                    programs[name]()  # kernels are compiled now, not in a round
            rounds = [{name: program() for name, program in programs.items()} for _ in range(args.rounds)]
        what = "distinct " * args.distinct + (args.cell if args.workload == "ring" else "pairs")
        what += f" with {args.synapses} synapses" * bool(args.synapses)
        spikes = len(next(iter(rounds[0].values()))["spikes"])
        print(f"\n{cells} {what}, {compartments} compartments, delay {delay:g} ms, {threads} thread(s), {spikes} spikes")
        show(rounds, programs, compartments * round(args.tstop / dt) / 1e6)


main()
