//! The book tells what the compiler says.

use std::{fs, path::Path};

const PAGE: &str = "../docs/src/comparison.md";

/// The ten mistakes.
const MISTAKES: usize = 10;

#[test]
fn the_book_quotes_the_compiler() {
    let page = fs::read_to_string(PAGE).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| Leveret |")).collect();
    assert_eq!(rows.len(), MISTAKES);
    for row in rows {
        let (quotes, case) = row.rsplit_once(" (`").unwrap();
        let case = Path::new("ui").join(case.trim_end_matches("`) |")).with_extension("stderr");
        let said = fs::read_to_string(&case).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        // A quote is code between double backticks.
        let quotes: Vec<&str> = quotes.split("``").skip(1).step_by(2).map(str::trim).collect();
        assert!(!quotes.is_empty(), "{row}");
        for quote in quotes {
            assert!(said.contains(quote), "{} does not say {quote:?}", case.display());
        }
    }
}
