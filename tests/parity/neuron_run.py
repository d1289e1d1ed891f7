"""Run a SONATA folder in NEURON and save its spikes and reports.

    python neuron_run.py config.json COMPILED_MECHANISMS out.npz ["MECHANISMS WITHOUT TABLES"]

Everything is placed, connected and sampled as BMTK's BioNet places it, in the same order, for the
part of SONATA that the parity models use: biophysical cells from HOC templates, virtual cells with
spike files, edges with a section and a position, IClamp inputs, membrane reports. Two departures,
neither of which changes a number: at the times of a spike train a function sends the events of the synapses'
own NetCons (BMTK: a VecStim mechanism), and every row is read at once instead of block by block.

An entry of a report is the value after the step of its row: row i belongs to t = (i + 1) dt.
"""

import csv
import json
import sys
from functools import partial
from pathlib import Path

import h5py
import neuron
import numpy as np
from neuron import h


def load(path):
    """The configuration with its $variables replaced, paths relative to its folder."""
    config = json.loads(Path(path).read_text())
    manifest = {k.lstrip("$"): v for k, v in config.get("manifest", {}).items()}
    manifest["BASE_DIR"] = str(Path(path).resolve().parent)

    def replace(value):
        if isinstance(value, dict):
            return {k: replace(v) for k, v in value.items()}
        if isinstance(value, list):
            return [replace(v) for v in value]
        while isinstance(value, str) and "$" in value:
            for name, text in manifest.items():
                value = value.replace("${%s}" % name, text).replace("$" + name, text)
        return value

    return replace(config)


def types(path, key):
    with open(path, newline="") as text:
        return {int(row[key]): row for row in csv.DictReader(text, delimiter=" ")}


def populations(h5, kind):
    return [(name, group) for name, group in h5[kind].items()]


# BMTK's functions for the stock synapses name the JSON keys so; any other synapse takes its
# parameters by their own names.
STOCK = {"Exp2Syn": {"erev": "e"}, "ExpSyn": {"erev": "e", "tau1": "tau"}}


