"""Generators of spike trains."""

import h5py
import numpy as np
import pytest

import saltatory
from saltatory.builder import NetworkBuilder
from saltatory.utils.reports.spike_trains import PoissonSpikeGenerator, SortOrder


def test_rates_and_files(tmp_path):
    psg = PoissonSpikeGenerator(population="lgn", seed=1)
    psg.add(node_ids=range(50), firing_rate=15.0, times=(0.0, 10.0))
    psg.add(node_ids=np.arange(50, 100), firing_rate=np.linspace(0.0, 40.0, 11), times=np.linspace(0.0, 5.0, 11))
    assert 7000 < psg.n_spikes() - sum(len(psg.get_times(i)) for i in range(50, 100)) < 8000
    assert 4600 < sum(len(psg.get_times(i)) for i in range(50, 100)) < 5400
    late = sum(np.sum(psg.get_times(i) > 2500) for i in range(50, 100))
    assert 0.7 < late / sum(len(psg.get_times(i)) for i in range(50, 100)) < 0.8
    low, high = psg.time_range("lgn")
    assert 0 <= low < high <= 10_000 and psg.populations == ["lgn"]
    psg.to_sonata(tmp_path / "inputs" / "spikes.h5", sort_order=SortOrder.by_time)
    psg.to_csv(str(tmp_path / "spikes.csv"))
    for path in ("inputs/spikes.h5", "spikes.csv"):
        read = saltatory.read_spikes(tmp_path / path)["lgn"]
        assert len(read) == len(psg)
        assert np.allclose(np.sort(read.of(7)), psg.get_times(7))
    with h5py.File(tmp_path / "inputs" / "spikes.h5") as file:
        assert np.all(np.diff(file["spikes/lgn/timestamps"][()]) >= 0)
        assert file["spikes/lgn/timestamps"].attrs["units"] == "ms"


def test_seeds():
    def train(seed, nodes=(3,)):
        psg = PoissonSpikeGenerator("lgn", seed=seed)
        psg.add(nodes, 20.0, times=2.0)
        return psg.get_times(3)

    assert np.array_equal(train(5), train(5, range(10))) and not np.array_equal(train(5), train(6))
    np.random.seed(1)
    first = train(None)
    np.random.seed(1)
    assert np.array_equal(first, train(None))
    seconds = PoissonSpikeGenerator("lgn", seed=5, output_units="s")
    seconds.add(3, 20.0, times=2.0)
    assert np.allclose(seconds.get_times(3) * 1000, train(5))


def test_refractory_trains():
    psg = PoissonSpikeGenerator("lgn", seed=1)
    psg.add(range(100), 40.0, times=(0.0, 5.0), abs_ref=0.002, tau_ref=0.003)
    assert 19_000 < len(psg) < 21_000
    assert min(np.diff(psg.get_times(i)).min() for i in range(100)) > 2.0


def test_ids_of_a_file(tmp_path):
    net = NetworkBuilder("lgn")
    net.add_nodes(N=3, model_type="virtual", node_id=[4, 8, 6])
    net.save_nodes(output_dir=tmp_path)
    psg = PoissonSpikeGenerator("lgn", seed=1)
    psg.add(str(tmp_path / "lgn_nodes.h5"), 100.0)
    assert set(psg.spikes()["lgn"].node_ids) == {4, 6, 8}


WRONG = [
    (dict(firing_rate=-1.0), "firing_rate: -1 Hz is no rate"),
    (dict(firing_rate="fast"), "firing_rate: expected numbers"),
    (dict(firing_rate=[1.0, 2.0, 3.0]), "times: 2 times for 3 rates"),
    (dict(firing_rate=1.0, times=(2.0, 1.0)), "times: 1 s is not after 2 s"),
    (dict(firing_rate=1.0, times=(1.0,)), "times: at least"),
    (dict(firing_rate=1.0, node_ids=[-1]), "node_ids: -1 is negative"),
    (dict(firing_rate=1.0, node_ids=["a"]), "node_ids: expected integers"),
    (dict(firing_rate=1.0, abs_ref=-1.0), "abs_ref: -1 s"),
    (dict(firing_rate=1.0, tau_ref=-1.0), "tau_ref: -1 s"),
    (dict(firing_rate=500.0, abs_ref=0.01), "firing_rate: 500 Hz is impossible"),
]


@pytest.mark.parametrize("arguments,message", WRONG)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        PoissonSpikeGenerator("lgn", seed=1).add(**{"node_ids": [0], **arguments})


def test_wrong_generators_are_named():
    with pytest.raises(ValueError, match="output_units"):
        PoissonSpikeGenerator("lgn", output_units="h")
    with pytest.raises(ValueError, match="seed"):
        PoissonSpikeGenerator("lgn", seed=-1)
    psg = PoissonSpikeGenerator("lgn", seed=1)
    with pytest.raises(ValueError, match="sort_order: there is no"):
        psg.to_csv("spikes.csv", sort_order="backwards")
