"""The cells of the ring workload: what is inserted where.

A cell is a soma and two binary trees of depth 3, 14 dendrites of 5 segments: 71 compartments. `hh` has the channels of
Hodgkin and Huxley everywhere, and a leak in the dendrites; `rich` has eleven mechanisms of a layer 5 pyramidal cell and a
leak everywhere, with calcium that a current brings, a shell keeps, and a channel reads. `mod/` has them, from published
equations. Besides the synapse that makes the ring a cell may have many of Exp2Syn, spread over its dendrites and weak, which
get the same spikes: networks of BMTK have more synapses than compartments.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
RING, DT, COMPARTMENTS = 16, 0.025, 71
SOMA, DENDRITE = 12.6157, 100.0

LEAK = ("pas", {"g_pas": 0.0001, "e_pas": -65})
RICH = [LEAK, *((name, {}) for name in ("rich_cad", "rich_cahva", "rich_calva", "rich_ih", "rich_im", "rich_kp", "rich_kt",
                                         "rich_kv3", "rich_nap", "rich_nat", "rich_sk"))]
SYNAPSE = {"tau1": 0.5, "tau2": 3.0, "e": 0.0}
SYNAPSE_WEIGHT = 1e-5
KINDS = {
    "hh": {"celsius": 6.3, "soma": [("hh", {})], "dend": [LEAK, ("hh", {})], "values": {}},
    "rich": {"celsius": 34.0, "soma": RICH, "dend": RICH, "values": {"ena": 50, "ek": -85}},
}


def length(gid, cells, distinct):
    """Length of the dendrites of a cell, um; each cell its own if `distinct`."""
    return 90 + 20 * gid / cells if distinct else DENDRITE


def synapse_site(k):
    """Where the k-th of a cell's many Exp2Syn is, and by how much later than the ring's own delay it gets an event: number
    of the dendrite, place on it, ms."""
    return k * 5 % 14, (k % 5 + 0.5) / 5, DT * (k % 20)


def insertions(kind, region):
    """Statements of HOC that make a section of a region what it is."""
    of = KINDS[kind]
    lines = []
    for name, parameters in of[region]:
        lines.append(f"insert {name}")
        lines += [f"{parameter} = {value}" for parameter, value in parameters.items()]
    return lines + [f"{name} = {value}" for name, value in of["values"].items()]


def equip(section, kind, region):
    """The same in NEURON's Python."""
    of = KINDS[kind]
    for name, parameters in of[region]:
        section.insert(name)
        for parameter, value in parameters.items():
            setattr(section, parameter, value)
    for name, value in of["values"].items():
        setattr(section, name, value)
