"""Build a configuration's network in BMTK and NEURON, run it, and print one line of JSON.

    python bmtk_setup.py config.json      (from the configuration's folder)
"""

import json
import resource
import sys
import time

begin = time.perf_counter()

import pandas

# Without this BMTK 1.2 selects no cell when a node set filters on a text column under pandas 3.
pandas.set_option("future.infer_string", False)

from bmtk.simulator import bionet
from bmtk.simulator.bionet.default_setters.cell_models import loadHOC

imported = time.perf_counter()
cpu = time.process_time()
bionet.pyfunction_cache.add_cell_model(loadHOC, directive="hoc", model_type="biophysical")
config = bionet.Config.from_json(sys.argv[1])
config.build_env()
network = bionet.BioNetwork.from_config(config)
simulator = bionet.BioSimulator.from_config(config, network=network)
built, cpu = time.perf_counter(), time.process_time() - cpu
simulator.run()
print(json.dumps({
    "import": imported - begin,
    "setup": built - imported,
    "setup_cpu": cpu,
    "run": time.perf_counter() - built,
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
