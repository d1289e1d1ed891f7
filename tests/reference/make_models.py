"""Make models/: some of the parity models with NEURON's answers, for tests that run without NEURON.

    python make_models.py      (needs neuron 9.0.2, h5py, numpy and a C++ compiler)

Each folder is a SONATA model; its expected.h5 holds
    spike_steps, spike_ids      spikes in order of time: step (t / dt) and cell
    point_times, point_ids      those of artificial cells: time, ms, and cell
    rows                        the steps after which samples are kept
    columns/NAME                the kept elements of report NAME (cells in order, segment by segment)
    values/NAME                 their values, a row for each step kept
    tolerance                   mV, or relative to the largest value of the variable
"""

import shutil
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "parity"))

import folder  # noqa: E402
import parity  # noqa: E402
from models import MODELS  # noqa: E402

CHOSEN = ["bush", "taper", "tree1", "even-nseg", "resegment", "hanging", "by-hand", "ends", "hh-40", "delays",
          "first-step-spike", "trains", "network", "ion-read", "ion-read-both", "ion-writers", "ion-cable",
          "ion-point", "implicit", "explicit", "hinted", "language", "ghkchan", "Depressing",
          "Pulser", "DelayLine", "Watcher", "Stdp", "IntFire1", "IntFire1-near", "IntFire1-ties", "Pacer", "NetStim"]
ROWS, COLUMNS = 50, 6
MECHANISMS = "$BASE_DIR/../../../parity/mechanisms"


def save(path, model, result):
    spikes = parity.spikes(result, model.dt, model.points())
    points = parity.times_of(result, model.points())
    with h5py.File(path, "w", libver=("v108", "v108")) as h5:
        h5.attrs["made_by"] = "NEURON 9.0.2, tests/reference/make_models.py"
        h5["tolerance"] = [max(model.tolerance, parity.TOLERANCE["neuron"])]
        h5["spike_steps"] = np.array([step for step, _ in spikes], dtype=np.int64)
        h5["spike_ids"] = np.array([cell for _, cell in spikes], dtype=np.int64)
        h5["point_times"] = np.array([time for time, _ in points])
        h5["point_ids"] = np.array([cell for _, cell in points], dtype=np.int64)
        count = len(result["report_v"])
        rows = np.unique(np.linspace(0, count - 1, ROWS).astype(np.int64))
        h5["rows"] = rows
        for key in (k for k in result.files if k.startswith("report_")):
            values = result[key]
            columns = np.unique(np.linspace(0, values.shape[1] - 1, COLUMNS).astype(np.int64))
            name = key.removeprefix("report_")
            h5[f"columns/{name}"] = columns
            h5[f"values/{name}"] = values[np.ix_(rows, columns)]


def main():
    target = HERE / "models"
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        compiled = parity.compile_for_neuron(Path(work))
        for model in MODELS:
            if model.name in CHOSEN:
                config = folder.write(model, target / model.name, MECHANISMS)
                result = parity.run_neuron(config, compiled)
                (target / model.name / "neuron.npz").unlink()
                save(target / model.name / "expected.h5", model, result)
    missing = set(CHOSEN) - {path.name for path in target.iterdir()}
    if missing:
        raise SystemExit(f"no such models: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
