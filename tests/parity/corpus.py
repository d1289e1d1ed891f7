"""Compare mechanisms of any folder with NEURON, each alone on one compartment.

    python corpus.py --runtime PATH --modgen PATH FOLDER_OR_FILE ... [--limit N] [--json FILE]

Every `.mod` file (each content once) that describes a density mechanism or a point process is
compiled for both simulators and run in two models of one passive compartment: driven by current
pulses (`current`), and held by a voltage clamp that steps through the physiological range
(`voltage`). Where the mechanism reads a concentration that it does not write, other mechanisms
change it. A point process with NET_RECEIVE receives a train of events of two connections.

Compared after every step: the voltage, every STATE and RANGE variable of a density mechanism, and
the values of the ions it uses. A difference is relative to the variable's largest value (voltage: to
100 mV), and a mechanism agrees if none exceeds 1e-8.

A file is left out, with the reason in the table, if NEURON cannot build or run it, if it needs
something from outside (a POINTER, HOC code), or if `modgen` refuses it.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import folder
from folder import Clamp, Model, Synapse
from models import PAS, ball
from parity import EXTRA, STOCK, BUILT_IN, last_line, run_neuron, run_runtime, spikes

TOLERANCE = 1e-8
# Mechanisms of NEURON that a file of the same name would redefine.
NEURONS_OWN = {"hh", "pas", "fastpas", "extracellular", "capacitance", "expsyn", "exp2syn", "iclamp", "seclamp",
               "vclamp", "apcount", "netstim", "intfire1", "intfire2", "intfire4", "patternstim", "alphasynapse",
               "svclmp", "morphology", "child", "child1", "inhibitor"}
TRAIN = [5.0, 9.0, 9.5125, 20.0, 21.0, 22.0, 23.0, 40.0]
LEVELS = {"amp1": -90, "amp2": -40, "amp3": 10, "amp4": -65}


class LeftOut(Exception):
    """Why a mechanism is not compared."""


def describe(file, at, modgen):
    """The mechanism's entry of modgen's manifest."""
    done = subprocess.run([modgen, file, "-o", at], capture_output=True, text=True)
    if done.returncode:
        code = re.search(r"\[(M\d+)\] Error", done.stdout + done.stderr)
        raise LeftOut(f"modgen refuses it ({code.group(1) if code else last_line(done)})")
    return json.loads((at / "manifest.json").read_text())["mechanisms"][0]


def for_neuron(file, cache):
    """The file and our voltage clamp, compiled for NEURON once; the folder."""
    at = cache / hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    if (at / "refused").exists():
        raise LeftOut("NEURON cannot compile it")
    if (at / "done").exists():
        return at
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir(parents=True)
    name = re.sub(r"\W", "_", file.stem)
    name = name if name[:1].isalpha() else "m" + name
    shutil.copy(file, at / f"{name}.mod")
    for include in file.parent.glob("*.inc"):
        shutil.copy(include, at)
    own = [f for f in STOCK + EXTRA if f.stem in ("capool", "cas", "steps", "fooflux") and f.stem != name]
    for extra in own:
        shutil.copy(extra, at)
    files = [f"{name}.mod", *(f.name for f in own)]
    done = subprocess.run([Path(sys.executable).parent / "nrnivmodl", *files], cwd=at,
                          capture_output=True, text=True)
    (at / ("refused" if done.returncode else "done")).touch()
    return for_neuron(file, cache)


def concentrations(mechanism):
    """Mechanisms that move the concentrations it reads, and ion variables to report."""
    also, reports = {}, {}
    for ion in mechanism["ions"]:
        name = ion["name"]
        if name == "ca" and "conci" in ion["read"] and not {"conci", "conco"} & set(ion["write"]):
            also |= {"capool": {}, "cas": {"gbar": 1e-5}}
        for field in ion["read"] + ion["write"]:
            variable = {"erev": f"e{name}", "conci": f"{name}i", "conco": f"{name}o", "current": f"i{name}"}.get(field)
            if variable:
                reports[variable] = "soma"
    return also, reports


def models(mechanism):
    """The models of a mechanism."""
    name = mechanism["name"]
    also, reports = concentrations(mechanism)
    clamps = [Clamp(0, 0.02, 5, 15), Clamp(0, -0.02, 30, 10)]
    steps = Synapse(("virtual", 1), 0, "Steps", LEVELS, 0.0, 1.0)
    synapses = []
    inserted = {**PAS, **also}
    if mechanism["kind"] == "density":
        inserted[name] = {}
        for column in mechanism["columns"]:
            if (column["range"] or column["role"] == "state") and "[" not in column["name"]:
                reports[f"{column['name']}_{name}"] = "soma"
    elif mechanism["kind"] == "point_process":
        weight = 0.002
        synapses = [Synapse(("virtual", 0), 0, name, {}, w, d) for w, d in ((weight, 1.0), (2 * weight, 0.3))]
    else:
        raise LeftOut("an artificial cell")
    for variant, drive in (("current", {"clamps": clamps, "synapses": synapses}),
                           ("voltage", {"synapses": [*synapses, steps]})):
        yield Model(variant, name, [ball("Alone", inserted)], trains=[TRAIN, []], reports=reports, tstop=50.0, dL=None,
                    celsius=20.0, **drive)


def difference(ours, theirs, dt):
    """The largest relative difference of any variable, and where."""
    if spikes(ours, dt) != spikes(theirs, dt):
        return np.inf, "spikes"
    worst, where = 0.0, ""
    for key in (k for k in theirs.files if k.startswith("report_")):
        name = key.removeprefix("report_")
        a, b = ours.get(key), theirs[key]
        if a is None or a.shape != b.shape:
            return np.inf, f"{name} is missing"
        both_undefined = ~np.isfinite(a) & ~np.isfinite(b)
        scale = 100.0 if name == "v" else max(np.abs(np.where(np.isfinite(b), b, 0)).max(), 1e-12)
        off = np.nan_to_num(np.where(both_undefined, 0.0, np.abs(a - b) / scale), nan=np.inf)
        if off.max() > worst:
            worst, where = float(off.max()), f"{name} at {(int(off.argmax()) + 1) * dt:g} ms"
    return worst, where


def compare(file, options):
    """The row of a file: mechanism, verdict, largest difference, where."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        if options.keep:
            work = options.keep / re.sub(r"\W+", "_", str(file))[-80:]
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
        name = file.stem
        try:
            text = file.read_text(errors="replace")
            if re.search(r"^\s*[^:?\n]*\bPOINTER\b", text, re.M):
                raise LeftOut("it has a POINTER")
            if "POINT_PROCESS" in text and "NET_RECEIVE" not in text:
                raise LeftOut("a point process that takes no events")
            mechanism = describe(file, work / "generated", options.modgen)
            name = mechanism["name"]
            if name.lower() in NEURONS_OWN:
                raise LeftOut("NEURON has a mechanism of this name")
            compiled = for_neuron(file, options.cache)
            worst, where = 0.0, ""
            for model in models(mechanism):
                at = work / model.name
                (at / "mechanisms").mkdir(parents=True)
                own = [f for f in STOCK + EXTRA
                       if f.stem in {"pas", "capool", "cas", "steps"} and f.stem.lower() != name.lower()]
                for mod in [*own, file, *file.parent.glob("*.inc")]:
                    shutil.copy(mod, at / "mechanisms")
                config = folder.write(model, at, "$BASE_DIR/mechanisms")
                try:
                    theirs = run_neuron(config, compiled)
                except RuntimeError as error:
                    raise LeftOut(str(error)[:150]) from error
                if not np.isfinite(theirs["report_v"]).all():
                    raise LeftOut("its voltage is not finite in NEURON")
                ours = run_runtime(options.runtime, config, options.kernels, False)
                off, at_what = difference(ours, theirs, model.dt)
                if off > worst:
                    worst, where = off, f"{model.name}: {at_what}"
            return [str(file), name, "agrees" if worst <= TOLERANCE else "DIFFERS", worst, where]
        except LeftOut as reason:
            return [str(file), name, "left out", None, str(reason)]
        except (RuntimeError, OSError, KeyError) as error:
            return [str(file), name, "FAILS", None, str(error)[:200]]


