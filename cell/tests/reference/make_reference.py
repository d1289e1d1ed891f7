"""Runs the templates beside this file in NEURON and writes what it says of their sections to reference.json.

    python make_reference.py        # NEURON 9.0.2

Every template is instantiated twice: as it is, and with nseg set from dL = 20 um afterwards, as BMTK does.
"""
import json
import os
import sys

from neuron import h

here = os.path.dirname(os.path.abspath(__file__))
FILES = {
    "HalfCentre": "halfcentre.hoc",
    "Branching": "branching.hoc",
    "Points": "points.hoc",
    "Shape2": "shape.hoc",
    "Forest": "forest.hoc",
}
RANGE = ["g_pas", "e_pas", "gnabar_hh", "gkbar_hh", "el_hh", "ena", "ek"]


def describe(sec):
    segs = list(sec)
    out = {
        "name": sec.name().split(".", 1)[1],
        "nseg": sec.nseg,
        "L": sec.L,
        "Ra": sec.Ra,
        "x": [s.x for s in segs],
        "diam": [s.diam for s in segs],
        "cm": [s.cm for s in segs],
        "area": [s.area() for s in segs],
        "ri": [s.ri() for s in segs] + [sec(1 - sec.orientation()).ri()],
        "node": [s.node_index() for s in segs] + [sec(1 - sec.orientation()).node_index()],
        "begin": sec(sec.orientation()).node_index(),
        "orientation": sec.orientation(),
        "points": [[sec.x3d(i), sec.y3d(i), sec.z3d(i), sec.diam3d(i), sec.arc3d(i)] for i in range(sec.n3d())],
        "mechanisms": sorted(m for m in sec.psection()["density_mechs"]),
    }
    # the matrix row of each node: 1 is a, 2 is b
    out["a"] = [h.fmatrix(s.x, 1, sec=sec) for s in segs] + [h.fmatrix(1 - sec.orientation(), 1, sec=sec)]
    out["b"] = [h.fmatrix(s.x, 3, sec=sec) for s in segs] + [h.fmatrix(1 - sec.orientation(), 3, sec=sec)]
    ranges = {}
    for name in RANGE:
        try:
            ranges[name] = [getattr(s, name) for s in segs]
        except AttributeError:
            pass
    out["ranges"] = ranges
    return out


def run(template, dl):
    cell = getattr(h, template)()
    if dl:
        for sec in cell.all:
            sec.nseg = 1 + 2 * int(sec.L / (2 * dl))
    owned = [s for s in h.allsec()]
    h.finitialize(-65)
    h.fcurrent()
    nodes = [describe(s) for s in owned]
    origin = owned[0]
    h.distance(0, 0, sec=origin)
    for sec, out in zip(owned, nodes):
        out["distance"] = [h.distance(x, sec=sec) for x in (0, 0.3, 1)]
    lists = {}
    for name in ("all", "somatic", "basal"):
        if hasattr(cell, name) and isinstance(getattr(cell, name), type(h.SectionList())):
            lists[name] = [s.name().split(".", 1)[1] for s in getattr(cell, name)]
    return {"template": template, "dl": dl, "sections": nodes, "lists": lists}


if __name__ == "__main__":
    if len(sys.argv) == 3:  # one template in its own process: NEURON numbers nodes of all cells together
        template, dl = sys.argv[1], float(sys.argv[2])
        h.load_file(os.path.join(here, FILES[template]))
        json.dump(run(template, dl), sys.stdout)
    elif len(sys.argv) == 2:
        h.load_file("stdlib.hoc")
        h.load_file(os.path.join(here, "language.hoc"))
        cell = h.Language(7, "text")
        json.dump([cell.result.x[i] for i in range(int(cell.result.size()))], sys.stdout)
    else:
        import subprocess

        def sub(*args):
            out = subprocess.run([sys.executable, __file__, *args], capture_output=True, text=True)
            if out.returncode or not out.stdout.strip():
                raise SystemExit(out.stdout + out.stderr)
            return json.loads(out.stdout.strip().splitlines()[-1])

        cells = [
            sub(template, str(dl))
            for template in FILES
            for dl in (0, 20)
        ]
        def text(value):  # numbers as text, so that no reader rounds them
            if isinstance(value, dict):
                return {k: text(v) for k, v in value.items()}
            if isinstance(value, list):
                return [text(v) for v in value]
            return repr(value) if isinstance(value, (int, float)) else value

        with open(os.path.join(here, "reference.json"), "w") as f:
            f.write('{"language": ' + json.dumps(text(sub("language"))) + ',\n"cells": [\n')
            f.write(",\n".join(json.dumps(text(c)) for c in cells))
            f.write("\n]}\n")
