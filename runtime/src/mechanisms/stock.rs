//! The mechanisms that are part of the program: the texts of the folder `mod/`.

use nmodl_parser::SourceFile;

macro_rules! stock {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../mod/", $name)))),*]
    };
}

/// File names and texts.
const STOCK: [(&str, &str); 26] = stock![
    "capool.mod",
    "cas.mod",
    "cat.mod",
    "exp2syn.mod",
    "expsyn.mod",
    "fieldplayed.mod",
    "fieldstimulus.mod",
    "gap.mod",
    "hh.mod",
    "hyper.mod",
    "iclamp.mod",
    "inhsyn.mod",
    "intfire1.mod",
    "intfire2.mod",
    "intfire4.mod",
    "ka.mod",
    "kca.mod",
    "kdr.mod",
    "leak.mod",
    "na.mod",
    "netstim.mod",
    "noiseclamp.mod",
    "ouclamp.mod",
    "pas.mod",
    "seclamp.mod",
    "shotnoiseclamp.mod",
];

/// The stock files.
pub fn stock_files() -> impl Iterator<Item = SourceFile> {
    STOCK.iter().map(|&(name, text)| SourceFile::new(name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_folder_is_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../mod");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".mod"))
            .collect();
        files.sort();
        assert_eq!(files, stock_files().map(|file| file.name).collect::<Vec<_>>());
    }
}
