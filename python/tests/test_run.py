"""The tutorial from the first script to the results: build, register a synapse, run, read."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import saltatory
from saltatory.neuron import h
from saltatory.simulator.bionet import pyfunction_cache

ROOT = Path(os.environ.get("SALTATORY_ROOT", Path(__file__).parents[2]))
EXAMPLE = ROOT / "examples" / "hco"

SYNAPSES = """
    from saltatory.simulator.bionet.pyfunction_cache import add_synapse_model
    from saltatory.neuron import h

    def InhSyn(syn_params, sec_x, sec_id):
        lsyn = h.inhsyn(sec_x, sec=sec_id)
        if syn_params.get('esyn'):
            lsyn.esyn = float(syn_params['esyn'])
        if syn_params.get('gmax'):
            lsyn.gmax = float(syn_params['gmax'])
        return lsyn

    def load():
        add_synapse_model(InhSyn, 'inhsyn', overwrite=False)
        add_synapse_model(InhSyn, overwrite=False)
"""

BUILD = """
    from saltatory.builder.networks import NetworkBuilder
    import synapses

    synapses.load()
    net1 = NetworkBuilder('hco_net')
    for name in ('HCOCell1', 'HCOCell2'):
        net1.add_nodes(N=1, cell_name=name, model_type='biophysical', model_template='hoc:HCOcell',
                       morphology='blank.swc')
    for source, target in (('HCOCell1', 'HCOCell2'), ('HCOCell2', 'HCOCell1')):
        net1.add_edges(source={'cell_name': source}, target={'cell_name': target}, connection_rule=1,
                       syn_weight=40.0e-02, dynamics_params='my_inhsyn.json', model_template='MODEL', delay=0.0,
                       target_sections=["soma"], distance_range=[0, 999])
    net1.build()
    net1.save_nodes(output_dir='network')
    net1.build()
    net1.save_edges(output_dir='network')
"""

RUN = """
    import sys
    from saltatory.simulator import bionet
    from saltatory.simulator.bionet.default_setters.cell_models import loadHOC
    import synapses

    synapses.load()
    bionet.pyfunction_cache.add_cell_model(loadHOC, directive='hoc', model_type='biophysical')
    conf = bionet.Config.from_json(sys.argv[-1], validate=True)
    conf.build_env()
    net = bionet.BioNetwork.from_config(conf)
    sim = bionet.BioSimulator.from_config(conf, network=net)
    sim.run()
"""


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder with the parts of the model, without its network."""
    for part in ("templates", "synaptic_models"):
        os.symlink(EXAMPLE / part, tmp_path / part)
    config = json.loads((EXAMPLE / "config.json").read_text())
    config["components"]["mechanisms_dir"] = str(ROOT / "mod")
    (tmp_path / "simulation_config1.json").write_text(json.dumps(config))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    pyfunction_cache.clear()


def script(folder, name, text):
    (folder / name).write_text(textwrap.dedent(text))
    paths = os.pathsep.join([str(Path(saltatory.__file__).parents[1]), str(folder)])
    return [sys.executable, str(folder / name)], {**os.environ, "PYTHONPATH": paths}


# The second name is no mechanism: only the registered function makes it one.
@pytest.mark.parametrize("template", ["inhsyn", "InhSyn"])
def test_the_tutorials_scripts(model, template):
    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", template))
    subprocess.run(command, env=environment, check=True)
    command, environment = script(model, "run_bionet.py", RUN)
    subprocess.run([*command, "simulation_config1.json"], env=environment, check=True)
    spikes = saltatory.read_spikes("output/spikes.h5")["hco_net"]
    # As BMTK and NEURON have it where the network is built once.
    assert len(spikes) == 15
    assert saltatory.read_spikes("output/spikes.csv")["hco_net"].node_ids.tolist() == spikes.node_ids.tolist()
    voltage = saltatory.read_report("output/v.h5")
    assert voltage.data.shape == (10_000, 2) and voltage.variable == "v"
    assert voltage.of(1).shape == (10_000, 1)
    crossings = np.sum((voltage.of(0)[1:, 0] > -15) & (voltage.of(0)[:-1, 0] <= -15))
    assert crossings == len(spikes.of(0))


