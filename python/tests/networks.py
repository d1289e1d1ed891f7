"""Networks that BMTK and this package build from the same calls. `build(name, api)` is given the package to build
with: an object with NetworkBuilder, node_params and edge_connectors."""

import math
import random

import numpy as np


def tutorial(api):
    """The half-centre oscillator as the tutorial prints it (its second build() left out, which doubles BMTK's edges)."""
    net = api.NetworkBuilder("hco_net")
    for name in ("HCOCell1", "HCOCell2"):
        net.add_nodes(N=1, cell_name=name, model_type="biophysical", model_template="hoc:HCOcell",
                      morphology="blank.swc")
    for source, target in (("HCOCell1", "HCOCell2"), ("HCOCell2", "HCOCell1")):
        net.add_edges(source={"cell_name": source}, target={"cell_name": target}, connection_rule=1,
                      syn_weight=40.0e-02, dynamics_params="my_inhsyn.json", model_template="inhsyn", delay=0.0,
                      target_sections=["soma"], distance_range=[0, 999])
    net.build()
    return [net]


def columns_and_rotations(api):
    """Positions in a column, random rotations, virtual input, several groups of properties."""
    cortex, lgn = api.NetworkBuilder("v1"), api.NetworkBuilder("lgn")
    for i, ei in enumerate("eeii"):
        n = 10 + i
        cortex.add_nodes(N=n, pop_name=f"p{i}", ei=ei, model_type="biophysical",
                         positions=api.node_params.positions_columinar(N=n, center=[0, 50.0, 0], max_radius=30.0),
                         rotation_angle_yaxis=api.node_params.xiter_random(N=n, min_x=0.0, max_x=2 * np.pi),
                         **({"tuning_angle": np.linspace(0, 360, n)} if ei == "e" else {}))
    lgn.add_nodes(N=30, model_type="virtual", pop_name="tON", label=[f"cell {i}" for i in range(30)])
    cortex.add_edges(source={"ei": "e"}, target={"ei": "i"}, iterator="one_to_one",
                     connection_rule=api.edge_connectors.distance_connector,
                     connection_params={"d_weight_min": 0.0, "d_weight_max": 0.9, "d_max": 60.0, "nsyn_min": 1,
                                        "nsyn_max": 5},
                     syn_weight=5e-5, delay=2.0, dynamics_params="e2i.json", model_template="Exp2Syn")
    cortex.add_edges(source={"ei": "i"}, target={"ei": ["e", "i"]}, connection_rule=api.edge_connectors.connect_random,
                     connection_params={"nsyn_min": 0, "nsyn_max": 3}, syn_weight=-0.5, edge_type_id=500)

    def inputs(sources, target):
        chosen = np.random.choice(len(sources), 5, replace=False)
        counts = np.zeros(len(sources))
        counts[chosen] = np.random.randint(1, 4, 5)
        return counts

    cortex.add_edges(source=lgn.nodes(), target=cortex.nodes(pop_name="p0"), connection_rule=inputs,
                     iterator="all_to_one", syn_weight=1e-4, delay=1.0)
    cortex.build()
    return [cortex, lgn]


def properties_per_synapse(api):
    """Delay, weight and place of each synapse, with constants, functions and lists."""
    net = api.NetworkBuilder("internal")
    net.add_nodes(N=12, ei="e", positions=api.node_params.positions_columinar(N=12, max_radius=100.0))
    net.add_nodes(N=8, ei="i", positions=api.node_params.positions_columinar(N=8, max_radius=100.0))

    def n_connections(src, trg, prob=0.1, min_syns=1, max_syns=5):
        if src.node_id == trg.node_id:
            return 0
        return 0 if np.random.uniform() > prob else np.random.randint(min_syns, max_syns)

    def place(src, trg, sections, dist_range):
        dist = np.random.uniform(*dist_range)
        return np.random.randint(len(sections) + 3), np.random.uniform(), dist, 3

    def dist_delay(src, trg, base_delay, dist_delay=0.0):
        d = np.linalg.norm(np.array(src["positions"]) - np.array(trg["positions"]))
        return base_delay + dist_delay * d

    cm = net.add_edges(source={"ei": "e"}, target={"ei": "e"}, connection_rule=n_connections,
                       connection_params={"prob": 0.4}, dynamics_params="AMPA_ExcToExc.json", model_template="Exp2Syn",
                       delay=2.0)
    cm.add_properties("syn_weight", rule=6.0e-05, dtypes=float)
    cm.add_properties(["sec_id", "sec_x", "dist", "type"], rule=place,
                      rule_params={"sections": ["basal", "apical"], "dist_range": [30.0, 150.0]},
                      dtypes=[np.int32, float, float, np.uint8])
    cm = net.add_edges(source={"ei": "i"}, target={"ei": "e"}, connection_rule=2, delay=0.0)
    cm.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
    cm.add_properties("delay", rule=dist_delay, rule_params={"base_delay": 0.5, "dist_delay": 0.01}, dtypes=float)
    cm = net.add_edges(source={"ei": "i"}, target={"ei": "i"}, connection_rule=1)
    cm.add_properties("weight", values=list(np.arange(64) * 0.25), dtypes=np.float32)
    net.build()
    return [net]


