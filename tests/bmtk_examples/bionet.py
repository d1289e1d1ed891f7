"""Runs one configuration with BMTK 1.2 under NEURON 9 and pandas 3.

    python bionet.py FOLDER CONFIG [MECHANISMS]

FOLDER is the example's; functions that its run_bionet.py registers are there, unless they draw random numbers without a seed
(bio_simulated_annealing): then BMTK's own of the same names are taken. MECHANISMS are those that nrnivmodl made of BMTK's,
for examples that bring none: spike trains need its VecStim. Three repairs; two make this version of BMTK run
under the present versions of its dependencies: node sets filter by text columns only with pandas' former kind of text,
and NEURON no longer has a callback that xstim asks for and does not need where memory does not move. The third is of BMTK's own:
cells were turned by their angles again each time that something asked where they are (a stimulus, then a report).
"""

import os
import runpy
import sys
import warnings

sys.path[0] = "."

warnings.filterwarnings("ignore")
os.environ.setdefault("MPLBACKEND", "Agg")

import pandas as pd

pd.set_option("future.infer_string", False)

from bmtk.simulator import bionet
from bmtk.simulator.bionet import biocell
from neuron import h, load_mechanisms


def setup_xstim(self, set_nrn_mechanism=True):
    self.ptr2e_extracellular = h.PtrVector(self.morphology.nseg)
    if set_nrn_mechanism:
        self._BioCell__set_extracell_mechanism()
    self.set_ptr2e_extracellular()


biocell.BioCell.setup_xstim = setup_xstim
turned = biocell.BioCell.seg_coords


def seg_coords(self):
    if self._seg_coords is None:
        self._seg_coords = turned.fget(self)
    return self._seg_coords


biocell.BioCell.seg_coords = property(seg_coords)

folder, config, *mechanisms = sys.argv[1:]
os.chdir(folder)
sys.argv = ["run_bionet.py", config]
if os.path.exists("run_bionet.py") and "np.random" not in open("run_bionet.py").read():
    try:
        runpy.run_path("run_bionet.py", run_name="functions")
    except ModuleNotFoundError as error:
        # bio_comsol asks for a module that BMTK no longer has, and does not use it.
        print(f"run_bionet.py: {error}")
conf = bionet.Config.from_json(config)
conf.build_env()
if mechanisms and not hasattr(h, "VecStim"):
    load_mechanisms(mechanisms[0])
network = bionet.BioNetwork.from_config(conf)
simulation = bionet.BioSimulator.from_config(conf, network=network)
simulation.run()
os._exit(0)
