"""Builds each example here (from Python and from Rust) and in BMTK, has both simulate both networks, and compares the spikes. See run.sh."""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import libsonata

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = {
    "hco": (HERE / "hco.py", ROOT / "examples" / "hco"),
    **{name: (ROOT / "examples" / "networks" / "build.py", ROOT / "examples" / "networks")
       for name in ("columns", "properties", "recurrent", "exactly_two")},
}


def as_bmtk(script, folder):
    """The script with its imports changed."""
    text = script.read_text().replace("from saltatory.", "from bmtk.")
    changed = folder / f"bmtk_{script.name}"
    changed.write_text(text)
    return changed


def configuration(example, folder, network, mechanisms, output):
    """The example's configuration with its paths replaced."""
    config = json.loads((example / "config.json").read_text())
    text = json.dumps(config["networks"]).replace("$NETWORK_DIR", str(network))
    config["networks"] = json.loads(text)
    config["components"] = {"mechanisms_dir": str(mechanisms), "templates_dir": str(example / "templates"),
                            "synaptic_models_dir": str(example / "synaptic_models")}
    config["output"].update(output_dir=str(output))
    config["reports"] = {}
    path = folder / f"{output.name}.json"
    path.write_text(json.dumps(config, indent=2))
    return path, config["run"]["dt"]


def spikes(path, dt):
    """Pairs of node and step, sorted."""
    with h5py.File(path) as file:
        populations = file["spikes"]
        found = [(name, int(node), int(round(time / dt))) for name in populations
                 for time, node in zip(populations[name]["timestamps"][()], populations[name]["node_ids"][()])]
    return sorted(found)


def quietly(command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")


def read(network):
    """What h5py and libsonata find in the files of this builder; libsonata's wheel reads no compressed datasets."""
    synapses = 0
    for path in sorted(network.glob("*_edges.h5")):
        with h5py.File(path, "r") as file:
            counts = {name: len(group["source_node_id"]) for name, group in file["edges"].items()}
            compressed = any(group["source_node_id"].compression for group in file["edges"].values())
        copy = path
        if compressed:
            copy = path.with_suffix(".plain")
            with h5py.File(path, "r") as source, h5py.File(copy, "w") as target:
                plain(source, target)
        storage = libsonata.EdgeStorage(str(copy))
        for name in sorted(storage.population_names):
            population = storage.open_population(name)
            everything = population.select_all()
            targets = sorted(set(population.target_nodes(everything).tolist()))
            assert population.size == counts[name] == population.afferent_edges(targets).flat_size
            for attribute in population.attribute_names:
                assert len(population.get_attribute(attribute, everything)) == counts[name]
            synapses += counts[name]
    return synapses


def plain(source, target):
    """Copies a file without compression."""
    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            plain(item, target.create_group(name))
        else:
            target.create_dataset(name, data=item[()]).attrs.update(item.attrs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--rust", type=Path, required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("examples", nargs="*", default=[])
    arguments = parser.parse_args()
    unknown = set(arguments.examples) - set(EXAMPLES)
    if unknown:
        sys.exit(f"there is no example {', '.join(sorted(unknown))}; there are {', '.join(EXAMPLES)}")
    failed = False
    for name in arguments.examples or EXAMPLES:
        script, example = EXAMPLES[name]
        folder = arguments.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        rust = [arguments.rust / "hco"] if name == "hco" else [arguments.rust / "sections", name]
        for builder, command in (("python", [arguments.ours, script, name]), ("rust", rust),
                                 ("bmtk", [sys.executable, as_bmtk(script, folder), name])):
            network = folder / f"network_{builder}"
            quietly([*command, network], cwd=folder)
            results = []
            for simulator, mechanisms in (("runtime", ROOT / "mod"), ("bmtk", arguments.work / "mechanisms")):
                output = folder / f"{builder}_in_{simulator}"
                config, dt = configuration(example, folder, network, mechanisms, output)
                command = [sys.executable, HERE / "simulate.py", config]
                if simulator == "runtime":
                    command = [arguments.runtime, config, "--compat", "neuron", "--overwrite"]
                quietly(command, cwd=folder)
                results.append(spikes(output / "spikes.h5", dt))
            with_spikes = len({(population, node) for population, node, _ in results[0]})
            equal = results[0] == results[1] and results[0]
            failed |= not equal
            shown = f"{len(results[0])} spikes of {with_spikes} cells in both" if equal else (
                f"DIFFERENT: {len(results[0])} spikes in runtime, {len(results[1])} in BMTK")
            extra = f"; {read(network)} rows of edges read by h5py and libsonata" if builder != "bmtk" else ""
            print(f"{name}, built by {builder}: {shown}{extra}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
