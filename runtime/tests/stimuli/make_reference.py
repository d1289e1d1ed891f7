"""Builds the network and the inputs of this folder, runs the configurations with BMTK, and keeps the results.

    python make_reference.py      (from this folder; see README.md)
"""

import json
import os
import shutil
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")

import h5py
import numpy as np
import pandas

# Without this BMTK 1.2 selects no cell when a node set filters on a text column under pandas 3.
pandas.set_option("future.infer_string", False)


def build():
    from bmtk.builder.networks import NetworkBuilder

    random = np.random.RandomState(1)
    cells = NetworkBuilder("cells")
    cells.add_nodes(N=3, model_type="biophysical", model_template="hoc:Tree", x=[0.0, 50.0, -80.0], y=[0.0, 30.0, 10.0],
                    z=[0.0, -40.0, 60.0], rotation_angle_xaxis=[0.0, 0.5, 1.0], rotation_angle_yaxis=[0.0, 2.0, -1.0],
                    rotation_angle_zaxis=[0.0, 1.0, 0.3], threshold_current=[0.1, 0.2, 0.4],
                    holding_current=[-0.01, -0.02, -0.03])
    cells.build()
    cells.save("network")

    with h5py.File("sweeps.nwb", "w") as file:
        series = file.create_group("epochs/Sweep_3/stimulus/timeseries")
        current = 0.6e-9 + 0.5e-9 * random.normal(size=500)
        series.create_dataset("data", data=current, compression="gzip")
        series.create_dataset("starting_time", data=0.0).attrs["rate"] = 12500.0

    times = np.arange(0.0, 10.01, 0.5)
    amplitudes = np.round(np.sin(times) * (times < 8), 6)
    pandas.DataFrame({"time": times, "amplitude": amplitudes}).to_csv("wave.csv", sep=" ", index=False)

    def export(name, unit, moments, value):
        points = np.round(random.uniform(-900, 900, size=(260, 3)), 3)
        columns = [value(points, t) for t in moments]
        names = [f"V ({unit})" + ("" if len(moments) == 1 else f" @ t={t / 1000:g}") for t in moments]
        with open(name, "w") as file:
            file.write("".join(f"% comment {line}\n" for line in range(8)))
            file.write("% x" + " " * 23 + "y" + " " * 24 + "z" + " " * 24 + "    ".join(names) + "\n")
            for point, row in zip(points, np.transpose(columns)):
                file.write("   ".join(f"{number:.9g}" for number in [*point, *row]) + "\n")

    def distance(points, centre):
        return np.sqrt(((points - np.array(centre)) ** 2).sum(axis=1) + 100.0)

    export("first.txt", "V", [0], lambda points, t: 6.0 / distance(points, [150, 100, 50]))
    export("second.txt", "mV", [0], lambda points, t: 0.02 * points[:, 0] - 0.03 * points[:, 2])
    export("in_time.txt", "mV", [0.0, 2.0, 5.0, 9.0],
           lambda points, t: 3000.0 * np.cos(0.7 * t) / distance(points, [150, 100, 50]))


def run(name):
    from neuron import h
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet import biocell
    from bmtk.simulator.bionet.default_setters.cell_models import loadHOC
    from bmtk.simulator.bionet.modules import comsol
    from bmtk.simulator.bionet.morphology import Morphology

    bionet.pyfunction_cache.add_cell_model(loadHOC, directive="hoc", model_type="biophysical")
    # Reports ask for the SWC file of every cell; these have none.
    Morphology.get_swc_id = lambda self, section, x: (0, 0)

    def setup_xstim(self, set_nrn_mechanism=True):
        # NEURON 9 has no PtrVector.ptr_update_callback.
        self.ptr2e_extracellular = h.PtrVector(self.morphology.nseg)
        self._BioCell__set_extracell_mechanism()

    biocell.BioCell.setup_xstim = setup_xstim

    class Nearest(comsol.NNip):
        """Recent versions of scipy give numbers that are no indices."""

        def __call__(self, *args):
            return np.asarray(super().__call__(*args)).astype(int)

    comsol.NNip = Nearest
    config = json.load(open("config.json"))
    config["inputs"] = {name: json.load(open("inputs.json"))[name]}
    json.dump(config, open("run.json", "w"))
    config = bionet.Config.from_json("run.json")
    config.build_env()
    network = bionet.BioNetwork.from_config(config)
    simulator = bionet.BioSimulator.from_config(config, network=network)
    if name in ("linear", "in_time"):
        # Pointers must be set when potentials have their final places.
        set_pointers = [h.FInitializeHandler(cell.set_ptr2e_extracellular) for cell in network.get_local_cells().values()]
    simulator.run()
    os.makedirs(f"reference/{name}", exist_ok=True)
    for file in ["spikes.h5", "v.h5"]:
        shutil.move(f"output/{file}", f"reference/{name}/{file}")
    shutil.rmtree("output")
    os.remove("run.json")


if len(sys.argv) > 1:
    run(sys.argv[1])
else:
    build()
    for name in json.load(open("inputs.json")):
        subprocess.run([sys.executable, __file__, name], check=True)
