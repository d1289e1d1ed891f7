"""What a run leaves behind, read by other programs: h5py, libsonata, and BMTK's analyzer where it is installed.

    SALTATORY_RUNTIME=target/debug/runtime python -m pytest python/tests/test_results.py

needs no package saltatory.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

ROOT = Path(os.environ.get("SALTATORY_ROOT", Path(__file__).parents[2]))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The output of a network with dendrites, all kinds of reports in it."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "runtime" / "tests" / "tree", folder, dirs_exist_ok=True)
    cell = folder / "templates" / "cell.hoc"
    cell.write_text(cell.read_text().replace("    forsec all {", "    define_shape()\n    forsec all {"))
    (folder / "electrodes.csv").write_text("channel x_pos y_pos z_pos\n0 50 50 30\n1 -500 0 0\n")
    config = json.loads((folder / "config.json").read_text())
    config["output"]["spikes_file_csv"] = "spikes.csv"
    config["reports"]["ecp"] = {"module": "extracellular", "cells": "cortex", "electrode_positions": "$BASE/electrodes.csv"}
    (folder / "config.json").write_text(json.dumps(config))
    program = Path(os.environ["SALTATORY_RUNTIME"])
    program = program if program.is_absolute() or not (Path.cwd() / program).exists() else Path.cwd() / program
    subprocess.run([program, "--quiet", "config.json"], cwd=folder, check=True)
    # libsonata reads values of 32 bits only.
    subprocess.run([program, "--quiet", "--precision", "f32", "--output", "single", "config.json"], cwd=folder, check=True)
    return folder


def test_h5py_reads_all_files(results):
    output = results / "output"
    with h5py.File(output / "spikes.h5") as file:
        assert file.attrs["magic"] == 0x0A7A
        spikes = file["spikes/cortex"]
        times, ids = spikes["timestamps"][:], spikes["node_ids"][:]
        sorting = h5py.check_enum_dtype(spikes.attrs.get_id("sorting").dtype)
        assert spikes.attrs["sorting"] == sorting["by_time"] == 2 and spikes["timestamps"].attrs["units"] == "ms"
    rows = [line.split() for line in (output / "spikes.csv").read_text().splitlines()[1:]]
    assert [(float(time), int(node)) for time, _, node in rows] == list(zip(times, ids))
    assert len(times) > 10 and np.all(np.diff(times) >= 0)
    with h5py.File(output / "all.h5") as file:
        report = file["report/cortex"]
        assert report["data"].attrs["variable"] == "v" and report["data"].attrs["units"] == "mV"
        assert report["data"].shape == (50, report["mapping/index_pointer"][-1])
        assert list(report["mapping/time"][:]) == [50.0, 150.0, 2.0]
        assert np.all(np.isfinite(report["data"][:]))
    with h5py.File(output / "ecp.h5") as file:
        assert file["ecp/data"].shape == (4000, 2)


def test_libsonata_reads_spikes_and_reports(results):
    libsonata = pytest.importorskip("libsonata")
    output = results / "output"
    spikes = libsonata.SpikeReader(str(output / "spikes.h5"))
    assert spikes.get_population_names() == ["cortex"]
    cortex = spikes["cortex"]
    assert cortex.sorting == "by_time"
    with h5py.File(output / "spikes.h5") as file:
        expected = list(zip(file["spikes/cortex/node_ids"][:], file["spikes/cortex/timestamps"][:]))
    assert cortex.get() == expected
    assert len(cortex.get(node_ids=[0], tstart=0, tstop=100)) == sum(n == 0 and t <= 100 for n, t in expected)
    for name, kind in (("soma", libsonata.SomaReportReader), ("all", libsonata.ElementReportReader),
                       ("currents", libsonata.ElementReportReader), ("synapses", libsonata.ElementReportReader)):
        report = kind(str(results / "single" / f"{name}.h5"))
        assert report.get_population_names() == ["cortex"]
        cells = report["cortex"]
        with h5py.File(results / "single" / f"{name}.h5") as file:
            data = file["report/cortex/data"][:]
            assert data.dtype == np.float32
            nodes = list(file["report/cortex/mapping/node_ids"][:])
            time = tuple(file["report/cortex/mapping/time"][:])
        assert cells.get_node_ids() == nodes
        assert cells.time_units == "ms" and cells.times == time
        frames = cells.get()
        assert frames.data.shape == data.shape
        assert np.array_equal(frames.data, data)


def test_bmtks_analyzer_reads_spikes_and_reports(results):
    pytest.importorskip("bmtk")
    from bmtk.analyzer.compartment import plot_traces
    from bmtk.analyzer.spike_trains import spike_statistics, to_dataframe
    from bmtk.utils.reports.compartment import CompartmentReport

    output = results / "output"
    with h5py.File(output / "spikes.h5") as file:
        times, ids = file["spikes/cortex/timestamps"][:], file["spikes/cortex/node_ids"][:]
    table = to_dataframe(config_file=str(results / "config.json"), spikes_file=str(output / "spikes.h5"))
    assert sorted(zip(table["timestamps"], table["node_ids"])) == sorted(zip(times, ids))
    counts = spike_statistics(str(output / "spikes.h5"), population="cortex", simulation_time=200.0)
    assert len(counts) == len(set(ids))
    report = CompartmentReport.load(str(output / "all.h5"))
    node = int(report.node_ids()[0])
    with h5py.File(output / "all.h5") as file:
        mapping = file["report/cortex/mapping"]
        first, end = mapping["index_pointer"][:2]
        assert np.array_equal(report.data(node_id=node), file["report/cortex/data"][:, first:end])
        assert np.array_equal(report.element_pos(node_id=node), mapping["element_pos"][first:end])
    assert (report.tstart(), report.tstop(), report.dt()) == (50.0, 150.0, 2.0)
    picture = results / "traces.png"
    plot_traces(report_path=str(output / "soma.h5"), population="cortex", node_ids=[0], show=False, save_as=str(picture))
    assert picture.exists()
