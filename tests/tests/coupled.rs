//! Cells that follow each other's potentials: the same bits for any groups, threads and engines.

use runtime::backend::Choice;
use runtime::layout::Grouping;
use tests::{Run, Settings, gpu_or_skip, repository, run};

fn gap(settings: &Settings) -> Run {
    run(&repository("runtime/tests/gap/config.json"), settings).unwrap()
}

#[test]
fn groups_and_threads_do_not_matter() {
    // Many copies: more instances of a mechanism than stand in a row.
    let of = |grouping, threads| {
        let choice = Choice { threads, ..Choice::default() };
        gap(&Settings { choice, copies: 9, grouping: Some(grouping), until: Some(30.0), ..Settings::default() })
    };
    let all = of(Grouping::Cells(0), 1);
    assert!(all.spikes.len() > 90, "{}", all.spikes.len());
    let groupings = [Grouping::Cells(1), Grouping::Cells(5), Grouping::Cache { threads: 2, real: 8 }];
    for (grouping, threads) in groupings.into_iter().zip([2, 2, 1]) {
        let grouped = of(grouping, threads);
        assert_eq!(all.spikes, grouped.spikes, "{grouping:?}");
        assert_eq!(all.samples, grouped.samples, "{grouping:?}");
    }
    let one = gap(&Settings { until: Some(30.0), ..Settings::default() });
    assert_eq!(all.samples[..one.samples.len()], one.samples);
}

#[test]
fn a_gpu_gives_the_bits_of_the_cpu() {
    if !gpu_or_skip("coupled") {
        return;
    }
    let of = |gpu, single| {
        let choice = Choice { gpu, strict: true, single: Some(single), ..Choice::default() };
        gap(&Settings { choice, until: Some(12.0), ..Settings::default() })
    };
    for single in [false, true] {
        let (cpu, gpu) = (of(false, single), of(true, single));
        assert!(cpu.spikes.len() > 9);
        assert_eq!(cpu.spikes, gpu.spikes);
        assert_eq!(cpu.samples, gpu.samples, "single: {single}, on {}", gpu.engine);
    }
}
