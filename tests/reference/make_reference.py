"""Make hco.h5: what NEURON answers for examples/hco, for tests that run without NEURON.

    python make_reference.py      (needs neuron 9.0.2, h5py, numpy and a C++ compiler)

Datasets, rows being the state after step i + 1, columns the cells:
    v, cai                          soma voltage (mV) and calcium (mM), two synapses each way
    spike_steps, spike_ids          its spikes in order of time: step (t / dt) and cell
    single/spike_steps, spike_ids   the spikes with one synapse each way
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXAMPLE = ROOT / "examples" / "hco"
MECHANISMS = ["capool", "cas", "cat", "hyper", "inhsyn", "ka", "kca", "kdr", "leak", "na"]


def run(config, mechanisms):
    out = mechanisms / f"{config}.npz"
    subprocess.run([sys.executable, ROOT / "tests" / "parity" / "neuron_run.py",
                    EXAMPLE / config, mechanisms, out], check=True, stdout=subprocess.DEVNULL)
    return np.load(out)


def spikes(result, dt=0.1):
    steps = np.rint(result["spike_times"] / dt).astype(np.int32)
    order = np.lexsort((result["spike_ids"], steps))
    return {"spike_steps": steps[order], "spike_ids": result["spike_ids"][order].astype(np.int32)}


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    compiler = Path(sys.executable).parent / "nrnivmodl"
    subprocess.run([compiler, *(ROOT / "mod" / f"{name}.mod" for name in MECHANISMS)],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    double, single = run("config.json", folder), run("config_single.json", folder)

with h5py.File(HERE / "hco.h5", "w") as h5:
    h5.attrs["made_by"] = "NEURON 9.0.2, tests/reference/make_reference.py"
    h5.attrs["dt"] = 0.1
    for name in ("v", "cai"):
        h5.create_dataset(name, data=double[f"report_{name}"], compression="gzip",
                          compression_opts=9, shuffle=True)
    for name, values in spikes(double).items():
        h5[name] = values
    for name, values in spikes(single).items():
        h5[f"single/{name}"] = values
