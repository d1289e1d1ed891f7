"""Cells as data, and the HOC template text both simulators read."""

from dataclasses import dataclass, field


@dataclass
class Section:
    """One section. Lengths in um, Ra in ohm cm, cm in uF/cm2; None keeps the simulator's default.

    `name` is an element of a section array ("soma[0]"), `parent` the name and position it is
    connected to, `end` its own end there. `points` are (x, y, z, diameter) and replace L and diam.
    `insert` maps a mechanism to its parameters, `assign` names section variables such as ena, and
    `hoc` is run last inside the section.
    """

    name: str = "soma[0]"
    L: float | None = 20
    diam: float | None = 20
    points: list = field(default_factory=list)
    Ra: float | None = None
    cm: float | None = None
    nseg: int | None = None
    parent: tuple | None = None
    end: int = 0
    insert: dict = field(default_factory=dict)
    assign: dict = field(default_factory=dict)
    hoc: str = ""

    def lines(self):
        if self.points:
            yield "pt3dclear()"
            for point in self.points:
                yield f"pt3dadd({', '.join(map(repr, point))})"
        else:
            yield f"L = {self.L}"
            yield f"diam = {self.diam}"
        for name in ("nseg", "Ra", "cm"):
            if getattr(self, name) is not None:
                yield f"{name} = {getattr(self, name)}"
        for mechanism, parameters in self.insert.items():
            yield f"insert {mechanism}"
            for name, value in parameters.items():
                yield f"{name}_{mechanism} = {value}"
        for name, value in self.assign.items():
            yield f"{name} = {value}"
        yield from self.hoc.strip().splitlines()


@dataclass
class Cell:
    """A HOC template: its name and its sections, parents before children, or its text."""

    name: str
    sections: list = field(default_factory=list)
    text: str = ""

    def hoc(self):
        if self.text:
            return self.text
        arrays = {}
        for section in self.sections:
            array = section.name.split("[")[0]
            arrays[array] = arrays.get(array, 0) + 1
        lists = {"somatic": "soma", "basal": "dend", "apical": "apic", "axonal": "axon"}
        out = [f"begintemplate {self.name}", f"public {', '.join([*arrays, 'all', *lists])}"]
        out += [f"create {name}[{count}]" for name, count in arrays.items()]
        out += [f"objref all, {', '.join(lists)}", "proc init() {"]
        out += [f"    {name} = new SectionList()" for name in ("all", *lists)]
        for section in self.sections:
            if section.parent:
                parent, x = section.parent
                out.append(f"    connect {section.name}({section.end}), {parent}({x})")
        for section in self.sections:
            array = section.name.split("[")[0]
            out += [f"    {section.name} {{", "        all.append()"]
            out += [f"        {name}.append()" for name, of in lists.items() if of == array]
            out += [f"        {line.strip()}" for line in section.lines()]
            out.append("    }")
        out += ["}", f"endtemplate {self.name}", ""]
        return "\n".join(out)
