//! The network behind `saltatory.builder.NetworkBuilder`.

use crate::{exception, values};
use builder::connect::{
    Connector, Constant, Counts, DistanceConnector, Explicit, GaussianConnector, Order, RandomCount,
};
use builder::edges::{ConstantValues, Ends, ValuesInOrder};
use builder::{Compression, Data, EdgeFiles, Edges, NetworkBuilder, NodePool, Nodes, Progress, Property, Value};
use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Nodes, rules and edges of a network.
#[pyclass]
pub struct Network {
    inner: NetworkBuilder,
}

/// A pool of nodes as Python hands it over: the network, the rows, the query.
type Pool<'py> = (PyRef<'py, Network>, PyReadonlyArray1<'py, u32>, String);

/// A set of nodes: their number, their type id, shared properties, and columns by name.
type SetOfNodes<'py> = (usize, i64, Bound<'py, PyDict>, Bound<'py, PyDict>);

fn pool(pool: &Pool<'_>) -> PyResult<Ends> {
    let table = pool.0.inner.table().clone();
    Ok(Ends::Pool(NodePool::of_rows(table, pool.1.as_slice()?.to_vec(), pool.2.clone())))
}

fn numbers(object: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    Ok(object.extract::<PyReadonlyArray1<'_, u32>>()?.as_slice()?.to_vec())
}

/// A rule that runs here: its kind and parameters.
fn connector(kind: &str, parameters: &Bound<'_, PyDict>) -> PyResult<Box<dyn Connector>> {
    let get = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        parameters.get_item(name)?.ok_or_else(|| PyValueError::new_err(format!("connection_rule: {name} is missing")))
    };
    let number = |name: &str| -> PyResult<f64> { get(name)?.extract() };
    let count = |name: &str| -> PyResult<u32> { get(name)?.extract() };
    Ok(match kind {
        "constant" => Box::new(Constant(count("n")?)),
        "random" => Box::new(RandomCount { low: count("low")?, high: count("high")? }),
        "pairs" => Box::new(Counts::Pairs(numbers(&get("counts")?)?)),
        "targets" => Box::new(Counts::Targets(numbers(&get("counts")?)?)),
        "sources" => Box::new(Counts::Sources(numbers(&get("counts")?)?)),
        "explicit" => Box::new(Explicit {
            sources: numbers(&get("sources")?)?,
            targets: numbers(&get("targets")?)?,
            counts: numbers(&get("counts")?)?,
            order: Order::BySource,
        }),
        "distance" => Box::new(DistanceConnector {
            d_weight_min: number("d_weight_min")?,
            d_weight_max: number("d_weight_max")?,
            d_max: number("d_max")?,
            nsyn_min: count("nsyn_min")?,
            nsyn_max: count("nsyn_max")?,
        }),
        "gaussian" => Box::new(GaussianConnector {
            p: number("p")?,
            sigma: number("sigma")?,
            nsyn_min: count("nsyn_min")?,
            nsyn_max: count("nsyn_max")?,
        }),
        other => return Err(PyValueError::new_err(format!("connection_rule: there is no rule {other}"))),
    })
}

/// Runs work without the GIL; Ctrl-C stops it, and `watch` is told how far it is ten times a second.
fn with_signals<T: Send>(
    py: Python<'_>,
    progress: Arc<Progress>,
    watch: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce() -> builder::Result<T> + Send,
) -> PyResult<T> {
    std::thread::scope(|scope| {
        let worker = scope.spawn(work);
        let mut interruption = None;
        let mut told = std::time::Instant::now();
        while !worker.is_finished() {
            py.detach(|| std::thread::sleep(Duration::from_millis(2)));
            if told.elapsed() < Duration::from_millis(100) {
                continue;
            }
            told = std::time::Instant::now();
            let outcome = py.check_signals().and_then(|()| match watch {
                Some(watch) => watch.call1(progress.state()).map(drop),
                None => Ok(()),
            });
            if let Err(e) = outcome {
                progress.stop();
                interruption.get_or_insert(e);
            }
        }
        let result = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match interruption {
            Some(e) => Err(e),
            None => result.map_err(exception),
        }
    })
}

#[pymethods]
impl Network {
    #[new]
    fn new(name: &str, seed: u64, memory: usize) -> PyResult<Network> {
        let mut inner = NetworkBuilder::new(name).map_err(exception)?;
        inner.set_seed(seed);
        inner.set_memory(memory, None);
        Ok(Network { inner })
    }

