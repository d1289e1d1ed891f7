"""Builds the network of this folder with BMTK, runs it in NEURON, and keeps the results as the reference.

    python make_reference.py      (from this folder; see README.md)
"""

import json
import shutil
import warnings

warnings.filterwarnings("ignore")

import numpy as np
import pandas

# Without this BMTK 1.2 selects no cell when a node set filters on a text column under pandas 3.
pandas.set_option("future.infer_string", False)

from bmtk.builder.networks import NetworkBuilder
from bmtk.utils.reports.spike_trains import PoissonSpikeGenerator


def build():
    np.random.seed(1)
    cortex = NetworkBuilder("cortex")
    for count, kind in [(6, "e"), (2, "i")]:
        cortex.add_nodes(N=count, ei=kind, model_type="biophysical", model_template="hoc:Tree")
    drive = NetworkBuilder("drive")
    drive.add_nodes(N=10, model_type="virtual")

    excite = {"model_template": "exp2syn", "dynamics_params": "exc.json"}
    inhibit = {"model_template": "exp2syn", "dynamics_params": "inh.json"}
    cortex.add_edges(source={"ei": "e"}, target={"ei": "i"}, connection_rule=3, syn_weight=0.004, delay=1.5,
                     target_sections=["somatic", "basal"], distance_range=[0, 150], **excite)
    cortex.add_edges(source={"ei": "i"}, target={"ei": "e"}, connection_rule=2, syn_weight=0.006, delay=0.8,
                     target_sections=["somatic"], distance_range=[0, 1e9], **inhibit)
    placed = cortex.add_edges(source={"ei": "e"}, target={"ei": "e"}, syn_weight=0.001,
                              connection_rule=lambda s, t: int(s.node_id != t.node_id), **excite)
    placed.add_properties("delay", rule=lambda s, t: 0.5 + 0.1 * s.node_id, dtypes=float)
    placed.add_properties(["afferent_section_id", "afferent_section_pos"],
                          rule=lambda s, t: (4 + s.node_id % 2, 0.1 * (1 + s.node_id)), dtypes=[int, float])
    drive.add_edges(source=drive.nodes(), target=cortex.nodes(), connection_rule=lambda s, t: np.random.randint(0, 4),
                    syn_weight=0.003, delay=2.0, target_sections=["basal", "apical"], distance_range=[30, 300], **excite)
    for net in (cortex, drive):
        net.build()
        net.save("network")

    spikes = PoissonSpikeGenerator(population="drive", seed=3)
    spikes.add(node_ids=range(10), firing_rate=40.0, times=(0.0, 0.2))
    spikes.to_sonata("drive.h5")


def run():
    from neuron import h
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet.default_setters.cell_models import loadHOC
    from bmtk.simulator.bionet.morphology import Morphology

    h.nrn_load_dll("mechanisms/x86_64/libnrnmech.so")
    bionet.pyfunction_cache.add_cell_model(loadHOC, directive="hoc", model_type="biophysical")
    # Reports ask for the SWC file of every cell; these have none.
    Morphology.get_swc_id = lambda self, section, x: (0, 0)
    h.CVode().use_fast_imem(1)
    config = bionet.Config.from_json("config.json")
    config.build_env()
    network = bionet.BioNetwork.from_config(config)
    bionet.BioSimulator.from_config(config, network=network).run()


build()
run()
for name in ["spikes.h5", "soma.h5", "all.h5", "m.h5", "synapses.h5", "currents.h5"]:
    shutil.move(f"output/{name}", f"reference/{name}")
shutil.rmtree("output")
