"""The models compared: each once, as data."""

import dataclasses
import random

from cells import Cell, Section
from folder import Clamp, Model, Point, Synapse

PAS = {"pas": {"g": 1e-4, "e": -65}}
HH = {"hh": {}}


def soma(insert, **more):
    return Section(insert=insert, **more)


def dend(i, parent, x=1, L=60, diam=2, insert=PAS, **more):
    return Section(f"dend[{i}]", parent=(parent, x), L=L, diam=diam, insert=insert, **more)


def ball(name, insert, **more):
    """A cell of one compartment."""
    return Cell(name, [soma(insert, **more)])


def alone(mechanism, parameters=None, assign=None, states=(), also=None, about=None, **conditions):
    """A mechanism alone on a compartment, driven up and down by two current pulses."""
    insert = {mechanism: parameters or {}, **(also or {})}
    return Model(mechanism, about or f"{mechanism} alone", [ball("Ball", insert, assign=assign or {})],
                 clamps=[Clamp(0, 0.02, 10, 20), Clamp(0, -0.02, 50, 20)],
                 reports={name: "soma" for name in states}, **conditions)


# A cell that fires regularly: the source of events.
CLOCK = ball("Clock", HH)


def driven(name, about, synapses, target=None, weight=0.2, **more):
    """A clock cell onto a passive one through synapses (template, parameters, delay, x)."""
    return Model(name, about, [CLOCK, target or ball("Passive", PAS)],
                 synapses=[Synapse(0, 1, t, p, weight, d, x=x) for t, p, d, x in synapses],
                 clamps=[Clamp(0, 0.3, 2.01, 90)], **more)


EXPSYN = ("ExpSyn", {"erev": 0, "tau1": 2})
EXP2SYN = ("Exp2Syn", {"erev": -80, "tau1": 1, "tau2": 5})
INHSYN = ("inhsyn", {"esyn": "-80", "gmax": "4e-3"})

CALCIUM = {"cat": {"gbar": 2e-4}, "cas": {"gbar": 1e-4}}

# Sections meeting in every way: on the ends and inside, by either end, several in one place.
BUSH = Cell("Bush", [
    soma(HH, L=30, diam=25),
    dend(0, "soma[0]", 1, L=130),
    dend(1, "soma[0]", 0.5, L=70),
    dend(2, "soma[0]", 0, L=85),
    dend(3, "soma[0]", 0.5, L=45, end=1),
    dend(4, "dend[0]", 1, L=110, diam=1),
    dend(5, "dend[0]", 1, L=95, diam=1.2),
    dend(6, "dend[0]", 0.3, L=55, diam=0.8, end=1),
    dend(7, "dend[0]", 0, L=65, diam=0.9),
    dend(8, "dend[3]", 1, L=50, diam=0.9),
    dend(9, "dend[3]", 0, L=75, diam=1.1),
    dend(10, "dend[5]", 0.5, L=150, diam=0.7, Ra=150, cm=1.5),
])


def spreading_bush(without=()):
    """The bush with calcium that diffuses and shows in the voltage, but for some sections."""
    sections = [dataclasses.replace(section) for section in BUSH.sections]
    for at, section in enumerate(sections):
        if section.name not in without:
            channels = {"kca": {"gbar": 2e-3}, **(CALCIUM if at < 3 else {})}
            section.insert = {**section.insert, **channels, "shellspread": {"mobility": 1 + 0.1 * at}}
            section.assign = {"cai": 5e-5 * (at + 1)}
    return Cell("SpreadingBush", sections)


TAPER = Cell("Taper", [
    soma(HH, points=[(0.0, 0.0, 0.0, 8.0), (0.0, 6.5, 0.0, 17.3), (1.0, 15.0, 0.5, 11.2)]),
    Section("dend[0]", parent=("soma[0]", 1), insert=PAS, points=[
        (1.0, 15.0, 0.5, 4.0), (4.0, 33.0, 2.0, 2.7), (4.0, 33.0, 2.0, 1.9), (9.5, 71.0, 2.0, 1.4),
        (16.0, 120.0, -3.0, 0.6)]),
    Section("dend[1]", parent=("dend[0]", 0.7), insert=PAS, points=[
        (9.5, 71.0, 2.0, 1.1), (40.0, 80.0, 6.0, 0.9), (87.0, 91.0, 9.0, 0.35)]),
    Section("dend[2]", parent=("soma[0]", 0), end=1, insert=PAS, points=[
        (-60.0, -20.0, 0.0, 0.8), (-20.0, -10.0, 0.0, 1.9), (0.0, 0.0, 0.0, 3.3)]),
])

