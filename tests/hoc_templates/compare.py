"""One cell of a HOC template of any model, by NEURON and by `runtime`: sections, segments, areas, axial resistances, and the
voltage of every segment under a current pulse.

    python compare.py FOLDER TEMPLATE [--load FILE...] [--before HOC] [--argument X...] [--mechanisms DIR] [OPTIONS]
    python compare.py --models models.json FOLDER_OF_MODELS [--only NAME] [OPTIONS]

FOLDER is the model's; it is copied. --load names the files that define templates, in the order in which they are loaded
(those that contain `begintemplate TEMPLATE` if there is none); `FILE:templates` takes only the templates of a file that does
more. --before is HOC that is executed before, such as variables that a template declares `external`. Arguments of the
template are numbers or texts; `FOLDER` in them stands for the copied folder. Both sides compile the same .mod files of the
folder, or of --mechanisms in it.

models.json lists public models; each has a folder of its number in FOLDER_OF_MODELS. Python has to have NEURON and h5py.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "parity"))

import folder as sonata  # noqa: E402


def templates_of(text):
    """The templates in a HOC file, without what stands between them."""
    return "\n".join(re.findall(r"^[ \t]*begintemplate.*?^[ \t]*endtemplate[^\n]*$", text, flags=re.M | re.S)) + "\n"


def prepare(case, source, work):
    """A copy of the model with one SONATA configuration for both simulators; its path."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source, work, ignore=shutil.ignore_patterns("x86_64", ".git"))
    files = case.get("load") or [
        str(file.relative_to(work))
        for file in sorted(work.rglob("*"))
        if file.is_file() and file.suffix in (".hoc", ".tem", ".oc") and defines(file, case["template"])
    ]
    loads = []
    for number, file in enumerate(files):
        name, _, part = file.partition(":")
        if part == "templates":
            name = f"compare_{number}.hoc"
            (work / name).write_text(templates_of((work / file.partition(":")[0]).read_text(errors="replace")))
        loads.append(name)
    before = work / "compare_before.hoc"
    before.write_text(case.get("before", "") + "\n" if case.get("before") else "compare_before = 1\n")
    arguments = [text.replace("FOLDER", str(work)) if isinstance(text, str) else text for text in case.get("arguments", [])]
    (work / "compare_params.json").write_text(json.dumps({"params": arguments}))
    sonata.table(
        work / "cells_node_types.csv",
        ["node_type_id", "model_type", "model_template", "dynamics_params"],
        [[100, "biophysical", f"hoc:{case['template']}", "compare_params.json"]],
    )
    sonata.nodes(work / "cells_nodes.h5", "cells", [100])
    pulse = {"amp": case.get("amp", 0.2), "delay": 50.0, "duration": 100.0}
    config = {
        "run": {"tstop": case.get("tstop", 200.0), "dt": case.get("dt", 0.025), "dL": None, "spike_threshold": 0.0},
        "conditions": {"celsius": case.get("celsius", 34.0), "v_init": case.get("v_init", -65.0)},
        "components": {
            "mechanisms_dir": case.get("mechanisms", "."),
            "templates_dir": ["compare_before.hoc", *loads],
            "biophysical_neuron_models_dir": ".",
        },
        "networks": {"nodes": [{"nodes_file": "cells_nodes.h5", "node_types_file": "cells_node_types.csv"}]},
        "inputs": {"pulse": {"input_type": "current_clamp", "module": "IClamp", "node_set": "all", **pulse}},
        "reports": {
            "v": {"module": "membrane_report", "cells": "all", "variable_name": "v", "sections": "all", "file_name": "v.h5"}
        },
        "output": {"output_dir": "compare_output", "spikes_file": "spikes.h5", "overwrite_output_dir": True},
    }
    path = work / "compare.json"
    path.write_text(json.dumps(config, indent=1))
    return path


def defines(file, template):
    return re.search(rf"^\s*begintemplate\s+{re.escape(template)}\b", file.read_text(errors="replace"), re.M) is not None


def compile_for_neuron(source, mechanisms, work):
    """NEURON's library of all mechanisms of the folder, made once for all templates of a model."""
    library = work.parent / "library"
    stamp = "".join(file.read_text(errors="replace") for file in sorted((source / mechanisms).glob("*.mod")))
    if not (library / "stamp").exists() or (library / "stamp").read_text() != stamp:
        shutil.rmtree(library, ignore_errors=True)
        library.mkdir(parents=True)
        tool = pathlib.Path(sys.executable).parent / "nrnivmodl"
        done = subprocess.run([tool, str((source / mechanisms).resolve())], cwd=library, capture_output=True, text=True)
        if not (library / "x86_64").is_dir() or done.returncode:
            raise RuntimeError("nrnivmodl: " + " ".join((done.stdout + done.stderr).split()[-40:]))
        (library / "stamp").write_text(stamp)
    (work / "x86_64").symlink_to(library / "x86_64")


def last_lines(done, count=6):
    text = (done.stdout + done.stderr).strip().splitlines()
    errors = [line.strip() for line in text if "rror" in line]
    return " / ".join((errors or [line.strip() for line in text])[-count:])


def by_neuron(config):
    out = config.parent / "neuron.json"
    command = [sys.executable, HERE / "neuron_cell.py", config, out]
    done = subprocess.run(command, capture_output=True, text=True, cwd=config.parent)
    if done.returncode or not out.exists():
        raise RuntimeError("NEURON: " + last_lines(done))
    return json.loads(out.read_text()), np.load(out.with_suffix(".npy"))


