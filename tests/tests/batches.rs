//! Cells side by side: results depend neither on their number, nor on groups, nor on threads.

use runtime::backend::Choice;
use tests::{Settings, repository, run};

const UNTIL: f64 = 65.0;

fn copies(copies: usize, group_size: usize, threads: usize) -> tests::Run {
    let choice = Choice { threads, ..Choice::default() };
    let settings = Settings { choice, copies, group_size, until: Some(UNTIL), ..Settings::default() };
    run(&repository("examples/hco/config.json"), &settings).unwrap()
}

#[test]
fn a_thousand_copies_are_bit_identical_to_one() {
    let one = copies(1, 0, 1);
    assert_eq!(one.spikes.len(), 1);
    for (group_size, threads) in [(16, 1), (16, 2), (0, 2)] {
        let many = copies(1000, group_size, threads);
        assert_eq!(many.spikes.len(), 1000, "groups of {group_size}, {threads} threads");
        for (copy, traces) in many.samples.chunks(one.samples.len()).enumerate() {
            assert_eq!(traces, one.samples, "copy {copy}, groups of {group_size}, {threads} threads");
        }
    }
}

#[test]
fn any_group_size_gives_the_same_bits() {
    let all = copies(10, 0, 1);
    for group_size in [1, 3, 7, 16] {
        let grouped = copies(10, group_size, 2);
        assert_eq!(all.spikes, grouped.spikes, "groups of {group_size}");
        assert_eq!(all.samples, grouped.samples, "groups of {group_size}");
    }
}

/// A model of `tests/reference/models` with events of instances to themselves and to others.
fn events(name: &str, settings: &Settings) -> tests::Run {
    run(&repository(&format!("tests/reference/models/{name}/config.json")), settings).unwrap()
}

#[test]
fn events_of_instances_do_not_depend_on_groups_and_threads() {
    for name in ["IntFire1", "IntFire1-near", "Pacer", "Stdp", "Watcher"] {
        let settings = |group_size, threads| {
            let choice = Choice { threads, ..Choice::default() };
            Settings { choice, copies: 3, group_size, ..Settings::default() }
        };
        let all = events(name, &settings(0, 1));
        for (group_size, threads) in [(1, 2), (2, 1), (7, 2)] {
            let grouped = events(name, &settings(group_size, threads));
            assert_eq!(all.spikes, grouped.spikes, "{name}, groups of {group_size}");
            assert_eq!(all.artificial_spikes, grouped.artificial_spikes, "{name}, groups of {group_size}");
            assert_eq!(all.samples, grouped.samples, "{name}, groups of {group_size}");
        }
    }
}

#[test]
fn events_of_instances_do_not_depend_on_windows() {
    for name in ["IntFire1", "Pacer"] {
        let windows = events(name, &Settings::default());
        let time_by_time = events(name, &Settings { time_by_time: true, ..Settings::default() });
        assert!(windows.artificial_spikes.len() > 20);
        assert_eq!(windows.artificial_spikes, time_by_time.artificial_spikes, "{name}");
        assert_eq!(windows.samples, time_by_time.samples, "{name}");
    }
}
