//! Fewer exponentials and divisions, and what all instances share.

use crate::support::{Named, assert_close, assert_text, with};
use codegen::Options;
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;

fn breakpoint(declarations: &str, body: &str) -> Mechanism {
    let text = format!("NEURON {{ SUFFIX x {declarations} }} BREAKPOINT {{ {body} }}");
    with(&text, Options::default())
}

#[test]
fn exponentials_of_multiples_become_powers() {
    let mechanism =
        breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v/20) + exp(-(v + 10)/80) + exp(v*0.3) + exp(-(v - 40)/40)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!(text.matches("exp(").count(), 2, "{text}");
}

#[test]
fn a_difference_from_1_uses_the_same_power() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v/20)*v/(exp(v/10) - 1)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!((text.matches("expm1_of(").count(), text.matches(" exp(").count()), (1, 1), "{text}");
}

#[test]
fn steep_exponentials_are_left_alone() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = exp(v) + exp(2*v)");
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    assert_eq!(text.matches("exp(").count(), 2, "{text}");
}

#[test]
fn a_time_constant_that_is_a_reciprocal_is_not_divided_by() {
    let mechanism = breakpoint(
        "RANGE a, b, y } PARAMETER { a = 1 b = 2 } ASSIGNED { y v",
        "LOCAL tau, rate rate = a + b*v tau = 1/rate y = dt/tau",
    );
    assert_text(&mechanism, &mechanism.kernels.state, "rate = fma(self.b, v, self.a)\n y := dt*rate");
}

#[test]
fn inverses_of_powers_of_time_constants_stay_small() {
    let squares: String = (1..60).map(|n| format!("LOCAL t{n}\n")).collect();
    let body: String = (2..60).map(|n| format!("t{n} = t{m}*t{m}\n", m = n - 1)).collect();
    let text = format!("{squares} t1 = 1/(2 + v) {body} y = dt/t59");
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", &text);
    assert!(mechanism.function_text(mechanism.kernels.state.as_ref().unwrap()).len() < 5000);
}

#[test]
fn literals_are_not_divided_by() {
    let mechanism = breakpoint("RANGE y } ASSIGNED { y v", "y = v/8");
    assert_text(&mechanism, &mechanism.kernels.state, "y := v*0.125");
}

#[test]
fn what_instances_share_is_computed_first() {
    let mechanism = breakpoint("RANGE y } PARAMETER { celsius } ASSIGNED { y v", "y = v*3^((celsius - 6.3)/10)");
    assert_text(&mechanism, &mechanism.kernels.state, "uniform = pow(3, (celsius - 6.3)/10)\n y := v*uniform");
}

