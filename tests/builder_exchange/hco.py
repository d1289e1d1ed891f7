"""Builds the half-centre oscillator of the tutorial with the builder of `saltatory`, or of BMTK after its import is changed.

    python hco.py hco FOLDER
"""

import sys

import numpy as np

from saltatory.builder import NetworkBuilder

net = NetworkBuilder("hco_net")
for name in ("HCOCell1", "HCOCell2"):
    net.add_nodes(N=1, cell_name=name, model_type="biophysical", model_template="hoc:HCOcell", morphology="blank.swc")
for source, target in (("HCOCell1", "HCOCell2"), ("HCOCell2", "HCOCell1")):
    conn = net.add_edges(source={"cell_name": source}, target={"cell_name": target}, connection_rule=1,
                         syn_weight=40.0e-02, dynamics_params="my_inhsyn.json", model_template="inhsyn", delay=0.0,
                         target_sections=["soma"], distance_range=[0, 999])
    conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
net.save(output_dir=sys.argv[2])
