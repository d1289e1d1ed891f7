"""Runs a configuration with BMTK under NEURON.

    python simulate.py CONFIG

Two repairs let BMTK 1.2 run under the present versions of what it needs: node sets filter by text columns only with
pandas' former kind of text, and a callback that NEURON no longer has is not asked for.
"""

import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MPLBACKEND", "Agg")

import pandas as pd  # noqa: E402

pd.set_option("future.infer_string", False)

from bmtk.simulator import bionet  # noqa: E402
from bmtk.simulator.bionet.default_setters.cell_models import loadHOC  # noqa: E402
from neuron import h  # noqa: E402


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
