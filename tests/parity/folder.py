"""Write a model as a SONATA folder, the one description both simulators run."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

POPULATION = "cells"
# Compact, and read by HDF5 1.8 and later.
FORMAT = ("v108", "v108")


@dataclass
class Synapse:
    """One edge: onto section `section` of `target` (a position in its `all` list) at `x`.

    `source` is a cell, or ("virtual", i) for the i-th spike train. Weight in the mechanism's unit,
    delay in ms.
    """

    source: object
    target: int
    template: str
    parameters: dict
    weight: float
    delay: float
    section: int = 0
    x: float = 0.5


@dataclass
class Point:
    """An artificial cell: the name of the ARTIFICIAL_CELL, and its parameters as BMTK takes them."""

    template: str
    parameters: dict = field(default_factory=dict)


@dataclass
class Clamp:
    """A current pulse: amp in nA, delay and duration in ms; or lists of them, for several."""

    cell: int
    amp: object
    delay: object
    duration: object
    name: str = "soma"
    index: int = 0
    x: float = 0.5


@dataclass
class Model:
    """Cells, what connects and drives them, and what to report: variable -> "soma" or "all";
    `sampling` holds keys added to every report.

    `exact` names mechanisms whose tables are not used; `refused` marks a model with something `runtime` does not support yet and must say so;
    `tolerance` is what can be asked of it if more than usual, and `note` why.
    """

    name: str
    about: str
    cells: list
    synapses: list = field(default_factory=list)
    clamps: list = field(default_factory=list)
    trains: list = field(default_factory=list)
    reports: dict = field(default_factory=dict)
    sampling: dict = field(default_factory=dict)
    dt: float = 0.025
    tstop: float = 100.0
    dL: float | None = 20.0
    celsius: float = 6.3
    v_init: float = -65.0
    threshold: float = -15.0
    exact: str = ""
    refused: bool = False
    tolerance: float = 0.0
    time_tolerance: float = 1e-6  # ms, for spikes of artificial cells
    note: str = ""

    def mechanisms(self):
        """Names of the density mechanisms and point processes it uses."""
        inserted = {name for cell in self.cells if not isinstance(cell, Point)
                    for s in cell.sections for name in s.insert}
        points = {cell.template for cell in self.cells if isinstance(cell, Point)}
        return inserted | points | {s.template for s in self.synapses}

    def points(self):
        """Node ids of the artificial cells."""
        return {i for i, cell in enumerate(self.cells) if isinstance(cell, Point)}


def table(path, columns, rows):
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, delimiter=" ", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def nodes(path, population, type_ids):
    with h5py.File(path, "w", libver=FORMAT) as h5:
        group = h5.create_group(f"nodes/{population}")
        group["node_id"] = np.arange(len(type_ids), dtype=np.uint64)
        group["node_type_id"] = np.array(type_ids, dtype=np.uint64)
        group["node_group_id"] = np.zeros(len(type_ids), dtype=np.uint32)
        group["node_group_index"] = np.arange(len(type_ids), dtype=np.uint64)
        group.create_group("0")


def ranges(ids):
    """SONATA's index of edges by node: runs of consecutive edges, and the runs of each node."""
    of_node, runs = [], []
    for node in range(int(ids.max()) + 1):
        edges = np.flatnonzero(ids == node)
        first = len(runs)
        if len(edges):
            for run in np.split(edges, np.flatnonzero(np.diff(edges) != 1) + 1):
                runs.append([run[0], run[-1] + 1])
        of_node.append([first, len(runs)])
    return {"node_id_to_range": np.array(of_node, dtype=np.uint64),
            "range_to_edge_id": np.array(runs, dtype=np.uint64)}


def edges(path, source_population, synapses, source_ids, type_ids):
    with h5py.File(path, "w", libver=FORMAT) as h5:
        group = h5.create_group(f"edges/{source_population}_to_{POPULATION}")
        source = np.array(source_ids, dtype=np.uint64)
        target = np.array([s.target for s in synapses], dtype=np.uint64)
        for name, ids, population in (("source_node_id", source, source_population),
                                      ("target_node_id", target, POPULATION)):
            group[name] = ids
            group[name].attrs["node_population"] = population
        group["edge_type_id"] = np.array(type_ids, dtype=np.uint32)
        group["edge_group_id"] = np.zeros(len(synapses), dtype=np.uint16)
        group["edge_group_index"] = np.arange(len(synapses), dtype=np.uint32)
        group["0/sec_id"] = np.array([s.section for s in synapses], dtype=np.int32)
        group["0/sec_x"] = np.array([s.x for s in synapses])
        group["0/syn_weight"] = np.array([s.weight for s in synapses])
        group["0/delay"] = np.array([s.delay for s in synapses])
        for name, ids in (("target_to_source", target), ("source_to_target", source)):
            for key, rows in ranges(ids).items():
                group[f"indices/{name}/{key}"] = rows


