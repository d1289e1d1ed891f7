"""Runs a command and writes what it took: `measured.py FILE LIMIT COMMAND...`, as JSON to FILE.

A process of its own, as small as Python allows: the greatest memory that the system tells for a process counts what its
parent held when it was started.
"""

import json
import resource
import subprocess
import sys
import time

begin = time.time()
try:
    code = subprocess.call(sys.argv[3:], timeout=float(sys.argv[2]))
except subprocess.TimeoutExpired:
    code = None
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    took = {
        "wall": round(time.time() - begin, 2),
        "cpu": round(usage.ru_utime + usage.ru_stime, 2),
        "MiB": usage.ru_maxrss // 1024,
    }
    json.dump({"code": code, "took": took}, file)
