"""The guide page: its cells are run, and print what stands below them.

    GUIDE_WRITE=1 pytest test_guide.py      writes what they print into the page
"""

import contextlib
import io
import os
import re
import shutil
from pathlib import Path

from saltatory.simulator.bionet import pyfunction_cache

ROOT = Path(os.environ.get("SALTATORY_ROOT", Path(__file__).parents[2]))
PAGE = ROOT / "docs" / "NETWORKS.md"


def test_cells_print_what_the_page_shows(tmp_path, monkeypatch):
    for example in ("networks", "hco"):
        shutil.copytree(ROOT / "examples" / example, tmp_path / "examples" / example,
                        ignore=shutil.ignore_patterns("output*", "network"))
    os.symlink(ROOT / "mod", tmp_path / "mod")
    monkeypatch.chdir(tmp_path / "examples" / "networks")
    names: dict[str, object] = {"__name__": "guide"}
    page = PAGE.read_text()
    parts = re.split(r"(```python\n.*?```\n(?:\n```text\n.*?```\n)?)", page, flags=re.S)
    made = []
    try:
        for part in parts:
            if not part.startswith("```python\n"):
                made.append(part)
                continue
            code = part[len("```python\n"):part.index("```\n", 10)]
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(code, str(PAGE), "exec"), names)
            shown = f"\n```text\n{printed.getvalue()}```\n" if printed.getvalue() else ""
            made.append(f"```python\n{code}```\n{shown}")
    finally:
        pyfunction_cache.clear()
    if os.environ.get("GUIDE_WRITE"):
        PAGE.write_text("".join(made))
    assert "".join(made) == page
