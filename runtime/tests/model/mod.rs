//! Copies of models that tests may break, and runs of the program on them.
#![allow(dead_code, reason = "each test program uses a part")]

use serde_json::Value;
use sonata::h5::{Compression, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The copy.
pub struct Model {
    folder: tempfile::TempDir,
    /// The configuration; written before each run.
    pub config: Value,
}

/// A finished run.
pub struct Run {
    /// Exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/hco");
const GAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gap");
const STIMULI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stimuli");
const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tree");

impl Model {
    /// The oscillator for 100 ms, with the stock mechanisms.
    pub fn new() -> Self {
        let mut model = Self::copy_of(EXAMPLE);
        model.config["run"]["tstop"] = 100.into();
        model.config["components"].as_object_mut().unwrap().remove("mechanisms_dir");
        model
    }

    /// The network of `tests/tree`.
    pub fn tree() -> Self {
        Self::copy_of(TREE)
    }

    /// The networks with gap junctions of `tests/gap`.
    pub fn gap() -> Self {
        Self::copy_of(GAP)
    }

    /// The cells of `tests/stimuli`, without a stimulus.
    pub fn stimuli() -> Self {
        Self::copy_of(STIMULI)
    }

    fn copy_of(original: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(Path::new(original), folder.path());
        let text = std::fs::read_to_string(folder.path().join("config.json")).unwrap();
        Self { folder, config: serde_json::from_str(&text).unwrap() }
    }

    /// A file of the model.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Node types with other templates.
    pub fn write_node_types(&self, types: &[(u32, &str)]) {
        let mut text = "node_type_id cell_name model_type model_template\n".to_owned();
        for (id, template) in types {
            text.push_str(&format!("{id} HCOCell{} biophysical {template}\n", id - 99));
        }
        self.write("network/hco_net_node_types.csv", &text);
    }

    /// Edges `(source, target, section id, position)`, all of type 100.
    pub fn write_edges(&self, edges: &[(u64, u64, i64, f64)]) {
        self.write_weighted_edges(edges, &[]);
    }

    /// Edges with weights of their own, if there are any.
    pub fn write_weighted_edges(&self, edges: &[(u64, u64, i64, f64)], weights: &[f64]) {
        let path = self.path("network/hco_net_hco_net_edges.h5");
        std::fs::remove_file(&path).unwrap();
        let file = File::create(&path).unwrap();
        let group = "/edges/hco_net_to_hco_net";
        let place = |name: &str| format!("{group}/{name}");
        let column = |of: fn(&(u64, u64, i64, f64)) -> u64| edges.iter().map(of).collect::<Vec<_>>();
        let none = Compression::None;
        file.write_u64(&place("source_node_id"), &column(|edge| edge.0), none).unwrap();
        file.write_u64(&place("target_node_id"), &column(|edge| edge.1), none).unwrap();
        for end in ["source", "target"] {
            file.write_attribute_text(&place(&format!("{end}_node_id")), "node_population", "hco_net").unwrap();
        }
        file.write_u64(&place("edge_type_id"), &column(|_| 100), none).unwrap();
        file.write_u64(&place("edge_group_id"), &column(|_| 0), none).unwrap();
        file.write_u64(&place("edge_group_index"), &(0..edges.len() as u64).collect::<Vec<_>>(), none).unwrap();
        let sections: Vec<i64> = edges.iter().map(|edge| edge.2).collect();
        file.write_i64(&place("0/sec_id"), &sections, none).unwrap();
        file.write_f64(&place("0/sec_x"), &edges.iter().map(|edge| edge.3).collect::<Vec<_>>(), none).unwrap();
        if !weights.is_empty() {
            file.write_f64(&place("0/syn_weight"), weights, none).unwrap();
        }
        file.flush().unwrap();
    }

    /// Writes the configuration; gives its path.
    pub fn configure(&self) -> String {
        let config = self.path("config.json");
        std::fs::write(&config, self.config.to_string()).unwrap();
        config.display().to_string()
    }

    /// Runs it with some arguments; results of an earlier run are replaced.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let config = self.configure();
        let all: Vec<&str> = arguments.iter().copied().chain(["--overwrite", config.as_str()]).collect();
        command(&all)
    }

    /// Reads and builds it without simulating.
    pub fn check(&self) -> Run {
        self.run(&["--check"])
    }
}

impl Run {
    /// It went well.
    pub fn succeeds(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.err);
        assert!(!self.err.contains("error:"), "{}", self.err);
        self
    }

    /// It failed with this status and said so.
    pub fn fails(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.out, self.err);
        assert!(self.err.contains("error: "), "{}", self.err);
        assert!(!self.err.contains("bug"), "{}", self.err);
        self
    }

    /// Standard error contains a text.
    pub fn says(&self, text: &str) {
        assert!(self.err.contains(text), "`{text}` is not in:\n{}", self.err);
    }
}

/// Runs the program.
pub fn command(arguments: &[&str]) -> Run {
    finished(Command::new(env!("CARGO_BIN_EXE_runtime")).args(arguments))
}

/// Runs it where there is no Rust compiler.
pub fn command_without_compiler(arguments: &[&str]) -> Run {
    finished(Command::new(env!("CARGO_BIN_EXE_runtime")).args(arguments).env("RUSTC", "no-such-rustc"))
}

/// Runs it where files that others have open are locked.
pub fn command_with_locks(arguments: &[&str]) -> Run {
    finished(Command::new(env!("CARGO_BIN_EXE_runtime")).args(arguments).env(LOCKING, "TRUE"))
}

/// Runs it where no file may be larger than this, 512-byte blocks: writing more fails as on a full disk.
#[cfg(unix)]
pub fn command_with_little_room(blocks: u32, arguments: &[&str]) -> Run {
    let shell = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    finished(Command::new("sh").args(["-c", &shell, env!("CARGO_BIN_EXE_runtime")]).args(arguments))
}

const LOCKING: &str = "HDF5_USE_FILE_LOCKING";

fn finished(command: &mut Command) -> Run {
    // A test beside this one may fork between this one's opening and closing of a file: its lock lives on in the child.
    if command.get_envs().all(|(name, _)| name != LOCKING) {
        command.env(LOCKING, "FALSE");
    }
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
