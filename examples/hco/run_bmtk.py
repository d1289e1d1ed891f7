"""Run a configuration of this folder in BMTK and NEURON, to compare.

    python run_bmtk.py config.json      (from this folder; needs bmtk 1.2 and neuron)

The mechanisms must have been compiled for NEURON before, as `mod/README.md` says.
"""

import sys

import pandas
from neuron import h

# Without this BMTK 1.2 selects no cell when a node set filters on a text column under pandas 3.
pandas.set_option("future.infer_string", False)

from bmtk.simulator import bionet
from bmtk.simulator.bionet.default_setters.cell_models import loadHOC


def inhsyn(parameters, x, section):
    """The synapse with the parameters of its JSON file, whose numbers may be text."""
    synapse = h.inhsyn(x, sec=section)
    for name, value in parameters.items():
        setattr(synapse, name, float(value))
    return synapse


bionet.pyfunction_cache.add_cell_model(loadHOC, directive="hoc", model_type="biophysical")
bionet.pyfunction_cache.add_synapse_model(inhsyn, "inhsyn", overwrite=True)

config = bionet.Config.from_json(sys.argv[1])
config.build_env()
network = bionet.BioNetwork.from_config(config)
simulator = bionet.BioSimulator.from_config(config, network=network)
simulator.run()
bionet.nrn.quit_execution()
