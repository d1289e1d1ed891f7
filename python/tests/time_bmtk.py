"""Times BMTK's builder with the distance rule of builder/examples/distance.rs: python time_bmtk.py CELLS FOLDER

The time per pair of cells is what can be extrapolated: BMTK asks the rule for every pair.
"""

import logging
import resource
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from bmtk.builder.auxi.edge_connectors import distance_connector  # noqa: E402
from bmtk.builder.networks import NetworkBuilder  # noqa: E402

cells = int(sys.argv[1])
side = (cells / 1e5 / 0.2) ** 0.5 * 1000
start = time.time()
net = NetworkBuilder("slab")
net.add_nodes(N=cells, model_type="virtual", positions=np.random.random((cells, 3)) * [side, 200.0, side])
net.add_edges(connection_rule=distance_connector, syn_weight=1e-4, delay=1.0,
              connection_params=dict(d_weight_min=0.0, d_weight_max=0.63, d_max=125.0, nsyn_min=1, nsyn_max=5))
net.build()
built = time.time()
net.save(output_dir=sys.argv[2])
saved = time.time()
pairs = cells**2
print(f"{cells} cells: build {built - start:.1f} s, {1e6 * (built - start) / pairs:.2f} us for each pair, "
      f"save {saved - built:.1f} s, memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
