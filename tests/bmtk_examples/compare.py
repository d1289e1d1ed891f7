"""BMTK's biophysical examples by BMTK and by this simulator, side by side.

    python compare.py EXAMPLES [--runtime PATH] [--work FOLDER] [--tstop MS] [--only TEXT] [--gpu] [--bmtk-again]

EXAMPLES is BMTK's folder `examples` (or SONATA's). It is copied to the work folder, where mechanisms are compiled with
nrnivmodl and configurations are run as they are, but for three things: they end at --tstop (500 ms), their results go
elsewhere, and each is a file of its own. The result is a table; BMTK's results are kept for the next time.
Not a part of the test suite: BMTK needs minutes.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

import h5py
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def configurations(examples):
    """All simulation configurations of BioNet: files with a section `run` and a time step."""
    for folder in sorted(examples.glob("*")):
        for file in sorted(folder.glob("*.json")) + sorted(folder.glob("*/*.json")):
            if file.name.startswith("compare."):
                continue
            try:
                config = json.loads(file.read_text())
            except ValueError:
                continue
            simulation = config.get("simulation")
            if isinstance(simulation, str):
                child = file.parent / simulation.replace("${configdir}", ".").replace("$configdir", ".")
                if not child.is_file():
                    continue
                inner = json.loads(child.read_text())
            else:
                inner = config
            if "run" in inner and "dt" in inner["run"] and (folder / "run_bionet.py").exists():
                if "config" in config.get("manifest", {}):
                    continue
                yield file, config, inner


def shortened(config, inner, tstop, output):
    """The configuration with an earlier end and another place for results."""
    whole = dict(config)
    if inner is not config:
        del whole["simulation"]
        whole.update(inner)
    whole = json.loads(json.dumps(whole))
    end = min(float(tstop), float(whole["run"]["tstop"]))
    whole["run"]["tstop"] = end
    whole.setdefault("output", {})["output_dir"] = output
    whole["output"]["overwrite_output_dir"] = True
    for report in whole.get("reports", {}).values():
        if "end_time" in report:
            report["end_time"] = min(float(report["end_time"]), end)
    return whole


def compile_mechanisms(folder, config):
    """x86_64 beside modfiles, where BMTK looks for it."""
    text = json.dumps(config)
    for found in set(folder.parent.glob("*/mechanisms")) | set(folder.glob("*/mechanisms")) | set(folder.glob("**/modfiles")):
        mods = found if found.name == "modfiles" else found / "modfiles"
        place = mods.parent
        if mods.is_dir() and not (place / "x86_64").exists() and (folder in place.parents or "bio_components" in text or "shared" in str(place)):
            tool = pathlib.Path(sys.executable).parent / "nrnivmodl"
            subprocess.run([tool, mods.name], cwd=place, capture_output=True, check=False)


def spikes(folder):
    file = folder / "spikes.h5"
    if not file.exists():
        return None
    rows = []
    with h5py.File(file) as data:
        for name, group in data.get("spikes", {}).items():
            if isinstance(group, h5py.Group) and "timestamps" in group:
                rows += [(round(t, 6), name, int(i)) for t, i in zip(group["timestamps"][:], group["node_ids"][:])]
    return sorted(rows)


MAPPING = ("node_ids", "index_pointer", "element_ids", "element_pos", "time")


def same(a, b):
    return a.shape == b.shape and np.allclose(a[:], b[:], rtol=0, atol=1e-9)


def differences(ours, theirs, dt):
    """For each report file: shape and the greatest difference over the first 100 ms and over all."""
    found = {}
    for file in sorted(theirs.glob("*.h5")):
        if file.name.startswith("spikes"):
            continue
        other = ours / file.name
        with h5py.File(file) as a:
            paths = []
            a.visititems(lambda path, item: paths.append(path) if path.endswith("data") else None)
            if not paths:
                continue
            if not other.exists():
                found[file.name] = "not written"
                continue
            with h5py.File(other) as b:
                for path in paths:
                    if path not in b:
                        found[file.name] = f"no {path}"
                        continue
                    x, y = a[path][:], b[path][:]
                    mapping = a.get(path.replace("data", "mapping"), {})
                    named = [name for name in (*MAPPING, "src_ids", "trg_ids") if name in mapping]
                    other_mapping = b.get(path.replace("data", "mapping"), {})
                    if any(name not in other_mapping or not same(mapping[name], other_mapping[name]) for name in named):
                        found[file.name] = "another mapping"
                        continue
                    if x.shape != y.shape:
                        found[file.name] = f"shape {y.shape}, BMTK's {x.shape}"
                        continue
                    step = a[path.replace("data", "mapping/time")][2] if path.replace("data", "mapping/time") in a else dt
                    first = int(round(100 / step))
                    gap = np.abs(x - y)
                    found[file.name] = (float(np.max(gap[:first], initial=0)), float(np.max(gap, initial=0)))
    return found


def first_lines(text, count=3):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("error", "Error", "Exception")) or "Error" in line]
    return " / ".join((errors or lines[-count:])[:count])[:400]


def run(command, cwd, limit):
    begin = time.time()
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=limit)
        return done.returncode, done.stdout + done.stderr, time.time() - begin
    except subprocess.TimeoutExpired:
        return -1, f"longer than {limit} s", time.time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=pathlib.Path)
    parser.add_argument("--runtime", type=pathlib.Path, default=HERE.parent.parent / "target/debug/runtime")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/bmtk_examples"))
    parser.add_argument("--tstop", type=float, default=500)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=float, default=600, help="seconds for one run")
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--no-bmtk", action="store_true", help="compare with what BMTK gave before")
    parser.add_argument("--bmtk-again", action="store_true")
    parser.add_argument("--argument", action="append", default=[], help="for the simulator, instead of --compat neuron")
    arguments = parser.parse_args()
    work = arguments.work / arguments.examples.resolve().parent.name
    if not work.exists():
        shutil.copytree(arguments.examples, work)
    table = []
    for file, config, inner in configurations(work):
        name = str(file.relative_to(work))
        if arguments.only not in name:
            continue
        results = work / "results" / name.replace("/", "_").removesuffix(".json")
        folder = file.parent
        for who in ("bmtk", "ours"):
            output = results / f"{who}_{arguments.tstop:g}"
            written = folder / f"compare.{who}.{file.name}"
            written.write_text(json.dumps(shortened(config, inner, arguments.tstop, str(output)), indent=1))
        theirs, ours = results / f"bmtk_{arguments.tstop:g}", results / f"ours_{arguments.tstop:g}"
        note = results / f"bmtk_{arguments.tstop:g}.txt"
        if not arguments.no_bmtk and (arguments.bmtk_again or not note.exists()):
            compile_mechanisms(folder, config)
            command = [sys.executable, HERE / "bionet.py", folder, f"compare.bmtk.{file.name}"]
            code, text, seconds = run(command, folder, arguments.limit)
            results.mkdir(parents=True, exist_ok=True)
            note.write_text(f"{seconds:.1f} s" if code == 0 else f"fails: {first_lines(text)}")
        shutil.rmtree(ours, ignore_errors=True)
        command = [arguments.runtime, f"compare.ours.{file.name}"]
        command += arguments.argument or ["--compat", "neuron"]
        code, text, seconds = run(command + (["--gpu"] if arguments.gpu else []), folder, arguments.limit)
        row = {"example": name, "bmtk": note.read_text() if note.exists() else "not run"}
        row["ours"] = f"{seconds:.1f} s" if code == 0 else first_lines(text)
        if code == 0 and theirs.exists() and not row["bmtk"].startswith("fails"):
            a, b = spikes(theirs), spikes(ours)
            a, b = a or [], b or []
            row["spikes"] = f"{len(a)} equal" if a == b else f"differ: {len(a)}, ours {len(b)}"
            row["reports"] = differences(ours, theirs, float(inner["run"]["dt"]))
        table.append(row)
        print(json.dumps(row), flush=True)
    print("\n| example | BMTK | ours | spikes | greatest difference (first 100 ms, all) |\n|---|---|---|---|---|")
    for row in table:
        reports = "; ".join(
            f"{file} {value}" if isinstance(value, str) else f"{file} {value[0]:.1e}, {value[1]:.1e}"
            for file, value in row.get("reports", {}).items()
        )
        print(f"| {row['example']} | {row['bmtk']} | {row['ours']} | {row.get('spikes', '')} | {reports} |")


if __name__ == "__main__":
    main()
