//! Generated kernels against the evaluation of the IR that they were printed from: strict kernels give the same bits, fused
//! and single-precision ones the same numbers but for rounding.

use codegen::abi::{Block, Clock, Column, IonColumns, KernelTable, Library, NetconsOfBlock, Outbox, post};
use codegen::back::Real;
use codegen::build::{BuildOptions, build_library};
use codegen::ir::evaluate::{Instance, Posted};
use codegen::ir::{Kind, Mechanism};
use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::ffi::c_void;
use std::path::Path;

const STEPS: usize = 5;

/// The stock mechanisms, one with every function, loops and NetCon memory, one with arrays, one with all that concerns
/// events, and one whose exponentials need each other.
fn mechanisms() -> Vec<Mechanism> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    let mut sources: Vec<SourceFile> = std::fs::read_dir(folder)
        .expect("mod/")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "mod"))
        .map(|entry| SourceFile::read(&entry.path()).expect("a file"))
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources.push(SourceFile::new("all.mod", EVERYTHING));
    sources.push(SourceFile::new("indexed.mod", include_str!("mod/indexed.mod")));
    sources.push(SourceFile::new("events.mod", EVENTS));
    sources.push(SourceFile::new("keywords.mod", include_str!("mod/keywords.mod")));
    sources.push(SourceFile::new("chain.mod", CHAIN));
    let mechanism = |source: &SourceFile| {
        let (mechanism, diagnostics) = compile(source, &Options::default());
        mechanism.unwrap_or_else(|| panic!("{}: {diagnostics:?}", source.name))
    };
    sources.iter().map(mechanism).collect()
}

