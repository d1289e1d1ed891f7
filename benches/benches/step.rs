//! Compartment-steps per second of the oscillator (10 mechanisms, 51 compartments a cell) on one thread.

use benches::oscillator;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runtime::backend::Choice;
use runtime::engine::Window;

/// Steps in a window.
const STEPS: u32 = 40;

fn step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    for (name, single) in [("f64", false), ("f32", true)] {
        for copies in [1, 8, 64] {
            let choice = Choice { single: Some(single), threads: 1, ..Choice::default() };
            let mut bench = match oscillator(copies, 16, &choice) {
                Ok(bench) => bench,
                Err(error) => panic!("{error}"),
            };
            let events = vec![Vec::new(); bench.layout.groups.len()];
            let mut first = 0;
            group.throughput(Throughput::Elements(bench.compartments * u64::from(STEPS)));
            group.bench_function(BenchmarkId::new(name, format!("{} cells", 2 * copies)), |bencher| {
                bencher.iter(|| {
                    let window = Window { first, steps: STEPS, events: &events };
                    first += u64::from(STEPS);
                    bench.engine.advance(window)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, step);
criterion_main!(benches);
