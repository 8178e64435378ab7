use crate::text::{cut, one_line};

/// A table for people: columns as wide as they need, up to a limit.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    limits: Vec<usize>,
}

impl Table {
    /// The names of the columns, and how many characters each may have.
    pub(crate) fn new<const N: usize>(columns: [(&str, usize); N]) -> Self {
        let header = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self { rows: vec![header], limits: columns.iter().map(|(_, limit)| *limit).collect() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        let cells = cells.iter().zip(&self.limits).map(|(cell, limit)| cut(&one_line(cell), *limit));
        self.rows.push(cells.collect());
    }

    pub(crate) fn render(&self) -> String {
        let width = |column: usize| {
            let lengths = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            lengths.max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.limits.len()).map(width).collect();
        let mut shown = String::new();
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            shown.push_str(cells.join("  ").trim_end());
            shown.push('\n');
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_need() {
        let mut table = Table::new([("ID", 4), ("ERROR", 8)]);
        table.row(["ä".to_owned(), "first\nsecond".to_owned()]);
        table.row(["12345".to_owned(), String::new()]);
        assert_eq!(table.render(), "ID    ERROR\nä     first s…\n123…\n");
    }
}
