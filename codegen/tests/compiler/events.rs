//! Self events, WATCH, FOR_NETCONS, artificial cells.

use crate::support::{Named, assert_text, both, codes, mechanism};
use codegen::ir::evaluate::{Instance, Posted};
use codegen::ir::{Kind, Mechanism};

fn receive(x: &mut Instance, mechanism: &Mechanism, t: f64, flag: f64) -> Vec<Posted> {
    (x.t, x.flag) = (t, flag);
    x.run(&mechanism.kernels.net_receive);
    std::mem::take(&mut x.posted)
}

#[test]
fn events_are_sent_in_the_order_of_the_statements() {
    let text = "NEURON { ARTIFICIAL_CELL cell RANGE m, refrac } PARAMETER { refrac = 5 } ASSIGNED { m }
        INITIAL { m = 0 net_send(refrac, 2) }
        NET_RECEIVE(w) {
            if (flag == 0) { m = m + w if (m > 1) { fire(2 * refrac) net_move(t + 1) } }
            else { m = 0 }
        }
        PROCEDURE fire(d) { net_event(t) net_send(d, 1) }";
    assert_eq!(codes(text), [""; 0]);
    for mechanism in both(text) {
        assert_eq!(mechanism.kind, Kind::ArtificialCell);
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(std::mem::take(&mut x.posted), [Posted::Send(5.0, 2.0)]);
        x.net = vec![0.75];
        assert_eq!(receive(&mut x, &mechanism, 3.0, 0.0), []);
        let expected = [Posted::Event(4.0), Posted::Send(10.0, 1.0), Posted::Move(5.0)];
        assert_eq!(receive(&mut x, &mechanism, 4.0, 0.0), expected);
        assert_eq!(receive(&mut x, &mechanism, 9.0, 1.0), []);
        assert_eq!(x.get(&mechanism, "m"), 0.0);
    }
}

const WATCHING: &str = "NEURON { POINT_PROCESS p RANGE low, n } PARAMETER { low = -50 } ASSIGNED { v n }
    INITIAL { n = 0 net_send(0, 1) }
    NET_RECEIVE(w) {
        if (flag == 1) { WATCH (v > 0) 2, (v < low) 3 }
        if (flag == 2) { n = n + 1 }
        if (flag == 3) { n = n + 10 WATCH (v > 20) 2 }
    }";

#[test]
fn watch_sends_when_its_condition_becomes_true() {
    assert_eq!(codes(WATCHING), [""; 0]);
    for mechanism in both(WATCHING) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        let look = |x: &mut Instance, v: f64| {
            x.v = v;
            x.run(&mechanism.kernels.watch);
            let posted = std::mem::take(&mut x.posted);
            for post in &posted {
                let Posted::Send(delay, flag) = *post else { panic!("{post:?}") };
                assert_eq!(delay, 0.0);
                receive(x, &mechanism, 1.0, flag);
            }
            posted.len()
        };
        x.posted.clear();
        assert_eq!(look(&mut x, 10.0), 0, "not active");
        receive(&mut x, &mechanism, 0.0, 1.0);
        assert_eq!(look(&mut x, 10.0), 0, "true when activated");
        assert_eq!([0.0, 1.0, 2.0, 0.0, 5.0].map(|v| look(&mut x, v)), [0, 1, 0, 0, 1], "strictly above");
        assert_eq!(x.get(&mechanism, "n"), 2.0);
        assert_eq!(look(&mut x, -60.0), 1, "the second one");
        assert_eq!(x.get(&mechanism, "n"), 12.0);
        assert_eq!([-40.0, -60.0, 10.0].map(|v| look(&mut x, v)), [0; 3], "cleared by the third one");
        assert_eq!(look(&mut x, 30.0), 1);
    }
}

#[test]
fn initial_ends_all_watches() {
    let mechanism = mechanism(WATCHING);
    assert_text(
        &mechanism,
        &mechanism.kernels.init,
        "net_send(0, 1)
        n := 0
        WATCH 1 := 0
        WATCH 2 := 0
        WATCH 3 := 0",
    );
}

