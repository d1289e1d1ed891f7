"""Write the two networks of the half-centre oscillator as SONATA files.

    python make_network.py      (needs h5py and numpy)

Two cells inhibit each other. In `network/` each has two synapses on the other's
soma, as the tutorial's script leaves it by building the network twice; in
`network_single/` each has one.
"""

import csv
from pathlib import Path

import h5py
import numpy as np

POPULATION = "hco_net"
CELLS = ["HCOCell1", "HCOCell2"]
HERE = Path(__file__).parent


def root_attributes(h5):
    """Mark the file as SONATA 0.1."""
    h5.attrs["magic"] = np.uint32(0x0A7A)
    h5.attrs["version"] = np.array([0, 1], dtype=np.uint32)


def write_table(path, columns, rows):
    """A SONATA type table: space separated, with a header."""
    with open(path, "w", newline="") as out:
        table = csv.writer(out, delimiter=" ", lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def write_nodes(folder):
    with h5py.File(folder / f"{POPULATION}_nodes.h5", "w") as h5:
        root_attributes(h5)
        nodes = h5.create_group(f"nodes/{POPULATION}")
        nodes["node_id"] = np.array([0, 1], dtype=np.uint64)
        nodes["node_type_id"] = np.array([100, 101], dtype=np.uint64)
        nodes["node_group_id"] = np.zeros(2, dtype=np.uint32)
        nodes["node_group_index"] = np.arange(2, dtype=np.uint64)
        nodes.create_group("0")
    write_table(
        folder / f"{POPULATION}_node_types.csv",
        ["node_type_id", "cell_name", "model_type", "model_template"],
        [[100 + i, name, "biophysical", "hoc:HCOcell"] for i, name in enumerate(CELLS)],
    )


def index(of_edge, population_size):
    """SONATA's index from a node id to the runs of edges that name it."""
    ranges, runs = [], []
    for node in range(population_size):
        edges = np.flatnonzero(of_edge == node)
        first = len(runs)
        for run in np.split(edges, np.flatnonzero(np.diff(edges) != 1) + 1):
            runs.append([run[0], run[-1] + 1])
        ranges.append([first, len(runs)])
    return {
        "node_id_to_range": np.array(ranges, dtype=np.uint64),
        "range_to_edge_id": np.array(runs, dtype=np.uint64),
    }


def write_edges(folder, synapses_per_connection):
    # sorted by target: all onto cell 0 first
    target = np.repeat([0, 1], synapses_per_connection).astype(np.uint64)
    source = 1 - target
    count = len(target)
    with h5py.File(folder / f"{POPULATION}_{POPULATION}_edges.h5", "w") as h5:
        root_attributes(h5)
        edges = h5.create_group(f"edges/{POPULATION}_to_{POPULATION}")
        for name, ids in (("source_node_id", source), ("target_node_id", target)):
            edges[name] = ids
            edges[name].attrs["node_population"] = POPULATION
        edges["edge_type_id"] = (100 + source).astype(np.uint32)
        edges["edge_group_id"] = np.zeros(count, dtype=np.uint16)
        edges["edge_group_index"] = np.arange(count, dtype=np.uint32)
        edges["0/sec_id"] = np.zeros(count, dtype=np.int32)
        edges["0/sec_x"] = np.full(count, 0.5)
        for name, ids in (("target_to_source", target), ("source_to_target", source)):
            for table, rows in index(ids, len(CELLS)).items():
                edges[f"indices/{name}/{table}"] = rows
    write_table(
        folder / f"{POPULATION}_{POPULATION}_edge_types.csv",
        ["edge_type_id", "target_query", "source_query", "model_template", "dynamics_params",
         "syn_weight", "delay", "target_sections", "distance_range"],
        [[100 + i, f"cell_name=='{CELLS[1 - i]}'", f"cell_name=='{CELLS[i]}'", "inhsyn",
          "my_inhsyn.json", 0.4, 0.0, "['soma']", "[0, 999]"] for i in range(2)],
    )


for name, synapses in (("network", 2), ("network_single", 1)):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    write_nodes(folder)
    write_edges(folder, synapses)