def exactly_two(api):
    """The tutorial's rule-based connections: each granule cell contacts exactly two neighbours."""
    net = api.NetworkBuilder("hippocampus")
    for name, n in (("DGg", 20), ("CA3e", 15), ("CA3o", 5)):
        net.add_nodes(N=n, pop_name=name, positions=api.node_params.positions_rect_prism(N=n, x_length=10.0))

    def hipp_MF_connector(source, targets, min_syn=1, max_syn=1):
        total_targets = len(targets)
        syns = np.zeros(total_targets)
        x_ind, n = 0, 0
        while n < 2:
            target_index = random.randint(0, total_targets - 1)
            target = targets[target_index]
            dx = target["positions"][x_ind] - source["positions"][x_ind]
            prob = 1 / (math.exp(((abs(dx) - 0) ** 2) / (2 * (2**2))))
            if random.random() < prob:
                n = n + 1
                syns[target_index] = random.randint(min_syn, max_syn)
        return syns

    conn = net.add_edges(source={"pop_name": "DGg"}, target={"pop_name": "CA3e"}, iterator="one_to_all",
                         connection_rule=hipp_MF_connector, connection_params={}, syn_weight=5.0e-03,
                         dynamics_params="DGg2CA3e.exc.json", model_template="exp2syn", distance_range=[0.0, 300.0],
                         target_sections=["soma"], delay=0.0)
    conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
    net.build()
    return [net]


def recurrent(api):
    """The tutorial's recurrent connections. Edges made so far come from a network of their own, since BMTK would make
    those twice that it has shown."""
    def cells():
        net = api.NetworkBuilder("hippocampus")
        for name, n in (("CA3o", 12), ("CA3e", 15)):
            net.add_nodes(N=n, pop_name=name, positions=api.node_params.positions_rect_prism(N=n))
        return net

    def hipp_recurrent_connector(source, target, all_edges=[], min_syn=1, max_syn=1):
        for e in all_edges:
            if source["node_id"] == e.target_gid and target["node_id"] == e.source_gid:
                return random.randint(min_syn, max_syn)
        return 0

    first = cells()
    first.add_edges(source={"pop_name": "CA3o"}, target={"pop_name": "CA3e"},
                    connection_rule=lambda source, target: 1 if random.random() < 0.3 else 0)
    made = list(first.edges())
    pairs = {(e.source_gid, e.target_gid) for e in made}
    net = cells()
    net.add_edges(source={"pop_name": "CA3o"}, target={"pop_name": "CA3e"}, syn_weight=5.0e-03, delay=1.0,
                  connection_rule=lambda source, target: int((source.node_id, target.node_id) in pairs))
    conn = net.add_edges(source={"pop_name": "CA3e"}, target={"pop_name": "CA3o"}, syn_weight=5.0e-03,
                         connection_rule=hipp_recurrent_connector,
                         connection_params={"all_edges": made, "min_syn": 1, "max_syn": 3}, delay=0.0)
    conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
    conn.add_properties("delay", rule=lambda s, t: random.uniform(1.0, 2.0), dtypes=float)
    net.build()
    return [net]


def chosen_ids_and_gaps(api):
    """Ids that the user chose, lists as rules, tuples as values, gap junctions."""
    net = api.NetworkBuilder("net")
    net.add_nodes(N=3, node_id=[10, 3, 7], kind="a", node_type_id=7, pair=[(1, 2), (3, 4), (5, 6)])
    net.add_nodes(N=4, kind="b", centre=(0.0, 0.5), flag=True, nothing=None)
    net.add_edges(source={"kind": "a"}, target={"kind": "b"}, connection_rule=[0, 1, 2, 3], iterator="one_to_all")
    net.add_edges(source={"kind": "b"}, target={"kind": "a"}, connection_rule=list(range(12)))
    net.add_edges(source={"kind": "b"}, target={"kind": "b"}, nsyns=2, label="it's")
    net.add_edges(source={"kind": lambda k: k == "a"}, target={"node_id": 3}, connection_rule=0.5)
    net.add_gap_junctions(source={"kind": "b"}, target={"kind": "b"}, resistance=2.0, target_sections=None,
                          connection_rule=lambda s, t: 1 if s.node_id < t.node_id else 0)
    net.build()
    return [net]


ALL = {f.__name__: f for f in (tutorial, columns_and_rotations, properties_per_synapse, exactly_two, recurrent,
                               chosen_ids_and_gaps)}


def build(name, api, folder, **options):
    """Builds a network from fixed seeds and saves it."""
    np.random.seed(1234)
    random.seed(1234)
    for net in ALL[name](api):
        net.save_nodes(output_dir=str(folder), **options)
        if net.get_connections():
            net.save_edges(output_dir=str(folder), **options)