#[test]
fn for_netcons_visits_all_and_sees_what_it_writes() {
    let text = "NEURON { POINT_PROCESS p RANGE sum } ASSIGNED { sum }
        NET_RECEIVE(w, a, last) {
            INITIAL { a = 1 last = -1 }
            w = w + 1
            sum = 2 * w
            FOR_NETCONS(w1, a1, last) { w1 = w1 * 10 sum = sum + w1 + a if (last < 0) { a1 = 7 } }
            sum = sum + 2 * w
        }";
    assert_eq!(codes(text), [""; 0]);
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.net = vec![1.0, 1.0, -1.0];
        x.others = vec![vec![3.0, 1.0, 5.0], vec![4.0, 1.0, -1.0]];
        x.run(&mechanism.kernels.net_receive);
        assert_eq!(x.net, [20.0, 7.0, -1.0]);
        assert_eq!(x.others, [[30.0, 1.0, 5.0], [40.0, 7.0, -1.0]]);
        // `a` of the NetCon at hand is 7 from the second round on.
        assert_eq!(x.get(&mechanism, "sum"), 4.0 + (20.0 + 1.0) + (30.0 + 7.0) + (40.0 + 7.0) + 40.0);
    }
}

#[test]
fn events_have_their_places() {
    let place = |statement: &str| {
        codes(&format!(
            "NEURON {{ POINT_PROCESS p RANGE y NONSPECIFIC_CURRENT i }} ASSIGNED {{ y v i }}
             {statement} NET_RECEIVE(w) {{ y = w }}"
        ))
    };
    for call in ["net_send(1, 2)", "net_event(t)", "net_move(t)", "WATCH (v > 0) 1", "FOR_NETCONS(w) { w = 1 }"] {
        assert_eq!(place(&format!("BREAKPOINT {{ i = 0 {call} }}")), ["M0218"], "{call}");
        let initial = place(&format!("BREAKPOINT {{ i = 0 }} INITIAL {{ {call} }}"));
        assert_eq!(initial.len(), usize::from(!call.starts_with("net_send")), "{call}");
    }
}

#[test]
fn what_is_wrong_with_events_is_told() {
    let receive = |body: &str| {
        codes(&format!("NEURON {{ POINT_PROCESS p RANGE y }} ASSIGNED {{ y v }} NET_RECEIVE(w, a) {{ {body} }}"))
    };
    assert_eq!(receive("net_send(1)"), ["M0203"]);
    assert_eq!(receive("y = net_send(1, 2)"), ["M0213"]);
    assert_eq!(receive("WATCH (v > 0) y"), ["M0255"]);
    assert_eq!(receive("FOR_NETCONS(w) { w = 1 }"), ["M0256"]);
    assert_eq!(receive("WATCH (v > w) 1"), ["M0201"]);
    assert_eq!(codes("NEURON { SUFFIX s RANGE y } ASSIGNED { y } NET_RECEIVE(w) { y = w }"), ["M0257"]);
}

#[test]
fn artificial_cells_have_no_membrane() {
    let cell = |text: &str| codes(&format!("NEURON {{ ARTIFICIAL_CELL a RANGE y {text}"));
    assert_eq!(cell("} ASSIGNED { y } NET_RECEIVE(w) { y = v }"), ["M0201"]);
    assert_eq!(cell("} ASSIGNED { y v } NET_RECEIVE(w) { y = v }"), [""; 0]);
    assert_eq!(cell("NONSPECIFIC_CURRENT i } ASSIGNED { y } NET_RECEIVE(w) { y = w }"), ["M0258"]);
    let solved = "} STATE { y } BREAKPOINT { SOLVE d METHOD cnexp } DERIVATIVE d { y' = -y } NET_RECEIVE(w) { y = w }";
    assert_eq!(cell(solved), ["M0345"]);
}
