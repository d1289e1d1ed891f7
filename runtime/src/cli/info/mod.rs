//! `runtime info`: what is in a model, or in a file.

mod model;
mod show;

use super::args::Info;
use super::examine::{Examined, Manner, examine};
use crate::analysis::FileInfo;
use crate::problem::{Problem, Problems};
use model::ModelInfo;

/// Describes a model or a file.
///
/// # Errors
/// When it cannot be read, or the model is wrong.
pub fn info(args: &Info) -> Result<String, Problems> {
    if args.path.extension().is_some_and(|ending| ending == "json") {
        return of_model(args);
    }
    let mut files = Vec::new();
    if args.path.is_dir() {
        let failed = |error| Problem::io("list", &args.path, &error);
        for entry in std::fs::read_dir(&args.path).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|ending| ending == "h5") {
                files.push(path);
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(Problem::run("there are no .h5 files").in_file(&args.path).into());
        }
    } else {
        files.push(args.path.clone());
    }
    let mut found = Vec::new();
    for file in files {
        let of_file = FileInfo::read(&file, args.types.as_deref());
        found.extend(of_file.map_err(|error| Problem::run(error.to_string()))?);
    }
    if args.json {
        return json(&found);
    }
    Ok(found.iter().map(FileInfo::to_string).collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

fn of_model(args: &Info) -> Result<String, Problems> {
    let examined = examine(&args.path, &Manner { mechanisms: &args.mechanisms, ..Manner::default() });
    let Examined { config: Some(config), built: Some(built), .. } = examined else {
        return Err(Problems(examined.problems));
    };
    let info = ModelInfo::of(&config, &built)?;
    if args.json { json(&info) } else { Ok(info.to_string().trim_end().to_owned()) }
}

fn json(value: &impl serde::Serialize) -> Result<String, Problems> {
    serde_json::to_string_pretty(value).map_err(|error| Problem::run(error.to_string()).into())
}
