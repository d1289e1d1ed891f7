"""Files that a checkout of BMTK's or SONATA's examples lacks, made with the same structure and other numbers.

    python standins.py EXAMPLES [BMTK_EXAMPLES]

What is only to be had by downloads or was left out because of its size is made here, so that BMTK and this simulator can
both run the examples: Poisson spike trains for the same populations, sweeps of an Allen NWB file, edges between the same
cells. Configurations that name what no longer exists are repaired. EXAMPLES is a copy: files are added to it. `make` gives
a note for each example that was changed.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np


def poisson(file, population, ids, rate, end, seed):
    """Spikes of independent Poisson processes; rate in 1/s, end in ms."""
    draw = np.random.default_rng(seed)
    times, nodes = [], []
    for node in ids:
        own = np.sort(draw.uniform(0, end, draw.poisson(rate * end / 1000)))
        # NEURON's VecStim ends the run where two are the same.
        own = np.unique(np.round(own, 2))
        times.append(own)
        nodes.append(np.full(len(own), node, dtype=np.uint64))
    file.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(file, "w") as data:
        group = data.create_group(f"spikes/{population}")
        group.attrs["sorting"] = "by_id"
        group.create_dataset("timestamps", data=np.concatenate(times)).attrs["units"] = "ms"
        group.create_dataset("node_ids", data=np.concatenate(nodes))


def sweep(file, number, rate, steps):
    """An Allen NWB file with one sweep: steps of current in ms and nA, sampled at `rate` in Hz."""
    end = max(stop for _, stop, _ in steps) + 200
    data = np.zeros(int(end * rate / 1000))
    for start, stop, amplitude in steps:
        data[int(start * rate / 1000) : int(stop * rate / 1000)] = amplitude * 1e-9
    file.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(file, "w") as nwb:
        series = nwb.create_group(f"epochs/Sweep_{number}/stimulus/timeseries")
        series.create_dataset("data", data=data, compression="gzip")
        series.create_dataset("starting_time", data=0.0).attrs["rate"] = float(rate)


def edges(file, population, names, sources, targets, types, groups):
    """Edges sorted by target. `groups`: for each group the rows that it has and its attributes."""
    order = np.argsort(targets, kind="stable")
    group_id = np.zeros(len(targets), dtype=np.uint16)
    group_index = np.zeros(len(targets), dtype=np.uint32)
    with h5py.File(file, "w") as data:
        out = data.create_group(f"edges/{population}")
        for number, (rows, attributes) in enumerate(groups):
            chosen = order[np.isin(order, rows)]
            group_id[np.isin(order, rows)] = number
            group_index[np.isin(order, rows)] = np.arange(len(rows))
            position = {row: place for place, row in enumerate(rows)}
            places = np.array([position[row] for row in chosen])
            group = out.create_group(str(number))
            for name, values in attributes.items():
                group.create_dataset(name, data=np.asarray(values)[places])
        for name, ids, node_population in (
            ("source_node_id", sources, names[0]),
            ("target_node_id", targets, names[1]),
        ):
            dataset = out.create_dataset(name, data=np.asarray(ids)[order].astype(np.uint64))
            dataset.attrs["node_population"] = node_population
        out.create_dataset("edge_type_id", data=np.asarray(types)[order].astype(np.uint32))
        out.create_dataset("edge_group_id", data=group_id)
        out.create_dataset("edge_group_index", data=group_index)
        for name, ids in (("target_to_source", targets), ("source_to_target", sources)):
            sorted_ids = np.asarray(ids)[order]
            ranges, of_node = [], np.zeros((int(np.max(ids)) + 1, 2), dtype=np.uint64)
            starts = np.flatnonzero(np.r_[True, np.diff(sorted_ids) != 0])
            ends = np.r_[starts[1:], len(sorted_ids)]
            runs = sorted(zip(sorted_ids[starts], starts, ends))
            for node, start, end in runs:
                first = len(ranges)
                if of_node[int(node), 1] == 0:
                    of_node[int(node)] = (first, first)
                ranges.append((start, end))
                of_node[int(node), 1] = len(ranges)
            index = out.create_group(f"indices/{name}")
            index.create_dataset("node_id_to_range", data=of_node)
            index.create_dataset("range_to_edge_id", data=np.array(ranges, dtype=np.uint64))


def layer4(folder):
    """From 9000 virtual cells to 449: 20 sources for each, 10 synapses each, where recurrent edges reach the same cell."""
    draw = np.random.default_rng(4)
    with h5py.File(folder / "network/l4_nodes.h5") as data:
        types = data["nodes/l4/node_type_id"][:]
    with h5py.File(folder / "network/l4_l4_edges.h5") as data:
        recurrent = data["edges/l4_to_l4"]
        placed = recurrent["edge_group_id"][:] == 0
        rows = recurrent["edge_group_index"][:][placed]
        target = recurrent["target_node_id"][:][placed]
        section, place = recurrent["0/sec_id"][:][rows], recurrent["0/sec_x"][:][rows]
    models = {100: (102, 4e-5), 101: (100, 5e-5), 102: (101, 5e-5), 103: (103, 1e-4), 104: (104, 9e-5)}
    models |= {105: (105, 0.0045), 106: (106, 0.002)}
    sources, targets, kinds, weights, sections, places = [], [], [], [], [], []
    for node, model in enumerate(types):
        kind, weight = models[int(model)]
        point = kind >= 105
        count = 20 if point else 200
        from_ids = np.repeat(draw.choice(9000, 20, replace=False), count // 20)
        sources.append(from_ids)
        targets.append(np.full(count, node))
        kinds.append(np.full(count, kind))
        weights.append(np.full(count, weight))
        at = np.flatnonzero(np.isin(types[target], model)) if not point else None
        chosen = draw.choice(at, count) if not point else np.zeros(count, dtype=int)
        sections.append(section[chosen])
        places.append(place[chosen])
    sources, targets, kinds, weights, sections, places = map(
        np.concatenate, (sources, targets, kinds, weights, sections, places)
    )
    cells, points = np.flatnonzero(kinds < 105), np.flatnonzero(kinds >= 105)
    groups = [
        (cells, {"sec_id": sections[cells].astype(np.int32), "sec_x": places[cells], "syn_weight": weights[cells]}),
        (points, {"syn_weight": weights[points]}),
    ]
    edges(folder / "network/lgn_l4_edges.h5", "lgn_to_l4", ("lgn", "l4"), sources, targets, kinds, groups)
    poisson(folder / "inputs/lgn_spike_trains.h5", "lgn", range(9000), 15.0, 3000.0, 5)


def excitation_inhibition(folder):
    """BMTK's own script builds a smaller network: 100 cells instead of 12500, as many connections for each pair."""
    text = (folder / "build_network.py").read_text()
    text = text.replace("N_exc = 10000", "N_exc = 80").replace("N_inh = 2500", "N_inh = 20")
    text = re.sub(r"^n_syn = .*$|^from bmtk.analyzer.*$", "", text, flags=re.M)
    text = re.sub(r"^from bmtk.utils.io.spike_trains.*$", "np.random.seed(7)", text, flags=re.M)
    (folder / "build_small.py").write_text(text)
    subprocess.run([sys.executable, "build_small.py"], cwd=folder, check=True, capture_output=True)
    components = folder.parent.parent / "biophys_components"
    shutil.copytree(folder.parent.parent / "bio_nsg/bio_450cells/components", components, dirs_exist_ok=True)
    config = (folder / "config.json").read_text()
    config = config.replace("/internal_edge_types", "/internal_internal_edge_types")
    config = config.replace("/external_edge_types", "/external_internal_edge_types")
    config = config.replace("[0,2500,5000,7500,10000,12499]", "[0,20,40,60,80,99]")
    (folder / "config.json").write_text(config)


