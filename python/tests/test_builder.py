"""The builder from Python: what it makes, and what it says about wrong arguments."""

import random

import h5py
import numpy as np
import pytest

import networks
from saltatory.builder import NetworkBuilder
from saltatory.builder.auxi import edge_connectors, node_params
from saltatory.builder.rules import DistanceConnector, GaussianConnector, RandomCount, vectorized


class Api:
    NetworkBuilder = NetworkBuilder
    node_params = node_params
    edge_connectors = edge_connectors


def two(n=4, **options):
    net = NetworkBuilder("net", **options)
    net.add_nodes(N=n, ei="e", x=np.arange(n) * 1.0)
    net.add_nodes(N=n, ei="i", x=np.arange(n) + 0.5)
    return net


def ends(edges):
    return [(e.source_node_id, e.target_node_id) for e in edges]


@pytest.mark.parametrize("name", networks.ALL)
def test_all_networks_build_and_are_reproducible(name, tmp_path):
    for folder in ("a", "b"):
        networks.build(name, Api, tmp_path / folder)
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files
    for file in files:
        a, b = (tmp_path / f / file for f in "ab")
        if file.endswith(".csv"):
            assert a.read_text() == b.read_text()
            continue
        with h5py.File(a) as left, h5py.File(b) as right:
            left.visititems(lambda n, d: np.testing.assert_array_equal(d[()], right[n][()])
                            if isinstance(d, h5py.Dataset) else None)


def test_nodes():
    net = two()
    net.add_nodes(N=2, ei="v", positions=[(0.0, 1.0, 2.0), (3.0, 4.0, 5.0)], tag=("a", 1))
    assert net.nnodes == 10 and len(net.nodes()) == 10
    assert [n.node_id for n in net.nodes(ei=["i", "v"])] == [4, 5, 6, 7, 8, 9]
    assert [n["x"] for n in net.nodes(ei="e", x=lambda x: x > 1)] == [2.0, 3.0]
    assert len(net.nodes(no_such=1)) == 0
    node = list(net.nodes(node_id=9))[0]
    assert node["positions"][1] == 4.0 and node["tag"] == ("a", 1) and node.node_type_id == 102
    assert "tag" in node and node.get("none", 7) == 7


def test_building_twice_makes_no_second_edges():
    net = two()
    net.add_edges(source={"ei": "e"}, target={"ei": "i"}, connection_rule=2)
    net.build()
    net.build()
    assert net.nedges == 32 and len(net.edges()) == 16
    net.build(force=True)
    assert net.nedges == 32


def test_recurrent_rule_sees_current_edges():
    """The tutorial's connector, which looks at all edges made so far."""
    net = two()
    random.seed(3)

    def hipp_recurrent_connector(source, target, all_edges=[], min_syn=1, max_syn=1):
        for e in all_edges:
            if source["node_id"] == e.target_gid and target["node_id"] == e.source_gid:
                return random.randint(min_syn, max_syn)
        return 0

    for first, second in (("e", "i"), ("i", "e")):
        net.add_edges(source={"ei": first}, target={"ei": first},
                      connection_rule=lambda s, t: int(s["x"] < t["x"]))
        conn = net.add_edges(source={"ei": first}, target={"ei": second}, connection_rule=hipp_recurrent_connector,
                             connection_params={"all_edges": net.edges()}, syn_weight=5.0e-03, delay=0.0)
        conn.add_properties(["sec_id", "sec_x"], rule=(0, 0.5), dtypes=[np.int32, float])
        net.add_edges(source={"ei": first}, target={"ei": second}, connection_rule=lambda s, t: int(s["x"] > t["x"]))
    edges = net.edges()
    forward = set(ends(e for e in edges if e["sec_x"] is None and e.edge_type_id == 102))
    back = set(ends(e for e in edges if e.edge_type_id == 104))
    assert back and back == {(t, s) for s, t in forward}
    assert all(e["sec_x"] == 0.5 for e in edges if e.edge_type_id == 104)