def by_us(config, runtime, describe, flags):
    done = subprocess.run([runtime, *flags, config.name], capture_output=True, text=True, cwd=config.parent)
    (config.parent / "runtime.log").write_text(done.stdout + done.stderr)
    if done.returncode:
        raise RuntimeError("runtime: " + last_lines(done))
    told = subprocess.run([describe, config.name], capture_output=True, text=True, cwd=config.parent)
    if told.returncode:
        raise RuntimeError("describe_cell: " + last_lines(told))
    with h5py.File(config.parent / "compare_output/v.h5") as report:
        group = report["report/cells"]
        return json.loads(told.stdout), group["data"][:], group["mapping/element_ids"][:]


def relative(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return float("inf")
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(b), 1e-300), initial=0.0))


def compare(case, source, work, options):
    """The figures of one template, as a dictionary."""
    config = prepare(case, source, work)
    compile_for_neuron(source, case.get("mechanisms", "."), work)
    theirs, their_v = by_neuron(config)
    ours, our_v, elements = by_us(config, options.runtime, options.describe, options.flag)
    result = {"sections": [len(ours), len(theirs)]}
    if [s["name"] for s in ours] != [s["name"] for s in theirs]:
        missing = sorted({s["name"] for s in theirs} ^ {s["name"] for s in ours})[:5]
        result["names"] = f"differ: {missing or 'in their order'}"
        by_name = {s["name"]: s for s in ours}
        ours = [by_name.get(s["name"]) for s in theirs]
        if None in ours:
            return result
    pairs = list(zip(ours, theirs))
    result["parents"] = sum(a["parent"] != b["parent"] for a, b in pairs)
    result["nseg"] = [sum(a["nseg"] for a, _ in pairs), sum(b["nseg"] for _, b in pairs)]
    result["differing nseg"] = sum(a["nseg"] != b["nseg"] for a, b in pairs)
    result["areas"] = max(relative(a["area"], b["area"]) for a, b in pairs)
    result["resistances"] = max(relative(a["ri"], b["ri"]) for a, b in pairs)
    if our_v.shape == their_v.shape:
        gap = np.abs(our_v - their_v)
        result["dv"] = float(gap.max())
        result["range"] = [float(their_v.min()), float(their_v.max())]
        soma = their_v[:, 0]
        result["spikes"] = int(np.sum((soma[1:] > 0) & (soma[:-1] <= 0)))
    else:
        result["dv"] = f"shapes {our_v.shape} and {their_v.shape}"
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("template", nargs="?")
    parser.add_argument("--models", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--load", nargs="*")
    parser.add_argument("--before", default="")
    parser.add_argument("--argument", nargs="*", default=[])
    parser.add_argument("--mechanisms", default=".")
    parser.add_argument("--celsius", type=float, default=34.0)
    parser.add_argument("--v-init", type=float, default=-65.0)
    parser.add_argument("--amp", type=float, default=0.2)
    parser.add_argument("--runtime", type=pathlib.Path, default=ROOT / "target/release/runtime")
    parser.add_argument("--describe", type=pathlib.Path, default=ROOT / "target/release/describe_cell")
    parser.add_argument("--flag", nargs="*", default=["--compat", "neuron"], help="for runtime")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/hoc_templates")
    options = parser.parse_args()
    options.runtime, options.describe = options.runtime.resolve(), options.describe.resolve()
    if options.models:
        cases = [case for case in json.loads(options.models.read_text()) if options.only in f"{case['folder']}/{case['template']}"]
    else:
        numbers = [float(text) if re.fullmatch(r"-?[\d.]+", text) else text for text in options.argument]
        cases = [{
            "template": options.template, "load": options.load, "before": options.before, "arguments": numbers,
            "mechanisms": options.mechanisms, "celsius": options.celsius, "v_init": options.v_init, "amp": options.amp,
        }]
    failed = 0
    print("| model | template | sections | segments | areas | axial resistances | spikes | max abs(dv), 200 ms |\n|---|---|---|---|---|---|---|---|")
    for case in cases:
        source = options.folder / case["folder"] if options.models else options.folder
        try:
            result = compare(case, source, options.work.resolve() / source.name / case["template"], options)
        except RuntimeError as error:
            failed += 1
            print(f"| {source.name} | {case['template']} | {error} |", flush=True)
            continue
        equal = result["sections"][0] == result["sections"][1] and "areas" in result and not result["differing nseg"]
        good = equal and isinstance(result["dv"], float) and result["dv"] < 1e-6 and result["areas"] < 1e-12
        failed += not good and "differs" not in case
        number = lambda value: f"{value:.1e}" if isinstance(value, float) else str(value)
        sections = f"{result['sections'][1]}" if result["sections"][0] == result["sections"][1] else f"{result['sections']}"
        print(
            f"| {source.name} | {case['template']} | {sections} {result.get('names', '')} | {result.get('nseg', [0, 0])[1]}"
            f" | {number(result.get('areas'))} | {number(result.get('resistances'))} | {result.get('spikes')}"
            f" | {number(result.get('dv'))}{'; ' + case['differs'] if 'differs' in case else ''} |",
            flush=True,
        )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
