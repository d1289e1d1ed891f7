//! Cells side by side: results depend neither on their number, nor on groups, nor on threads.

use runtime::backend::Choice;
use runtime::layout::Grouping;
use tests::{Settings, repository, run};

const UNTIL: f64 = 65.0;

fn copies(copies: usize, grouping: Grouping, threads: usize) -> tests::Run {
    let choice = Choice { threads, ..Choice::default() };
    let settings = Settings { choice, copies, grouping: Some(grouping), until: Some(UNTIL), ..Settings::default() };
    run(&repository("examples/hco/config.json"), &settings).unwrap()
}

#[test]
fn a_thousand_copies_are_bit_identical_to_one() {
    let one = copies(1, Grouping::Cells(0), 1);
    assert_eq!(one.spikes.len(), 1);
    let groupings = [Grouping::Cells(16), Grouping::Cells(0), Grouping::Cache { threads: 2, real: 8 }];
    for (grouping, threads) in groupings.into_iter().zip([1, 2, 2]) {
        let many = copies(1000, grouping, threads);
        assert_eq!(many.spikes.len(), 1000, "{grouping:?}, {threads} threads");
        for (copy, traces) in many.samples.chunks(one.samples.len()).enumerate() {
            assert_eq!(traces, one.samples, "copy {copy}, {grouping:?}, {threads} threads");
        }
    }
}

#[test]
fn any_group_size_gives_the_same_bits() {
    let all = copies(10, Grouping::Cells(0), 1);
    let sizes = [1, 3, 7, 16].map(Grouping::Cells);
    for grouping in sizes.into_iter().chain([Grouping::Cache { threads: 1, real: 8 }]) {
        let grouped = copies(10, grouping, 2);
        assert_eq!(all.spikes, grouped.spikes, "{grouping:?}");
        assert_eq!(all.samples, grouped.samples, "{grouping:?}");
    }
}

/// A model of `tests/reference/models` with events of instances to themselves and to others.
fn events(name: &str, settings: &Settings) -> tests::Run {
    run(&repository(&format!("tests/reference/models/{name}/config.json")), settings).unwrap()
}

#[test]
fn events_of_instances_do_not_depend_on_groups_and_threads() {
    for name in ["IntFire1", "IntFire1-near", "Pacer", "Stdp", "Watcher"] {
        let settings = |grouping, threads| {
            let choice = Choice { threads, ..Choice::default() };
            Settings { choice, copies: 3, grouping: Some(grouping), ..Settings::default() }
        };
        let all = events(name, &settings(Grouping::Cells(0), 1));
        let groupings = [Grouping::Cells(1), Grouping::Cells(2), Grouping::Cache { threads: 1, real: 8 }];
        for (grouping, threads) in groupings.into_iter().zip([2, 1, 2]) {
            let grouped = events(name, &settings(grouping, threads));
            assert_eq!(all.spikes, grouped.spikes, "{name}, {grouping:?}");
            assert_eq!(all.artificial_spikes, grouped.artificial_spikes, "{name}, {grouping:?}");
            assert_eq!(all.samples, grouped.samples, "{name}, {grouping:?}");
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
