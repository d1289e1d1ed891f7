"""The ring workload in NEURON, or in CoreNEURON.

    python neuron_ring.py CELLS TSTOP [--delay MS] [--threads N] [--no-tables] [--coreneuron] [--distinct] [--cell hh|rich]
                          [--synapses N]

Prints one line of JSON. The network is that of `ring.py`. Mechanisms of other kinds than NEURON's own come from the folder
in which it runs, if `nrnivmodl` has compiled them there.
"""

import argparse
import json
import resource
import time
from pathlib import Path

from neuron import h

from cells import COMPARTMENTS, DT, KINDS, RING, SOMA, SYNAPSE, SYNAPSE_WEIGHT, equip, length, synapse_site


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class Cell:
    def __init__(self, length, kind, synapses):
        self.soma = h.Section(name="soma", cell=self)
        self.soma.L = self.soma.diam = SOMA
        self.dend = []
        for k in range(14):
            section = h.Section(name=f"dend{k}", cell=self)
            section.L, section.diam, section.nseg = length, 1, 5
            section.connect(self.soma(1) if k < 2 else self.dend[(k - 2) // 2](1), 0)
            self.dend.append(section)
        for section in [self.soma, *self.dend]:
            section.Ra, section.cm = 100, 1
            equip(section, kind, "soma" if section == self.soma else "dend")
        self.synapse = h.ExpSyn(self.dend[0](0.625))
        self.synapse.tau, self.synapse.e = 2, 0
        self.many = []
        for k in range(synapses):
            dendrite, x, later = synapse_site(k)
            synapse = h.Exp2Syn(self.dend[dendrite](x))
            for name, value in SYNAPSE.items():
                setattr(synapse, name, value)
            self.many.append((synapse, later))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cells", type=int)
    parser.add_argument("tstop", type=float)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-tables", action="store_true")
    parser.add_argument("--coreneuron", action="store_true")
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--cell", choices=list(KINDS), default="hh")
    parser.add_argument("--synapses", type=int, default=0)
    args = parser.parse_args()
    context = h.ParallelContext()
    h.celsius, h.dt = KINDS[args.cell]["celsius"], DT
    memory, begin = resident_bytes(), time.perf_counter()
    cells, keep = [], []
    for gid in range(args.cells):
        cell = Cell(length(gid, args.cells, args.distinct), args.cell, args.synapses)
        cells.append(cell)
        context.set_gid2node(gid, 0)
        source = h.NetCon(cell.soma(0.5)._ref_v, None, sec=cell.soma)
        source.threshold = -20
        context.cell(gid, source)
        keep.append(source)
    for gid, cell in enumerate(cells):
        ring = gid // RING
        first, size = ring * RING, min(RING, args.cells - ring * RING)
        previous = first + (gid - first - 1) % size
        connection = context.gid_connect(previous, cell.synapse)
        connection.delay, connection.weight[0] = args.delay, 0.02
        keep.append(connection)
        for synapse, later in cell.many:
            connection = context.gid_connect(previous, synapse)
            connection.delay, connection.weight[0] = args.delay + later, SYNAPSE_WEIGHT
            keep.append(connection)
        if gid == first:
            start = h.NetStim()
            start.number, start.start = 1, 0
            connection = h.NetCon(start, cell.synapse)
            connection.delay, connection.weight[0] = args.delay + DT * (ring % 40), 0.02
            keep += [start, connection]
    times, ids = h.Vector(), h.Vector()
    context.spike_record(-1, times, ids)
    if args.no_tables:
        h.usetable_hh = 0
    context.nthread(args.threads)
    if args.coreneuron:
        from neuron import coreneuron

        coreneuron.enable = True
    context.set_maxstep(10)
    h.finitialize(-65)
    setup, memory = time.perf_counter() - begin, resident_bytes() - memory
    begin, cpu = time.perf_counter(), cpu_seconds()
    context.psolve(args.tstop)
    print(json.dumps({
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": cpu_seconds() - cpu,
        "setup": setup,
        "bytes": memory / (args.cells * COMPARTMENTS),
        "spikes": sorted((round(t / DT), int(i)) for t, i in zip(times, ids)),
    }))


main()