def scattered(file):
    """Moves the points of a solution by up to 1 nm: where five lie on a sphere, as in this mesh, what is between them is
    the interpolating library's choice."""
    lines = file.read_text().splitlines()
    draw = np.random.default_rng(0)
    for at, line in enumerate(lines):
        if not line.startswith("%"):
            values = np.array(line.split(), float)
            values[:3] += draw.uniform(-1e-3, 1e-3, 3)
            lines[at] = "  ".join(map(repr, values.tolist()))
    file.write_text("\n".join(lines) + "\n")


def electrodes(folder):
    """Present names of keys, points in no regular order, and a waveform: 1 ms of each sign, every 10 ms."""
    for file in (folder.parent / "bio_components/stimulations").glob("COMSOL_[12]*.txt"):
        scattered(file)
    for file in folder.glob("config_comsol_*.json"):
        text = file.read_text().replace('"comsol_file"', '"comsol_files"').replace('"waveform"', '"waveforms"')
        text = text.replace("biophysical_neuron_templates", "biophysical_neuron_templates/ctdb")
        file.write_text(text)
    network = folder / "config_network.json"
    network.write_text(network.read_text().replace("biophysical_neuron_templates", "biophysical_neuron_templates/ctdb"))
    times = np.arange(0, 10, 0.025)
    amplitude = np.where(times < 1, 1.0, np.where(times < 2, -1.0, 0.0))
    rows = [f"{time:.3f} {value:g}" for time, value in zip(times, amplitude)]
    (folder.parent / "bio_components/stimulations/waveform.csv").write_text("\n".join(["time amplitude", *rows]) + "\n")