def test_edges_are_filtered():
    net = two()
    net.add_edges(source={"ei": "e"}, target={"ei": "i"}, connection_rule=lambda s, t: 1, kind="a")
    cm = net.add_edges(source={"ei": "i"}, target={"ei": "e"}, kind="b")
    cm.add_properties("w", rule=lambda s, t: s.node_id * 10 + t.node_id, dtypes=int)
    assert len(net.edges(kind="a")) == 16
    assert ends(net.edges(target_nodes=2, source_nodes=[4, 5])) == [(4, 2), (5, 2)]
    assert len(net.edges(source_nodes={"ei": "e", "x": 0.0})) == 4
    assert {e["w"] for e in net.edges(source_nodes=[7])} == {70, 71, 72, 73}
    arrays = net.edge_arrays(cm)
    assert np.array_equal(arrays["w"], arrays["source_node_id"] * 10 + arrays["target_node_id"])


def test_native_rules_are_reproducible_and_statistically_those_of_bmtk():
    n = 400
    np.random.seed(1)
    positions = node_params.positions_rect_prism(N=n, height=100.0)
    parameters = dict(d_weight_min=0.1, d_weight_max=0.8, d_max=40.0, nsyn_min=1, nsyn_max=3)

    def network(rule, seed=0, **options):
        net = NetworkBuilder("net", seed=seed)
        net.add_nodes(N=n, positions=positions)
        net.add_edges(connection_rule=rule, **options)
        edges = net.edges()
        return ends(edges), [e["nsyns"] for e in edges]

    native = network(DistanceConnector(**parameters))
    assert native == network(DistanceConnector(**parameters))
    assert native != network(DistanceConnector(**parameters), seed=1)
    random.seed(1)
    python = network(edge_connectors.distance_connector, connection_params=parameters)
    # The number of edges is a sum of independent choices, with a variance below its mean.
    assert abs(len(native[0]) - len(python[0])) < 5 * np.sqrt(len(python[0]) * 2)
    assert abs(np.mean(native[1]) - 2) < 0.05 and abs(np.mean(python[1]) - 2) < 0.05
    distance = [np.mean([np.linalg.norm(positions[s] - positions[t]) for s, t in e[0]]) for e in (native, python)]
    assert abs(distance[0] - distance[1]) < 0.5
    gauss = network(GaussianConnector(p=0.5, sigma=10.0))
    d = np.array([np.linalg.norm(positions[s] - positions[t]) for s, t in gauss[0]])
    whole = np.linalg.norm(positions[:, None] - positions[None], axis=2)[~np.eye(n, dtype=bool)]
    expected = np.sum(0.5 * np.exp(-0.5 * (whole / 10) ** 2))
    assert abs(len(d) - expected) < 5 * np.sqrt(expected)
    assert set(network(RandomCount(1, 2))[1]) == {1, 2}


def test_vectorised_rules():
    net = two()

    @vectorized
    def near(source, targets):
        return np.abs(targets["x"] - source["x"]) < 1

    @vectorized
    def weight(sources, targets, scale):
        return scale * np.abs(sources["x"] - targets["x"])

    cm = net.add_edges(source={"ei": "e"}, target={"ei": "i"}, connection_rule=near, iterator="one_to_all")
    cm.add_properties("w", rule=weight, rule_params={"scale": 4.0})
    assert ends(net.edges()) == [(0, 4), (1, 4), (1, 5), (2, 5), (2, 6), (3, 6), (3, 7)]
    assert {e["w"] for e in net.edges()} == {2.0}
    whole = two()
    whole.add_edges(source={"ei": "i"}, target={"ei": "e"}, connection_rule=vectorized(lambda s, t: s["x"] > t["x"]),
                    iterator="all_to_one")
    assert len(whole.edges()) == 10


def test_import_of_saved_nodes(tmp_path):
    net = two()
    net.add_nodes(N=2, positions=[(1.0, 2.0, 3.0)] * 2, node_id=[20, 11])
    net.save_nodes(output_dir=tmp_path)
    again = NetworkBuilder("net")
    again.import_nodes(str(tmp_path / "net_nodes.h5"), str(tmp_path / "net_node_types.csv"))
    assert [n.node_id for n in again.nodes()] == [n.node_id for n in net.nodes()]
    assert [n.get("x") for n in again.nodes(ei="i")] == [0.5, 1.5, 2.5, 3.5]
    assert list(list(again.nodes(node_id=11))[0]["positions"]) == [1.0, 2.0, 3.0]
    again.add_edges(source={"ei": "e"}, target={"ei": "i"})
    again.save(output_dir=tmp_path)
    assert again.nedges == 16


