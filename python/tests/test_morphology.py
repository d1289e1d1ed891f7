"""Places on morphologies."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from saltatory.builder import NetworkBuilder
from saltatory.builder.bionet import SWCReader, get_swc, rand_syn_locations

BUSH = Path(__file__).with_name("bush.swc")


def test_choices_have_bmtks_numbers():
    """What BMTK 1.2.0 chooses on the same file with the same seed (`compare_bmtk.py` compares it live)."""
    swc = SWCReader(BUSH, rng_seed=7)
    swc.set_segment_dl(20.0)
    ids, xs = swc.choose_sections(["basal", "apical"], [50.0, 250.0], 6)
    assert ids.tolist() == CHOSEN_IDS
    np.testing.assert_allclose(xs, CHOSEN_XS, rtol=0, atol=1e-12)
    coords = [swc.get_coords(i, x) for i, x in zip(ids, xs)]
    np.testing.assert_allclose(coords[0], CHOSEN_COORDS, atol=1e-9)


CHOSEN_IDS = [4, 9, 6, 9, 11, 6]
CHOSEN_XS = [0.9, 0.6818181818181818, 0.35714285714285715, 0.5, 0.05555555555555555, 0.7857142857142857]
CHOSEN_COORDS = [100.18538259668401, -0.8593224309388816, 38.82224591160208]


def test_places():
    swc = SWCReader(BUSH, rng_seed=1)
    assert swc.n_sections == 14
    names = [swc.section_name(i) for i in range(swc.n_sections)]
    assert names[0] == "soma[0]" and len(set(names)) == len(names)
    swc.set_segment_dl(10.0)
    ids, xs = swc.choose_sections("apic", [100.0, 300.0], 50)
    assert set(swc.get_type(ids)) == {4}
    distances = swc.get_dist(ids, xs)
    assert distances.min() > 90 and distances.max() < 310
    moved = swc.get_coord(ids, xs, soma_center=[1000.0, 0.0, 0.0])
    shift = moved[0] - swc.get_coords(ids[0], xs[0])
    np.testing.assert_allclose(shift, np.array([1000.0, 0, 0]) - swc.soma_position)
    turned = swc.move_and_rotate(rotation_angles=[0.0, np.pi, 0.0])
    here, there = (s.get_coords(ids[0], xs[0]) - swc.soma_position for s in (swc, turned))
    np.testing.assert_allclose(there, here * [-1, 1, -1], atol=1e-9)


def test_the_tutorials_rule_places_synapses(tmp_path):
    """Section, position, coordinates in the column, distance and type of each synapse, as the tutorial has them."""
    np.random.seed(2)
    net = NetworkBuilder("internal")
    net.add_nodes(N=3, ei="e", model_name="bush", x=[0.0, 100.0, 200.0], y=[0.0] * 3, z=[5.0] * 3)
    morphologies = {"bush": SWCReader(BUSH)}

    def build_edges(src, trg, sections=["basal", "apical"], dist_range=[50.0, 150.0]):
        swc_reader = morphologies[trg["model_name"]]
        target_coords = [trg["x"], trg["y"], trg["z"]]
        sec_ids, sec_xs = swc_reader.choose_sections(sections, dist_range)
        coords = swc_reader.get_coord(sec_ids, sec_xs, soma_center=target_coords)
        dist = swc_reader.get_dist(sec_ids)
        swctype = swc_reader.get_type(sec_ids)
        return sec_ids, sec_xs, coords[0][0], coords[0][1], coords[0][2], dist[0], swctype[0]

    cm = net.add_edges(connection_rule=2)
    cm.add_properties(["sec_id", "sec_x", "pos_x", "pos_y", "pos_z", "dist", "type"], rule=build_edges,
                      rule_params={"sections": ["basal", "apical"], "dist_range": [50.0, 150.0]},
                      dtypes=[np.int32, float, float, float, float, float, np.uint8])
    net.save(output_dir=tmp_path)
    with h5py.File(tmp_path / "internal_internal_edges.h5") as file:
        group = file["edges/internal_to_internal/0"]
        assert len(group["sec_id"]) == 18 and set(group["type"][()]) <= {3, 4}
        assert group["dist"][()].min() > 0
        assert group["pos_x"][()].max() > 150


def test_nodes_know_their_morphology():
    np.random.seed(3)
    net = NetworkBuilder("net")
    net.add_nodes(N=2, morphology="bush", positions=[(0.0, 0.0, 0.0), (50.0, 60.0, 70.0)], rotation_angle_yaxis=[0.0, 1.0])
    cm = net.add_edges(connection_rule=1)
    names = ["sec_id", "sec_x", "swc_id", "swc_dist", "x", "y", "z"]
    cm.add_properties(names, rule=rand_syn_locations, dtypes=[int, float, int] + [float] * 4,
                      rule_params=dict(sections=["dend"], morphology_dir=BUSH.parent, return_coords=True, dL=30.0))
    arrays = net.edge_arrays(cm)
    assert len(arrays["swc_id"]) == 4 and arrays["swc_id"].min() >= 3 and arrays["swc_id"].max() <= 11
    node = list(net.nodes())[1]
    np.testing.assert_allclose(get_swc(node, BUSH.parent).soma_position, [50.0, 60.0, 70.0])


WRONG = [
    (lambda s: s.choose_sections(["tuft"], [0, 1]), "section_names: there are no sections \"tuft\""),
    (lambda s: s.choose_sections(["soma"], [5, 1]), "distance_range"),
    (lambda s: s.choose_sections(["soma"], [1e4, 2e4]), "distance_range: no segment of soma"),
    (lambda s: s.choose_sections(["soma"], [1]), "distance_range: expected"),
    (lambda s: s.get_coords(99, 0.5), "sec_id: there is no section 99"),
    (lambda s: s.get_dist([0, 1], [0.5]), "sec_xs: 1 positions for 2 sections"),
    (lambda s: s.set_segment_dl(-1.0), "dl: -1 um is no length"),
    (lambda s: s.move_and_rotate(soma_coords=[1, 2]), "soma_coords: expected three numbers"),
    (lambda s: get_swc({"node_id": 3}), "node 3 has no property `morphology`"),
    (lambda s: get_swc({"node_id": 3, "morphology": "no"}), "there is no file no.swc"),
]


@pytest.mark.parametrize("call,message", WRONG)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(SWCReader(BUSH))


def test_a_missing_file_is_named():
    with pytest.raises(OSError, match="nowhere.swc"):
        SWCReader("nowhere.swc")