def test_values_of_a_registered_function_are_used(model):
    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", "silent"))
    subprocess.run(command, env=environment, check=True)

    def silent(parameters, x, section):
        from saltatory.neuron import h

        synapse = h.inhsyn(x, sec=section)
        synapse.gmax = 0.0 * float(parameters["gmax"])
        return synapse

    pyfunction_cache.add_synapse_model(silent)
    result = saltatory.run("simulation_config1.json", quiet=True)
    assert "2 synapses" in result.summary
    without = result.spikes()["hco_net"]
    assert len(without) != 15, "the cells do not inhibit each other"
    assert result.report("v").data.shape == (10_000, 2)
    with pytest.raises(FileNotFoundError, match="the run wrote no ecp.h5"):
        result.report("ecp")


def unset(parameters, x, section):
    synapse = h.inhsyn(x, sec=section)
    synapse.gmax = synapse.esyn
    return synapse


def words(parameters, x, section):
    synapse = h.inhsyn(x, sec=section)
    synapse.gmax = "much"
    return synapse


WRONG_MODELS = [
    (lambda parameters, x, section: None, TypeError, "expected a synapse made with h.MECHANISM"),
    (lambda parameters, x, section: [h.inhsyn(x, sec=section)], TypeError, "expected a synapse made with h.MECHANISM"),
    (lambda parameters, x, section: h.inhsyn(section.L, sec=section), AttributeError, "section.L: synapses of one edge"),
    (unset, AttributeError, "inhsyn.esyn was not set"),
    (words, TypeError, "synapse model words: gmax: 'much' is no number"),
]


@pytest.mark.parametrize("function,error,message", WRONG_MODELS)
def test_wrong_synapse_models_are_named(model, function, error, message):
    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", "mine"))
    subprocess.run(command, env=environment, check=True)
    pyfunction_cache.add_synapse_model(function, "mine")
    with pytest.raises(error, match=message):
        saltatory.run("simulation_config1.json", quiet=True)


def test_a_synapse_model_of_the_place_warns(model):
    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", "mine"))
    subprocess.run(command, env=environment, check=True)

    def mine(parameters, x, section):
        synapse = h.inhsyn(x, sec=section)
        synapse.gmax = x
        return synapse

    pyfunction_cache.add_synapse_model(mine)
    with pytest.warns(UserWarning, match="synapse model mine: it gives .* at 0.5 and .* at 0.25"):
        saltatory.run("simulation_config1.json", quiet=True)


def test_what_python_can_not_do_is_refused():
    with pytest.raises(NotImplementedError, match="add_weight_function: weights made by a Python function"):
        pyfunction_cache.add_weight_function(lambda edge, source, target: 1.0)


def test_errors_are_those_of_the_program(model):
    with pytest.raises(saltatory.RunError, match="network"):
        saltatory.run("simulation_config1.json", quiet=True)
    with pytest.raises(OSError, match="nowhere.h5"):
        saltatory.read_spikes("nowhere.h5")
    with pytest.raises(NotImplementedError, match="directive"):
        pyfunction_cache.add_cell_model(print, directive="mine", model_type="biophysical")


def test_ctrl_c_ends_a_simulation(model):
    script(model, "synapses.py", SYNAPSES)
    command, environment = script(model, "build_network1.py", BUILD.replace("MODEL", "inhsyn"))
    subprocess.run(command, env=environment, check=True)
    config = json.loads(Path("simulation_config1.json").read_text())
    config["run"]["tstop"] = 1e7
    config["reports"] = {}
    Path("long.json").write_text(json.dumps(config))
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        saltatory.run("long.json", quiet=True)
        # Not reached, unless it was quicker than the timer.
        time.sleep(5)
    assert time.monotonic() - start < 20
    assert not subprocess.run(["pgrep", "-f", str(model)], capture_output=True).stdout