def test_memory_is_bounded_without_changing_the_network(tmp_path):
    for name, memory in (("a", 1 << 30), ("b", 10_000)):
        net = NetworkBuilder("net", memory=memory)
        net.add_nodes(N=60, x=np.arange(60.0))
        cm = net.add_edges(connection_rule=RandomCount(0, 2))
        cm.add_properties("w", rule=lambda s, t: s["x"] + t["x"])
        net.save_edges(output_dir=tmp_path / name)
    with h5py.File(tmp_path / "a/net_net_edges.h5") as a, h5py.File(tmp_path / "b/net_net_edges.h5") as b:
        for path in ("source_node_id", "target_node_id", "0/w", "indices/source_to_target/range_to_edge_id"):
            assert np.array_equal(a["edges/net_to_net"][path], b["edges/net_to_net"][path])


def test_positions():
    np.random.seed(0)
    column = node_params.positions_columnar(N=500, center=[1.0, 2.0, 3.0], height=10.0, min_radius=4.0, max_radius=5.0)
    r = np.hypot(column[:, 0] - 1, column[:, 2] - 3)
    assert r.min() >= 4 and r.max() <= 5 and np.abs(column[:, 1] - 2).max() <= 5
    ellipsoid = node_params.positions_ellipsoid(N=100)
    assert ellipsoid.shape == (100, 3)
    grid = node_params.positions_cuboid(N=50)
    assert len({tuple(p) for p in grid}) == 50
    locations = node_params.CellLocations("v1", dmin=5.0)
    locations.add_positions_rect_prism(["exc", "inh"], partitions=[0.8, 0.2], N=60, height=50.0)
    assert locations.exc.N + locations.inh.N == 60
    everything = np.vstack((locations.exc.positions, locations.inh.positions))
    distances = np.linalg.norm(everything[:, None] - everything[None], axis=2) + 100 * np.eye(60)
    assert distances.min() >= 5
    with pytest.raises(ValueError, match="found room"):
        node_params.positions_dmin(100, lambda n: np.random.random((n, 3)), 1.0, max_draws=3)
    density = np.zeros((2, 2, 2))
    density[0, 1, 1], density[1, 1, 1] = 3e5, 1e5
    cells = node_params.positions_density_matrix(density, position_scale=np.eye(3) * 100, origin=[10, 0, 0])
    assert len(cells) == 400 and 260 < np.sum(cells[:, 0] < 110) < 340


def test_density_volumes_of_nrrd_files(tmp_path):
    nrrd = pytest.importorskip("nrrd")
    data = np.zeros((4, 2, 2))
    data[0, 0, 1], data[3, 1, 0] = 2.0, 1.0
    header = {"space directions": np.diag([100.0, 50.0, 200.0]), "space origin": [1000.0, 0.0, -10.0]}
    nrrd.write(str(tmp_path / "mask.nrrd"), data, header)
    np.random.seed(2)
    cells = node_params.positions_nrrd(str(tmp_path / "mask.nrrd"), 2e5)
    # 200 cells in one voxel of 1e-3 mm^3, 100 in the other.
    assert len(cells) == 300 and 160 < np.sum(cells[:, 0] < 1100) < 240
    assert cells.min(axis=0).tolist() >= [1000.0, 0.0, -10.0] and cells[:, 2].max() <= 390
    half = node_params.positions_nrrd(str(tmp_path / "mask.nrrd"), 2e5, split_bilateral="x", dmin=2.0)
    assert len(half) == 200 and half[:, 0].max() <= 1100
    locations = node_params.CellLocations("ca3", dmin=2.0)
    locations.add_positions_nrrd(str(tmp_path / "mask.nrrd"), 1e4, ["a", "b"], partitions=[0.5, 0.5])
    assert locations.a.N + locations.b.N == 15
    with pytest.raises(ValueError, match="split_bilateral: 'w'"):
        node_params.positions_nrrd(str(tmp_path / "mask.nrrd"), 2e5, split_bilateral="w")