class Network:
    """Cells and synapses in NEURON, with what must be kept alive."""

    def __init__(self, config):
        self.config = config
        self.context = h.ParallelContext()
        self.cells = {}     # (population, node id) -> HOC object
        self.points = set()  # keys of artificial cells
        self.virtual = {}   # population -> number of nodes
        self.netcons = {}   # (population, node id) of a virtual source -> NetCons
        self.keep = []
        self.types = {}     # (population, node id) -> node type row
        templates = Path(config["components"]["templates_dir"])
        for template in sorted(templates.glob("*.hoc")):
            if not h.load_file(str(template)):
                raise SystemExit(f"NEURON cannot load {template}")
        self.make_cells()
        for source in config["networks"].get("edges", []):
            self.connect(source, virtual=False)

    def make_cells(self):
        spacing = self.config["run"].get("dL", 20.0)
        threshold = self.config["run"].get("spike_threshold", -15.0)
        for source in self.config["networks"]["nodes"]:
            rows = types(source["node_types_file"], "node_type_id")
            with h5py.File(source["nodes_file"]) as h5:
                for name, group in populations(h5, "nodes"):
                    ids = group["node_id"][:] if "node_id" in group else range(len(group["node_type_id"]))
                    for node, kind in zip(ids, group["node_type_id"][:]):
                        row = rows[int(kind)]
                        self.types[name, int(node)] = row
                        if row["model_type"] == "virtual":
                            self.netcons[name, int(node)] = []
                            continue
                        gid = len(self.cells)
                        self.context.set_gid2node(gid, 0)
                        template = row["model_template"].split(":")[1]
                        if row["model_type"] == "point_neuron":
                            cell = self.point_neuron(template, row["dynamics_params"])
                            detector = h.NetCon(cell, None)
                            self.points.add((name, int(node)))
                            self.context.cell(gid, detector)
                            self.keep.append(detector)
                            self.cells[name, int(node)] = cell
                            continue
                        cell = getattr(h, template)()
                        if spacing is not None:
                            for section in cell.all:
                                section.nseg = 1 + 2 * int(section.L / (2 * spacing))
                        detector = h.NetCon(cell.soma[0](0.5)._ref_v, None, sec=cell.soma[0])
                        detector.threshold = threshold
                        self.context.cell(gid, detector)
                        self.keep.append(detector)
                        self.cells[name, int(node)] = cell
        self.gids = {key: gid for gid, key in enumerate(self.cells)}

    def point_neuron(self, template, file):
        """An artificial cell; BMTK's function for IntFire1 takes seconds."""
        cell = getattr(h, template)()
        models = Path(self.config["components"]["point_neuron_models_dir"])
        for name, value in json.loads((models / file).read_text()).items():
            seconds = template == "IntFire1" and name in ("tau", "refrac")
            setattr(cell, name, float(value) * 1000.0 if seconds else float(value))
        return cell

    def connect(self, source, virtual):
        """The edges of a file whose source population is virtual, or those whose is not."""
        rows = types(source["edge_types_file"], "edge_type_id")
        with h5py.File(source["edges_file"]) as h5:
            for _, group in populations(h5, "edges"):
                sources = group["source_node_id"].attrs["node_population"]
                targets = group["target_node_id"].attrs["node_population"]
                columns = {k: group["0"][k][:] for k in group["0"]}
                edges = list(zip(group["target_node_id"][:], range(len(group["target_node_id"])),
                                 group["source_node_id"][:], group["edge_type_id"][:]))
                for target, at, origin, kind in sorted(edges):
                    key = (sources, int(origin))
                    if (key in self.netcons) != virtual:
                        continue
                    row = {**rows[int(kind)], **{k: v[at] for k, v in columns.items()}}
                    self.synapse(key, (targets, int(target)), row)

    def synapse(self, source, target, row):
        if target in self.points:
            synapse = self.cells[target]
        else:
            section = list(self.cells[target].all)[int(row["sec_id"])]
            template = row["model_template"]
            synapse = getattr(h, template)(float(row["sec_x"]), sec=section)
            models = Path(self.config["components"]["synaptic_models_dir"])
            parameters = json.loads((models / row["dynamics_params"]).read_text())
            for name, value in parameters.items():
                setattr(synapse, STOCK.get(template, {}).get(name, name), float(value))
        if source in self.netcons:
            netcon = h.NetCon(None, synapse)
            self.netcons[source].append(netcon)
        else:
            netcon = self.context.gid_connect(self.gids[source], synapse)
        netcon.weight[0] = float(row["syn_weight"])
        netcon.delay = float(row["delay"])
        self.keep += [synapse, netcon]

    def biophysical(self):
        return [key for key in self.cells if key not in self.points]

    def select(self, node_set):
        """The biophysical cells of a node set, in network order."""
        if isinstance(node_set, str):
            if node_set == "all":
                return self.biophysical()
            sets = self.config.get("node_sets", {})
            node_set = sets.get(node_set, {"population": node_set})
        chosen = []
        for key in self.biophysical():
            row = {**self.types[key], "population": key[0]}
            wanted = dict(node_set)
            ids = wanted.pop("node_id", wanted.pop("node_ids", None))
            if all(row[k] == v for k, v in wanted.items()) and (ids is None or key[1] in ids):
                chosen.append(key)
        return chosen

    def inputs(self):
        trains = []
        for block in self.config.get("inputs", {}).values():
            if block["input_type"] == "spikes":
                for source in self.config["networks"]["edges"]:
                    self.connect(source, virtual=True)
                with h5py.File(block["input_file"]) as h5:
                    for name, group in populations(h5, "spikes"):
                        trains += [(float(t), (name, int(i))) for t, i in
                                   zip(group["timestamps"][:], group["node_ids"][:])]
            else:
                for key in self.select(block.get("node_set", "all")):
                    self.clamp(self.cells[key], block)

        def queue():
            for t, key in sorted(trains):
                h.cvode.event(t, partial(send, t, key))

        def send(t, key):
            for netcon in self.netcons[key]:
                netcon.event(t + netcon.delay)

        self.keep.append(h.FInitializeHandler(1, queue))

    def clamp(self, cell, block):
        lists = [v if isinstance(v, list) else [v] for v in
                 (block["amp"], block["delay"], block["duration"])]
        sections = getattr(cell, block.get("section_name", "soma"))
        section = sections[int(block.get("section_index", 0))]
        for amp, delay, duration in zip(*lists):
            clamp = h.IClamp(section(float(block.get("section_dist", 0.5))))
            clamp.amp, clamp.delay, clamp.dur = amp, delay, duration
            self.keep.append(clamp)

    def references(self, block):
        """Pointers to a report's variable, a cell after the other, segment by segment."""
        found = []
        for key in self.select(block["cells"]):
            cell = self.cells[key]
            if block.get("sections", "all") == "soma":
                segments = [cell.soma[0](0.5)]
            else:
                segments = [segment for section in cell.all for segment in section]
            found += [getattr(s, "_ref_" + block["variable_name"]) for s in segments]
        return found


def steps_of(block, run):
    """The steps after which a report is sampled."""
    dt = run["dt"]
    first, end = block.get("start_time", 0.0), block.get("end_time", run["tstop"])
    every = block.get("dt", dt)
    return range(round(first / dt), round(end / dt), round(every / dt))


def main(config_path, mechanisms, out, exact=""):
    if not neuron.load_mechanisms(mechanisms, warn_if_already_loaded=False):
        raise SystemExit(f"no compiled mechanisms in {mechanisms}")
    h.load_file("stdrun.hoc")
    for name in exact.split():
        setattr(h, f"usetable_{name}", 0)
    config = load(config_path)
    network = Network(config)
    h.celsius = config["conditions"]["celsius"]
    h.dt = config["run"]["dt"]
    network.inputs()
    reports = {name: network.references(block) for name, block in config["reports"].items()}
    times, ids = h.Vector(), h.Vector()
    network.context.spike_record(-1, times, ids)
    steps = round(config["run"]["tstop"] / h.dt)
    sampled = {name: set(steps_of(block, config["run"])) for name, block in config["reports"].items()}
    rows = {name: [] for name in reports}
    h.finitialize(config["conditions"]["v_init"])
    for step in range(steps):
        h.fadvance()
        for name, refs in reports.items():
            if step in sampled[name]:
                rows[name].append([ref[0] for ref in refs])
    compartments = sum(s.nseg for key in network.biophysical() for s in network.cells[key].all)
    np.savez(out, spike_times=np.array(times), spike_ids=np.array(ids, dtype=int),
             compartments=compartments, **{f"report_{k}": np.array(v) for k, v in rows.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
