"""The cell of a configuration that compare.py wrote, in NEURON.

    python neuron_cell.py compare.json OUT.json

writes its sections (name, nseg, parent, areas in um2, axial resistances in MOhm) and, as .npy, the voltage of every segment
after every step.
"""

import json
import pathlib
import sys

import numpy as np
from neuron import h


def main(config, out):
    config = json.loads(pathlib.Path(config).read_text())
    h.load_file("stdrun.hoc")
    h.load_file("import3d.hoc")
    for file in config["components"]["templates_dir"]:
        if not h.xopen(file) and not pathlib.Path(file).exists():
            raise SystemExit(f"NEURON cannot load {file}")
    arguments = json.loads(pathlib.Path("compare_params.json").read_text())["params"]
    row = pathlib.Path("cells_node_types.csv").read_text().splitlines()[1].split()
    cell = getattr(h, row[2].split(":")[1])(*arguments)
    sections = list(cell.all) if hasattr(cell, "all") else [s for s in h.allsec() if s.cell() == cell]
    soma = next(s for s in sections if bare(s).startswith("soma"))
    told = [{
        "name": bare(section),
        "nseg": section.nseg,
        "parent": bare(section.parentseg().sec) if section.parentseg() is not None else None,
        "area": [segment.area() for segment in section],
        "ri": [segment.ri() for segment in section],
    } for section in sections]
    run, conditions = config["run"], config["conditions"]
    h.celsius, h.dt, h.secondorder = conditions["celsius"], run["dt"], 0
    clamp = h.IClamp(soma(0.5))
    pulse = config["inputs"]["pulse"]
    clamp.amp, clamp.delay, clamp.dur = pulse["amp"], pulse["delay"], pulse["duration"]
    steps = round(run["tstop"] / run["dt"])
    references = [segment._ref_v for section in sections for segment in section]
    voltages = np.empty((steps, len(references)))
    h.finitialize(conditions["v_init"])
    for step in range(steps):
        h.fadvance()
        voltages[step] = [reference[0] for reference in references]
    np.save(pathlib.Path(out).with_suffix(".npy"), voltages)
    pathlib.Path(out).write_text(json.dumps(told))


def bare(section):
    """A section's name in its cell."""
    return section.name().split(".")[-1]


if __name__ == "__main__":
    main(*sys.argv[1:])