@pytest.mark.parametrize("call,message", [
    (lambda: node_params.positions_columnar(N=1, plot=True), "plot: positions are not drawn"),
    (lambda: node_params.positions_density_matrix(np.ones((1, 1, 1)), method="lattice"), "method: there is no 'lattice'"),
    (lambda: node_params.positions_density_matrix(np.ones(3)), "mat: expected three dimensions"),
    (lambda: node_params.CellLocations("a").add_positions_columnar("e", partitions=[0.5], N=3), "partitions: they add up"),
    (lambda: node_params.positions_cuboid(N=1000), "N: the grid has"),
])
def test_wrong_positions_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


BAD_NODES = [
    (dict(N=2, x=[1.0]), "x: 1 values for N=2 nodes"),
    (dict(N=2, node_type_id=[1, 2]), "node_type_id"),
    (dict(N=1, node_id=[0]), "node_id: 0 is already"),
    (dict(N=2, positions=[(1, 2), (3,)]), "positions: rows of different lengths"),
]


@pytest.mark.parametrize("arguments,message", BAD_NODES)
def test_wrong_nodes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        two().add_nodes(**arguments)


def fails(_source, _target):
    raise KeyError("of the user")


BAD_EDGES = [
    (dict(iterator="all_to_all"), "iterator: there is no 'all_to_all'; use one of one_to_one, one_to_all, all_to_one"),
    (dict(connection_rule=[1, 2]), "connection_rule: a list of 2 numbers"),
    (dict(connection_rule="passthrough"), "connection_rule: expected a number, a list or a function"),
    (dict(connection_rule=-1), "connection_rule: -1 is no number of synapses"),
    (dict(connection_rule=lambda s, t: [1]), "connection_rule: expected a number of synapses"),
    (dict(connection_rule=lambda s, t: [1, 1], iterator="one_to_all"), "the rule gave 2 numbers for 8 nodes"),
    (dict(connection_rule=DistanceConnector(0, 1, 50)), "has no `positions`|x"),
    (dict(source=[1, 2]), "source: expected a dictionary"),
    (dict(connection_rule=DistanceConnector(0, 1, -5)), "d_max"),
]


@pytest.mark.parametrize("arguments,message", BAD_EDGES)
def test_wrong_edges_are_named(arguments, message):
    net = NetworkBuilder("net")
    net.add_nodes(N=8)
    with pytest.raises(ValueError, match=message):
        net.add_edges(**arguments)
        net.build()


BAD_PROPERTIES = [
    (dict(names="w"), "give either rule or values"),
    (dict(names=["a", "b"], rule=(1, 2), dtypes=[int]), "dtypes: 1 types for 2 names"),
    (dict(names=["a", "b"], rule=(1, 2, 3)), "rule: 3 values for 2 names"),
    (dict(names=["a", "b"], rule=lambda s, t: 1), "rule: one value for 2 names"),
    (dict(names="a", rule=1, dtypes=complex), "dtypes: complex128 of a can't be stored"),
    (dict(names="a", rule=1, dtypes="nonsense"), "dtypes: 'nonsense' of a is no NumPy type"),
    (dict(names="a", rule=lambda s, t: "x"), "a: a value can't be stored as float64"),
    (dict(names="a", values=[1, 2]), "a: 2 values for 64 synapses"),
    (dict(names=["a", "a"], rule=(1, 2)), "property a was already added"),
    (dict(names="a", rule=300, dtypes=np.int8), "300 can't be stored as int8"),
]


@pytest.mark.parametrize("arguments,message", BAD_PROPERTIES)
def test_wrong_properties_are_named(arguments, message):
    net = two()
    with pytest.raises(ValueError, match=message):
        net.add_edges().add_properties(**arguments)
        net.build()


def test_an_error_of_a_rule_is_that_of_the_user_and_can_be_mended():
    net = two()
    cm = net.add_edges(connection_rule=fails)
    with pytest.raises(KeyError, match="of the user"):
        net.build()
    cm.connector = 1
    net.build()
    assert net.nedges == 64
