"""Write the ring workload as a SONATA folder.

    python ring.py FOLDER CELLS TSTOP [--delay MS] [--distinct] [--cell hh|rich] [--synapses N]

Rings of 16 cells excite each other in turn; one event starts each ring. The cells are those of `cells.py`, each with one
ExpSyn. With `--distinct` every cell has dendrites of its own lengths, so that no two cells have one shape; `--synapses` gives
each cell so many Exp2Syn more.
"""

import argparse
import json
from pathlib import Path

import h5py
import numpy as np

from cells import DT, KINDS, RING, SYNAPSE, SYNAPSE_WEIGHT, insertions, length, synapse_site
from files import edges_file, nodes_file

TEMPLATE = """begintemplate {name}
public soma, dend, all, somatic, basal, apical, axonal
create soma[1], dend[14]
objref all, somatic, basal, apical, axonal

proc init() {{ local k
    all = new SectionList()
    somatic = new SectionList()
    basal = new SectionList()
    apical = new SectionList()
    axonal = new SectionList()
    for k = 0, 13 {{
        dend[k] {{
            all.append()
            basal.append()
            L = {length}
            diam = 1
            nseg = 5
            Ra = 100
            cm = 1
            {dend}
        }}
        if (k < 2) {{
            connect dend[k](0), soma[0](1)
        }} else {{
            connect dend[k](0), dend[int((k - 2) / 2)](1)
        }}
    }}
    soma[0] {{
        all.append()
        somatic.append()
        L = 12.6157
        diam = 12.6157
        nseg = 1
        Ra = 100
        cm = 1
        {soma}
    }}
}}
endtemplate {name}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("cells", type=int)
    parser.add_argument("tstop", type=float)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--cell", choices=list(KINDS), default="hh")
    parser.add_argument("--synapses", type=int, default=0)
    args = parser.parse_args()
    folder, cells = args.folder, args.cells
    for sub in ("network", "templates", "synapses"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    net = folder / "network"

    kinds = cells if args.distinct else 1
    for kind in range(kinds):
        name = f"Ring{kind}"
        dend, soma = ("\n        ".join(insertions(args.cell, region)) for region in ("dend", "soma"))
        text = TEMPLATE.format(name=name, length=repr(float(length(kind, kinds, args.distinct))), dend=dend, soma=soma)
        (folder / "templates" / f"{name}.hoc").write_text(text)
    (folder / "synapses" / "exc.json").write_text(json.dumps({"tau": 2.0, "e": 0.0}))
    (folder / "synapses" / "many.json").write_text(json.dumps(SYNAPSE))

    ids = np.arange(cells)
    rings = -(-cells // RING)
    nodes_file(net / "ring_nodes.h5", "ring", ids % kinds + 100)
    rows = [f"{100 + kind} biophysical hoc:Ring{kind}" for kind in range(kinds)]
    (net / "ring_types.csv").write_text("node_type_id model_type model_template\n" + "\n".join(rows) + "\n")
    nodes_file(net / "start_nodes.h5", "start", np.full(rings, 10))
    (net / "start_types.csv").write_text("node_type_id model_type\n10 virtual\n")

    first = ids // RING * RING
    size = np.minimum(RING, cells - first)
    previous = first + (ids - first - 1) % size
    # Sections in the order of creation: soma[0], dend[0] ... dend[13].
    place = {"afferent_section_id": np.full(cells, 1, dtype=np.int32), "afferent_section_pos": np.full(cells, 0.625)}
    sites = [(0, 0.625, 0.0), *(synapse_site(k) for k in range(args.synapses))]
    section, position, later = (np.tile(values, cells) for values in zip(*sites))
    repeated = lambda values: np.repeat(values, len(sites))
    edges_file(net / "ring_ring_edges.h5", "ring_to_ring", ("ring", "ring"), (repeated(previous), repeated(ids)), (cells, cells),
               np.tile([1] + [3] * args.synapses, cells),
               {"delay": args.delay + later, "afferent_section_id": (section + 1).astype(np.int32),
                "afferent_section_pos": position})
    starts = np.arange(rings)
    edges_file(net / "start_ring_edges.h5", "start_to_ring", ("start", "ring"), (starts, starts * RING), (rings, cells),
               np.full(rings, 2), {"delay": args.delay + DT * (starts % 40), **{k: v[:rings] for k, v in place.items()}})
    header = "edge_type_id model_template dynamics_params syn_weight target_sections distance_range\n"
    for name, kind in (("ring_ring", 1), ("start_ring", 2)):
        many = f"3 exp2syn many.json {SYNAPSE_WEIGHT} ['basal'] [0,1000]\n" if name == "ring_ring" and args.synapses else ""
        (net / f"{name}_types.csv").write_text(header + f"{kind} expsyn exc.json 0.02 ['basal'] [0,1000]\n" + many)
    with h5py.File(folder / "start.h5", "w") as h5:
        group = h5.create_group("spikes/start")
        group["timestamps"] = np.zeros(rings)
        group["node_ids"] = starts.astype(np.uint64)

    edges = [{"edges_file": f"$BASE/network/{name}_edges.h5", "edge_types_file": f"$BASE/network/{name}_types.csv"}
             for name in ("ring_ring", "start_ring")]
    nodes = [{"nodes_file": f"$BASE/network/{name}_nodes.h5", "node_types_file": f"$BASE/network/{name}_types.csv"}
             for name in ("ring", "start")]
    config = {
        "manifest": {"$BASE": "."},
        "target_simulator": "NEURON",
        "run": {"tstop": args.tstop, "dt": DT, "spike_threshold": -20.0, "dL": 20.0},
        "conditions": {"celsius": KINDS[args.cell]["celsius"], "v_init": -65.0},
        "components": {"mechanisms_dir": str(Path(__file__).resolve().parents[2] / "mod"),
                       "templates_dir": "$BASE/templates", "synaptic_models_dir": "$BASE/synapses"},
        "networks": {"nodes": nodes, "edges": edges},
        "inputs": {"start": {"input_type": "spikes", "module": "sonata", "input_file": "$BASE/start.h5",
                             "node_set": "start"}},
        "output": {"output_dir": "$BASE/output", "spikes_file": "spikes.h5", "overwrite_output_dir": True},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


main()
