"""Run every model in NEURON and in `runtime`, and compare.

    python parity.py --runtime PATH [--kernels neuron|default] [--evaluated] [--only NAME ...] [--keep DIR]

A model passes when both emit the same spikes, at the same steps, and no sample of a report differs
by more than the tolerance: 1e-9 (mV, or relative to the largest value of the variable) with
`--compat neuron`, 1e-6 with the default kernels, or the model's own where that is larger. The exit
status is 1 if a model fails. With `--evaluated` each model is run a third time, by evaluated kernels,
which must give every bit of the compiled ones.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

import folder
from models import MODELS

HERE = Path(__file__).resolve().parent
BUILT_IN = {"pas", "hh", "expsyn", "exp2syn", "iclamp", "seclamp", "intfire1", "intfire2", "intfire4", "netstim"}
TOLERANCE = {"neuron": 1e-9, "default": 1e-6}


STOCK = sorted((HERE.parent.parent / "mod").glob("*.mod"))
EXTRA = sorted((HERE / "mechanisms").glob("*.mod"))
INCLUDED = sorted((HERE / "mechanisms").glob("*.inc"))


def compile_for_neuron(work):
    """All mechanisms that NEURON lacks, compiled; the folder."""
    theirs = work / "neuron"
    theirs.mkdir(parents=True, exist_ok=True)
    added = sorted([f for f in STOCK + EXTRA if f.stem not in BUILT_IN], key=lambda f: f.name)
    stamp = theirs / "sources"
    sources = "".join(file.read_text() for file in added + INCLUDED)
    if not stamp.exists() or stamp.read_text() != sources:
        shutil.rmtree(theirs)
        theirs.mkdir()
        compiler = Path(sys.executable).parent / "nrnivmodl"
        subprocess.run([compiler, *added], cwd=theirs, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        stamp.write_text(sources)
    return theirs


def mechanisms_of(model, at):
    """A folder with the stock mechanisms, and of the others those that the model uses."""
    at.mkdir(parents=True)
    used = {name.lower() for name in model.mechanisms()}
    for file in STOCK + [f for f in EXTRA + INCLUDED if f.stem in used]:
        shutil.copy(file, at)
    return "$BASE_DIR/mechanisms"


def run_neuron(config, compiled, exact=""):
    out = config.parent / "neuron.npz"
    done = subprocess.run([sys.executable, HERE / "neuron_run.py", config, compiled, out, exact],
                          capture_output=True, text=True)
    if done.returncode or not out.exists():
        raise RuntimeError("NEURON: " + last_line(done))
    return np.load(out)


def run_runtime(command, config, kernels, refused, exact=""):
    """Spikes and reports of `runtime`; None if it refuses a model that is marked so."""
    flags = ["--compat", "neuron"] if kernels == "neuron" else []
    flags += ["--no-tables"] if exact else []
    done = subprocess.run([*command, *flags, "--overwrite", "config.json"], cwd=config.parent,
                          capture_output=True, text=True)
    (config.parent / "runtime.log").write_text(done.stdout + done.stderr)
    if done.returncode:
        if refused and "not supported" in done.stdout + done.stderr:
            return None
        raise RuntimeError("runtime: " + last_line(done))
    output = config.parent / "output"
    result = {}
    with h5py.File(output / "spikes.h5") as h5:
        group = h5.get(f"spikes/{folder.POPULATION}")
        result["spike_times"] = group["timestamps"][:] if group else np.empty(0)
        result["spike_ids"] = group["node_ids"][:].astype(int) if group else np.empty(0, int)
    for path in output.glob("*.h5"):
        if path.name != "spikes.h5":
            with h5py.File(path) as h5:
                result[f"report_{path.stem}"] = h5[f"report/{folder.POPULATION}/data"][:]
    return result


def last_line(done):
    lines = [line for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit status {done.returncode}"


def spikes(result, dt, points=()):
    """Steps and ids of the spikes of cells that are not among `points`."""
    pairs = zip(np.rint(result["spike_times"] / dt).astype(int).tolist(), result["spike_ids"].tolist())
    return sorted((step, i) for step, i in pairs if i not in points)


def times_of(result, points):
    """Times and ids of the spikes of artificial cells, which may be at any time; those of one time by id."""
    pairs = zip(result["spike_times"].tolist(), result["spike_ids"].tolist())
    return sorted(((t, i) for t, i in pairs if i in points), key=lambda pair: (round(pair[0], 5), pair[1]))


class Comparison:
    """The differences between two runs of a model."""

    def __init__(self, model, ours, theirs, tolerance):
        self.problems = []
        self.voltage = self.relative = 0.0
        points = model.points()
        a, b = (spikes(result, model.dt, points) for result in (ours, theirs))
        self.spikes = len(b)
        self.spike_differences = len(set(a) ^ set(b)) if len(a) == len(b) else max(len(set(a) ^ set(b)), 1)
        if self.spike_differences:
            first = min(set(a) ^ set(b), default=None)
            self.problems.append(f"spikes: {len(a)}, NEURON {len(b)}; first difference {first}")
        near = model.time_tolerance
        a, b = (times_of(result, points) for result in (ours, theirs))
        self.spikes += len(b)
        same = [i for _, i in a] == [i for _, i in b] and all(abs(s - t) <= near for (s, _), (t, _) in zip(a, b))
        if not same:
            differ = [(x, y) for x, y in zip(a, b) if x[1] != y[1] or abs(x[0] - y[0]) > near][:1]
            self.spike_differences += max(len(differ), abs(len(a) - len(b)))
            self.problems.append(f"artificial cells: {len(a)} spikes, NEURON {len(b)}; first difference {differ}")
        for key in (k for k in theirs.files if k.startswith("report_")):
            self.report(key.removeprefix("report_"), ours.get(key), theirs[key], tolerance)

    def report(self, name, ours, theirs, tolerance):
        if ours is None or ours.shape != theirs.shape:
            shape = "missing" if ours is None else f"of shape {ours.shape}"
            self.problems.append(f"{name}: {shape}, NEURON {theirs.shape}")
            return
        scale = 1.0 if name == "v" else max(np.abs(theirs).max(), 1e-300)
        difference = np.abs(ours - theirs) / scale
        worst = float(np.nan_to_num(difference, nan=np.inf).max())
        if name == "v":
            self.voltage = worst
        else:
            self.relative = max(self.relative, worst)
        if not worst <= tolerance:
            row, column = np.argwhere(~(difference <= tolerance))[0]
            self.problems.append(
                f"{name}: up to {worst:.3g}; first beyond {tolerance:g} in row {row}, "
                f"element {column}: {float(ours[row, column])!r}, NEURON {float(theirs[row, column])!r}")


def same_bits(a, b):
    return a is not None and b is not None and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runtime", required=True, help="the runtime program, with any flags")
    parser.add_argument("--kernels", choices=sorted(TOLERANCE), default="neuron")
    parser.add_argument("--evaluated", action="store_true", help="hold evaluated kernels to the compiled ones")
    parser.add_argument("--only", nargs="*", help="names of models")
    parser.add_argument("--keep", type=Path, help="folder for the models and their results")
    parser.add_argument("--neuron-only", action="store_true", help="check that the models run in NEURON")
    options = parser.parse_args()
    models = [m for m in MODELS if not options.only or m.name in options.only]
    unknown = set(options.only or []) - {m.name for m in models}
    if unknown or len({m.name for m in MODELS}) != len(MODELS):
        raise SystemExit(f"unknown or repeated model: {', '.join(unknown)}")
    tolerance = TOLERANCE[options.kernels]
    program, *flags = options.runtime.split()
    # It is run in each model's folder.
    options.runtime = [str(Path(program).resolve()) if Path(program).exists() else program, *flags]
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.keep or Path(temporary)).resolve()
        failed, refused = compare_all(models, work, options, tolerance)
    if options.neuron_only:
        sys.exit(1 if failed else 0)
    compared = len(models) - refused
    print(f"\n{compared - failed} of {compared} models agree with NEURON to {tolerance:g}")
    sys.exit(1 if failed else 0)


def compare_all(models, work, options, tolerance):
    print("Compiling the mechanisms for NEURON ...", flush=True)
    compiled = compile_for_neuron(work)
    print(f"\n{'model':18} {'compartments':>12} {'max |dv| mV':>12} {'rel. states':>12} {'spikes':>7} {'differ':>7}")
    failed = refused = 0
    for model in models:
        started = time.monotonic()
        at = work / "models" / model.name
        shutil.rmtree(at, ignore_errors=True)
        try:
            config = folder.write(model, at, mechanisms_of(model, at / "mechanisms"))
            theirs = run_neuron(config, compiled, model.exact)
            if options.neuron_only:
                low, high = theirs["report_v"].min(), theirs["report_v"].max()
                print(f"{model.name:18} {int(theirs['compartments']):12} {low:8.2f} .. {high:.2f} mV, "
                      f"{len(theirs['spike_times'])} spikes, {time.monotonic() - started:.1f} s", flush=True)
                continue
            ours = run_runtime(options.runtime, config, options.kernels, model.refused, model.exact)
            if ours is None:
                refused += 1
                print(f"{model.name:18} {int(theirs['compartments']):12} {'':44} not supported yet")
                continue
            c = Comparison(model, ours, theirs, max(tolerance, model.tolerance))
            if options.evaluated:
                evaluated = run_runtime([*options.runtime, "--kernels", "evaluated"], config, options.kernels,
                                        model.refused, model.exact)
                c.problems += [f"{key}: evaluated kernels give other bits" for key in sorted(ours.keys() | evaluated.keys())
                               if not same_bits(ours.get(key), evaluated.get(key))]
            verdict = "FAIL" if c.problems else "PASS"
            print(f"{model.name:18} {int(theirs['compartments']):12} {c.voltage:12.2e} {c.relative:12.2e} "
                  f"{c.spikes:7} {c.spike_differences:7}  {verdict}", flush=True)
            if model.tolerance > tolerance:
                print(f"    held to {model.tolerance:g}: {model.note}")
            for problem in c.problems:
                print(f"    {problem}")
            failed += bool(c.problems)
        except (RuntimeError, OSError, KeyError) as error:
            failed += 1
            print(f"{model.name:18} {'-':>12} {'-':>12} {'-':>12} {'-':>7} {'-':>7}  FAIL\n    {error}", flush=True)
    return failed, refused


if __name__ == "__main__":
    main()
