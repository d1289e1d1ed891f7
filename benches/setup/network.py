"""Write a network with many synapses as a SONATA folder.

    python network.py FOLDER [--cells N] [--edges N] [--kinds N]

Cells are of some kinds: a soma with `hh`, three basal and two apical dendrites with `pas`, of lengths of their own. Half
of the edges give their places (sec_id, sec_x), half are placed at random on types of sections and ranges of distance.
Each edge has a delay and a weight of its own. The simulation is one step: what takes time is the set-up.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))
from files import edges_file, nodes_file

TEMPLATE = """begintemplate {name}
public soma, dend, apic, all, somatic, basal, apical, axonal
create soma[1], dend[3], apic[2]
objref all, somatic, basal, apical, axonal

proc init() {{ local i
    all = new SectionList()
    somatic = new SectionList()
    basal = new SectionList()
    apical = new SectionList()
    axonal = new SectionList()
    soma[0] {{ L = 20  diam = 20  all.append()  somatic.append() }}
    for i = 0, 2 dend[i] {{ L = {basal}  diam = 2  all.append()  basal.append() }}
    for i = 0, 1 apic[i] {{ L = {apical}  diam = 3  all.append()  apical.append() }}
    connect dend[0](0), soma[0](0)
    connect dend[1](0), soma[0](1)
    connect dend[2](0), dend[1](1)
    connect apic[0](0), soma[0](1)
    connect apic[1](0), apic[0](1)
    forsec all {{ Ra = 100  cm = 1  insert pas  g_pas = 1e-4  e_pas = -65 }}
    soma[0] {{ insert hh }}
}}
endtemplate {name}
"""

# Types of randomly placed edges: target sections, distance range.
RANDOM = [("['basal']", "[0, 1000]"), ("['apical']", "[50, 400]"), ("['somatic', 'basal']", "[0, 150]"),
          ("['basal', 'apical']", "[30, 300]")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--kinds", type=int, default=10)
    args = parser.parse_args()
    folder, cells, kinds = args.folder, args.cells, args.kinds
    for sub in ("network", "templates", "synapses", "mechanisms"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    net = folder / "network"
    for kind in range(kinds):
        text = TEMPLATE.format(name=f"Kind{kind}", basal=100.0 + 100 * kind / kinds, apical=200.0 + 100 * kind / kinds)
        (folder / "templates" / f"Kind{kind}.hoc").write_text(text)
    (folder / "synapses" / "exc.json").write_text(json.dumps({"tau1": 0.5, "tau2": 2.0, "erev": 0.0}))
    (folder / "synapses" / "inh.json").write_text(json.dumps({"tau1": 1.0, "tau2": 8.0, "erev": -75.0}))

    nodes_file(net / "cortex_nodes.h5", "cortex", np.arange(cells) % kinds + 100)
    rows = [f"{100 + kind} biophysical hoc:Kind{kind}" for kind in range(kinds)]
    (net / "cortex_types.csv").write_text("node_type_id model_type model_template\n" + "\n".join(rows) + "\n")

    draw = np.random.default_rng(1)
    halves = {"placed": args.edges // 2, "random": args.edges - args.edges // 2}
    for name, n in halves.items():
        ids = draw.integers(cells, size=n), np.sort(draw.integers(cells, size=n))
        columns = {"delay": 1.0 + 4.0 * draw.random(n), "syn_weight": 1e-4 * draw.random(n)}
        if name == "placed":
            types = np.arange(n) % 2 + 1
            columns |= {"sec_id": draw.integers(6, size=n).astype(np.int32), "sec_x": draw.random(n)}
            header = "edge_type_id model_template dynamics_params\n"
            table = "1 exp2syn exc.json\n2 exp2syn inh.json\n"
        else:
            types = np.arange(n) % len(RANDOM) + 1
            columns["nsyns"] = np.ones(n, dtype=np.int32)
            header = "edge_type_id model_template dynamics_params target_sections distance_range\n"
            table = "".join(f'{k + 1} exp2syn {("exc", "inh")[k % 2]}.json "{sections}" "{reach}"\n'
                            for k, (sections, reach) in enumerate(RANDOM))
        edges_file(net / f"{name}_edges.h5", name, ("cortex", "cortex"), ids, (cells, cells), types, columns)
        (net / f"{name}_types.csv").write_text(header + table)

    edges = [{"edges_file": f"$BASE/network/{name}_edges.h5", "edge_types_file": f"$BASE/network/{name}_types.csv"}
             for name in halves]
    config = {
        "manifest": {"$BASE": "."},
        "target_simulator": "NEURON",
        "run": {"tstop": 0.1, "dt": 0.1, "spike_threshold": -15.0, "dL": 20.0, "nsteps_block": 100},
        "conditions": {"celsius": 6.3, "v_init": -65.0},
        "components": {"templates_dir": "$BASE/templates", "synaptic_models_dir": "$BASE/synapses",
                       "mechanisms_dir": "$BASE/mechanisms"},
        "networks": {"nodes": [{"nodes_file": "$BASE/network/cortex_nodes.h5",
                                "node_types_file": "$BASE/network/cortex_types.csv"}], "edges": edges},
        "inputs": {},
        "output": {"output_dir": "$BASE/output", "log_file": "log.txt", "spikes_file": "spikes.h5",
                   "overwrite_output_dir": True},
        "reports": {},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


main()
