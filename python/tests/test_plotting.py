"""Pictures and checks from Python."""

import json
from pathlib import Path

import pytest

import saltatory
from saltatory.analyzer.compartment import plot_traces
from saltatory.analyzer.spike_trains import plot_raster, plot_rates
from test_run import model  # noqa: F401
from test_run import BUILD, SYNAPSES, script

CONFIG = "simulation_config1.json"


@pytest.fixture
def results(model, monkeypatch):  # noqa: F811
    import subprocess

    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", "inhsyn"))
    subprocess.run(command, env=environment, check=True)
    config = json.loads(Path(CONFIG).read_text())
    config["run"]["tstop"] = 200.0
    Path(CONFIG).write_text(json.dumps(config))
    saltatory.run(CONFIG, quiet=True)
    return model


def test_pictures_are_drawn(results):
    everything = saltatory.plot(CONFIG, save_as="all.svg", title="Two cells")
    assert all(text in everything._repr_svg_() for text in ("Two cells", "node id", "v (mV)", "cai (mM)"))
    raster = plot_raster(CONFIG, with_histogram=False, group_by="cell_name", times=(0.0, 100.0))
    assert "HCOCell2" in raster._repr_svg_() and "rate" not in raster._repr_svg_()
    assert "rate (Hz)" in plot_rates(CONFIG, bin=10.0, smoothing=20.0)._repr_svg_()
    traces = plot_traces(CONFIG, report_name="v", node_ids=[1], sections="all")
    assert "node 1" in traces._repr_svg_() and "node 0" not in traces._repr_svg_()
    assert plot_traces(report_path="output/v.h5", average=True, save_as="mean.png")._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(saltatory.RunError, match="as ecp"):
        saltatory.plot_ecp(CONFIG)
    with pytest.raises(ValueError, match="config_file"):
        plot_raster()


def test_models_are_checked(results):
    assert saltatory.check(CONFIG) == []
    config = json.loads(Path(CONFIG).read_text())
    config["run"]["dtt"] = 0.1
    config["reports"]["v"]["variable_name"] = "vv"
    Path("wrong.json").write_text(json.dumps(config))
    problems = saltatory.check("wrong.json")
    assert {p["message"].split(" ")[0] for p in problems} and len(problems) == 2
    assert any("wrong.json: /run/dtt" in p["place"] for p in problems)
    assert any("`vv`" in p["message"] for p in problems)
