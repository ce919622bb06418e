use std::collections::HashMap;

use crate::reader::types::is_boolean;

/// Categories with each name stored once.
#[derive(Clone, Default)]
pub struct Categories {
    pub codes: Vec<u32>,
    pub names: Vec<String>,
    /// The code of each name.
    code_of: HashMap<String, u32>,
    /// Whether `True` and `true` are the same category.
    boolean: bool,
    /// The code of the last category of each [place](place), which is most often the one that is looked for.
    recent: Vec<u32>,
}

/// The number of places.
const NUM_PLACES: usize = 256;

/// One of a few places for a category, which depends on its length and some of its bytes.
fn place(text: &[u8]) -> usize {
    let [first, .., last] = text else {
        return text.first().map_or(0, |&byte| byte.into());
    };
    let middle = text[text.len() / 2];
    let bytes = [*first, middle, *last].map(usize::from);
    (text.len() + 7 * bytes[0] + 31 * bytes[1] + 131 * bytes[2]) % NUM_PLACES
}

impl Categories {
    /// Those of a column of booleans.
    pub fn of_booleans() -> Self {
        Self {
            boolean: true,
            ..Self::default()
        }
    }

    /// Adds a category if it is a recent one, as most are; whether it is.
    #[inline]
    pub fn push_recent(&mut self, text: &[u8]) -> bool {
        let code = self.recent.get(place(text)).copied();
        let name = code.and_then(|code| self.names.get(code as usize));
        let is_recent = name.is_some_and(|name| name.as_bytes() == text);
        if is_recent {
            self.codes.extend(code);
        }
        is_recent
    }

    /// Adds a category.
    pub fn push(&mut self, text: &str) {
        if self.push_recent(text.as_bytes()) {
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
        self.recent.resize(NUM_PLACES, code);
        self.recent[place(text.as_bytes())] = code;
    }

    /// Makes the next value of each category be looked at as if it were the first one.
    pub fn forget_recent(&mut self) {
        self.recent.clear();
    }
}
