//! Mechanisms to a shared library, by one call of `rustc`, cached by content.
//!
//! A library lies in `<cache_dir>/<key>/`, beside the crate that it was built from. The key is the SHA-256 of all emitted
//! text, the compiler's version and flags, and the features of the processor it was built for. A directory appears whole
//! or not at all, so processes that build the same library at once do not disturb each other.

use crate::back::rust::{File, emit_crate};
use crate::back::{Real, Sources};
use crate::ir::Mechanism;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// How to build a library.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The real type of the kernels.
    pub real: Real,
    /// Fused multiply-add: faster and a little more exact, but not bit-equal to the GPU. Without `native`, x86-64 calls a
    /// function for each: slow.
    pub fused: bool,
    /// Use all features of this machine's processor.
    pub native: bool,
    /// Where libraries are kept.
    pub cache_dir: PathBuf,
}

/// Why there is no library.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No Rust compiler.
    #[error(
        "cannot run the Rust compiler `{program}` ({source}); install it from https://rustup.rs or set RUSTC to its path"
    )]
    NoCompiler {
        /// What was run.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The compiler refused the generated crate, which is a defect of the generator.
    #[error("rustc refused the generated crate in {directory}; please report this:\n{message}")]
    Refused {
        /// Where the crate is.
        directory: PathBuf,
        /// What the compiler said.
        message: String,
    },
    /// A file cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Builds the mechanisms, or finds them built; gives the path of the shared library.
///
/// # Errors
/// See [`BuildError`].
pub fn build_library(mechanisms: &[Mechanism], options: &BuildOptions) -> Result<PathBuf, BuildError> {
    build_crate(&emit_crate(mechanisms, &Sources::new()), options)
}

/// The same for a crate that has been emitted already.
///
/// # Errors
/// See [`BuildError`].
pub fn build_crate(files: &[File], options: &BuildOptions) -> Result<PathBuf, BuildError> {
    build_with(&Compiler::find(), files, options)
}

/// Builds a crate where it was written, without a cache; gives the path of the shared library beside it.
///
/// # Errors
/// See [`BuildError`].
pub fn build_in_place(directory: &Path, options: &BuildOptions) -> Result<PathBuf, BuildError> {
    let compiler = Compiler::find();
    compile(&compiler, directory, flags(&compiler, options)?)?;
    Ok(directory.join(library_name()))
}

/// The one call of the compiler.
fn compile(compiler: &Compiler, directory: &Path, mut flags: Vec<String>) -> Result<(), BuildError> {
    flags.extend(["-o".to_owned(), library_name(), "src/lib.rs".to_owned()]);
    let output = compiler.output(&flags, Some(directory))?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(BuildError::Refused { directory: directory.to_owned(), message })
}

/// Name of the library within its directory.
pub fn library_name() -> String {
    format!("{}mechanisms{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// The Rust compiler.
struct Compiler {
    program: OsString,
}

impl Compiler {
    /// `$RUSTC`, else `rustc`.
    fn find() -> Self {
        Self { program: std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()) }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // Generated crates are built the same whatever workspace the user stands in.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    fn output(&self, arguments: &[String], directory: Option<&Path>) -> Result<std::process::Output, BuildError> {
        let mut command = self.command();
        if let Some(directory) = directory {
            command.current_dir(directory);
        }
        command
            .args(arguments)
            .output()
            .map_err(|source| BuildError::NoCompiler { program: self.program.to_string_lossy().into_owned(), source })
    }

    /// What is configured with options of code generation; fails if the compiler lacks one of them.
    fn configuration(&self, options: &[&str]) -> Result<std::process::Output, BuildError> {
        let question = ["--print", "cfg"].map(str::to_owned).into_iter().chain(code(options));
        self.output(&question.collect::<Vec<_>>(), None)
    }

    /// Those of some options that the compiler has; only one that lacks some is asked more than once.
    fn known<'o>(&self, options: &[&'o str]) -> Result<Vec<&'o str>, BuildError> {
        if self.configuration(options)?.status.success() {
            return Ok(options.to_vec());
        }
        let mut known = Vec::new();
        for option in options {
            if self.configuration(&[option])?.status.success() {
                known.push(*option);
            }
        }
        Ok(known)
    }
}