RING = Cell("Ring", [soma(HH), dend(0, "soma[0]", 1, L=110), dend(1, "soma[0]", 1, L=110)])

HCO = Cell("Oscillator", [soma(
    {"leak": {"gbar": 0.03e-3}, "na": {"gbar": 0.5}, "kdr": {"gbar": 0.1}, "ka": {"gbar": 0.3},
     "kca": {"gbar": 0.01}, "cat": {"gbar": 0.02}, "cas": {"gbar": 0.01}, "capool": {},
     "hyper": {"gbar": 0.0002}},
    L=1000, diam=9.99593, cm=1,
    assign={"eleak": -50, "ena": 50, "ek": -80, "cai": 50e-6, "cao": 3, "eh": -20})])

CABLE = Cell("Cable", [soma(HH), dend(0, "soma[0]", 1, L=200)])

# The soma hangs on the apical trunk, and is not the first section.
HANGING = Cell("Hanging", [
    Section("apic[0]", L=180, diam=3, insert=PAS),
    soma(HH, parent=("apic[0]", 0.6)),
    dend(0, "soma[0]", 1, L=90),
    Section("axon[0]", parent=("soma[0]", 0), L=60, diam=1, insert=HH)])

# What templates written by hand look like.
BY_HAND = Cell("ByHand", text="""
begintemplate ByHand
public soma, dend, apic, axon, all, somatic, basal, apical, axonal
public init, geometry, biophysics
create soma[1], dend[4]
objref all, somatic, basal, apical, axonal

proc init() {
    all = new SectionList()
    somatic = new SectionList()
    basal = new SectionList()
    apical = new SectionList()
    axonal = new SectionList()
    connections()
    geometry()
    subsets()
    biophysics()
}
proc connections() { local i
    connect dend[0](0), soma[0](1)
    for i = 1, 3 { connect dend[i](0), dend[0](0.25 * i) }
}
proc geometry() { local i
    soma[0] { L = 22  diam = 18 }
    for i = 0, 3 dend[i] {
        nseg = 2 * i + 1
        L = 150 / (i + 1)
        diam(0:1) = 3 : 1
    }
}
proc subsets() { local i
    soma[0] { all.append()  somatic.append() }
    for i = 0, 3 dend[i] { all.append()  basal.append() }
}
proc biophysics() {
    forsec all {
        Ra = 120
        cm = 1 + 0.5 * (L < 100)
        insert pas
        e_pas = -67
        g_pas = 1 / 8000
    }
    forsec somatic {
        insert hh
        gnabar_hh = 0.15
        g_pas = 0
    }
    dend[0] {
        insert hh
        gnabar_hh(0:1) = 0.12 : 0.02
        if (nseg > 1) { gkbar_hh = 0.03 } else { gkbar_hh = 0.02 }
        cm(0.5) = 1.7
    }
}
endtemplate ByHand
""")


def random_tree(seed, sections=40):
    """A tree drawn at random: lengths, diameters, 3-d points, places and ends of connection."""
    draw = random.Random(seed)
    made = [soma(HH, L=25, diam=22)]
    for i in range(sections):
        parent = draw.choice(made).name
        x = draw.choice([0, 0.25, 0.5, 0.77, 1, 1, 1, 1])
        points, at = [], [draw.uniform(-50, 50) for _ in range(3)]
        if draw.random() < 0.5:
            for _ in range(draw.randint(2, 7)):
                points.append((*(round(c, 3) for c in at), round(draw.uniform(0.4, 4), 3)))
                at = [c + draw.gauss(0, 20) for c in at]
        made.append(dend(i, parent, x, L=round(draw.uniform(5, 200), 2), diam=round(draw.uniform(0.3, 4), 3),
                         points=points, end=int(draw.random() < 0.2),
                         Ra=draw.choice([None, 100, 180.5]), cm=draw.choice([None, 1.4])))
    return Cell(f"Tree{seed}", made)


def random_network(seed, cells=24, inputs=6):
    """Cells excited and inhibited by cells drawn at random, with delays on and off the grid."""
    draw = random.Random(seed)
    synapses = [Synapse(draw.randrange(cells), i, *draw.choice([EXPSYN, EXPSYN, EXP2SYN]),
                        round(draw.uniform(0.002, 0.015), 5), round(draw.uniform(0, 4), draw.choice([1, 4])),
                        draw.randrange(3), draw.choice([0.1, 0.5, 0.9, 1]))
                for i in range(cells) for _ in range(inputs)]
    clamps = [Clamp(i, draw.uniform(0.1, 0.5), draw.uniform(0, 10), 5) for i in range(0, cells, 3)]
    return Model("network", "cells connected at random", [RING] * cells, synapses, clamps, tstop=300.0,
                 tolerance=1e-7, note="each spike amplifies round-off; the gate for networks")


