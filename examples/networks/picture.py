"""Draws a network and what it did: connections between the cells' places, spikes, and voltages of some cells.

    python picture.py FOLDER PICTURE.svg      FOLDER has config.json and what its run wrote
"""

import sys
from pathlib import Path

import h5py
import numpy as np

import saltatory

WIDTH, HEIGHT, MARGIN = 760, 260, 34
COLOURS = {"yes": "#c0392b", "no": "#2c5f8a"}


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.0f}" y="{y:.0f}" font-family="sans-serif" font-size="11" text-anchor="{anchor}">{words}</text>'


def line(points, colour, width=1.0, opacity=1.0):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" opacity="{opacity}"/>'


def box(left, right, xs, ys):
    """The map of a range of values into a box of the picture, y upwards."""
    (x0, x1), (y0, y1) = xs, ys
    return (lambda x: left + (x - x0) / (x1 - x0) * (right - left),
            lambda y: HEIGHT - MARGIN - (y - y0) / (y1 - y0) * (HEIGHT - 2 * MARGIN))


def main(folder, picture):
    folder = Path(folder)
    network, output = folder / "network", folder / "output"
    with h5py.File(network / "net_nodes.h5") as file:
        nodes = file["nodes/net"]
        places, types = np.full((len(nodes["node_type_id"]), 3), np.nan), nodes["node_type_id"][()]
        for group in (g for g in nodes if g.isdigit()):
            mine = nodes["node_group_id"][()] == int(group)
            places[mine] = nodes[group]["positions"][()][nodes["node_group_index"][()][mine]]
    table = [row.split(" ") for row in (network / "net_node_types.csv").read_text().splitlines()]
    columns = {name: i for i, name in enumerate(table[0])}
    stimulated = {int(row[columns["node_type_id"]]): row[columns["stimulated"]] for row in table[1:]}
    colours = [COLOURS[stimulated[t]] for t in types]
    with h5py.File(network / "net_net_edges.h5") as file:
        edges = file["edges/net_to_net"]
        pairs = sorted(set(zip(edges["source_node_id"][()].tolist(), edges["target_node_id"][()].tolist())))
        synapses = len(edges["source_node_id"]) if "nsyns" not in edges["0"] else int(edges["0/nsyns"][()].sum())
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']

    # Cells from the side: x to the right, y upwards.
    def span(v):
        return v.min() - 1, v.max() + 1

    x, y = box(MARGIN, 230, span(places[:, 0]), span(places[:, 1]))
    out += [line([(x(places[s, 0]), y(places[s, 1])), (x(places[t, 0]), y(places[t, 1]))], "#888", 0.6, 0.5)
            for s, t in pairs]
    out += [f'<circle cx="{x(p[0]):.1f}" cy="{y(p[1]):.1f}" r="4" fill="{c}"/>' for p, c in zip(places, colours)]
    out.append(text(MARGIN, 18, f"{len(places)} cells, {synapses} synapses"))
    # Spikes.
    spikes = saltatory.read_spikes(output / "spikes.h5")["net"]
    report = saltatory.read_report(output / "v.h5")
    stop = float(report.times[-1])
    x, y = box(270, 490, (0.0, stop), (-1.0, float(len(places))))
    out += [f'<circle cx="{x(t):.1f}" cy="{y(i):.1f}" r="2" fill="{colours[i]}"/>'
            for t, i in zip(spikes.timestamps, spikes.node_ids)]
    out += [text(270, 18, f"{len(spikes)} spikes"), text(270, HEIGHT - 12, "0"),
            text(490, HEIGHT - 12, f"{stop:.0f} ms", "end")]
    # Voltages of the first stimulated cell and of the others that spiked first.
    others = [i for i in dict.fromkeys(spikes.node_ids.tolist()) if stimulated[types[i]] == "no"][:2]
    shown = [next(i for i in range(len(types)) if stimulated[types[i]] == "yes"), *others]
    x, y = box(530, WIDTH - 12, (0.0, stop), (-85.0, 50.0))
    for i in shown:
        voltage = report.of(i)[:, 0]
        times = report.times
        # A point for every 2 mV, or every 60 steps.
        keep = [0]
        for k in range(1, len(voltage) - 1):
            if abs(voltage[k] - voltage[keep[-1]]) > 2.0 or k - keep[-1] > 60:
                keep.append(k)
        out.append(line([(x(times[k]), y(voltage[k])) for k in keep], colours[i], 1.2, 0.9))
    out += [text(530, 18, "voltage: a stimulated cell, two others"), text(530, HEIGHT - 12, "0"),
            text(WIDTH - 12, HEIGHT - 12, f"{stop:.0f} ms", "end"), "</svg>"]
    Path(picture).write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
