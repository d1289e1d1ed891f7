//! The stock mechanisms compile.

use crate::support::assert_close;
use codegen::ir::Mechanism;
use codegen::ir::evaluate::Instance;
use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::path::Path;

/// Steps of all kernels; what the user can see, with the matrix.
fn run(mechanism: &Mechanism, v: f64) -> Vec<f64> {
    let mut x = Instance { v, area: 321.0, celsius: 30.0, ..Instance::new(mechanism) };
    x.ions = vec![[-77.0, 1e-3, 2.0, 0.0, 0.0]; mechanism.ions.len()];
    x.net = vec![0.3; mechanism.net_arguments.len()];
    for (value, column) in x.columns.iter_mut().zip(&mechanism.columns) {
        *value = if column.default == 0.0 { 0.1 } else { column.default };
    }
    x.run(&mechanism.kernels.init);
    let mut seen = Vec::new();
    for _ in 0..5 {
        x.t += 0.025;
        x.run(&mechanism.kernels.net_receive);
        x.run(&mechanism.kernels.current);
        x.run(&mechanism.kernels.state);
        let range = mechanism.columns.iter().zip(&x.columns).filter(|(column, _)| column.range);
        seen.extend(range.map(|(_, value)| *value));
        seen.extend(x.ions.iter().flatten());
        seen.extend([x.rhs, x.d]);
    }
    seen
}

#[test]
fn stock_mechanisms_compile_to_valid_ir() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "mod") {
            continue;
        }
        let source = SourceFile::read(&path).unwrap();
        let [written, optimised] = [false, true].map(|optimise| {
            let (mechanism, diagnostics) = compile(&source, &Options { optimise, ..Options::default() });
            let render = |diagnostic: &nmodl_parser::Diagnostic| diagnostic.render(&source, false);
            let texts: Vec<String> = diagnostics.iter().map(render).collect();
            mechanism.unwrap_or_else(|| panic!("{}", texts.join("\n")))
        });
        for v in [-93.7, -65.0, -40.1, 3.3, 31.0] {
            for (a, b) in run(&written, v).into_iter().zip(run(&optimised, v)) {
                assert_close(a, b, 1e-11);
            }
        }
        count += 1;
    }
    assert!(count >= 15);
}
