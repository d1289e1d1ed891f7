"""Long work: other threads go on, Ctrl-C ends it, bars show how far it is; and the type stubs."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from saltatory.builder import NetworkBuilder
from saltatory.builder.rules import DistanceConnector


def large(n, side):
    """Cells of which each has some ten others within 50 um."""
    random = np.random.RandomState(1)
    net = NetworkBuilder("net", seed=1)
    net.add_nodes(N=n, positions=random.uniform(0.0, side, (n, 3)))
    net.add_edges(connection_rule=DistanceConnector(0.0, 1.0, 50.0), syn_weight=1.0)
    return net


def longest_pause(work):
    """How long another thread had to wait at most while work was done, and how long that took."""
    pauses, stop = [0.0], threading.Event()

    def watch():
        last = time.perf_counter()
        while not stop.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            pauses.append(now - last)
            last = now

    thread = threading.Thread(target=watch)
    thread.start()
    start = time.perf_counter()
    try:
        work()
    finally:
        taken = time.perf_counter() - start
        stop.set()
        thread.join()
    return max(pauses), taken


def test_the_gil_is_released(tmp_path):
    net = large(20_000, 1000.0)
    for work in (net.build, lambda: net.save_edges(output_dir=tmp_path)):
        pause, taken = longest_pause(work)
        # With the GIL held the pause would be as long as the work.
        assert taken < 0.2 or pause < taken / 2, (pause, taken)
    assert net.nedges > 50_000


def test_ctrl_c_ends_a_build_which_can_be_repeated():
    net = large(60_000, 600.0)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        net.build()
        time.sleep(60)  # Not interrupted by us if the build was quicker.
    assert time.monotonic() - start < 20
    assert net.nedges == 0
    small = large(500, 300.0)
    small.build()
    assert small.nedges > 0


def test_ctrl_c_ends_a_rule_in_python():
    net = NetworkBuilder("net")
    net.add_nodes(N=20_000)

    def slow(source, target):
        time.sleep(0.001)
        return 1

    net.add_edges(connection_rule=slow)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        net.build()
    assert net.nedges == 0


def test_bars_show_how_far_it_is(capfd):
    net = NetworkBuilder("net")
    net.add_nodes(N=40)
    net.add_edges(connection_rule=lambda s, t: 1)
    net.build(progress=True)
    shown = re.findall(r"edge type 100 \[([#.]{30})\] (\d+)/40", capfd.readouterr().err)
    assert shown[-1] == ("#" * 30, "40") and len(shown) > 5
    quiet = large(100, 200.0)
    quiet.build(progress=False)
    quiet.build()
    assert capfd.readouterr().err == "", "no bar where the output is no terminal"


def test_bars_of_rules_outside_python(capfd):
    net = large(40_000, 600.0)
    _, taken = longest_pause(lambda: net.build(progress=True))
    assert taken < 0.5 or "edge type 100 [" in capfd.readouterr().err


def test_stubs_agree_with_the_extension():
    pytest.importorskip("mypy")
    allowed = ["--ignore-positional-only", "--ignore-disjoint-bases"]
    check = subprocess.run([sys.executable, "-m", "mypy.stubtest", *allowed, "saltatory._core"], capture_output=True,
                           text=True)
    assert check.returncode == 0, check.stdout