def write_edges(folder, source_population, synapses, config):
    """One edge population: an edge type per kind of synapse, edges sorted by target."""
    synapses = sorted(synapses, key=lambda s: s.target)
    kinds = []
    for s in synapses:
        if (s.template, s.parameters) not in kinds:
            kinds.append((s.template, s.parameters))
    stem = f"{source_population}_{POPULATION}"
    for i, (_, parameters) in enumerate(kinds):
        name = f"{stem}_{100 + i}.json"
        (folder / "synaptic_models" / name).write_text(json.dumps(parameters))
    table(folder / f"{stem}_edge_types.csv",
          ["edge_type_id", "target_query", "source_query", "model_template", "dynamics_params"],
          [[100 + i, "*", "*", template, f"{stem}_{100 + i}.json"]
           for i, (template, _) in enumerate(kinds)])
    edges(folder / f"{stem}_edges.h5", source_population, synapses,
          [s.source[1] if isinstance(s.source, tuple) else s.source for s in synapses],
          [100 + kinds.index((s.template, s.parameters)) for s in synapses])
    config["networks"]["edges"].append({
        "edges_file": f"$BASE_DIR/{stem}_edges.h5",
        "edge_types_file": f"$BASE_DIR/{stem}_edge_types.csv"})


def write(model: Model, folder: Path, mechanisms: str):
    """Write `model` under `folder`; returns the path of its configuration."""
    points = {"point_neuron_models_dir": "$BASE_DIR/point_neuron_models"} if model.points() else {}
    for name in ("templates", "synaptic_models", *(["point_neuron_models"] if points else [])):
        (folder / name).mkdir(parents=True, exist_ok=True)
    kinds = []
    for cell in model.cells:
        if cell not in kinds:
            kinds.append(cell)
    for cell in (cell for cell in kinds if not isinstance(cell, Point)):
        (folder / "templates" / f"{cell.name}.hoc").write_text(cell.hoc())
    config = {
        "manifest": {"$BASE_DIR": "."},
        "target_simulator": "NEURON",
        "run": {"tstop": model.tstop, "dt": model.dt, "dL": model.dL,
                "spike_threshold": model.threshold, "nsteps_block": 5000},
        "conditions": {"celsius": model.celsius, "v_init": model.v_init},
        "components": {"mechanisms_dir": mechanisms, "templates_dir": "$BASE_DIR/templates",
                       "synaptic_models_dir": "$BASE_DIR/synaptic_models", **points},
        "networks": {"nodes": [], "edges": []},
        "inputs": {}, "reports": {},
        "output": {"output_dir": "$BASE_DIR/output", "log_file": "log.txt",
                   "spikes_file": "spikes.h5"},
    }

    def write_nodes(population, columns, rows, type_ids):
        table(folder / f"{population}_node_types.csv", columns, rows)
        nodes(folder / f"{population}_nodes.h5", population, type_ids)
        config["networks"]["nodes"].append({
            "nodes_file": f"$BASE_DIR/{population}_nodes.h5",
            "node_types_file": f"$BASE_DIR/{population}_node_types.csv"})

    def node_type(i, cell):
        if not isinstance(cell, Point):
            return [100 + i, "biophysical", f"hoc:{cell.name}", *(["NULL"] if points else [])]
        name = f"{cell.template}_{i}.json"
        (folder / "point_neuron_models" / name).write_text(json.dumps(cell.parameters))
        return [100 + i, "point_neuron", f"nrn:{cell.template}", name]

    write_nodes(POPULATION,
                ["node_type_id", "model_type", "model_template", *(["dynamics_params"] if points else [])],
                [node_type(i, cell) for i, cell in enumerate(kinds)],
                [100 + kinds.index(cell) for cell in model.cells])
    if model.trains:
        write_nodes("virtual", ["node_type_id", "model_type"], [[100, "virtual"]],
                    [100] * len(model.trains))
        with h5py.File(folder / "trains.h5", "w", libver=FORMAT) as h5:
            pairs = sorted((t, i) for i, train in enumerate(model.trains) for t in train)
            group = h5.create_group("spikes/virtual")
            group["timestamps"] = np.array([t for t, _ in pairs])
            group["timestamps"].attrs["units"] = "ms"
            group["node_ids"] = np.array([i for _, i in pairs], dtype=np.uint64)
        config["inputs"]["trains"] = {"input_type": "spikes", "module": "sonata",
                                      "input_file": "$BASE_DIR/trains.h5", "node_set": "virtual"}
    for population, of in ((POPULATION, lambda s: not isinstance(s.source, tuple)),
                           ("virtual", lambda s: isinstance(s.source, tuple))):
        chosen = [s for s in model.synapses if of(s)]
        if chosen:
            write_edges(folder, population, chosen, config)
    for i, clamp in enumerate(model.clamps):
        config["inputs"][f"clamp{i}"] = {
            "input_type": "current_clamp", "module": "IClamp",
            "node_set": {"population": POPULATION, "node_id": [clamp.cell]},
            "amp": clamp.amp, "delay": clamp.delay, "duration": clamp.duration,
            "section_name": clamp.name, "section_index": clamp.index, "section_dist": clamp.x}
    for variable, sections in {"v": "all", **model.reports}.items():
        config["reports"][variable] = {
            "module": "membrane_report", "cells": POPULATION, "variable_name": variable,
            "sections": sections, "file_name": f"{variable}.h5", **model.sampling}
    path = folder / "config.json"
    path.write_text(json.dumps(config, indent=2))
    return path