def files_in(places):
    """Every `.mod` file, each content once."""
    seen = set()
    for place in places:
        for file in [place] if place.is_file() else sorted(place.rglob("*.mod")):
            digest = hashlib.sha256(file.read_bytes()).digest()
            if digest not in seen:
                seen.add(digest)
                yield file.resolve()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("places", nargs="+", type=Path, help="folders or files")
    parser.add_argument("--runtime", required=True, help="the runtime program, with any flags")
    parser.add_argument("--modgen", required=True, help="the modgen program")
    parser.add_argument("--kernels", choices=["neuron", "default"], default="neuron")
    parser.add_argument("--limit", type=int, help="compare at most so many files, spread evenly")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="folder for the models and their results")
    parser.add_argument("--cache", type=Path, help="folder that keeps what was compiled for NEURON")
    parser.add_argument("--json", type=Path, help="file for the rows")
    options = parser.parse_args()
    options.runtime = [str(Path(word).resolve()) if Path(word).exists() else word for word in options.runtime.split()]
    options.keep = options.keep and options.keep.resolve()
    files = list(files_in(options.places))
    if options.limit and len(files) > options.limit:
        files = [files[i * len(files) // options.limit] for i in range(options.limit)]
    with tempfile.TemporaryDirectory() as temporary:
        options.cache = (options.cache or Path(temporary)).resolve()
        rows = compare_all(files, options)
    counts = {verdict: sum(row[2] == verdict for row in rows) for verdict in ("agrees", "DIFFERS", "FAILS", "left out")}
    print(f"\n{counts['agrees']} of {len(rows) - counts['left out']} mechanisms agree with NEURON to {TOLERANCE:g}; "
          f"{counts['left out']} left out")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    sys.exit(1 if counts["DIFFERS"] or counts["FAILS"] else 0)


def compare_all(files, options):
    """The rows of all files, printed as they come."""
    rows = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(lambda file: compare(file, options), files):
            rows.append(row)
            file, name, verdict, worst, where = row
            print(f"{verdict:9} {name:20} {'' if worst is None else f'{worst:.1e}':8} {where}  [{file}]", flush=True)
    return rows


if __name__ == "__main__":
    main()