def make(examples, similar=None):
    """Adds what is missing; by the beginning of an example's path what was done. `similar`: BMTK's examples, if others are made."""
    notes = {}
    cells = examples / "300_cells"
    if cells.is_dir() and not (cells / "network/internal_internal_edges.h5").exists() and similar:
        for name in ("internal_internal_edges.h5", "external_internal_edges.h5"):
            shutil.copy(similar / "bio_300cells_nosurround/network" / name, cells / "network" / name)
        notes["300_cells"] = "edges of bio_300cells_nosurround, which has the same cells"
    sample = examples / "layer4_sample"
    if sample.is_dir() and not (sample / "network/lgn_l4_edges.h5").exists():
        layer4(sample)
        notes["layer4_sample"] = "edges and spikes of virtual cells made at random"
    nsg = examples / "bio_nsg/bio_450cells"
    if nsg.is_dir() and not (nsg / "inputs/lgn_spikes.h5").exists():
        poisson(nsg / "inputs/lgn_spikes.h5", "lgn", range(100), 15.0, 3000.0, 1)
        notes["bio_nsg"] = "Poisson spikes of 15 Hz as inputs"
    network = examples / "ei_networks/bionet"
    if network.is_dir() and not (network / "network").exists():
        excitation_inhibition(network)
        notes["ei_networks"] = "100 of 12500 cells, built by its own script; names of files in the configuration repaired"
    sweeps = {
        "bio_all_active_sweep/config": ("ephys_inputs/488683423_ephys.nwb", 35),
        "bio_advanced_stimuli/config.simulation_iclamp.nwb": ("inputs/483111427_ephys.nwb", 55),
    }
    for configuration, (file, number) in sweeps.items():
        folder = examples / configuration.split("/")[0]
        if folder.is_dir() and not (folder / file).exists():
            sweep(folder / file, number, 200000, [(20, 30, -0.05), (100, 400, 0.15), (450, 700, 0.25)])
            notes[configuration] = "steps of current as sweep of the NWB file"
    if (examples / "bio_simulated_annealing").is_dir():
        notes["bio_simulated_annealing"] = "with BMTK's own weight functions: those of its script are random without a seed"
    field = examples / "bio_comsol"
    if field.is_dir() and '"comsol_file"' in (field / "config_comsol_1c.json").read_text():
        electrodes(field)
        notes["bio_comsol"] = "up to 50 ms; keys of the configuration renamed, a waveform made, points moved by up to 1 nm"
    return notes


if __name__ == "__main__":
    print(json.dumps(make(*map(pathlib.Path, sys.argv[1:])), indent=1))