/// Options of LLVM for code in vectors; a compiler may lack them.
///
/// Two vectors side by side in each loop: divisions and exponentials take long, and the next need not wait for them. And
/// all 512 bits where there are as many: on Intel's processors LLVM takes 256, since the first of them slowed down for
/// more; kernels, which do nothing else, gain far more than that.
const VECTORS: &[&str] = &[
    "llvm-args=-force-vector-interleave=2",
    #[cfg(target_arch = "x86_64")]
    "target-feature=-prefer-256-bit",
];

/// Parts that are compiled side by side. Each repeats what it has in common with others, which takes time and memory: on two
/// cores one part is done as soon as several, with four fifths of the memory.
fn units() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() / 2).clamp(1, 16)
}

/// Options of code generation as arguments of the compiler.
fn code(options: &[&str]) -> impl Iterator<Item = String> {
    options.iter().flat_map(|option| ["-C", option].map(str::to_owned))
}

/// The flags of the one call.
fn flags(compiler: &Compiler, options: &BuildOptions) -> Result<Vec<String>, BuildError> {
    let mut flags =
        ["--edition", "2024", "--crate-type", "cdylib", "--crate-name", "mechanisms"].map(str::to_owned).to_vec();
    flags.extend(code(&["opt-level=3", "panic=abort", "strip=debuginfo", &format!("codegen-units={}", units())]));
    if options.native {
        flags.extend(code(&["target-cpu=native"]));
        flags.extend(code(&compiler.known(VECTORS)?));
    }
    if options.real == Real::F32 {
        flags.extend(["--cfg".to_owned(), "single".to_owned()]);
    }
    if options.fused {
        flags.extend(["--cfg".to_owned(), "fused".to_owned()]);
    }
    Ok(flags)
}

fn build_with(compiler: &Compiler, files: &[File], options: &BuildOptions) -> Result<PathBuf, BuildError> {
    let flags = flags(compiler, options)?;
    let key = key(compiler, files, &flags, options)?;
    let directory = options.cache_dir.join(key);
    let library = directory.join(library_name());
    if library.is_file() {
        return Ok(library);
    }
    let work = Work::new(&options.cache_dir)?;
    write_files(&work.path, files)?;
    if let Err(error) = compile(compiler, &work.path, flags) {
        work.keep();
        return Err(error);
    }
    match std::fs::rename(&work.path, &directory) {
        Ok(()) => Ok(library),
        // Another process was faster.
        Err(_) if library.is_file() => Ok(library),
        Err(source) => Err(BuildError::Write { path: directory, source }),
    }
}

