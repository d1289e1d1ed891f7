//! Evaluated kernels against those that `rustc` compiles, bit by bit.

mod block;
mod native;

use crate::Kernel;
use crate::operation::Level;
use block::{Call, Shape, World};
use codegen::ir::Mechanism;
use native::Native;
use nmodl_parser::SourceFile;
use std::path::{Path, PathBuf};

/// Instances in several arrangements: cells side by side, single ones, several at a node, more than fit a portion.
const SHAPES: [Shape; 8] = [
    Shape { rows: 57, lanes: 16, gaps: false, shared: false, bare: false },
    Shape { rows: 21, lanes: 16, gaps: true, shared: false, bare: false },
    Shape { rows: 301, lanes: 1, gaps: true, shared: false, bare: false },
    Shape { rows: 3, lanes: 5, gaps: false, shared: false, bare: false },
    Shape { rows: 2, lanes: 150, gaps: true, shared: false, bare: false },
    Shape { rows: 50, lanes: 1, gaps: true, shared: true, bare: false },
    Shape { rows: 37, lanes: 16, gaps: true, shared: false, bare: true },
    Shape { rows: 101, lanes: 3, gaps: false, shared: false, bare: true },
];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The mechanisms of a folder's files; those that do not compile are left out.
fn mechanisms(path: &str) -> Vec<Mechanism> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|extension| extension == "mod"))
        .collect();
    files.sort();
    files.iter().filter_map(|file| compile(&SourceFile::read(file).ok()?)).collect()
}

fn compile(source: &SourceFile) -> Option<Mechanism> {
    codegen::compile(source, &codegen::Options::default()).0
}

/// Runs all kernels of a mechanism in a world, some of them several times.
fn history<R: block::Bits>(mechanism: &Mechanism, world: &mut World<R>, mut call: impl FnMut(&str, &mut Call<'_, R>)) {
    for name in ["before_initial", "init", "net_init", "after_initial"] {
        world.run(mechanism, name, &mut call);
    }
    for _ in 0..3 {
        let step = [
            "watch",
            "before_breakpoint",
            "net_receive",
            "current",
            "current_difference",
            "state",
            "diffusion",
            "after_solve",
            "before_step",
        ];
        for name in step {
            world.run(mechanism, name, &mut call);
        }
        world.next();
    }
}

fn agree<R: block::Bits>(mechanisms: &[Mechanism], fused: bool) {
    let native = Native::<R>::build(mechanisms, fused);
    for mechanism in mechanisms {
        for shape in SHAPES {
            let mut expected = World::<R>::new(mechanism, shape);
            history(mechanism, &mut expected, |name, call| native.call(&mechanism.name, name, call));
            for level in Level::available() {
                let mut found = World::<R>::new(mechanism, shape);
                history(mechanism, &mut found, |name, call| {
                    let Some((_, function)) = mechanism.kernels.iter().find(|(kernel, _)| *kernel == name) else {
                        return;
                    };
                    let kernel = Kernel::<R>::for_level(mechanism, name, function, fused, level)
                        .unwrap_or_else(|refused| panic!("{refused}"));
                    // SAFETY: the world's arrays are those of this mechanism.
                    unsafe {
                        match call.received {
                            None => kernel.run(&call.block, &call.clock),
                            Some((row, net, flag)) => kernel.run_net(&call.block, &call.clock, row, 0, net, flag),
                        }
                    }
                });
                if let Some(difference) = found.difference(&expected) {
                    panic!("{} in {shape:?} at {level:?}, fused {fused}: {difference}", mechanism.name);
                }
            }
        }
    }
}

#[test]
fn stock_mechanisms_give_the_bits_of_compiled_kernels() {
    let mechanisms = mechanisms("mod");
    assert!(mechanisms.len() > 15);
    for fused in [false, true] {
        agree::<f64>(&mechanisms, fused);
        agree::<f32>(&mechanisms, fused);
    }
}

#[test]
fn all_of_the_language_gives_the_bits_of_compiled_kernels() {
    let mechanisms = mechanisms("tests/parity/mechanisms");
    assert!(mechanisms.len() > 20);
    agree::<f64>(&mechanisms, false);
    agree::<f32>(&mechanisms, true);
}
