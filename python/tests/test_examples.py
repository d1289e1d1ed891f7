"""The networks of examples/networks are built and run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import saltatory

ROOT = Path(os.environ.get("SALTATORY_ROOT", Path(__file__).parents[2]))
EXAMPLE = ROOT / "examples" / "networks"


@pytest.mark.parametrize("section", ["columns", "properties", "recurrent", "exactly_two"])
def test_sections_of_the_tutorial(section, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(saltatory.__file__).parents[1])}
    subprocess.run([sys.executable, str(EXAMPLE / "build.py"), section, str(tmp_path / "network")], check=True,
                   env=environment)
    config = json.loads((EXAMPLE / "config.json").read_text())
    config["manifest"]["$BASE_DIR"] = str(tmp_path)
    config["components"] = {"mechanisms_dir": str(ROOT / "mod"), "templates_dir": str(EXAMPLE / "templates"),
                            "synaptic_models_dir": str(EXAMPLE / "synaptic_models")}
    (tmp_path / "config.json").write_text(json.dumps(config))
    result = saltatory.run(tmp_path / "config.json", quiet=True)
    spikes = result.spikes()["net"]
    stimulated = {"columns": 5, "properties": 4, "recurrent": 6, "exactly_two": 8}[section]
    assert len(spikes) > stimulated, "spikes spread"
    assert result.report("v").data.shape[0] == 2400