    /// Sets the seed of rules that run here.
    fn set_seed(&mut self, seed: u64) {
        self.inner.set_seed(seed);
    }

    /// Sets the first id of gap junctions.
    fn set_first_gap_junction_id(&mut self, id: i64) {
        self.inner.set_first_gap_junction_id(id);
    }

    /// Adds `n` nodes; each of `columns` is (name, values, dtype, width).
    fn add_nodes(
        &mut self,
        n: usize,
        shared: &Bound<'_, PyDict>,
        columns: Vec<(String, Bound<'_, PyAny>, String, Option<usize>)>,
    ) -> PyResult<()> {
        let mut nodes = Nodes::new(n);
        for (name, value) in shared.iter() {
            nodes = nodes.with(&name.extract::<String>()?, Property::Shared(values::value(&value)?));
        }
        for (name, array, dtype, width) in columns {
            let column = values::column(&array, &dtype, width)
                .map_err(|e| PyValueError::new_err(format!("add_nodes: {name}: {}", e.value(array.py()))))?;
            nodes = nodes.with(&name, column);
        }
        self.inner.add_nodes(nodes).map_err(exception)
    }

    /// The ids of all nodes.
    fn node_ids<'py>(&self, py: Python<'py>) -> Bound<'py, numpy::PyArray1<u64>> {
        self.inner.table().ids().to_vec().into_pyarray(py)
    }

    /// The sets of nodes: (number, node type id, shared properties, columns by name).
    fn node_sets<'py>(&self, py: Python<'py>) -> PyResult<Vec<SetOfNodes<'py>>> {
        let mut sets = Vec::new();
        for set in self.inner.table().sets() {
            let shared = PyDict::new(py);
            for (name, value) in set.shared_properties() {
                match value {
                    Value::Int(v) => shared.set_item(name, v)?,
                    Value::Float(v) => shared.set_item(name, v)?,
                    Value::Bool(v) => shared.set_item(name, v)?,
                    Value::None => shared.set_item(name, py.None())?,
                    other => shared.set_item(name, other.to_string())?,
                }
            }
            let columns = PyDict::new(py);
            for (name, column) in set.columns() {
                columns.set_item(name, (array(py, column)?, column.width()))?;
            }
            sets.push((set.rows().len(), set.type_id(), shared, columns));
        }
        Ok(sets)
    }

    /// Adds the nodes of a file.
    #[pyo3(signature = (nodes_file, node_types_file, population=None))]
    fn import_nodes(
        &mut self,
        py: Python<'_>,
        nodes_file: PathBuf,
        node_types_file: PathBuf,
        population: Option<String>,
    ) -> PyResult<()> {
        let inner = &mut self.inner;
        py.detach(|| inner.import_nodes(&nodes_file, &node_types_file, population.as_deref())).map_err(exception)
    }

    /// Forgets all edges and their rules.
    fn clear_edges(&mut self) {
        self.inner.clear_edges();
    }

    /// The number of synapses.
    fn nedges(&self) -> u64 {
        self.inner.nedges()
    }
}

/// The elements of a column as an array, or as a list of texts.
fn array<'py>(py: Python<'py>, column: &builder::Column) -> PyResult<Bound<'py, PyAny>> {
    Ok(match column.data() {
        Data::Integers(v) => v.clone().into_pyarray(py).into_any(),
        Data::Floats(v) => v.clone().into_pyarray(py).into_any(),
        Data::Texts(v) => PyList::new(py, v)?.into_any(),
    })
}

/// Adds a call of `add_edges` to a network and connects; gives its number. Source and target are (network, rows,
/// query), or only (rows, query) for the network's own nodes.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the arguments of add_edges")]
pub fn add_edges(
    py: Python<'_>,
    network: &Bound<'_, Network>,
    source: Pool<'_>,
    target: Pool<'_>,
    shared: &Bound<'_, PyDict>,
    kind: &str,
    parameters: &Bound<'_, PyDict>,
    watch: Option<&Bound<'_, PyAny>>,
) -> PyResult<usize> {
    let mut edges = Edges::with_rule(pool(&source)?, pool(&target)?, connector(kind, parameters)?);
    drop((source, target));
    for (name, value) in shared.iter() {
        edges = edges.with(&name.extract::<String>()?, values::value(&value)?);
    }
    let mut network = network.borrow_mut();
    let inner = &mut network.inner;
    inner.add_edges(edges).map_err(exception)?;
    let at = inner.connections().len() - 1;
    let built = with_signals(py, inner.progress().clone(), watch, || inner.build_map(at));
    if built.is_err() {
        // A later attempt starts anew.
        network.inner.remove_edges(at);
    }
    built.map(|()| at)
}

