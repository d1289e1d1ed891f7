//! Random numbers: NEURON's, number for number. The expected ones are what NEURON 9.0.2 gives for these files.

use crate::support::{Named, assert_close, both, codes};
use codegen::ir::evaluate::Instance;

/// RANDOM variables: uniform numbers to the last bit, others but for the rounding of a logarithm.
#[test]
fn random_variables_are_streams_of_random123() {
    let text = "
NEURON { POINT_PROCESS Draws  RANDOM r  RANGE u, ab, e, e3, n, nm, i, d }
ASSIGNED { u ab e e3 n nm i d }
INITIAL { random_setids(r, 5, 70000, 3000000000)  random_setseq(r, 5) }
BREAKPOINT { SOLVE draw }
PROCEDURE draw() {
  u = random_uniform(r)
  ab = random_uniform(r, -2, 3.5)
  e = random_negexp(r)
  e3 = random_negexp(r, 3)
  n = random_normal(r)
  nm = random_normal(r, 1.5, 0.25)
  i = random_ipick(r)
  d = random_dpick(r)
}";
    let names = ["u", "ab", "e", "e3", "n", "nm", "i", "d"];
    let expected = [
        [
            0.384227085536293,
            -1.426791392865872,
            0.4910514534831436,
            1.1054888186665812,
            -0.5548501966245536,
            1.6020901285312668,
            1912961122.0,
            0.580057934490019,
        ],
        [
            0.13634676110550137,
            2.3277516552880986,
            0.07376595606332736,
            4.071178651939649,
            0.016530105654234073,
            1.540949163192006,
            458821279.0,
            0.31630596534435035,
        ],
        [
            0.18415386109050505,
            -0.5107783998803284,
            0.20554251172748483,
            1.5399687550699297,
            -0.3094847828864494,
            1.6237519505225106,
            2881996920.0,
            0.8878549635671417,
        ],
    ];
    assert_eq!(codes(text), [""; 0]);
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        for values in expected {
            x.run(&mechanism.kernels.state);
            for (name, value) in names.into_iter().zip(values) {
                let found = x.get(&mechanism, name);
                if ["u", "ab", "i", "d"].contains(&name) {
                    assert_eq!(found, value, "{name}");
                } else {
                    assert_close(found, value, 4e-16);
                }
            }
        }
        assert_eq!(x.get(&mechanism, "r.seq") + 65536.0 * x.get(&mechanism, "r.seq_high"), 35.0);
    }
}

#[test]
fn scop_random_and_its_kin() {
    let text = "
NEURON { POINT_PROCESS Scop  RANGE u, e, n, p, s }
PARAMETER { s = 0 }
ASSIGNED { u e n p }
INITIAL { if (s > 0) { set_seed(s) } }
BREAKPOINT { SOLVE draw }
PROCEDURE draw() {
  u = scop_random()
  e = exprand(2.5)
  n = normrand(1, 0.5)
  p = poisrand(3.2)
}";
    assert_eq!(codes(text), ["M0348"]);
    let unseeded = [
        [0.6056517089264588, 0.08669751121721819, 0.37130673683718696, 3.0],
        [0.21464534900492183, 0.1608810524515642, 0.6165745408134948, 2.0],
        [0.3450200523587456, 0.09867302397996619, 1.3862818360447426, 2.0],
    ];
    let seeded = [
        [0.47244758216488353, 1.3722837706213764, 1.7491691434460357, 4.0],
        [0.8344134594859587, 7.749139653636208, 0.9986289353417886, 6.0],
        [0.2119836281547285, 3.0061789944819335, 0.04672092324352173, 4.0],
    ];
    for mechanism in both(text) {
        for (seed, expected) in [(0.0, unseeded), (12345.0, seeded)] {
            let mut x = Instance::new(&mechanism);
            x.columns[mechanism.column("s").unwrap().0 as usize] = seed;
            x.run(&mechanism.kernels.init);
            for [u, e, n, p] in expected {
                x.run(&mechanism.kernels.state);
                assert_eq!((x.get(&mechanism, "u"), x.get(&mechanism, "p")), (u, p));
                assert_close(x.get(&mechanism, "e"), e, 4e-16);
                assert_close(x.get(&mechanism, "n"), n, 1e-15);
            }
        }
    }
}

#[test]
fn a_number_in_breakpoint_does_not_depend_on_v() {
    let text = "NEURON { POINT_PROCESS x NONSPECIFIC_CURRENT i RANDOM r } ASSIGNED { v i g }
        BREAKPOINT { g = v g = random_uniform(r) i = g*(v + 65) }";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.run(&mechanism.kernels.current);
        assert!(x.d > 0.0 && x.d < 1.0, "{}", x.d);
    }
}

#[test]
fn wrong_uses_of_a_stream() {
    let wrong = |body: &str| codes(&format!("NEURON {{ SUFFIX x RANDOM r }} ASSIGNED {{ y }} INITIAL {{ {body} }}"));
    assert_eq!(wrong("y = r"), ["M0261"]);
    assert_eq!(wrong("r = 1"), ["M0261"]);
    assert_eq!(wrong("y = random_uniform(y)"), ["M0261"]);
    assert_eq!(wrong("y = random_uniform()"), ["M0261"]);
    assert_eq!(wrong("y = random_uniform(r, 1)"), ["M0203"]);
    assert_eq!(codes("NEURON { SUFFIX x RANDOM r } ASSIGNED { r } INITIAL { }"), ["M0204"]);
}