/// Two rates of a gate as many models write them; its widths are GLOBALs.
const PAIR: &str = "NEURON { SUFFIX x RANGE m GLOBAL vhalf, k }
    PARAMETER { vhalf = -40 k = 6 celsius = 34 } ASSIGNED { v minf mtau alpha beta } STATE { m }
    INITIAL { m = 0.3 }
    BREAKPOINT { SOLVE states METHOD cnexp }
    DERIVATIVE states { rates() m' = (minf - m)/mtau }
    PROCEDURE rates() { LOCAL qt
        qt = 2.3^((celsius - 23)/10)
        alpha = 0.182*trap(-(v - vhalf), k)
        beta = 0.124*trap(v - vhalf, k)
        minf = alpha/(alpha + beta)
        mtau = (1/(alpha + beta))/qt
    }
    FUNCTION trap(x, y) {
        if (fabs(x/y) < 1e-6) { trap = y*(1 - x/y/2) } else { trap = x/(exp(x/y) - 1) }
    }";

#[test]
fn opposite_rates_share_an_exponential_and_a_division() {
    let mechanism = with(PAIR, Options::default());
    let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
    let instances =
        text.lines().filter(|line| !line.contains("uniform =") && !line.contains("qt =")).collect::<Vec<_>>();
    let count = |part: &str| instances.iter().map(|line| line.matches(part).count()).sum::<usize>();
    assert_eq!((count(" exp("), count("expm1("), count("/")), (1, 1, 2), "{text}");
}

#[test]
fn opposite_rates_keep_their_values() {
    let rearranged = with(PAIR, Options::default());
    let written = with(PAIR, Options { optimise: false, ..Options::default() });
    for v in [-6000.0, -900.0, -100.0, -65.0, -40.00001, -40.0, -39.999, -10.0, 60.0, 900.0, 6000.0] {
        let m = [&rearranged, &written].map(|mechanism| {
            let mut instance = Instance::new(mechanism);
            instance.run(&mechanism.kernels.init);
            instance.v = v;
            instance.run(&mechanism.kernels.state);
            instance.get(mechanism, "m")
        });
        // Where exp(x) - 1 is small it has few digits, as written.
        assert_close(m[0], m[1], 1e-9);
    }
}

/// Gates with rates as modellers write them.
fn gates(rates: &str, options: Options) -> Mechanism {
    let text = format!(
        "NEURON {{ SUFFIX x }} ASSIGNED {{ v }} STATE {{ m h }} BREAKPOINT {{ SOLVE s METHOD cnexp }}
        DERIVATIVE s {{ LOCAL minf, hinf, mtau, htau {rates} m' = (minf - m)/mtau h' = (hinf - h)/htau }}"
    );
    with(&text, options)
}

/// The gates after a step at a potential from 0.3.
fn states(mechanism: &Mechanism, v: f64) -> [f64; 2] {
    let mut x = Instance::new(mechanism);
    x.v = v;
    for name in ["m", "h"] {
        x.columns[mechanism.column(name).unwrap().0 as usize] = 0.3;
    }
    x.run(&mechanism.kernels.state);
    ["m", "h"].map(|name| x.get(mechanism, name))
}

const RATES: &str = "minf = 1/(1 + exp(-(v + 40)/6)) mtau = 5 + 20/(1 + exp((v + 35)/5))
    hinf = 1/(1 + exp((v + 90)/7)) htau = 1.3/(1 + exp(-(v + 60)/9))*(1.5 + 1/(1 + exp((v + 30)/3.1)))";

#[test]
fn fractions_of_fractions_are_plain_and_share_divisions() {
    let divisions = |rates| {
        let mechanism = gates(rates, Options::default());
        mechanism.function_text(mechanism.kernels.state.as_ref().unwrap()).matches('/').count()
    };
    assert_eq!(divisions(RATES), 1);
    // This denominator may be 0.
    assert_eq!(divisions("minf = 0.5 hinf = 0.5 mtau = 5 + 20/(v + exp(v/9)) htau = 1"), 2);
}

#[test]
fn divisions_that_are_shared_keep_states_wherever_the_potential_is() {
    let plain = Options { rearrange: false, ..Options::default() };
    let mechanisms = [gates(RATES, Options::default()), gates(RATES, plain)];
    for v in (-200..=200).map(|v| f64::from(v) * 25.0) {
        let [shared, plain] = mechanisms.each_ref().map(|mechanism| states(mechanism, v));
        shared.into_iter().zip(plain).for_each(|(a, b)| assert_close(a, b, 1e-14));
    }
}

/// Rates that are 0/0 somewhere, and an exponential of the same that is not.
const GAPS: &str = "LOCAL a, b, c, e
    if (fabs((v + 40)/10) < 1e-6) { a = 1 - (v + 40)/20 } else { a = 0.1*(v + 40)/(1 - exp(-(v + 40)/10)) }
    b = 4*exp(-(v + 65)/18) minf = a/(a + b) mtau = 1/(a + b)
    if (fabs((v + 32)/6) < 1e-6) { c = 6*(1 + (v + 32)/12) } else { c = -(v + 32)/(exp(-(v + 32)/6) - 1) }
    e = 1/(exp(-(v + 35)/9) + 1) hinf = c/(c + e) htau = 1/(c + e)";

#[test]
fn rates_with_gaps_share_divisions() {
    let text = |options| {
        let mechanism = gates(GAPS, options);
        mechanism.function_text(mechanism.kernels.state.as_ref().unwrap())
    };
    let shared = text(Options::default());
    assert_eq!((shared.matches('/').count(), shared.matches("confined(").count()), (2, 1), "{shared}");
    let plain = text(Options { rearrange: false, ..Options::default() });
    assert!(plain.matches('/').count() > 5 && !plain.contains("confined("), "{plain}");
    // The quotient is negative on one side; a parameter may be anything.
    for (from, to) in [("0.1*(v + 40)", "0.1*(v + 41)"), ("(v + 40)/10) <", "(v + 40)/celsius) <")] {
        let mechanism = gates(&GAPS.replace(from, to), Options::default());
        let text = mechanism.function_text(mechanism.kernels.state.as_ref().unwrap());
        assert!(text.matches('/').count() > 2, "{text}");
    }
}

#[test]
fn rates_with_gaps_keep_states() {
    let plain = Options { rearrange: false, ..Options::default() };
    let mechanisms = [gates(GAPS, Options::default()), gates(GAPS, plain)];
    let around = |gap: f64| (-9..=9).flat_map(move |digit| [gap + f64::from(digit) * 1e-6, gap + f64::from(digit)]);
    let all = (-300..=300).map(|v| f64::from(v) * 2.5).chain(around(-40.0)).chain(around(-32.0));
    for v in all {
        let [shared, plain] = mechanisms.each_ref().map(|mechanism| states(mechanism, v));
        // Where exp(x) - 1 is small it has few digits, as written.
        shared.into_iter().zip(plain).for_each(|(a, b)| assert_close(a, b, 1e-9));
    }
    for v in [-1e9, -5000.0, -751.0, 751.0, 5000.0, 1e9] {
        assert_eq!(states(&mechanisms[0], v), states(&mechanisms[0], v.clamp(-750.0, 750.0)));
    }
    assert!(states(&mechanisms[0], f64::NAN).iter().all(|state| state.is_nan()));
}

/// An exponential that is bounded below the line would not cancel that above it.
#[test]
fn exponentials_cancel_wherever_they_stand() {
    for hinf in
        ["minf*e", "minf*exp((v + 40)/1.1)", "exp((v + 40)/1.1)/(1 + e)", "minf/exp(-(v + 40)/1.1)", "log(minf)/1000"]
    {
        let rates = format!(
            "LOCAL e e = exp((v + 40)/0.5) minf = 1/(1 + e) hinf = {hinf} mtau = 1 htau = 2 + 1/(1 + exp(v/9))"
        );
        let plain = Options { rearrange: false, ..Options::default() };
        for v in [-300.0, -60.0, 0.0, 120.0, 300.0] {
            let [a, b] = [Options::default(), plain].map(|options| {
                let mechanism = gates(&rates, options);
                let mut x = Instance::new(&mechanism);
                x.v = v;
                x.run(&mechanism.kernels.state);
                x.get(&mechanism, "h")
            });
            assert!((a - b).abs() <= 1e-14, "{hinf} at {v}: {a} is not {b}");
        }
    }
}
