//! A page of sections, which are texts, tables and drawings.

mod html;
mod markdown;

use crate::drawing::Drawing;

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What is said first, a paragraph each.
    pub lead: Vec<String>,
    /// What one must know before reading on.
    pub warnings: Vec<String>,
    /// A few numbers that matter most.
    pub key_figures: Vec<KeyFigure>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// One of the numbers that matter most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it is.
    pub name: String,
    /// The number.
    pub value: String,
    /// What it is compared with; may be empty.
    pub comparison: String,
}

/// A part of a page with a heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its name in addresses within the page: letters and hyphens.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What it consists of.
    pub blocks: Vec<Block>,
}

/// What a section consists of.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading within the section.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Points of a list.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Drawings side by side, as far as there is room.
    Figures(Vec<Figure>),
    /// Pictures side by side.
    Pictures(Vec<Picture>),
    /// What is typed, or the content of a file.
    Code(Code),
}

/// A table with headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The headings of its columns. The first column names the rows.
    pub columns: Vec<Column>,
    /// The rows, with a text for each column.
    pub rows: Vec<Cells>,
}

/// The texts of a row.
pub type Cells = Vec<String>;

/// The heading of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What is written.
    pub name: String,
    /// Whether its cells are numbers, which are aligned at the right.
    pub is_number: bool,
}

/// A drawing with a caption.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name of its file, without an ending.
    pub name: String,
    /// The drawing.
    pub drawing: Drawing,
    /// What is written below.
    pub caption: String,
}

/// A picture of pixels with a caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// What is written below.
    pub caption: String,
    /// The PNG file.
    pub png: Vec<u8>,
}

/// What is typed, or the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What it is.
    pub caption: String,
    /// The text.
    pub text: String,
}

impl Page {
    /// A page with a title and nothing else.
    pub fn new(title: impl ToString) -> Self {
        Self {
            title: title.to_string(),
            ..Self::default()
        }
    }

    /// The same with one more section.
    #[must_use]
    pub fn with(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// All figures, in their order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.flat_map(|block| match block {
            Block::Figures(figures) => figures.as_slice(),
            Block::Heading(_)
            | Block::Text(_)
            | Block::List(_)
            | Block::Table(_)
            | Block::Pictures(_)
            | Block::Code(_) => &[],
        })
    }
}

impl Section {
    /// A section with a heading and nothing else.
    pub fn new(id: &'static str, heading: impl ToString) -> Self {
        Self {
            id,
            heading: heading.to_string(),
            blocks: Vec::new(),
        }
    }

    /// The same with one more block.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// The same with one more paragraph.
    #[must_use]
    pub fn with_text(self, text: impl ToString) -> Self {
        self.with(Block::Text(text.to_string()))
    }
}

impl Table {
    /// A table without rows. Columns whose names begin with `#` are of numbers, and are written without it.
    pub fn new(caption: impl ToString, columns: &[&str]) -> Self {
        let column = |name: &&str| match name.strip_prefix('#') {
            Some(name) => Column::number(name),
            None => Column::text(name),
        };
        Self {
            caption: caption.to_string(),
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }
}

impl Column {
    /// Of texts.
    pub fn text(name: impl ToString) -> Self {
        Self {
            name: name.to_string(),
            is_number: false,
        }
    }

    /// Of numbers.
    pub fn number(name: impl ToString) -> Self {
        Self {
            name: name.to_string(),
            is_number: true,
        }
    }
}

impl Figure {
    /// A drawing with the name of its file and a caption. What is neither a letter, a digit nor a hyphen in the name
    /// becomes `_`, as it may come from a file of a stranger.
    pub fn new(name: impl ToString, drawing: Drawing, caption: impl ToString) -> Self {
        let plain = |character: char| match character {
            '-' => '-',
            character if character.is_alphanumeric() => character,
            _ => '_',
        };
        Self {
            name: name.to_string().chars().take(80).map(plain).collect(),
            drawing,
            caption: caption.to_string(),
        }
    }
}
