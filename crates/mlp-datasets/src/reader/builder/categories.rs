use std::collections::HashMap;

use crate::reader::types::is_boolean;

/// Categories with each name stored once.
#[derive(Default)]
pub struct Categories {
    pub codes: Vec<u32>,
    pub names: Vec<String>,
    /// The code of each name.
    code_of: HashMap<String, u32>,
    /// Whether `True` and `true` are the same category.
    boolean: bool,
}

impl Categories {
    /// Those of a column of booleans.
    pub fn of_booleans() -> Self {
        Self {
            boolean: true,
            ..Self::default()
        }
    }

    /// Adds a category.
    pub fn push(&mut self, text: &str) {
        // Neighbouring rows often have the same category, for example in sorted files.
        if let Some(&last) = self.codes.last()
            && self
                .names
                .get(last as usize)
                .is_some_and(|name| name == text)
        {
            self.codes.push(last);
            return;
        }
        let lower = if self.boolean && is_boolean(text) {
            text.to_ascii_lowercase()
        } else {
            String::new()
        };
        let text = if lower.is_empty() { text } else { &lower };
        let code = self.code_of.get(text).copied().unwrap_or_else(|| {
            let code = u32::try_from(self.names.len()).expect("rows are fewer than 2^32");
            self.names.push(text.to_owned());
            self.code_of.insert(text.to_owned(), code);
            code
        });
        self.codes.push(code);
    }
}
