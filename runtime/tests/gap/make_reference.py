"""Builds the networks of this folder with BMTK, runs them in NEURON, and keeps the results as the reference.

    python make_reference.py      (from this folder; see README.md)
"""

import shutil
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import pandas

# Without this BMTK 1.2 selects no cell when a node set filters on a text column under pandas 3.
pandas.set_option("future.infer_string", False)

from bmtk.builder.networks import NetworkBuilder


def build():
    np.random.seed(1)
    pair = NetworkBuilder("pair")
    pair.add_nodes(N=2, model_type="biophysical", model_template="hoc:Tree")
    pair.add_gap_junctions(source={"node_id": 0}, target={"node_id": 1}, conductance=0.02,
                           target_sections=None, distance_range=None, afferent_section_id=1, afferent_section_pos=0.2)
    ring = NetworkBuilder("ring", gj_id_start=100)
    ring.add_nodes(N=10, model_type="biophysical", model_template="hoc:Tree")

    def follows(source, target, step):
        return int((target.node_id - source.node_id) % 10 == step)

    synapse = {"model_template": "exp2syn", "syn_weight": 0.002, "delay": 1.0, "target_sections": ["basal", "apical"],
               "distance_range": [0, 1e9]}
    ring.add_edges(connection_rule=lambda s, t: 2 * follows(s, t, 2), dynamics_params="exc.json", **synapse)
    ring.add_gap_junctions(connection_rule=lambda s, t: follows(s, t, 1), conductance=0.03,
                           target_sections=["basal", "apical"], distance_range=[0, 1e9])
    ring.add_edges(connection_rule=lambda s, t: 2 * follows(s, t, 9), dynamics_params="inh.json", **synapse)
    ring.add_gap_junctions(connection_rule=lambda s, t: follows(s, t, 3), resistance=50.0)
    for net in (pair, ring):
        net.build()
        net.save("network")


def run():
    from neuron import h
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet.default_setters.cell_models import loadHOC
    from bmtk.simulator.bionet.morphology import Morphology

    h.nrn_load_dll("mechanisms/x86_64/libnrnmech.so")
    bionet.pyfunction_cache.add_cell_model(loadHOC, directive="hoc", model_type="biophysical")
    # Reports ask for the SWC file of every cell; these have none.
    Morphology.get_swc_id = lambda self, section, x: (0, 0)
    config = bionet.Config.from_json("config.json")
    config.build_env()
    network = bionet.BioNetwork.from_config(config)
    bionet.BioSimulator.from_config(config, network=network).run()


build()
run()
for name in ["spikes.h5", "pair.h5", "ring.h5"]:
    shutil.move(f"output/{name}", f"reference/{name}")
shutil.rmtree("output")
