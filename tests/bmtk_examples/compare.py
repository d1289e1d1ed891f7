"""BMTK's and SONATA's biophysical examples by BMTK and by this simulator, side by side.

    python compare.py EXAMPLES... [--runtime PATH] [--work FOLDER] [--tstop MS] [--only TEXT] [--mode MODE...]
                      [--only-bmtk | --no-bmtk | --bmtk-again] [--table FILE]

EXAMPLES are folders `examples` of BMTK and SONATA, BMTK's first, and of any other projects. They are copied to the work folder, where
missing files are made (standins.py), mechanisms compiled with nrnivmodl, and configurations run as they are, but for three things: they
end at --tstop (500 ms), their results go elsewhere, and each is a file of its own. (BMTK does without reports of `vext`,
which end its run under NEURON 9.) Modes are `default`, `neuron`
(--compat neuron), `gpu`, and `gpu-f32`; on the GPU runs end after --gpu-tstop (50 ms). Results of BMTK are kept for the next
time, with the measurements; --table writes all of these as Markdown. Python has to have BMTK, NEURON,
h5py. Not a part of the test suite: BMTK needs minutes.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import h5py
import numpy as np

import standins
import table

HERE = pathlib.Path(__file__).resolve().parent
MODES = {
    "default": [],
    "neuron": ["--compat", "neuron"],
    "gpu": ["--gpu", "--precision", "f64"],
    "gpu-f32": ["--gpu", "--precision", "f32"],
}
OTHER_SIMULATORS = ("point_", "pop_", "filter_", "pointnet", "popnet", "300_pointneurons", "bio_template")

def configurations(examples):
    """All simulation configurations of BioNet below a folder: those with a section `run` and a time step."""
    inner_files, found = set(), []
    for file in sorted(examples.rglob("*.json")):
        parts = file.relative_to(examples).parts
        if any(part.startswith(OTHER_SIMULATORS) for part in parts) or file.name.startswith("compare."):
            continue
        if any(part.startswith(("output", "results")) for part in parts):
            continue
        try:
            config = json.loads(file.read_text())
        except ValueError:
            continue
        if not isinstance(config, dict):
            continue
        inner, simulation = config, config.get("simulation")
        if isinstance(simulation, str):
            child = file.parent / simulation.replace("${configdir}", ".").replace("$configdir", ".")
            if not child.is_file():
                continue
            inner = json.loads(child.read_text())
            inner_files.add(child.resolve())
        if "dt" in inner.get("run", {}) and inner.get("target_simulator", "NEURON") == "NEURON":
            found.append((file, config, inner))
    return [entry for entry in found if entry[0].resolve() not in inner_files]

def shortened(config, inner, tstop, output):
    """The configuration with an earlier end and another place for results."""
    whole = dict(config)
    if inner is not config:
        del whole["simulation"]
        whole.update({key: value for key, value in inner.items() if key != "network"})
    whole = json.loads(json.dumps(whole))
    end = min(float(tstop), float(whole["run"]["tstop"]))
    whole["run"]["tstop"] = end
    whole["run"]["nsteps_block"] = min(int(whole["run"].get("nsteps_block", 5000)), 5000)
    whole.setdefault("output", {})["output_dir"] = output
    whole["output"]["overwrite_output_dir"] = True
    for key in ("log_file", "spikes_file", "spikes_file_csv"):
        if key in whole["output"]:
            whole["output"][key] = pathlib.PurePath(whole["output"][key]).name
    for report in whole.get("reports", {}).values():
        if "file_name" in report:
            report["file_name"] = pathlib.PurePath(report["file_name"]).name
        if "end_time" in report:
            report["end_time"] = min(float(report["end_time"]), end)
        if "start_time" in report:
            report["start_time"] = min(float(report["start_time"]), end / 2)
    return whole

def repair(config):
    """Leaves out the report of `vext`, which BMTK cannot write under NEURON 9: there it is an array."""
    for name, report in list(config.get("reports", {}).items()):
        if report.get("variable_name") == "vext":
            del config["reports"][name]


def compile_mechanisms(folder, examples):
    """x86_64 beside modfiles, where BMTK looks for it, or beside the configuration."""
    places = {found.parent for found in examples.rglob("modfiles")}
    places = {place for place in places if folder in place.parents or place.parent.parent == examples}
    if any(folder.glob("*.mod")):
        places.add(folder)
    tool = pathlib.Path(sys.executable).parent / "nrnivmodl"
    for place in places:
        if not (place / "x86_64").exists():
            arguments = ["modfiles"] if (place / "modfiles").is_dir() else []
            subprocess.run([tool, *arguments], cwd=place, capture_output=True, check=False)

def spikes(folder):
    """Time, population, id of all, to the picosecond; None if there is no file."""
    file = folder / "spikes.h5"
    if not file.exists():
        return None
    rows = []
    with h5py.File(file) as data:
        for name, group in data.get("spikes", {}).items():
            if isinstance(group, h5py.Group) and "timestamps" in group:
                rows += [(round(t, 6), name, int(i)) for t, i in zip(group["timestamps"][:], group["node_ids"][:])]
    return sorted(rows)

MAPPING = ("node_ids", "index_pointer", "element_ids", "element_pos", "time", "src_ids", "trg_ids")

def same(a, b):
    return a.shape == b.shape and np.allclose(a[:], b[:], rtol=0, atol=1e-9)

def of_nodes(mapping, nodes):
    """Columns of a report that belong to some of its nodes."""
    pointers, ids = mapping["index_pointer"][:], list(mapping["node_ids"][:])
    places = [ids.index(node) for node in nodes]
    return [column for at in places for column in range(int(pointers[at]), int(pointers[at + 1]))]


def difference(a, b, path):
    """How two datasets of reports differ: a text, or variable, greatest value, difference in 100 ms and in all."""
    if path not in b:
        return "missing"
    x, y = a[path], b[path]
    theirs, ours = (file.get(path.replace("data", "mapping"), {}) for file in (a, b))
    columns = slice(None)
    if "node_ids" in theirs and "node_ids" in ours and not same(theirs["node_ids"], ours["node_ids"]):
        # BMTK's order is that of a Python set; its nodes may be more.
        if not set(ours["node_ids"][:]) <= set(theirs["node_ids"][:]):
            return "mapping/node_ids differs"
        columns = of_nodes(theirs, ours["node_ids"][:])
    for name in MAPPING:
        if isinstance(columns, list) and name in ("node_ids", "index_pointer"):
            continue
        part = columns if name.startswith("element") else slice(None)
        if name in theirs and (name not in ours or not same(theirs[name][:][part], ours[name])):
            return f"mapping/{name} differs"
    if (x.shape[0], len(columns) if isinstance(columns, list) else x.shape[1]) != y.shape:
        return f"shape {y.shape}, BMTK's {x.shape}"
    variable = x.attrs.get("variable", b"") if "variable" in x.attrs else path.split("/")[0]
    variable = variable.decode() if isinstance(variable, bytes) else str(variable)
    step = theirs["time"][2] if "time" in theirs else a[path.rsplit("/", 1)[0] + "/time"][2]
    early, size, first, most = int(round(100 / step)), 0.0, 0.0, 0.0
    for row in range(0, x.shape[0], 1000):
        p, q = x[row : row + 1000][:, columns], y[row : row + 1000]
        gap = np.abs(p - q)
        if not np.all(np.isfinite(gap) | (np.isnan(p) & np.isnan(q))):
            return "not finite"
        size = max(size, float(np.nanmax(np.abs(p), initial=0)))
        first = max(first, float(np.nanmax(gap[: max(early - row, 0)], initial=0)))
        most = max(most, float(np.nanmax(gap, initial=0)))
    return [variable, size, first, most]

def reports(ours, theirs):
    """For each report file of BMTK what `difference` says."""
    found = {}
    for file in sorted(theirs.glob("*.h5")):
        if file.name.startswith("spikes"):
            continue
        other = ours / file.name
        with h5py.File(file) as a:
            paths = []
            a.visititems(lambda path, _: paths.append(path) if path.endswith("/data") else None)
            if paths and not other.exists():
                found[file.name] = "not written"
                continue
            with h5py.File(other) if paths else a as b:
                for path in paths:
                    found[file.name] = difference(a, b, path)
    return found

def first_lines(text, count=3):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("error", "Error", "Exception")) or "Error" in line]
    return " / ".join((errors or lines[-count:])[:count])[:300]

def run(command, cwd, limit):
    """Exit status, output, and what it took: seconds on the clock and of processors, MiB at most."""
    log, usage = cwd / "compare.log", cwd / "compare.usage.json"
    command = [sys.executable, "-IS", HERE / "measured.py", usage, limit, *command]
    with open(log, "w") as output:
        subprocess.run([str(part) for part in command], cwd=cwd, stdout=output, stderr=subprocess.STDOUT, check=True)
    result = json.loads(usage.read_text())
    late = result["code"] is None
    return result["code"], f"longer than {limit:g} s" if late else log.read_text(), result["took"]

def copies(given, work):
    """Copies of all folders of examples, with what they lacked."""
    work.mkdir(parents=True, exist_ok=True)
    places = []
    for examples in given:
        examples = examples.resolve()
        place = work / (examples.parent.name if examples.name == "examples" else examples.name)
        if not place.exists():
            shutil.copytree(examples, place)
            notes = standins.make(place, places[0] if places else None)
            (place / "notes.json").write_text(json.dumps(notes, indent=1))
        places.append(place)
    return places


def by_bmtk(entry, arguments, theirs, examples, file):
    """BMTK's run, if it has not been done."""
    if arguments.no_bmtk or ("bmtk" in entry and not arguments.bmtk_again):
        return
    compile_mechanisms(file.parent, examples)
    shutil.rmtree(theirs, ignore_errors=True)
    command = [sys.executable, HERE / "bionet.py", file.parent, f"compare.bmtk.{file.name}"]
    command += [place.parent for place in arguments.work.resolve().glob("*/bio_components/mechanisms/x86_64")]
    code, text, took = run(command, file.parent, arguments.limit)
    entry["bmtk"] = took if code == 0 else first_lines(text)