MODELS = [
    # stock mechanisms
    alone("pas"),
    alone("hh", states=("m_hh", "h_hh", "n_hh")),
    Model("hh-exact", "hh without its table", [ball("Ball", HH)], clamps=[Clamp(0, 0.02, 10, 20)], exact="hh",
          reports={"m_hh": "soma"}),
    Model("hh-fires", "hh with repetitive firing", [CLOCK], clamps=[Clamp(0, 0.3, 2, 90)],
          reports={"m_hh": "soma"}),
    *(Model(f"hh{v}", f"hh kept at {v} mV, where a rate is 0/0",
            [ball("Ball", {"hh": {"gnabar": 0, "gkbar": 0, "gl": 0}})], v_init=v, tstop=10,
            reports={"m_hh": "soma", "n_hh": "soma"}) for v in (-40, -55)),
    alone("leak", {"gbar": 1e-4}, {"eleak": -60}),
    alone("na", {"gbar": 1e-4}, {"ena": 45}, ("m_na", "h_na")),
    alone("kdr", {"gbar": 1e-4}, {"ek": -85}, ("n_kdr",)),
    alone("ka", {"gbar": 1e-4}, {"ek": -85}, ("a_ka", "b_ka")),
    alone("kca", {"gbar": 1e-3}, {"ek": -85, "cai": 2e-3}, ("c_kca", "cai"), {"capool": {}},
          "kca with capool"),
    alone("cat", {"gbar": 1e-5}, {"cao": 3}, ("u_cat", "z_cat")),
    alone("cas", {"gbar": 1e-5}, {}, ("ja_cas", "k_cas")),
    alone("hyper", {"gbar": 1e-4}, {"eh": -20}, ("hm_hyper",)),
    alone("capool", {}, {"cai": 1e-3, "cao": 3}, ("cai",), {"cas": {"gbar": 1e-5}},
          "capool with cas: cai, and eca every step"),
    driven("ExpSyn", "ExpSyn", [(*EXPSYN, 1.0, 0.5)], weight=0.01),
    driven("Exp2Syn", "Exp2Syn", [(*EXP2SYN, 1.0, 0.5)], weight=0.01),
    driven("inhsyn", "inhsyn", [(*INHSYN, 1.0, 0.5)], weight=0.4),
    Model("IClamp", "pulses that overlap, start off the grid and outlast the run",
          [ball("Passive", PAS)],
          clamps=[Clamp(0, 0.1, 5, 10), Clamp(0, 0.05, 7.013, 4.0071), Clamp(0, -0.1, 30, 1e9),
                  Clamp(0, 0.02, 0, 3.0)]),
    Model("IClamp-list", "several pulses in one input, on a dendrite", [RING],
          clamps=[Clamp(0, [0.2, -0.1, 0.3], [5, 20.0125, 40.01], [10, 0, 12.3], "dend", 1, 0.37)]),
    # synapses and events
    driven("synapses", "several synapses of each kind in one place",
           [(*EXPSYN, 1.0, 0.5), (*EXPSYN, 1.0, 0.5), (*EXP2SYN, 1.0, 0.5), (*EXP2SYN, 2.0, 0.5),
            (*INHSYN, 1.0, 0.5), (*EXPSYN, 0.5, 0.5)], weight=0.003),
    driven("delays", "delays of 0, below dt, k dt and between",
           [(*EXPSYN, d, 0.5) for d in (0, 0.01, 0.0125, 0.02, 0.025, 0.0375, 0.05, 0.1, 0.1125, 1.0,
                                        1.0125, 2.5130001)], weight=0.002),
    driven("delay-zero", "one synapse without delay", [(*EXP2SYN, 0, 0.5)], weight=0.01),
    driven("delays-equal", "many targets of one source, equal delays",
           [(*EXPSYN, 0.75, 0.5)] * 5, weight=0.002),
    Model("first-step-spike", "v_init above the threshold: a spike at t = 0",
          [CLOCK, ball("Passive", PAS)], v_init=-50, threshold=-55,
          synapses=[Synapse(0, 1, *EXPSYN, 0.01, 0.3), Synapse(1, 0, *EXP2SYN, 0.01, 0.0)]),
    Model("two-cells", "two cells exciting and inhibiting each other", [RING, RING],
          synapses=[Synapse(0, 1, *EXPSYN, 0.02, 1.0, 1, 0.7), Synapse(1, 0, *EXPSYN, 0.02, 1.0125, 2, 0.3),
                    Synapse(1, 0, *EXP2SYN, 0.005, 2.0, 0, 0.5)],
          clamps=[Clamp(0, 0.3, 1, 2)]),
    Model("ring", "eight cells in a ring", [RING] * 8,
          synapses=[Synapse(i, (i + 1) % 8, *EXPSYN, 0.02, 1.0 + 0.1 * i, 1 + i % 2, 0.9)
                    for i in range(8)],
          clamps=[Clamp(0, 0.3, 1, 2)]),
    random_network(7),
    Model("far", "delays that outlast what comes between, and the run", [CLOCK, ball("Passive", PAS)],
          synapses=[Synapse(0, 1, *EXPSYN, 0.003, d) for d in (60.0, 33.3, 200.0)],
          clamps=[Clamp(0, 0.3, 2.01, 50)]),
    Model("weights", "weights of zero and below", [CLOCK, ball("Passive", PAS)],
          synapses=[Synapse(0, 1, *EXPSYN, w, 1.0) for w in (0, -1e-4, 1e-3)],
          clamps=[Clamp(0, 0.3, 2.01, 50)]),
    Model("trains", "virtual cells with spike trains, several at one time", [ball("Passive", PAS)] * 2,
          trains=[[1.0, 5.0, 5.0125, 30.0], [5.0, 7.3001, 80.0], [0.0, 2.5]],
          synapses=[Synapse(("virtual", 0), 0, *EXPSYN, 0.004, 1.0),
                    Synapse(("virtual", 1), 0, *EXP2SYN, 0.004, 1.0),
                    Synapse(("virtual", 2), 0, *EXPSYN, 0.003, 0.0),
                    Synapse(("virtual", 1), 1, *EXPSYN, 0.004, 0.3)]),
    # the cable
    Model("bush", "children at 0, 0.5, 1 and between, by either end", [BUSH],
          synapses=[Synapse(0, 0, *EXP2SYN, 0.002, 1.0, 4, 0.8), Synapse(0, 0, *EXPSYN, 0.002, 1.0, 6, 0.1)],
          clamps=[Clamp(0, 0.8, 5, 60)]),
    Model("taper", "3-d points: tapering, jumps in diameter, coincident points", [TAPER],
          clamps=[Clamp(0, 0.2, 5, 60), Clamp(0, 0.05, 20, 30, "dend", 1, 0.9)]),
    Model("passive-taper", "the same without channels that amplify round-off",
          [Cell("Bare", [Section(s.name, points=s.points, parent=s.parent, end=s.end, insert=PAS)
                         for s in TAPER.sections])],
          clamps=[Clamp(0, 0.05, 5, 60), Clamp(0, 0.02, 20, 30, "dend", 1, 0.9)]),
    Model("hanging", "a soma that is neither root nor first", [HANGING], clamps=[Clamp(0, 0.4, 5, 60)]),
    Model("by-hand", "a template with procedures, subsets and ranges", [BY_HAND], clamps=[Clamp(0, 0.6, 5, 60)]),
    Model("by-hand-nseg", "the same with the numbers of segments of the template", [BY_HAND], dL=None,
          clamps=[Clamp(0, 0.6, 5, 60)]),
    *(Model(f"tree{seed}", "a tree drawn at random", [random_tree(seed)], dL=15.0,
            clamps=[Clamp(0, 1.5, 5, 60)], tstop=50.0) for seed in (1, 2, 3)),
    Model("even-nseg", "even numbers of segments, those of the template", [Cell("Even", [
        soma(HH, nseg=2), dend(0, "soma[0]", 0.5, L=120, nseg=4), dend(1, "dend[0]", 0.5, nseg=6),
        dend(2, "dend[0]", 0.25, nseg=2)])],
        dL=None, clamps=[Clamp(0, 0.3, 5, 60), Clamp(0, 0.05, 10, 20, "dend", 1, 0.5)]),
    Model("fine", "one section in many compartments", [CABLE], dL=1.0, clamps=[Clamp(0, 0.5, 5, 60)]),
    Model("ends", "point processes on the ends of sections and inside",
          [CLOCK, Cell("Ends", [soma(PAS, L=30), dend(0, "soma[0]", 1, L=100), dend(1, "soma[0]", 1)])],
          synapses=[Synapse(0, 1, *EXPSYN, 0.003, 1.0, s, x) for s in (0, 1, 2) for x in (0, 0.5, 1)]
          + [Synapse(0, 1, *EXP2SYN, 0.002, 2.0, 1, 0.33)],
          clamps=[Clamp(0, 0.3, 2.01, 90), Clamp(1, 0.02, 10, 20, "soma", 0, 0),
                  Clamp(1, 0.02, 20, 20, "dend", 0, 1), Clamp(1, 0.02, 30, 20, "dend", 1, 0)]),
    Model("nonuniform", "conductances that vary along a section", [Cell("Graded", [
        soma(HH), dend(0, "soma[0]", 1, L=200, nseg=11, insert={"hh": {}, "pas": {"g": 1e-4}},
                       hoc="for (x, 0) gnabar_hh(x) = 0.1 * (1 - 0.8 * x)\n"
                           "for (x, 0) g_pas(x) = 1e-4 + 5e-4 * x * x\nel_hh(0.3) = -58")])],
        clamps=[Clamp(0, 0.4, 5, 60)]),
    Model("resegment", "the number of segments changes after conductances were graded", [Cell("Regraded", [
        soma(HH), dend(0, "soma[0]", 1, L=210, nseg=3, insert={"pas": {"e": -70}},
                       hoc="for (x, 0) g_pas(x) = 1e-4 + 5e-4 * x")])],
        clamps=[Clamp(0, 0.3, 5, 60)]),
    # conditions
    Model("celsius", "hh at 16.3 degC", [CABLE], celsius=16.3, clamps=[Clamp(0, 0.6, 5, 60)]),
    Model("coarse-dt", "dt = 0.1 ms", [CABLE], dt=0.1, clamps=[Clamp(0, 0.5, 5, 60)]),
    Model("odd-dt", "dt = 0.03 ms, which does not divide 1", [CABLE], dt=0.03, tstop=99.0,
          clamps=[Clamp(0, 0.5, 5, 60)]),
    Model("membranes", "Ra and cm that differ between sections", [Cell("Mixed", [
        soma(HH, Ra=80, cm=1.2), dend(0, "soma[0]", 1, L=120, Ra=180, cm=2),
        dend(1, "dend[0]", 1, L=90, diam=0.7, Ra=250, cm=0.8)])], clamps=[Clamp(0, 0.4, 5, 60)]),
    Model("sampling", "reports every 0.5 ms of a part of the run", [CABLE], clamps=[Clamp(0, 0.5, 5, 60)],
          sampling={"dt": 0.5, "start_time": 10.0, "end_time": 60.0}),
    Model("cold-start", "v_init far from rest, tstop that is no multiple of dt", [CABLE], v_init=-90.0,
          tstop=40.0101, clamps=[Clamp(0, 0.5, 5, 20)]),
    # ions
    Model("ion-read", "a concentration only read", [ball("Reader", {
        "careader": {}, "cat": {"gbar": 1e-5}, **PAS}, assign={"cai": 4e-4, "cao": 1.7})],
        clamps=[Clamp(0, 0.02, 5, 40)], reports={"cai": "soma", "eca": "soma", "ica": "soma"}),
    Model("ion-read-both", "reversal potential and concentration read: e once, at initialisation",
          [ball("ReadBoth", {"foochan": {}, **PAS}, assign={"fooi": 0.3, "fooo": 2, "efoo": 10})],
          clamps=[Clamp(0, 0.02, 5, 40)], reports={"efoo": "soma", "fooi": "soma", "ifoo": "soma"}),
    Model("ion-write", "a concentration written: e every step",
          [ball("Pump", {"foochan": {}, "foopump": {}, **PAS})],
          clamps=[Clamp(0, 0.02, 5, 40)], reports={"efoo": "soma", "fooi": "soma", "ifoo": "soma"}),
    Model("ion-writers", "two mechanisms that write one concentration",
          [ball("TwoPumps", {"foochan": {}, "foopump": {}, "foosource": {}, **PAS})],
          clamps=[Clamp(0, 0.02, 5, 40)], reports={"efoo": "soma", "fooi": "soma", "ifoo": "soma"}),
    Model("ion-write-e", "a reversal potential written",
          [ball("WriteE", {"foochan": {}, "fooclamp": {}, **PAS})],
          clamps=[Clamp(0, 0.02, 5, 40)], reports={"efoo": "soma", "ifoo": "soma"}),
    Model("ion-cable", "calcium channels and pool along a dendrite", [Cell("Calcium", [
        soma({**HH, **CALCIUM, "capool": {}}, assign={"cai": 50e-6}),
        dend(0, "soma[0]", 1, L=150, insert={**PAS, **CALCIUM, "capool": {}, "kca": {"gbar": 1e-3}},
             assign={"ek": -80, "cai": 50e-6})])],
        clamps=[Clamp(0, 0.3, 5, 60)], reports={"cai": "all", "ica": "all"}),
    driven("ion-point", "a point process that carries an ion", [
        ("CaLeak", {"g": 1e-5}, 1.0, 0.5)], weight=1e-5,
        target=ball("IonTarget", {**PAS, "capool": {}, "cat": {"gbar": 1e-5}})),
    Model("ion-point-alone", "a point process that hears no events and alone carries an ion",
          [ball("IonAlone", PAS)], trains=[[5.0, 40.0]], clamps=[Clamp(0, 0.02, 5, 40)],
          synapses=[Synapse(("virtual", 0), 0, "DeafLeak", {"g": 1e-3}, 0.1, 0.5)],
          reports={"icl": "soma", "ecl": "soma"}),
    # language
    alone("kinchan", {}, {"ek": -85}, ("c1_kinchan", "o_kinchan"), about="linear KINETIC, steady state"),
    alone("cabuffer", {}, {"cao": 2}, ("cai", "bound_cabuffer"), {"cas": {"gbar": 1e-5}}, "nonlinear KINETIC"),
    alone("pools", {}, {}, ("a_pools", "d_pools", "net_pools"), PAS, "KINETIC with volumes and an influx"),
    alone("shells", {}, {"cao": 2}, ("cai", "pumpca_shells"), PAS, "KINETIC over arrays, with a pump"),
    Model("diffusion", "calcium that diffuses along an unbranched cable", [Cell("Spreading", [
        soma({**HH, **CALCIUM, "caspread": {}}, L=40, diam=10, assign={"cai": 50e-6}),
        dend(0, "soma[0]", 1, L=170, diam=3, insert={**PAS, "caspread": {}}, assign={"cai": 1e-4}),
        dend(1, "dend[0]", 1, L=90, diam=1, insert={**PAS, "caspread": {}}, assign={"cai": 2e-4})])],
        clamps=[Clamp(0, 0.3, 5, 60)], reports={"cai": "all", "tracer_caspread": "all"}),
    Model("diffusion-tree", "shells of calcium and buffer that diffuse in a branched cell",
          [spreading_bush()], clamps=[Clamp(0, 0.3, 5, 60)],
          reports={"cai": "all", "inner_shellspread": "all"}),
    Model("diffusion-gaps", "the same where some sections lack the mechanism",
          [spreading_bush(without=("dend[0]", "dend[3]", "dend[5]"))], clamps=[Clamp(0, 0.3, 5, 60)],
          reports={"cai": "soma", "inner_shellspread": "soma"}),
    alone("simultaneous", {}, {}, ("x_simultaneous", "s_simultaneous"), PAS, "LINEAR, and METHOD runge"),
    alone("implicit", {}, {}, ("p_implicit", "q_implicit"), PAS, "derivimplicit",
          tolerance=1e-8, note="NEURON's Newton iteration stops at a relative change of 1e-6"),
    alone("explicit", {}, {}, ("p_explicit",), PAS, "euler, and t"),
    alone("tabled", {}, {"ek": -85}, ("n_tabled",), PAS, "TABLE", celsius=18.0),
    Model("tabled-exact", "the same without its table", [ball("Ball", {"tabled": {}, **PAS}, assign={"ek": -85})],
          clamps=[Clamp(0, 0.02, 10, 20), Clamp(0, -0.02, 50, 20)], celsius=18.0, exact="tabled"),
    alone("tabulator", {}, {"ek": -85}, ("n_tabulator", "opened_tabulator"), PAS,
          "TABLE of functions and arrays, with variable bounds", celsius=26.0, v_init=-95.0),
    Model("leftover", "a GLOBAL that only a table sets, digits of a PARAMETER, exponentials without bounds",
          [Cell("Leftover", [soma({**HH, "leftover": {}}), dend(0, "soma[0]", 1, L=150, insert={**PAS, "leftover": {}})])],
          clamps=[Clamp(0, 0.3, 5, 40)], celsius=18.0, reports={"steep_leftover": "all", "gate_leftover": "all"}),
    alone("moments", {}, {"cao": 2}, ("gate_moments", "order_moments", "seen_moments", "steps_moments"), PAS,
          "BEFORE and AFTER blocks, INCLUDE"),
    alone("hinted", {}, {}, ("m_hinted",), PAS, "CONDUCTANCE on one of two currents"),
    alone("language", {}, {}, ("s_language", "total_language"), about="loops, branches, functions"),
    alone("arrays"),
    alone("ghkchan", {}, {"cai": 1e-4, "cao": 2}, ("ica",), PAS, "constant-field current", celsius=25.0),
    driven("Depressing", "connection variables and NET_RECEIVE's INITIAL",
           [("Depressing", {"e": 0}, 1.0, 0.5), ("Depressing", {"e": -70, "tau": 5}, 0.3, 0.5)], weight=0.02),
    driven("Pulser", "self events", [("Pulser", {"e": 0}, 1.0, 0.5), ("Pulser", {"width": 9.0}, 0.1, 0.5)],
           weight=0.002),
    driven("DelayLine", "net_move, and what a NetCon's arguments are when its self event comes",
           [("DelayLine", {"e": 0}, 1.0, 0.5), ("DelayLine", {"lag": 9.31, "dead": 21.3}, 0.1, 0.5),
            ("DelayLine", {"lag": 30.01, "dead": 31.7, "tau": 7}, 0.0, 0.5)], weight=0.004),
    Model("Watcher", "WATCH of the potential, which sets a conductance", [ball("Watched", PAS)],
          trains=[[3.0, 40.0]], synapses=[Synapse(("virtual", 0), 0, "Watcher", {}, 0.01, 0.5),
                                          Synapse(("virtual", 0), 0, "Watcher", {"high": -61, "low": -64}, 0.002, 1.3)],
          clamps=[Clamp(0, 0.05, 5, 10), Clamp(0, -0.04, 30, 10), Clamp(0, 0.06, 50, 30)]),
    Model("Stdp", "FOR_NETCONS and WATCH: weights change when the target fires", [CLOCK],
          trains=[[2.0, 17.1, 33.3, 61.0], [9.0, 26.2, 47.7, 80.1], [14.6, 55.0]],
          synapses=[Synapse(("virtual", i), 0, "Stdp", {"tau": 4}, 0.003 + 0.001 * i, 0.7) for i in range(3)],
          clamps=[Clamp(0, 0.3, 2.01, 90)]),
    # artificial cells
    Model("IntFire1", "a chain and a loop of integrate-and-fire cells, driven and driving",
          [CLOCK, Point("IntFire1", {"tau": 0.012, "refrac": 0.0041}), Point("IntFire1", {"tau": 0.02, "refrac": 0.007}),
           Point("IntFire1"), ball("Passive", PAS)],
          trains=[[1.0, 3.3, 7.77, 20.0, 20.01, 22.2, 40.0, 41.3, 44.4, 46.6, 70.0, 70.5, 71.0]],
          synapses=[Synapse(0, 1, "IntFire1", {}, 1.3, 0.7), Synapse(("virtual", 0), 1, "IntFire1", {}, 0.6, 0.1),
                    Synapse(1, 2, "IntFire1", {}, 0.7, 1.0131), Synapse(2, 3, "IntFire1", {}, 1.1, 2.2),
                    Synapse(3, 2, "IntFire1", {}, 0.9, 3.01), Synapse(3, 1, "IntFire1", {}, -0.4, 5.3),
                    Synapse(("virtual", 0), 3, "IntFire1", {}, 0.45, 0.0),
                    Synapse(1, 4, *EXPSYN, 0.004, 0.8), Synapse(2, 4, *EXP2SYN, 0.004, 1.5)],
          clamps=[Clamp(0, 0.3, 2.01, 90)]),
    Model("IntFire1-near", "delays of nothing, below a step, and of a step, between artificial cells and others",
          [CLOCK] + [Point("IntFire1", {"tau": 0.01, "refrac": 0.002})] * 4 + [ball("Passive", PAS)],
          trains=[[1.0, 10.013, 20.0301, 33.003, 47.5]],
          synapses=[Synapse(("virtual", 0), 1, "IntFire1", {}, 1.3, 0.3), Synapse(1, 2, "IntFire1", {}, 1.2, 0.0),
                    Synapse(2, 3, "IntFire1", {}, 1.2, 0.0071), Synapse(3, 4, "IntFire1", {}, 1.2, 0.025),
                    Synapse(4, 1, "IntFire1", {}, 1.2, 7.7), Synapse(0, 1, "IntFire1", {}, 1.2, 0.0),
                    Synapse(1, 5, *EXPSYN, 0.003, 0.0), Synapse(2, 5, *EXP2SYN, 0.003, 0.01),
                    Synapse(3, 5, *EXPSYN, 0.003, 0.0131)],
          clamps=[Clamp(0, 0.3, 2.01, 90)]),
    Model("IntFire1-ties", "inputs that come in the moment in which a cell can fire again, sent before it fired and after",
          [Point("IntFire1", {"tau": 0.02, "refrac": 0.004}), Point("IntFire1", {"tau": 0.02, "refrac": 0.004}),
           ball("Passive", PAS)],
          trains=[[1.0, 5.0, 12.5, 21.0, 25.0], [1.0, 21.0]],
          synapses=[Synapse(("virtual", 0), 0, "IntFire1", {}, 1.2, 2.5), Synapse(("virtual", 0), 1, "IntFire1", {}, 1.2, 2.5),
                    Synapse(("virtual", 1), 0, "IntFire1", {}, 0.9, 6.5), Synapse(("virtual", 1), 1, "IntFire1", {}, 0.7, 2.25),
                    Synapse(0, 1, "IntFire1", {}, 0.6, 4.0), Synapse(0, 2, *EXPSYN, 0.004, 1.0)]),
    Model("IntFire2", "cells whose firing times are sought, under input and by themselves",
          [Point("IntFire2", {"taus": 20, "taum": 10}), Point("IntFire2", {"taus": 7, "taum": 3, "ib": 1.2}),
           Point("IntFire2", {"ib": 0.8}), ball("Passive", PAS)],
          trains=[[1.0, 5.3, 7.77, 20.0, 40.0, 41.3, 44.4, 46.6, 70.0, 70.5, 71.0], [10.3, 33.0, 60.0]],
          synapses=[*(Synapse(("virtual", 0), i, "IntFire2", {}, w, 0.3) for i, w in ((0, 1.7), (1, 0.4), (2, 0.9))),
                    *(Synapse(("virtual", 1), i, "IntFire2", {}, -0.8, 0.7) for i in range(3)),
                    Synapse(1, 0, "IntFire2", {}, 0.6, 2.01), Synapse(2, 3, *EXPSYN, 0.003, 1.013)],
          time_tolerance=1e-4, tolerance=1e-4, note="NEURON's search for the firing time stops at 1e-6"),
    Model("IntFire4", "cells that look again at a bound of the firing time: net_move, many self events",
          [Point("IntFire4"), Point("IntFire4", {"taue": 3, "taui1": 5, "taui2": 12, "taum": 20}),
           Point("IntFire4", {"taum": 8}), ball("Passive", PAS)],
          trains=[[1.0, 5.3, 7.77, 9.0, 20.0, 22.2, 40.0, 41.3, 44.4, 46.6, 70.0, 70.5, 71.0], [10.3, 33.0, 60.0]],
          synapses=[*(Synapse(("virtual", 0), i, "IntFire4", {}, 0.8, 0.3) for i in range(3)),
                    *(Synapse(("virtual", 1), i, "IntFire4", {}, -0.5, 0.7) for i in range(3)),
                    Synapse(0, 1, "IntFire4", {}, 0.7, 2.01), Synapse(1, 2, "IntFire4", {}, -0.3, 1.5),
                    Synapse(2, 3, *EXPSYN, 0.003, 1.013)]),
    Model("NetStim", "regular sources, one switched on and off by others",
          [Point("NetStim", {"interval": 7.01, "number": 20, "start": 3.3}),
           Point("NetStim", {"interval": 1.513, "number": 5, "start": -1}),
           Point("NetStim", {"interval": 31.1, "number": 2, "start": 40.004}), ball("Passive", PAS)],
          synapses=[Synapse(0, 1, "NetStim", {}, 1.0, 0.5), Synapse(2, 1, "NetStim", {}, -1.0, 0.2),
                    Synapse(0, 3, *EXPSYN, 0.003, 1.013), Synapse(1, 3, *EXP2SYN, 0.002, 0.1)]),
    Model("Pacer", "a pacemaker that inputs delay: net_move of an artificial cell; its last spikes",
          [Point("Pacer", {"interval": 6.137, "start": 1.3}), Point("Pacer", {"interval": 3.01, "start": 0.0}),
           ball("Passive", PAS)],
          trains=[[4.0, 11.1, 30.03, 77.7]], tstop=99.4321,
          synapses=[Synapse(("virtual", 0), 0, "Pacer", {}, 1.0, 0.5), Synapse(1, 0, "Pacer", {}, -1.0, 1.0),
                    Synapse(0, 2, *EXPSYN, 0.003, 1.0), Synapse(1, 2, *EXP2SYN, 0.002, 0.5)]),
    # a whole model
    Model("oscillator", "the half-centre oscillator over its first bursts", [HCO, HCO],
          synapses=[Synapse(0, 1, "inhsyn", {"esyn": "-80", "gmax": "40e-3"}, 0.4, 0.0),
                    Synapse(1, 0, "inhsyn", {"esyn": "-80", "gmax": "40e-3"}, 0.4, 0.0)],
          clamps=[Clamp(0, 1.0, 50, 10)], dt=0.1, tstop=600.0, celsius=34.0, v_init=-50.0,
          reports={"cai": "soma"}),
]
