//! Tables of text.

use std::fmt;

/// Rows of cells; columns are as wide as their widest cell, two spaces apart. Numbers stand on the right.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let width = |column: usize| cells(column).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let is_number = |cell: &String| cell.parse::<f64>().is_ok();
        let right: Vec<bool> =
            (0..columns).map(|c| cells(c).any(is_number) && cells(c).all(|x| x.is_empty() || is_number(x))).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column] - cell.chars().count());
                line += "  ";
                line += &if right[column] { format!("{gap}{cell}") } else { format!("{cell}{gap}") };
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Bytes as people read them.
pub fn bytes(number: f64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let power = (number.max(1.0).log10() / 3.0).floor().min(4.0);
    let scaled = number / 1000f64.powf(power);
    let digits = usize::from(power > 0.0 && scaled < 10.0);
    format!("{scaled:.digits$} {}", units[power as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::default();
        table.row(["pyramidal", "7", "um"]);
        table.row(["b", "1200"]);
        assert_eq!(table.to_string(), "  pyramidal     7  um\n  b          1200\n");
    }

    #[test]
    fn bytes_are_short() {
        assert_eq!([0.0, 999.0, 1500.0, 2e10].map(bytes), ["0 bytes", "999 bytes", "1.5 kB", "20 GB"]);
    }
}
