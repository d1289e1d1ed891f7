//! Tables of numbers and words in text files, with a line of column names.

use crate::problem::Problem;
use std::path::Path;

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    /// Line number and fields.
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Reads a table; problems do not name the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(file: &Path, separator: &str) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(file).map_err(|error| Problem::io("read", file, &error))?;
        Ok(Self::parse(&text, separator))
    }

    /// Parses a table. Empty lines are passed over.
    pub fn parse(text: &str, separator: &str) -> Self {
        let split = |line: &str| -> Vec<String> {
            line.split(separator).map(|field| field.trim().trim_matches('"').to_owned()).collect()
        };
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let mut lines = lines.filter(|(_, line)| !line.trim().is_empty());
        let columns = lines.next().map(|(_, line)| split(line.trim())).unwrap_or_default();
        Self { columns, rows: lines.map(|(number, line)| (number + 1, split(line.trim()))).collect() }
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// A column of words; where a row is too short they are empty.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, Problem> {
        let at = self.columns.iter().position(|column| column == name).ok_or_else(|| {
            Problem::model(format!("the table has no column `{name}`"))
                .note(format!("its columns are: {}", self.columns.join(", ")))
        })?;
        Ok(self.rows.iter().map(|(_, fields)| fields.get(at).map_or("", String::as_str)).collect())
    }

    /// A column of finite numbers.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, Problem> {
        let number =
            |((line, _), field): (&(usize, Vec<String>), &str)| {
                field.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| {
                    Problem::model(format!("line {line}: expected a number as `{name}`, found `{field}`"))
                })
            };
        self.rows.iter().zip(self.texts(name)?).map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let table = Table::parse("channel x y\n\n0 1.5 a\n1 nan\n", " ");
        assert_eq!(table.texts("y").unwrap(), ["a", ""]);
        assert_eq!(table.numbers("channel").unwrap(), [0.0, 1.0]);
        assert_eq!(table.numbers("x").unwrap_err().message, "line 4: expected a number as `x`, found `nan`");
        assert_eq!(table.numbers("z").unwrap_err().message, "the table has no column `z`");
        assert!(table.has("x") && !table.has("z"));
    }
}
