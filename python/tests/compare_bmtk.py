"""Compares networks built by BMTK and by this package from the same calls and seeds.

    BMTK_PYTHON=.../bin/python python tests/compare_bmtk.py      (in an environment with saltatory, h5py, libsonata)

BMTK runs in its own environment (bmtk 1.2.0). What is compared: all datasets of nodes; all edges with their
properties, sorted, since BMTK's sort leaves edges of a target in any order; types tables, with columns in any order,
since BMTK writes them in the order of a set; names of files. The files of this package are then read by BMTK and
libsonata.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np

SWC = """
import warnings, sys, glob, json, os
warnings.filterwarnings("ignore")
if sys.argv[1] == "bmtk":
    import bmtk
    from bmtk.builder.bionet import SWCReader
else:
    from saltatory.builder.bionet import SWCReader
found = {}
for path in sys.argv[3:]:
    for axon in ("as it is", "fixed", "deleted"):
        swc = SWCReader(path, rng_seed=11)
        {"as it is": lambda: None, "fixed": swc.fix_axon, "deleted": swc.delete_axon}[axon]()
        swc.set_segment_dl(20.0)
        made = []
        for names, distances in ((["soma"], [0, 50]), (["basal"], [50.0, 150.0]), (["dend", "apic"], [0.0, 1e20])):
            try:
                ids, xs = swc.choose_sections(names, distances, 20)
            except ValueError:
                made.append("nothing")
                continue
            placed = swc.move_and_rotate(soma_coords=[1.0, 2.0, 3.0], rotation_angles=[0.1, 0.2, 0.3])
            props = swc.seg_props
            for i, x in zip(ids.tolist(), xs.tolist()):
                at = [k for k in range(len(props.x)) if props.sec_id[k] == i and props.x[k] == x][0]
                row = swc.get_swc_id(i, x)
                made.append([i, x, *map(float, placed.get_coords(i, x)), float(props.dist[at]), int(props.type[at]),
                             int(row[0]), float(row[1])])
        found[os.path.basename(path) + ", axon " + axon] = made
json.dump(found, open(sys.argv[2], "w"))
"""

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import networks  # noqa: E402

BMTK = """
import sys, warnings, logging
warnings.filterwarnings("ignore")
from types import SimpleNamespace
from bmtk.builder.networks import NetworkBuilder
from bmtk.builder.auxi import node_params, edge_connectors
sys.path.insert(0, sys.argv[1])
import networks
networks.build(sys.argv[2], SimpleNamespace(NetworkBuilder=NetworkBuilder, node_params=node_params,
                                            edge_connectors=edge_connectors), sys.argv[3])
"""

READ = """
import sys, glob
from bmtk.utils import sonata
folder = sys.argv[1]
for nodes in glob.glob(folder + "/*_nodes.h5"):
    file = sonata.File(data_files=nodes, data_type_files=nodes.replace("_nodes.h5", "_node_types.csv"))
    for population in file.nodes.populations:
        print("nodes", population.name, len(list(population)))
for edges in glob.glob(folder + "/*_edges.h5"):
    file = sonata.File(data_files=edges, data_type_files=edges.replace("_edges.h5", "_edge_types.csv"))
    for population in file.edges.populations:
        ids = sorted(set(population._target_node_id_ds[()].tolist()))
        found = [e for i in ids for e in population.get_target(i)]
        print("edges", population.name, len(found))
