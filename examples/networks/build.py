"""Builds one of the tutorial's networks, small enough to run at once.

    python build.py SECTION [FOLDER]        then        runtime config.json

SECTION is columns, properties, recurrent or exactly_two; FOLDER is `network` unless given. The half-centre oscillator
with its own synapse is in ../hco. The same networks in Rust: `cargo run -p builder --example sections SECTION FOLDER`.
"""

import math
import random
import sys

import numpy as np

from saltatory.builder import NetworkBuilder
from saltatory.builder.auxi.edge_connectors import distance_connector
from saltatory.builder.auxi.node_params import positions_columnar, positions_rect_prism, xiter_random

CELL = dict(model_type="biophysical", model_template="hoc:Ball")
SYNAPSE = dict(dynamics_params="exc.json", model_template="exp2syn", target_sections=["soma"],
               distance_range=[0.0, 300.0])


def distance(source, target):
    return float(np.linalg.norm(np.array(source["positions"]) - np.array(target["positions"])))


def dist_delay(source, target, base_delay, dist_delay):
    """Delay (ms) that grows with distance (um)."""
    return base_delay + dist_delay * distance(source, target)


def columns(net):
    """Cells in a column, turned at random; near ones are connected."""
    for stimulated, n in (("yes", 5), ("no", 15)):
        net.add_nodes(N=n, stimulated=stimulated, **CELL,
                      positions=positions_columnar(N=n, center=[0.0, 50.0, 0.0], height=100.0, max_radius=40.0),
                      rotation_angle_yaxis=xiter_random(N=n, min_x=0.0, max_x=2 * np.pi))
    net.add_edges(source={"stimulated": "yes"}, target={"stimulated": "no"}, connection_rule=distance_connector,
                  connection_params=dict(d_weight_min=0.1, d_weight_max=1.0, d_max=100.0, nsyn_min=1, nsyn_max=3),
                  syn_weight=4e-3, delay=1.0, **SYNAPSE)


def properties(net):
    """Delay, weight and place of each synapse."""
    net.add_nodes(N=4, stimulated="yes", positions=positions_columnar(N=4, max_radius=100.0), **CELL)
    net.add_nodes(N=8, stimulated="no", positions=positions_columnar(N=8, max_radius=100.0), **CELL)

    def place(source, target):
        """Soma (section 0) or somewhere along the dendrite (section 1)."""
        return (0, 0.5) if random.random() < 0.5 else (1, random.random())

    cm = net.add_edges(source={"stimulated": "yes"}, target={"stimulated": "no"}, connection_rule=3,
                       dynamics_params="exc.json", model_template="exp2syn")
    cm.add_properties(["sec_id", "sec_x"], rule=place, dtypes=[np.int32, float])
    cm.add_properties("delay", rule=dist_delay, rule_params={"base_delay": 0.5, "dist_delay": 0.05}, dtypes=float)
    cm.add_properties("syn_weight", rule=lambda s, t: random.uniform(1e-3, 3e-3), dtypes=float)


def recurrent(net):
    """Cells of CA3e connect back to those of CA3o that connect to them, and to no others."""
    net.add_nodes(N=6, pop_name="CA3o", stimulated="yes", positions=positions_rect_prism(N=6), **CELL)
    net.add_nodes(N=6, pop_name="CA3e", stimulated="no", positions=positions_rect_prism(N=6), **CELL)

    def connector(source, target, p):
        return 1 if random.random() < p else 0

    def recurrent_connector(source, target, all_edges):
        for e in all_edges:
            if source["node_id"] == e.target_gid and target["node_id"] == e.source_gid:
                return 1
        return 0

    def placed(conn):
        conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
        conn.add_properties("delay", rule=dist_delay, rule_params={"base_delay": 1.0, "dist_delay": 0.1}, dtypes=float)

    placed(net.add_edges(source={"pop_name": "CA3o"}, target={"pop_name": "CA3e"}, connection_rule=connector,
                         connection_params={"p": 0.4}, syn_weight=1e-2, **SYNAPSE))
    # What is built so far: edges() is always current.
    placed(net.add_edges(source={"pop_name": "CA3e"}, target={"pop_name": "CA3o"},
                         connection_rule=recurrent_connector, connection_params={"all_edges": net.edges()},
                         syn_weight=1e-2, **SYNAPSE))


def exactly_two(net):
    """Each granule cell contacts exactly two cells of CA3, near ones rather than far ones."""
    net.add_nodes(N=8, pop_name="DGg", stimulated="yes", positions=positions_rect_prism(N=8, x_length=10.0), **CELL)
    net.add_nodes(N=5, pop_name="CA3e", stimulated="no", positions=positions_rect_prism(N=5, x_length=10.0), **CELL)

    def two_targets(source, targets):
        synapses = np.zeros(len(targets))
        while np.count_nonzero(synapses) < 2:
            i = random.randrange(len(targets))
            dx = targets[i]["positions"][0] - source["positions"][0]
            if random.random() < math.exp(-(dx**2) / (2 * 2**2)):
                synapses[i] = 1
        return synapses

    conn = net.add_edges(source={"pop_name": "DGg"}, target={"pop_name": "CA3e"}, iterator="one_to_all",
                         connection_rule=two_targets, syn_weight=1e-2, **SYNAPSE)
    conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
    conn.add_properties("delay", rule=dist_delay, rule_params={"base_delay": 1.0, "dist_delay": 0.1}, dtypes=float)


SECTIONS = {f.__name__: f for f in (columns, properties, recurrent, exactly_two)}

if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in SECTIONS:
        sys.exit(__doc__)
    np.random.seed(1)
    random.seed(1)
    network = NetworkBuilder("net")
    SECTIONS[sys.argv[1]](network)
    network.save(output_dir=sys.argv[2] if len(sys.argv) == 3 else "network")
    print(f"{network.nnodes} cells, {network.nedges} synapses")
