//! BREAKPOINT: currents, conductances, scaling.

use crate::support::{Named, assert_close, assert_text, both, codes, mechanism};
use codegen::ir::evaluate::Instance;
use codegen::ir::{IonField, Mechanism};

/// Runs both current kernels at v and compares them: analytic against difference.
fn compare(mechanism: &Mechanism, v: f64, tolerance: f64) -> Instance {
    let mut analytic = Instance::new(mechanism);
    analytic.ions = vec![[-77.0, 1e-4, 2.0, 0.0, 0.0]; mechanism.ions.len()];
    analytic.area = 250.0;
    analytic.run(&mechanism.kernels.init);
    analytic.v = v;
    let mut difference = analytic.clone();
    analytic.run(&mechanism.kernels.current);
    difference.run(&mechanism.kernels.current_difference);
    assert_close(analytic.rhs, difference.rhs, 1e-14);
    assert_close(analytic.d, difference.d, tolerance);
    for (a, b) in analytic.ions.iter().zip(&difference.ions) {
        assert_close(a[IonField::Current.index()], b[IonField::Current.index()], 1e-14);
        assert_close(a[IonField::Didv.index()], b[IonField::Didv.index()], tolerance);
    }
    analytic
}

#[test]
fn the_analytic_conductance_is_that_of_the_difference() {
    // Rectification, a branch, a loop, a function of v, powers, logarithms.
    let text = "NEURON { SUFFIX x USEION k READ ek, ki, ko WRITE ik NONSPECIFIC_CURRENT il RANGE ik }
        PARAMETER { g = 0.01 q = 3 } ASSIGNED { v ik il ek ki ko }
        BREAKPOINT { LOCAL w, n
            w = g*ghk(v/25, ki, ko)
            if (v > -60) { w = w + 0.01*(v + 60)^2 } else { w = w/(1 + exp((v + 70)/5)) }
            n = 0
            while (n < 3) { w = w*1.01 + v*1e-5  n = n + 1 }
            ik = w*(v - ek) + sqrt(fabs(v))*1e-3
            il = g*(v - 20) + 1e-3*log(100 + v)/cosh(v/50) + 1e-3*tanh(v/q)
        }
        FUNCTION ghk(x, a, b) {
            if (fabs(x) < 1e-4) { ghk = 1 - x/2 } else { ghk = x/(exp(x) - 1) }
            ghk = ghk*(a - b)
        }";
    for mechanism in both(text) {
        for v in [-90.0, -65.0, -59.0, -20.0, 30.0] {
            // What is left is a sixth of the square of the quotient's step times the third derivative, and round-off.
            compare(&mechanism, v, 1e-6);
        }
    }
}

#[test]
fn an_ohmic_current_costs_one_evaluation() {
    let mechanism = mechanism(
        "NEURON { SUFFIX k USEION k READ ek WRITE ik RANGE gbar }
        PARAMETER { gbar = 0.1 } ASSIGNED { v ek ik } STATE { n }
        BREAKPOINT { LOCAL g  g = gbar*n*n  ik = g*(v - ek) }",
    );
    assert_text(
        &mechanism,
        &mechanism.kernels.current,
        "g = self.gbar*self.n*self.n
         ik = g*(v - ion.ek)
         ion.ik += ik
         ion.dik/dv += g
         rhs += -ik
         d += g",
    );
}

#[test]
fn point_process_currents_are_scaled_by_area() {
    for mechanism in both(
        "NEURON { POINT_PROCESS s NONSPECIFIC_CURRENT i RANGE g, e } PARAMETER { g = 0.002 e = 10 } ASSIGNED { v i }
        BREAKPOINT { i = g*(v - e) }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.area = 50.0;
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.current);
        assert_close(x.rhs, -(0.002 * -75.0) * 2.0, 1e-15);
        assert_close(x.d, 0.004, 1e-15);
    }
}

#[test]
fn ion_currents_of_point_processes_are_scaled_too() {
    for mechanism in both(
        "NEURON { POINT_PROCESS s USEION ca READ eca WRITE ica } PARAMETER { g = 0.002 } ASSIGNED { v eca ica }
        BREAKPOINT { ica = g*(v - eca) }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.area = 50.0;
        x.ions[0][0] = 120.0;
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.current);
        assert_close(x.ions[0][IonField::Current.index()], 2.0 * 0.002 * -185.0, 1e-15);
        assert_close(x.ions[0][IonField::Didv.index()], 0.004, 1e-15);
    }
}

