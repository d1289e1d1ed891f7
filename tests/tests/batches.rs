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