/// Gives the synapses of an edge type properties: one constant for each name, or an array for one name.
#[pyfunction]
pub fn add_properties(
    py: Python<'_>,
    network: &Bound<'_, Network>,
    at: usize,
    names: Vec<String>,
    dtypes: Vec<String>,
    constants: Option<Vec<Bound<'_, PyAny>>>,
    array: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    let types = dtypes.iter().map(|d| values::dtype(d)).collect::<PyResult<Vec<_>>>()?;
    let mut network = network.borrow_mut();
    let inner = &mut network.inner;
    let Some(map) = inner.connections_mut().get_mut(at) else {
        return Err(PyValueError::new_err("there are no such edges"));
    };
    match (constants, array) {
        (Some(constants), _) => {
            let constants = constants.iter().map(values::value).collect::<PyResult<Vec<_>>>()?;
            map.add_properties(&names, ConstantValues(constants), &types).map_err(exception)?;
        }
        (None, Some(array)) => {
            let dtype = dtypes.first().map_or("float64", String::as_str);
            let column = values::column(array, dtype, None)
                .map_err(|e| PyValueError::new_err(format!("add_properties: {}: {}", names.join(", "), e.value(py))))?;
            map.add_properties(&names, ValuesInOrder(column), &types).map_err(exception)?;
        }
        (None, None) => return Err(PyValueError::new_err("add_properties: rule: there is none")),
    }
    with_signals(py, inner.progress().clone(), None, || inner.build_map(at))
}

/// The edges of a call of `add_edges`: rows of sources and targets, numbers of synapses, and properties by name.
#[pyfunction]
pub fn edges<'py>(py: Python<'py>, network: &Bound<'py, Network>, at: usize) -> PyResult<Bound<'py, PyDict>> {
    let mut network = network.borrow_mut();
    let (mut sources, mut targets, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let mut columns: Vec<builder::Column> = Vec::new();
    let inner = &mut network.inner;
    py.detach(|| {
        inner.visit_blocks(at, |_, _, block| {
            sources.extend_from_slice(block.sources());
            targets.extend_from_slice(block.targets());
            counts.extend((0..block.len()).map(|row| block.synapses(row)));
            if columns.is_empty() {
                columns = block.columns().to_vec();
            } else {
                columns.iter_mut().zip(block.columns()).for_each(|(a, b)| a.append(b.clone()));
            }
            Ok(())
        })
    })
    .map_err(exception)?;
    let dict = PyDict::new(py);
    dict.set_item("sources", sources.into_pyarray(py))?;
    dict.set_item("targets", targets.into_pyarray(py))?;
    dict.set_item("nsyns", counts.into_pyarray(py))?;
    let properties = PyDict::new(py);
    let names = inner.connections().get(at).map(|m| m.columns()).unwrap_or_default();
    for ((name, _), column) in names.iter().zip(&columns) {
        properties.set_item(name, array(py, column)?)?;
    }
    dict.set_item("properties", properties)?;
    Ok(dict)
}

/// Saves nodes and node types.
#[pyfunction]
pub fn save_nodes(
    py: Python<'_>,
    network: &Bound<'_, Network>,
    folder: PathBuf,
    nodes: Option<String>,
    types: Option<String>,
    compressed: bool,
) -> PyResult<[PathBuf; 2]> {
    let mut network = network.borrow_mut();
    network.inner.set_compression(if compressed { Compression::Gzip } else { Compression::None });
    let inner = &network.inner;
    py.detach(|| inner.save_nodes(&folder, nodes.as_deref(), types.as_deref())).map_err(exception)
}

/// Saves edges and edge types: names are those of the HDF5 file, the table, the source and target networks, and the
/// population.
#[pyfunction]
pub fn save_edges(
    py: Python<'_>,
    network: &Bound<'_, Network>,
    folder: PathBuf,
    names: [Option<String>; 5],
    compressed: bool,
) -> PyResult<Vec<PathBuf>> {
    let mut network = network.borrow_mut();
    network.inner.set_compression(if compressed { Compression::Gzip } else { Compression::None });
    let [edges_file_name, edge_types_file_name, src_network, trg_network, name] = names;
    let files = EdgeFiles { edges_file_name, edge_types_file_name, src_network, trg_network, name };
    let inner = &mut network.inner;
    with_signals(py, inner.progress().clone(), None, || inner.save_edges(&folder, &files))
}