#[test]
fn electrode_currents_are_injected() {
    for mechanism in both(
        "NEURON { POINT_PROCESS IClamp RANGE del, dur, amp, i ELECTRODE_CURRENT i }
        PARAMETER { del = 1 dur = 2 amp = 0.5 } ASSIGNED { i }
        INITIAL { i = 0 }
        BREAKPOINT { at_time(del) if (t < del + dur && t >= del) { i = amp } else { i = 0 } }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.t = 1.5;
        x.run(&mechanism.kernels.current);
        assert_eq!((x.rhs, x.d, x.get(&mechanism, "i")), (0.5, 0.0, 0.5));
        x.t = 3.5;
        x.run(&mechanism.kernels.current);
        assert_eq!((x.rhs, x.get(&mechanism, "i")), (0.5, 0.0));
    }
    for mechanism in both(
        "NEURON { POINT_PROCESS c ELECTRODE_CURRENT i } PARAMETER { rs = 4 vc = 10 } ASSIGNED { i v }
        BREAKPOINT { i = (vc - v)/rs }",
    ) {
        let x = compare(&mechanism, -65.0, 1e-9);
        assert_close(x.d, 0.25 * 100.0 / 250.0, 1e-15);
    }
}

#[test]
fn currents_are_summed_in_declaration_order() {
    let mechanism = mechanism(
        "NEURON { SUFFIX x NONSPECIFIC_CURRENT b, a USEION k WRITE ik } ASSIGNED { v a b ik }
        BREAKPOINT { ik = v a = 2*v b = 3*v }",
    );
    assert_text(
        &mechanism,
        &mechanism.kernels.current,
        "a = 2*v
         b = 3*v
         ion.ik += v
         ion.dik/dv += 1
         rhs += -(b + a + v)
         d += 6",
    );
}

#[test]
fn a_current_of_the_state_update_is_used_one_step_later() {
    let text = "NEURON { POINT_PROCESS s NONSPECIFIC_CURRENT i } ASSIGNED { v i } STATE { A }
        BREAKPOINT { SOLVE d METHOD cnexp }
        DERIVATIVE d { A' = -A/2 i = A*(v - 3) }
        NET_RECEIVE(w) { A = A + w }";
    assert_eq!(codes(text), ["M0305"]);
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.area = 100.0;
        x.net = vec![0.4];
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.net_receive);
        x.run(&mechanism.kernels.current);
        assert!(x.rhs.abs() < 1e-290 && x.d.abs() < 1e-290, "{} {}", x.rhs, x.d);
        x.run(&mechanism.kernels.state);
        x.run(&mechanism.kernels.current);
        assert_close(x.rhs, 0.4 * (-0.025f64 / 2.0).exp() * 68.0, 1e-14);
        assert_eq!(x.d, 0.0);
    }
}

#[test]
fn conductance_hints_replace_the_derivative() {
    let text = "NEURON { SUFFIX x USEION na READ ena WRITE ina NONSPECIFIC_CURRENT il }
        PARAMETER { gbar = 0.1 gl = 0.02 } ASSIGNED { v ena ina il }
        BREAKPOINT { LOCAL g  CONDUCTANCE g USEION na  CONDUCTANCE gl
            g = gbar*v*v  ina = g*(v - ena)  il = gl*v }";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.v = -2.0;
        let mut y = x.clone();
        x.run(&mechanism.kernels.current);
        assert_close(x.d, 0.42, 1e-15);
        assert_close(x.ions[0][IonField::Didv.index()], 0.4, 1e-15);
        y.run(&mechanism.kernels.current_difference);
        assert_eq!(x, y);
    }
}

#[test]
fn a_breakpoint_without_currents_follows_its_solves() {
    let text = "NEURON { SUFFIX x RANGE y, seen } ASSIGNED { y seen } STATE { s }
        BREAKPOINT { y = y + 1  if (y > 100) { SOLVE d METHOD cnexp }  y = y + 10 }
        DERIVATIVE d { seen = y  s' = 1 }";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        assert!(mechanism.kernels.current.is_none());
        x.run(&mechanism.kernels.state);
        let values = ["seen", "y", "s"].map(|name| x.get(&mechanism, name));
        assert_eq!(values, [0.0, 11.0, 0.025]);
    }
}

#[test]
fn at_time_holds_in_the_step_of_the_event() {
    for mechanism in both("NEURON { SUFFIX x RANGE n } ASSIGNED { n } BREAKPOINT { if (at_time(1)) { n = n + 1 } }") {
        let mut x = Instance::new(&mechanism);
        for step in 1..=80 {
            x.t = f64::from(step) * 0.025;
            x.run(&mechanism.kernels.state);
        }
        assert_eq!(x.get(&mechanism, "n"), 1.0);
    }
}

#[test]
fn a_closed_gate_has_a_slope_even_where_its_exponential_overflows() {
    for mechanism in both(
        "NEURON { SUFFIX x NONSPECIFIC_CURRENT i } ASSIGNED { v i }
        BREAKPOINT { i = v/(1 + exp(-(v + 90)/0.1)) }",
    ) {
        let mut x = Instance::new(&mechanism);
        x.v = -190.0;
        x.run(&mechanism.kernels.current);
        assert!(x.rhs.abs() < 1e-290 && x.d.abs() < 1e-290, "{} {}", x.rhs, x.d);
    }
}
