//! Many texts in one process.
//!
//! The text that is being run lies in the file `current` of the session's folder, so that it is known if the process dies of
//! it. A watch ends the process when a text takes too long or too much memory.

use super::grammar;
use super::mutate::mutate;
use super::rng::Rng;
use super::target::Target;
use crate::guard::caught;
use anyhow::{Context, Result};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// Exit status of a process that ran out of time with a text.
pub const OUT_OF_TIME: i32 = 70;
/// Exit status of a process that ran out of memory.
pub const OUT_OF_MEMORY: i32 = 71;
/// Most texts kept beside the seeds.
const POOL: usize = 3000;
/// Examples saved of panics at one place.
const EXAMPLES: u32 = 3;

/// What to run.
#[derive(Clone, Debug)]
pub struct Session {
    /// The part of the compiler.
    pub target: Target,
    /// Where `current` and the crashing texts go.
    pub folder: PathBuf,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Number of texts.
    pub executions: u64,
    /// Processor time for one text.
    pub limit: Duration,
    /// Most resident memory of the process, bytes.
    pub memory: u64,
}

/// What a session did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Texts run.
    pub executions: u64,
    /// Texts at which something panicked.
    pub panics: u64,
    /// Texts kept because they were new to the compiler.
    pub kept: usize,
}

/// Runs texts made from `seeds`; tells `progress` the count of texts now and then.
///
/// # Errors
/// When a file cannot be written.
pub fn run(session: &Session, seeds: &[Vec<u8>], mut progress: impl FnMut(u64)) -> Result<Count> {
    let path = session.folder.join("current");
    let mut current = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut watch = Watch::start(session.limit, session.memory);
    let mut rng = Rng::new(session.seed);
    let mut pool: Vec<Vec<u8>> = seeds.to_vec();
    let mut known: HashSet<u64> = HashSet::new();
    let mut panics: HashMap<String, u32> = HashMap::new();
    let mut count = Count::default();
    for number in 0..session.executions {
        let text = text(&pool, &mut rng);
        current.rewind()?;
        current.write_all(&text)?;
        current.set_len(text.len() as u64)?;
        watch.begin();
        // naga takes longer than everything else together.
        let outcome = caught(|| session.target.run(&text, number % 64 == 0));
        watch.end();
        count.executions += 1;
        match outcome {
            Ok(signature) => {
                if known.insert(signature) && text.len() < 8000 && pool.len() < seeds.len() + POOL {
                    pool.push(text);
                    count.kept += 1;
                }
            }
            Err(message) => {
                count.panics += 1;
                let examples = panics.entry(place(&message)).or_default();
                *examples += 1;
                if *examples <= EXAMPLES {
                    save(&session.folder, session.target, &message, &text)?;
                }
            }
        }
        if number % 512 == 511 {
            progress(count.executions);
        }
    }
    progress(count.executions);
    Ok(count)
}

/// A text: a mechanism of the grammar, or one of the pool with changes.
fn text(pool: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut text = match pool.len() {
        0 => grammar::mechanism(rng).into_bytes(),
        _ if rng.one_in(4) => grammar::mechanism(rng).into_bytes(),
        // Of two the shorter, for more texts a second.
        size => {
            let (a, b) = (&pool[rng.below(size)], &pool[rng.below(size)]);
            if a.len() < b.len() { a.clone() } else { b.clone() }
        }
    };
    if !rng.one_in(8) {
        let other = if pool.is_empty() { &[][..] } else { &pool[rng.below(pool.len())] };
        mutate(&mut text, other, rng);
    }
    text
}

/// The place of a panic, which tells panics apart.
pub fn place(message: &str) -> String {
    message.rsplit_once(" at ").map_or(message, |(_, place)| place).to_owned()
}

/// Keeps a text and what happened.
pub(super) fn save(folder: &Path, target: Target, message: &str, text: &[u8]) -> Result<PathBuf> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let stem = format!("{target:?}-{:016x}", hasher.finish()).to_lowercase();
    let path = folder.join(format!("{stem}.mod"));
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    std::fs::write(folder.join(format!("{stem}.txt")), message)?;
    Ok(path)
}

/// Ends the process if a text takes too long, or if memory grows.
pub struct Watch {
    /// Number of the text that is being run; 0 between texts.
    text: Arc<AtomicU64>,
    number: u64,
}

impl Watch {
    /// Begins to watch: each text may take `limit` of processor time, the process `memory` bytes.
    pub fn start(limit: Duration, memory: u64) -> Self {
        let watch = Self { text: Arc::default(), number: 0 };
        let text = Arc::clone(&watch.text);
        std::thread::spawn(move || {
            let (mut seen, mut since) = (0, Duration::ZERO);
            loop {
                std::thread::sleep(Duration::from_millis(20));
                let (now, running) = (processor_time(), text.load(Ordering::Relaxed));
                if running != seen {
                    (seen, since) = (running, now);
                } else if running > 0 && now.saturating_sub(since) > limit {
                    std::process::exit(OUT_OF_TIME);
                }
                if resident() > memory {
                    std::process::exit(OUT_OF_MEMORY);
                }
            }
        });
        watch
    }

    /// A text begins.
    pub fn begin(&mut self) {
        self.number += 1;
        self.text.store(self.number, Ordering::Relaxed);
    }

    /// It has ended.
    pub fn end(&mut self) {
        self.text.store(0, Ordering::Relaxed);
    }
}

/// Resident memory of this process, bytes; 0 where the system does not tell.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// Processor time of this process, which a busy machine does not change; time itself where the system does not tell.
fn processor_time() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The fields behind the program's name; user and system time, in hundredths of a second.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok()).sum::<Option<u64>>();
    match ticks {
        Some(ticks) if !fields.is_empty() => Duration::from_millis(10 * ticks),
        _ => BEGIN.elapsed(),
    }
}