def by_us(entry, arguments, mode, theirs, ours, file):
    """A run of this simulator in one mode, compared with BMTK's."""
    shutil.rmtree(ours, ignore_errors=True)
    command = [arguments.runtime.resolve(), f"compare.{mode}.{file.name}", *MODES[mode]]
    code, text, took = run(command, file.parent, arguments.limit)
    result = entry[mode] = took if code == 0 else {"fails": first_lines(text)}
    if code == 0 and isinstance(entry.get("bmtk"), dict):
        end = json.loads((file.parent / f"compare.{mode}.{file.name}").read_text())["run"]["tstop"]
        a, b = spikes(theirs) or [], spikes(ours) or []
        if not mode.startswith("gpu"):
            result["reports"] = reports(ours, theirs)
        else:
            a = [spike for spike in a if spike[0] < end]
            result["reports"] = shorter_reports(ours, theirs)
        result["spikes"] = [len(a), len(b), a == b, same_steps(a, b)]

def shorter_reports(ours, theirs):
    """The same for a run that ends before BMTK's: the beginning of each report."""
    found = {}
    for file in sorted(theirs.glob("*.h5")):
        other = ours / file.name
        if file.name.startswith("spikes") or not other.exists():
            continue
        with h5py.File(file) as a, h5py.File(other) as b:
            paths = []
            b.visititems(lambda path, _: paths.append(path) if path.endswith("/data") and path in a else None)
            for path in paths:
                y = b[path][:]
                x = a[path][: len(y)]
                variable = a[path].attrs.get("variable", path.split("/")[0])
                variable = variable.decode() if isinstance(variable, bytes) else str(variable)
                if x.shape == y.shape:
                    gap = float(np.nanmax(np.abs(x - y), initial=0))
                    found[file.name] = [variable, float(np.nanmax(np.abs(x), initial=0)), gap, gap]
    return found