const EVERYTHING: &str = "
NEURON { POINT_PROCESS all  NONSPECIFIC_CURRENT i  RANGE a, b, c, n, r  RANDOM stream }
PARAMETER { a = 0.7  b = 2.3 }
ASSIGNED { v (mV)  i (nA)  c  n  r }
STATE { s }
INITIAL { s = a  random_setids(stream, 3, 70000, 4)  random_setseq(stream, 65535*4)  set_seed(100000) }
BREAKPOINT {
  SOLVE states METHOD derivimplicit
  c = exp(-a) + log(b) + log10(b) + pow(a, b) + sqrt(b) + fabs(-a) + floor(b) + ceil(a) + fmod(b, a)
  c = c + sin(v) + cos(v) + tan(a) + sinh(a) + cosh(a) + tanh(v/50) + atan(v) + fmin(a, b) + fmax(a, b) + b^1.7
  n = 0
  while (n < 7.5) { n = n + a }
  if (c > 3) { c = c - 1 } else if (c < -3) { c = c + 1 } else { c = 0.5*c }
  i = 0.01*s*c*(v + 20)
}
DERIVATIVE states { s' = -s*s/b + 0.1*exp(-s) }
NET_RECEIVE(weight, last) {
  INITIAL { last = -1 }
  r = random_normal(stream) + random_negexp(stream, 2) + scop_random() + normrand(0, 1) + poisrand(3)
  if (weight > 0.1 && last < t || weight == 0) { s = s + weight*exp(-a) }
  last = t
}
";

const EVENTS: &str = "
NEURON { POINT_PROCESS events  RANGE a, b }
PARAMETER { a = 0.7 }
ASSIGNED { v (mV)  b }
INITIAL { b = 0 net_send(a, 3) }
NET_RECEIVE(weight, last) {
  INITIAL { last = a }
  net_send(weight, last)
  if (t > 0.05) { net_event(t + a) } else { net_move(2*t) }
  weight = weight + 1
  FOR_NETCONS(w, l) { b = b + w*last  w = 2*w  last = last + 1  l = l + 0.5*weight }
  b = b + weight + last
  WATCH (b > 30) 4, (v < -50) 5
}
";

const CHAIN: &str = "
NEURON { SUFFIX chain  NONSPECIFIC_CURRENT i  RANGE minf, seen, later }
ASSIGNED { v (mV)  i (mA/cm2)  minf  seen  later }
STATE { m h p q }
INITIAL { m = 0.1  h = 0.9  p = 0.3  q = 2 }
BREAKPOINT { SOLVE states METHOD cnexp  i = 1e-4*m*h*p*q*(v + 20) }
DERIVATIVE states {
  LOCAL a, b, c
  minf = 1/(1 + exp(-(v + 40)/7))
  a = exp(minf*3)
  if (v < -60) { b = a + exp(v/30) } else { b = 2*a }
  seen = b
  m' = (minf - m)/(1 + exp(minf))
  h' = (1 - h)*b - h*exp(-v/40)
  later = m + h
  p' = (later - p)/(0.01 + exp(-later))
  if (p > 0.5) { c = b - exp(-p) } else { c = b }
  q' = (m - q)*c - q
}
";

/// A block of one mechanism with values of its own in every lane.
struct Test<R> {
    rows: usize,
    lanes: usize,
    columns: Vec<R>,
    globals: Vec<R>,
    node: Vec<u32>,
    v: Vec<R>,
    rhs: Vec<R>,
    d: Vec<R>,
    area: Vec<R>,
    diam: Vec<R>,
    ions: Vec<Vec<R>>,
    ion_row: Vec<u32>,
    /// One NetCon an instance.
    net: Vec<R>,
    first: Vec<u32>,
    offsets: Vec<u32>,
    /// What each instance has sent: kind, value, flag.
    posted: Vec<Vec<f64>>,
}

/// Takes what a kernel sends.
unsafe extern "C" fn take<R: Number>(context: *mut c_void, kind: u32, row: usize, value: R, flag: R) {
    // SAFETY: the context is this field of a test, which nobody else uses.
    let posted = unsafe { &mut *context.cast::<Vec<Vec<f64>>>() };
    posted[row].extend([f64::from(kind), value.wide(), flag.wide()]);
}

/// What both sides can compute in.
trait Number: Copy {
    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
}

impl Number for f64 {
    fn of(x: f64) -> Self {
        x
    }
    fn wide(self) -> f64 {
        self
    }
}

impl Number for f32 {
    fn of(x: f64) -> Self {
        x as f32
    }
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl<R: Number> Test<R> {
    fn new(mechanism: &Mechanism, instances: &[Instance], rows: usize, lanes: usize) -> Self {
        let count = rows * lanes;
        // Nodes and ions lie apart and in another order than the rows.
        let (gap, at) = (3, |row: usize| (rows - 1 - row) * (lanes + 3) + 1);
        let nodes = rows * (lanes + gap) + 1;
        let place = |of: &dyn Fn(&Instance) -> f64| {
            let mut values = vec![R::of(f64::NAN); nodes];
            for (k, instance) in instances.iter().enumerate() {
                values[at(k / lanes) + k % lanes] = R::of(of(instance));
            }
            values
        };
        let ion = |ion: usize| -> Vec<R> { (0..5).flat_map(|f| place(&|x| x.ions[ion][f])).collect() };
        Self {
            rows,
            lanes,
            columns: (0..mechanism.columns.len() * count)
                .map(|k| R::of(instances[k % count].columns[k / count]))
                .collect(),
            globals: instances[0].globals.iter().map(|&x| R::of(x)).collect(),
            node: (0..rows).map(|row| at(row) as u32).collect(),
            v: place(&|x| x.v),
            rhs: place(&|x| x.rhs),
            d: place(&|x| x.d),
            area: place(&|x| x.area),
            diam: place(&|x| x.diam),
            ions: (0..mechanism.ions.len()).map(ion).collect(),
            ion_row: (0..rows).map(|row| at(row) as u32).collect(),
            net: instances.iter().flat_map(|x| &x.net).map(|&w| R::of(w)).collect(),
            first: (0..=count as u32).collect(),
            offsets: (0..=count).map(|k| (k * mechanism.net_arguments.len()) as u32).collect(),
            posted: vec![vec![]; count],
        }
    }

    fn run(&mut self, table: &KernelTable<R>, difference: bool, dt: f64, celsius: f64) {
        let stride = self.v.len();
        let ions: Vec<IonColumns<R>> = self
            .ions
            .iter_mut()
            .map(|values| IonColumns { row: self.ion_row.as_ptr(), stride, values: values.as_mut_ptr() })
            .collect();
        let (rows, lanes, values) = (self.rows, self.lanes, self.columns.as_mut_ptr());
        let columns: Vec<Column<R>> = (0..self.columns.len() / (rows * lanes))
            .map(|column| Column { values: values.wrapping_add(column * rows * lanes), stride: lanes })
            .collect();
        let block = Block {
            rows: self.rows,
            lanes: self.lanes,
            columns: columns.as_ptr(),
            observed: 1,
            currents: 1,
            globals: self.globals.as_ptr(),
            node: self.node.as_ptr(),
            v: self.v.as_mut_ptr(),
            rhs: self.rhs.as_mut_ptr(),
            d: self.d.as_mut_ptr(),
            area: self.area.as_ptr(),
            diam: self.diam.as_ptr(),
            ions: ions.as_ptr(),
            outbox: Outbox { context: (&raw mut self.posted).cast(), post: take::<R> },
            netcons: NetconsOfBlock {
                first: self.first.as_ptr(),
                offsets: self.offsets.as_ptr(),
                arguments: self.net.as_mut_ptr(),
            },
        };
        let (net, offsets) = (self.net.as_mut_ptr(), &self.offsets);
        let clock = |t: f64| Clock { t: R::of(t), dt: R::of(dt), celsius: R::of(celsius) };
        let instances = || (0..self.rows).flat_map(|row| (0..self.lanes).map(move |lane| (row, lane)));
        let current = if difference { table.current_difference } else { table.current };
        // SAFETY: the block is of the table's mechanism, and nobody else uses its arrays.
        unsafe {
            let start = clock(0.0);
            if let Some(init) = table.init {
                init(&block, &start);
            }
            for (kernel, (k, (row, lane))) in table.net_init.iter().cycle().zip(instances().enumerate()) {
                kernel(&block, &start, row, lane, net.add(offsets[k] as usize), R::of(0.0));
            }
            for step in 1..=STEPS {
                let now = clock(step as f64 * dt);
                for (kernel, (k, (row, lane))) in table.net_receive.iter().cycle().zip(instances().enumerate()) {
                    kernel(&block, &now, row, lane, net.add(offsets[k] as usize), R::of(0.0));
                }
                for kernel in [current, table.state, table.watch].into_iter().flatten() {
                    kernel(&block, &now);
                }
            }
        }
    }

    /// Everything of instance `k`: columns, ions, matrix, NetCon, events sent.
    fn values(&self, k: usize) -> Vec<f64> {
        let (count, stride) = (self.rows * self.lanes, self.v.len());
        let node = self.node[k / self.lanes] as usize + k % self.lanes;
        let columns = (0..self.columns.len() / count).map(|c| self.columns[c * count + k]);
        let ions = self.ions.iter().flat_map(|ion| (0..5).map(move |f| ion[f * stride + node]));
        let net = &self.net[self.offsets[k] as usize..self.offsets[k + 1] as usize];
        let rest = [self.rhs[node], self.d[node]].into_iter().chain(net.iter().copied());
        columns.chain(ions).chain(rest).map(R::wide).chain(self.posted[k].iter().copied()).collect()
    }
}

/// Instances of different voltage, area and parameters.
fn instances(mechanism: &Mechanism, count: usize) -> Vec<Instance> {
    let instance = |k: usize| {
        let mut x = Instance::new(mechanism);
        (x.v, x.area, x.celsius) = (-92.0 + 11.3 * (k % 17) as f64, 100.0 + k as f64, 30.0);
        x.ions =
            (0..mechanism.ions.len()).map(|ion| [-70.0 + 9.0 * (ion + k % 17) as f64, 1e-4, 2.0, 0.0, 0.0]).collect();
        x.net = (0..mechanism.net_arguments.len()).map(|_| 0.05 * k as f64).collect();
        for value in x.columns.iter_mut() {
            *value *= 1.0 + 0.01 * k as f64;
        }
        x
    };
    (0..count).map(instance).collect()
}

/// The same as [`Test::run`] by evaluation.
fn evaluate(mechanism: &Mechanism, x: &mut Instance, difference: bool) -> Vec<f64> {
    let kernels = &mechanism.kernels;
    let current = if difference { &kernels.current_difference } else { &kernels.current };
    x.run(&kernels.init);
    x.run(&kernels.net_init);
    for step in 1..=STEPS {
        x.t = step as f64 * x.dt;
        x.run(&kernels.net_receive);
        x.run(current);
        x.run(&kernels.state);
        x.run(&kernels.watch);
    }
    let ions = x.ions.iter().flatten().copied();
    let posted = x.posted.iter().flat_map(|posted| match *posted {
        Posted::Send(delay, flag) => [f64::from(post::SEND), delay, flag],
        Posted::Event(t) => [f64::from(post::EVENT), t, 0.0],
        Posted::Move(t) => [f64::from(post::MOVE), t, 0.0],
    });
    x.columns.iter().copied().chain(ions).chain([x.rhs, x.d]).chain(x.net.iter().copied()).chain(posted).collect()
}

/// Runs a library's kernels and the evaluation side by side.
fn compare<R: Number + 'static>(real: Real, fused: bool, differences: &[bool], agree: impl Fn(f64, f64) -> bool) {
    let cache = tempfile::tempdir().expect("a directory");
    let mechanisms = mechanisms();
    let options = BuildOptions { real, fused, native: true, cache_dir: cache.path().to_owned() };
    let path = build_library(&mechanisms, &options).expect("a library");
    // SAFETY: the library has no initialisers.
    let library = unsafe { libloading::Library::new(path) }.expect("it loads");
    // SAFETY: the symbol has this type; the tables live as long as the library.
    let tables = unsafe {
        let export =
            library.get::<unsafe extern "C" fn() -> *const Library<R>>(b"saltatory_library").expect("the symbol");
        let library = &*export();
        assert_eq!((library.abi_version, library.fused), (codegen::abi::ABI_VERSION, u32::from(fused)));
        assert_eq!((library.real_size as usize, library.count as usize), (size_of::<R>(), mechanisms.len()));
        std::slice::from_raw_parts(library.tables, mechanisms.len())
    };
    let cases = mechanisms.iter().zip(tables).flat_map(|case| differences.iter().map(move |&way| (case, way)));
    for ((mechanism, table), difference) in cases {
        let (rows, lanes) = if mechanism.kind == Kind::Density { (2, 70) } else { (5, 1) };
        let mut expected = instances(mechanism, rows * lanes);
        let mut test = Test::<R>::new(mechanism, &expected, rows, lanes);
        test.run(table, difference, expected[0].dt, expected[0].celsius);
        for (k, x) in expected.iter_mut().enumerate() {
            let (found, wanted) = (test.values(k), evaluate(mechanism, x, difference));
            assert_eq!(found.len(), wanted.len());
            for (position, (a, b)) in found.iter().zip(&wanted).enumerate() {
                assert!(b.is_finite(), "{} instance {k} value {position} is no test: {b}", mechanism.name);
                assert!(agree(*a, *b), "{} instance {k} value {position}: {a:e} is not {b:e}", mechanism.name);
            }
        }
    }
}

fn within(tolerance: f64) -> impl Fn(f64, f64) -> bool {
    move |a, b| (a - b).abs() <= tolerance * (1.0 + b.abs())
}

#[test]
fn strict_kernels_give_the_bits_of_the_evaluation() {
    compare::<f64>(Real::F64, false, &[false, true], |a, b| a.to_bits() == b.to_bits());
}

#[test]
fn fused_kernels_differ_by_rounding() {
    compare::<f64>(Real::F64, true, &[false], within(1e-11));
}

#[test]
fn single_precision_kernels_differ_by_rounding() {
    compare::<f32>(Real::F32, true, &[false], within(2e-3));
}
