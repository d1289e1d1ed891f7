"""Many copies of the oscillator of `examples/hco` in NEURON.

    python neuron_oscillator.py COPIES TSTOP [--threads N]      (where `nrnivmodl` has compiled its mechanisms)

Prints one line of JSON; the spikes are those of the first copy. Two cells of the template of the example inhibit each other,
each by two synapses, as the example's edges say.
"""

import argparse
import json
import resource
import time
from pathlib import Path

from neuron import h

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/hco"
DT, SEGMENTS, WEIGHT = 0.1, 51, 0.4


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("copies", type=int)
    parser.add_argument("tstop", type=float)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    h.load_file("stdrun.hoc")
    memory, begin = resident_bytes(), time.perf_counter()
    h.load_file(str(EXAMPLE / "templates/HCOcell.hoc"))
    h.celsius, h.dt = 34, DT
    keep, recorded = [], []
    for copy in range(args.copies):
        cells = [h.HCOcell(), h.HCOcell()]
        for cell in cells:
            cell.soma[0].nseg = SEGMENTS
        clamp = h.IClamp(cells[0].soma[0](0.5))
        clamp.amp, clamp.delay, clamp.dur = 1, 50, 10
        keep += [cells, clamp]
        for source, target in ((0, 1), (1, 0)):
            for _ in range(2):
                synapse = h.inhsyn(cells[target].soma[0](0.5))
                synapse.esyn, synapse.gmax = -80, 40e-3
                connection = h.NetCon(cells[source].soma[0](0.5)._ref_v, synapse, sec=cells[source].soma[0])
                connection.threshold, connection.delay, connection.weight[0] = -15, 0, WEIGHT
                keep += [synapse, connection]
        if copy == 0:
            for cell in cells:
                detector = h.NetCon(cell.soma[0](0.5)._ref_v, None, sec=cell.soma[0])
                detector.threshold = -15
                times = h.Vector()
                detector.record(times)
                recorded.append(times)
                keep.append(detector)
    h.ParallelContext().nthread(args.threads)
    h.finitialize(-50)
    setup, memory = time.perf_counter() - begin, resident_bytes() - memory
    begin, cpu = time.perf_counter(), cpu_seconds()
    for _ in range(round(args.tstop / DT)):
        h.fadvance()
    print(json.dumps({
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": cpu_seconds() - cpu,
        "setup": setup,
        "bytes": memory / (2 * args.copies * SEGMENTS),
        "spikes": sorted((round(t / DT), cell) for cell, times in enumerate(recorded) for t in times),
    }))


main()
