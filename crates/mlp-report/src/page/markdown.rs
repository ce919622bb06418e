use std::fmt::Write as _;

use super::{Block, Code, Page, Section, Table};
use crate::text::plain;

impl Page {
    /// The page as Markdown, without its drawings and pictures.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n", escaped(&self.title));
        for paragraph in &self.lead {
            write(&mut text, &escaped(paragraph));
        }
        for warning in &self.warnings {
            write(&mut text, &format!("> **Note:** {}", escaped(warning)));
        }
        if !self.key_figures.is_empty() {
            let mut table = Table::new("", &["", "#value", "compared with"]);
            table.rows = self
                .key_figures
                .iter()
                .map(|f| vec![f.name.clone(), f.value.clone(), f.comparison.clone()])
                .collect();
            write(&mut text, &table.to_markdown());
        }
        for section in &self.sections {
            section.write(&mut text);
        }
        text
    }
}

impl Section {
    fn write(&self, text: &mut String) {
        write(text, &format!("## {}", escaped(&self.heading)));
        for block in &self.blocks {
            match block {
                Block::Heading(heading) => write(text, &format!("### {}", escaped(heading))),
                Block::Text(paragraph) => write(text, &escaped(paragraph)),
                Block::List(points) => {
                    let points = points.iter().map(|point| format!("- {}", escaped(point)));
                    write(text, &points.collect::<Vec<_>>().join("\n"));
                }
                Block::Table(table) => {
                    if !table.caption.is_empty() {
                        write(text, &escaped(&table.caption));
                    }
                    write(text, &table.to_markdown());
                }
                Block::Code(code) => write(text, &code.to_markdown()),
                Block::Figures(_) | Block::Pictures(_) => {}
            }
        }
    }
}

impl Table {
    fn to_markdown(&self) -> String {
        let row = |cells: &mut dyn Iterator<Item = String>| {
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut lines = vec![
            row(&mut self.columns.iter().map(|column| escaped(&column.name))),
            row(&mut self.columns.iter().map(|column| {
                let line = if column.is_number { "---:" } else { "---" };
                line.to_owned()
            })),
        ];
        let rows = self.rows.iter();
        lines.extend(rows.map(|cells| row(&mut cells.iter().map(|cell| escaped(cell)))));
        lines.join("\n")
    }
}

impl Code {
    fn to_markdown(&self) -> String {
        // A fence is longer than any within.
        let longest = self.text.split(|c| c != '`').map(str::len).max();
        let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
        format!(
            "{}\n\n{fence}\n{}\n{fence}",
            escaped(&self.caption),
            plain(self.text.trim_end())
        )
    }
}

/// Appends a block after an empty line.
fn write(text: &mut String, block: &str) {
    let _ = write!(text, "\n{block}\n");
}

/// A text on one line, in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in plain(text).chars() {
        match character {
            '\n' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_its_drawings_is_markdown() {
        let mut table = Table::new("Metrics", &["split", "#accuracy"]);
        table.rows = vec![vec!["test | <b>".to_owned(), "0.9".to_owned()]];
        let section = Section::new("metrics", "How *good*")
            .with(Block::Table(table))
            .with(Block::List(vec!["one".to_owned(), "two\nthree".to_owned()]))
            .with(Block::Code(Code {
                caption: "How".to_owned(),
                text: "a ```b\n".to_owned(),
            }));
        assert_eq!(
            Page::new("A_model").with(section).to_markdown(),
            "# A\\_model\n\n## How \\*good\\*\n\nMetrics\n\n| split | accuracy |\n| --- | ---: |\n\
             | test \\| \\<b\\> | 0.9 |\n\n- one\n- two three\n\nHow\n\n````\na ```b\n````\n"
        );
    }
}
