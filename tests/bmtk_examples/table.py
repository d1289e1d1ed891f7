"""What compare.py measured, as Markdown.

    python table.py WORK_FOLDER > docs/BMTK_EXAMPLES.md
"""

import json
import pathlib
import sys

HEAD = """# BMTK's and SONATA's examples

Each example's configurations as they are, by BMTK 1.2.0 with NEURON 9.0.2 and by `runtime`, on the same machine
(`tests/bmtk_examples/compare.py`, which also made this page). Runs end after 500 ms, or where the configuration ends.
Spikes are compared one by one, to the step. *dv* is the greatest difference of any reported membrane potential from
BMTK's, in the first 100 ms and in all of the run; *others* that of all other reports (calcium, synaptic variables,
extracellular potentials), as a share of the report's largest value. Places of reports and of synapses (`mapping/`) have to
be equal. Times are those of whole programs, with loading and building, and seconds of processors, since the machine had
other work to do. Where more than 110 MiB are given for `runtime` and seconds for a small model, kernels were compiled by rustc
in this run. What needs recordings that have to be downloaded first (bio_neuropixels) BMTK cannot run without them.
bmtk-workshop is the Allen Institute's workshop (`AllenInstitute/bmtk-workshop`): those of its configurations that BMTK runs
as they are.

Most differences are round-off. In bio_comsol an electrode moves potentials by 700 mV from step to step. Its mesh has many
places where more than four points lie on a sphere, where tetrahedra, and the potential within, are a matter of choice (91 of
52,800 segments differ then, by up to 2 mV of 90): points are moved by up to 1 nm here, which leaves one choice. BMTK turns
cells again each time that something asks where they are (first this stimulus, then the report of extracellular
potentials); here it turns them once.

By default NEURON's difference quotient for dI/dv is approximated by two derivatives. What that leaves shows in upstrokes
of action potentials of cells with instantaneous gates. `--compat neuron` takes the quotient.
"""

PARTS = [
    ("default", "## By default", ""),
    (
        "neuron",
        "## With `--compat neuron`",
        "NEURON's difference quotient for dI/dv, no contraction: what is left is round-off.\n",
    ),
    ("gpu", "## With `--gpu`, `f64`", "10 ms on Mesa's lavapipe, a GPU in software, whose times say nothing of a real one.\n"),
    ("gpu-f32", "## With `--gpu --precision f32`", "10 ms on Mesa's lavapipe.\n"),
]


def seconds(result):
    return f"{result['cpu']:.1f} s, {result['MiB']} MiB" if isinstance(result, dict) and "cpu" in result else ""


def spikes(result):
    if "spikes" not in result:
        return ""
    theirs, ours, equal, first = result["spikes"]
    return f"{theirs} equal" if equal else f"{theirs}, here {ours}; equal up to {first:g} ms"


def number(value):
    return "0" if value == 0 else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")


def potentials(reports):
    found = [report for report in reports.values() if isinstance(report, list) and report[0] == "v"]
    return [number(max(report[column] for report in found)) if found else "" for column in (2, 3)]


def others(reports):
    found = [report for report in reports.values() if isinstance(report, list) and report[0] != "v"]
    text = number(max(r[3] / r[1] if r[1] else r[3] for r in found)) if found else ""
    wrong = [f"{name}: {report}" for name, report in reports.items() if isinstance(report, str)]
    return "; ".join([text, *wrong] if text else wrong)


def rows(entries, mode, notes):
    for entry in entries:
        if mode not in entry and entry.get("bmtk") is None:
            continue
        name = entry["example"]
        theirs = entry.get("bmtk")
        ours = entry.get(mode)
        if ours is None:
            continue
        reports = ours.get("reports", {})
        remarks = []
        if isinstance(theirs, str):
            remarks.append(f"BMTK: {theirs}")
        if "fails" in ours:
            remarks.append(f"here: {ours['fails']}")
        remarks += [note for path, note in notes.items() if name.split("/", 1)[1].startswith(path)]
        yield [
            name,
            "yes" if isinstance(theirs, dict) else "no" if theirs else "not run",
            "no" if "fails" in ours else "yes",
            spikes(ours),
            *potentials(reports),
            others(reports),
            seconds(theirs),
            seconds(ours),
            "; ".join(remarks).replace("|", "/"),
        ]


def markdown(work):
    entries = [json.loads(file.read_text()) for file in sorted((work / "results").glob("*/measured.json"))]
    notes = {}
    for file in work.glob("*/notes.json"):
        notes |= json.loads(file.read_text())
    text = [HEAD]
    for mode, title, about in PARTS:
        found = list(rows(entries, mode, notes))
        if not found:
            continue
        text += [title, "", about] if about else [title, ""]
        text.append("| example | BMTK | here | spikes | dv, 100 ms | dv | others | BMTK, CPU | here, CPU | remarks |")
        text.append("|---|---|---|---|---|---|---|---|---|---|")
        text += ["| " + " | ".join(row) + " |" for row in found]
        text.append("")
    return "\n".join(text)


if __name__ == "__main__":
    print(markdown(pathlib.Path(sys.argv[1])))