def same_steps(a, b):
    """Time of the first spike that the other has not, or None."""
    both = set(a) & set(b)
    other = [spike[0] for spike in a + b if spike not in both]
    return min(other) if other else None

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=pathlib.Path, nargs="+")
    parser.add_argument("--runtime", type=pathlib.Path, default=HERE.parent.parent / "target/release/runtime")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--tstop", type=float, default=500)
    parser.add_argument("--gpu-tstop", type=float, default=50)
    parser.add_argument("--only", default="")
    parser.add_argument("--mode", nargs="*", choices=MODES, default=["default", "neuron"])
    parser.add_argument("--limit", type=float, default=1200, help="seconds for one run")
    parser.add_argument("--only-bmtk", action="store_true")
    parser.add_argument("--no-bmtk", action="store_true", help="compare with what BMTK gave before")
    parser.add_argument("--bmtk-again", action="store_true")
    parser.add_argument("--table", type=pathlib.Path)
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    for examples in copies(arguments.examples, work):
        for file, config, inner in configurations(examples):
            name = f"{examples.name}/{file.relative_to(examples)}"
            if arguments.only not in name:
                continue
            results = work / "results" / name.replace("/", "_").removesuffix(".json")
            measured = results / "measured.json"
            entry = json.loads(measured.read_text()) if measured.exists() else {"example": name}
            entry["tstop"] = min(arguments.tstop, float(inner["run"]["tstop"]))
            for mode in ("bmtk", *arguments.mode):
                end = arguments.gpu_tstop if mode.startswith("gpu") else arguments.tstop
                written = file.parent / f"compare.{mode}.{file.name}"
                short = shortened(config, inner, end, str(results / mode))
                if mode == "bmtk":
                    repair(short)
                written.write_text(json.dumps(short, indent=1))
            by_bmtk(entry, arguments, results / "bmtk", examples, file)
            for mode in [] if arguments.only_bmtk else arguments.mode:
                by_us(entry, arguments, mode, results / "bmtk", results / mode, file)
            print(json.dumps(entry), flush=True)
            results.mkdir(parents=True, exist_ok=True)
            measured.write_text(json.dumps(entry, indent=1))
    if arguments.table:
        arguments.table.write_text(table.markdown(work))


if __name__ == "__main__":
    main()