/// What the library depends on, as 64 hexadecimal digits.
fn key(compiler: &Compiler, files: &[File], flags: &[String], options: &BuildOptions) -> Result<String, BuildError> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    for file in files {
        add(file.path.as_bytes());
        add(file.text.as_bytes());
    }
    flags.iter().for_each(|flag| add(flag.as_bytes()));
    add(&compiler.output(&["-vV".to_owned()], None)?.stdout);
    if options.native {
        add(&compiler.configuration(&["target-cpu=native"])?.stdout);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes files below a directory, making the directories between.
///
/// # Errors
/// [`BuildError::Write`].
pub fn write_files(directory: &Path, files: &[File]) -> Result<(), BuildError> {
    for file in files {
        let path = directory.join(&file.path);
        let failed = |source| BuildError::Write { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, &file.text).map_err(failed)?;
    }
    Ok(())
}

/// A directory to build in, removed unless it has been renamed or kept.
struct Work {
    path: PathBuf,
    kept: bool,
}

impl Work {
    fn new(cache: &Path) -> Result<Self, BuildError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(".build-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = cache.join(name);
        std::fs::create_dir_all(&path).map_err(|source| BuildError::Write { path: path.clone(), source })?;
        Ok(Self { path, kept: false })
    }

    /// Leaves the directory, to be looked at.
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.kept {
            // Gone already if it was renamed.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(cache: &Path) -> BuildOptions {
        BuildOptions { real: Real::F64, fused: false, native: false, cache_dir: cache.to_owned() }
    }

    #[test]
    fn a_library_is_built_once() {
        let cache = tempfile::tempdir().expect("a temporary directory");
        let mechanisms = [crate::back::tests::channel()];
        let first = build_library(&mechanisms, &options(cache.path())).expect("it builds");
        let built = first.metadata().and_then(|data| data.modified()).expect("a file");
        let second = build_library(&mechanisms, &options(cache.path())).expect("it is there");
        assert_eq!(first, second);
        assert_eq!(built, second.metadata().and_then(|data| data.modified()).expect("a file"));
        let names: Vec<_> = std::fs::read_dir(cache.path()).expect("a directory").collect();
        assert_eq!(names.len(), 1, "no leftovers: {names:?}");
        let other = BuildOptions { fused: true, ..options(cache.path()) };
        assert_ne!(first, build_library(&mechanisms, &other).expect("it builds"));
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn vectors_are_as_wide_as_the_processor() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let source = directory.path().join("lib.rs");
        std::fs::write(&source, "#[inline(never)] pub fn f(a: &mut [f64]) { for x in a { *x = *x * *x + 1.0; } }")
            .expect("written");
        let width = |processor: &str| {
            let assembly = directory.path().join(processor);
            let mut arguments = ["--crate-type", "lib", "--emit", "asm"].map(str::to_owned).to_vec();
            arguments.extend(code(&["opt-level=3", &format!("target-cpu={processor}")]).chain(code(VECTORS)));
            arguments.extend([source.display().to_string(), "-o".to_owned(), assembly.display().to_string()]);
            let output = Compiler::find().output(&arguments, None).expect("a compiler");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let text = std::fs::read_to_string(&assembly).expect("the assembly");
            ["%zmm", "%ymm", "%xmm"].into_iter().find(|register| text.contains(register))
        };
        for (processor, register) in [
            ("x86-64", "%xmm"),
            ("x86-64-v3", "%ymm"),
            ("x86-64-v4", "%zmm"),
            ("icelake-server", "%zmm"),
            ("sapphirerapids", "%zmm"),
            ("znver5", "%zmm"),
        ] {
            assert_eq!(width(processor), Some(register), "{processor}");
        }
    }

    #[test]
    fn options_that_a_compiler_lacks_are_left_out() {
        let known = Compiler::find().known(&["opt-level=3", "no-such-option=1"]).expect("a compiler");
        assert_eq!(known, ["opt-level=3"]);
    }

    #[test]
    fn a_missing_compiler_is_named() {
        let cache = tempfile::tempdir().expect("a temporary directory");
        let compiler = Compiler { program: "no-such-rustc".into() };
        let error = build_with(&compiler, &[], &options(cache.path())).expect_err("no compiler");
        assert!(error.to_string().contains("`no-such-rustc`"), "{error}");
        assert!(error.to_string().contains("rustup.rs"), "{error}");
    }

    #[test]
    fn a_refused_crate_is_kept_and_quoted() {
        let cache = tempfile::tempdir().expect("a temporary directory");
        let files = [File { path: "src/lib.rs".into(), text: "fn broken( {}".into() }];
        let error = build_crate(&files, &options(cache.path())).expect_err("it does not compile");
        let BuildError::Refused { directory, message } = error else { panic!("{error}") };
        assert!(directory.join("src/lib.rs").is_file() && message.contains("error"), "{message}");
    }
}