"""


def ours():
    from saltatory.builder import NetworkBuilder
    from saltatory.builder.auxi import edge_connectors, node_params

    return SimpleNamespace(NetworkBuilder=NetworkBuilder, node_params=node_params, edge_connectors=edge_connectors)


def table(path):
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f, delimiter=" "))
    # BMTK shows the address of a function.
    return [{k: re.sub("<function .*>", "<function>", v) or "NULL" for k, v in row.items()} for row in rows]


def datasets(group):
    found = {}
    group.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return found


def rows(population):
    """All edges as sorted rows: ends, type, group, and the properties of the group."""
    ids = {n: population[n][()] for n in ("source_node_id", "target_node_id", "edge_type_id", "edge_group_id",
                                          "edge_group_index")}
    assert np.all(np.diff(ids["target_node_id"].astype(int)) >= 0) or not sorted_ids(population)
    groups = {g: {n: d[()] for n, d in sorted(population[g].items())} for g in population if g.isdigit()}
    out = []
    for i in range(len(ids["source_node_id"])):
        group = groups[str(ids["edge_group_id"][i])]
        own = tuple((n, v[ids["edge_group_index"][i]]) for n, v in group.items())
        out.append((int(ids["target_node_id"][i]), int(ids["source_node_id"][i]), int(ids["edge_type_id"][i]),
                    int(ids["edge_group_id"][i]), own))
    return sorted(out)


def sorted_ids(population):
    return population["target_node_id"].attrs["node_population"] != "net"


def check_index(population):
    """Every edge is found by its target and by its source, once."""
    for ids, name in (("target_node_id", "target_to_source"), ("source_node_id", "source_to_target")):
        ids, index = population[ids][()], population["indices"][name]
        ranges = index["range_to_edge_id"][()]
        seen = np.zeros(len(ids), dtype=int)
        for node, (a, b) in enumerate(index["node_id_to_range"][()]):
            for first, end in ranges[a:b]:
                assert np.all(ids[first:end] == node)
                seen[first:end] += 1
        assert np.all(seen == 1)


def compare(name, a, b):
    """Compares the files of folder a (BMTK) with those of folder b."""
    names = sorted(p.name for p in Path(a).iterdir())
    assert names == sorted(p.name for p in Path(b).iterdir()), (names, sorted(os.listdir(b)))
    edges = 0
    for file in names:
        if file.endswith(".csv"):
            assert table(f"{a}/{file}") == table(f"{b}/{file}"), f"{name}: {file} differs"
            continue
        with h5py.File(f"{a}/{file}") as left, h5py.File(f"{b}/{file}") as right:
            assert list(left) == list(right)
            if "edges" in left:
                assert list(left["edges"]) == list(right["edges"])
                for population in left["edges"]:
                    l, r = left["edges"][population], right["edges"][population]
                    check_index(r)
                    for path, item in datasets(l).items():
                        assert path in r and r[path].dtype == item.dtype, f"{name}: {file}: {path}"
                        if not path.startswith("indices"):
                            assert r[path].shape == item.shape, f"{name}: {file}: {path}"
                    for end in ("source_node_id", "target_node_id"):
                        assert dict(l[end].attrs) == dict(r[end].attrs)
                    assert rows(l) == rows(r), f"{name}: {file}: edges differ"
                    edges += len(l["source_node_id"])
                continue
            l, r = datasets(left), datasets(right)
            assert sorted(l) == sorted(r), (name, file, sorted(l), sorted(r))
            for path, item in l.items():
                assert item.dtype == r[path].dtype, f"{name}: {file}: {path}: {item.dtype} {r[path].dtype}"
                assert np.array_equal(item[()], r[path][()]), f"{name}: {file}: {path} differs"
            assert left.attrs["magic"] == right.attrs["magic"]
    return edges


def read_with_libsonata(folder):
    import libsonata

    for path in sorted(Path(folder).glob("*_edges.h5")):
        storage = libsonata.EdgeStorage(str(path))
        for name in storage.population_names:
            population = storage.open_population(name)
            whole = population.select_all()
            targets = population.target_nodes(whole)
            some = population.afferent_edges(sorted(set(targets.tolist())))
            assert some.flat_size == population.size == len(targets)
            efferent = population.efferent_edges(sorted(set(population.source_nodes(whole).tolist())))
            assert efferent.flat_size == population.size
            for attribute in population.attribute_names:
                if all(attribute in population_group(path, name, g) for g in groups(path, name)):
                    population.get_attribute(attribute, whole)
    for path in sorted(Path(folder).glob("*_nodes.h5")):
        storage = libsonata.NodeStorage(str(path))
        for name in storage.population_names:
            with h5py.File(path) as h5:
                if "1" in h5["nodes"][name]:
                    continue  # several groups, which libsonata refuses
                assert storage.open_population(name).size == len(h5["nodes"][name]["node_type_id"])


def compare_morphologies(python):
    """Places that both choose on the same files with the same seed, and what both say of them."""
    folder = subprocess.run([python, "-c", "import bmtk, os; print(os.path.dirname(bmtk.__file__))"], check=True,
                            capture_output=True, text=True).stdout.strip().splitlines()[-1]
    files = [str(HERE / "bush.swc"), *sorted(map(str, Path(folder).glob("utils/scripts/bionet/morphologies/*.swc")))]
    with tempfile.TemporaryDirectory() as a:
        made = []
        for interpreter, who in ((python, "bmtk"), (sys.executable, "saltatory")):
            out = f"{a}/{who}.json"
            subprocess.run([interpreter, "-c", SWC, who, out, *files], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            made.append(json.loads(Path(out).read_text()))
    left, right = made
    places = 0
    for name, rows in left.items():
        assert len(rows) == len(right[name]), f"{name}: {len(rows)} places, {len(right[name])}"
        for a, b in zip(rows, right[name]):
            if a == "nothing":
                assert b == a, name
                continue
            assert a[0] == b[0] and a[6:8] == b[6:8], f"{name}: {a} {b}"
            # Rotations are summed in another order.
            assert np.allclose(a, b, rtol=0, atol=1e-9), f"{name}: {a} {b}"
            places += 1
    print(f"morphologies: equal, {places} places on {len(files)} cells with whole, fixed and deleted axons")


def groups(path, name):
    with h5py.File(path) as h5:
        return [g for g in h5["edges"][name] if g.isdigit()]


def population_group(path, name, group):
    with h5py.File(path) as h5:
        return list(h5["edges"][name][group])


def main():
    python = os.environ.get("BMTK_PYTHON")
    if not python:
        sys.exit("BMTK_PYTHON: name the interpreter of an environment with bmtk 1.2.0")
    compare_morphologies(python)
    for name in networks.ALL:
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            subprocess.run([python, "-c", BMTK, str(HERE), name, a], check=True, stdout=subprocess.DEVNULL)
            networks.build(name, ours(), b)
            edges = compare(name, a, b)
            multi = any(len(groups(p, g)) > 1 for p in Path(b).glob("*_edges.h5") for g in h5py.File(p)["edges"])
            lib = "not read by libsonata, which refuses several groups"
            if not multi:
                # The wheel of libsonata can't read compressed datasets, of BMTK or others.
                with tempfile.TemporaryDirectory() as c:
                    networks.build(name, ours(), c, compression="none")
                    read_with_libsonata(c)
                lib = "read by libsonata"
            read = subprocess.run([python, "-c", READ, b], check=True, capture_output=True, text=True).stdout.split()
            print(f"{name}: equal, {edges} rows of edges; {lib}; BMTK reads {' '.join(read)}")


if __name__ == "__main__":
    main()
