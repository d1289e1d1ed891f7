"""The ring workload in Arbor.

    python arbor_ring.py CELLS TSTOP [--delay MS] [--threads N] [--group CELLS] [--catalogue FILE] [--distinct]
                         [--synapses N]

Prints one line of JSON. The network is that of `ring.py`; Arbor interpolates the times of spikes, which is why they are
close to those of the others and not equal. `--catalogue` names a library that `arbor-build-catalogue` has made for the
machine's own instructions.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import arbor as A
from arbor import units as U

from cells import COMPARTMENTS, DT, RING, SYNAPSE, SYNAPSE_WEIGHT, synapse_site


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def cell(length, synapses):
    tree, soma_length = A.segment_tree(), 12.6157
    soma = tree.append(A.mnpos, (0, 0, 0, soma_length / 2), (soma_length, 0, 0, soma_length / 2), tag=1)
    ends = []
    for k in range(14):
        parent, x = (soma, soma_length) if k < 2 else ends[(k - 2) // 2]
        ends.append((tree.append(parent, (x, k, 0, 0.5), (x + length, k, 0, 0.5), tag=3), x + length))
    decor = A.decor()
    decor.set_property(Vm=-65 * U.mV, cm=0.01 * U.F / U.m2, rL=100 * U.Ohm * U.cm, tempK=279.45 * U.Kelvin)
    decor.set_ion("na", rev_pot=50 * U.mV)
    decor.set_ion("k", rev_pot=-77 * U.mV)
    decor.paint("(tag 1)", A.density("hh"))
    decor.paint("(tag 3)", A.density("pas/e=-65", {"g": 0.0001}))
    decor.paint("(tag 3)", A.density("hh"))
    decor.place("(location 1 0.625)", A.synapse("expsyn", {"tau": 2.0, "e": 0.0}), "synapse")
    for k in range(synapses):
        dendrite, x, _ = synapse_site(k)
        decor.place(f"(location {dendrite + 1} {x})", A.synapse("exp2syn", SYNAPSE), f"many{k}")
    decor.place("(location 0 0.5)", A.threshold_detector(-20 * U.mV), "detector")
    policy = "(join (fixed-per-branch 1 (tag 1)) (fixed-per-branch 5 (tag 3)))"
    return A.cable_cell(tree, decor, A.label_dict(), A.cv_policy(policy))


class Ring(A.recipe):
    def __init__(self, args):
        A.recipe.__init__(self)
        self.args = args
        self.properties = A.neuron_cable_properties()
        if args.catalogue:
            self.properties.catalogue = A.load_catalogue(args.catalogue)
        self.shared = None if args.distinct else cell(100, args.synapses)

    def num_cells(self):
        return self.args.cells

    def cell_description(self, gid):
        return self.shared or cell(90 + 20 * gid / self.args.cells, self.args.synapses)

    def cell_kind(self, gid):
        return A.cell_kind.cable

    def connections_on(self, gid):
        first = gid // RING * RING
        source = first + (gid - first - 1) % min(RING, self.args.cells - first)
        of = lambda target, weight, later: A.connection((source, "detector"), target, weight, (self.args.delay + later) * U.ms)
        many = [of(f"many{k}", SYNAPSE_WEIGHT, synapse_site(k)[2]) for k in range(self.args.synapses)]
        return [of("synapse", 0.02, 0.0), *many]

    def event_generators(self, gid):
        if gid % RING:
            return []
        start = self.args.delay + DT * (gid // RING % 40)
        return [A.event_generator("synapse", 0.02, A.explicit_schedule([start * U.ms]))]

    def probes(self, gid):
        return []

    def global_properties(self, kind):
        return self.properties


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cells", type=int)
    parser.add_argument("tstop", type=float)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--group", type=int, default=0)
    parser.add_argument("--catalogue")
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--synapses", type=int, default=0)
    args = parser.parse_args()
    memory, begin = resident_bytes(), time.perf_counter()
    recipe, context = Ring(args), A.context(threads=args.threads)
    if args.group:
        hints = {A.cell_kind.cable: A.partition_hint(cpu_group_size=args.group)}
        simulation = A.simulation(recipe, context, A.partition_load_balance(recipe, context, hints))
    else:
        simulation = A.simulation(recipe, context)
    simulation.record(A.spike_recording.all)
    setup, memory = time.perf_counter() - begin, resident_bytes() - memory
    begin, cpu = time.perf_counter(), cpu_seconds()
    simulation.run(args.tstop * U.ms, DT * U.ms)
    print(json.dumps({
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": cpu_seconds() - cpu,
        "setup": setup,
        "bytes": memory / (args.cells * COMPARTMENTS),
        "spikes": sorted((round(float(s[1]) / DT), int(s[0][0])) for s in simulation.spikes()),
    }))


main()
