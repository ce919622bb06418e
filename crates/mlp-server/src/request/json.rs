//! Rows as JSON objects.

use std::fmt;

use mlp_datasets::Table;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Reading;
use super::cell::Cell;
use super::rows::Rows;
use crate::refusal::Refusal;

/// The rows of an array of objects, or of a single object, and whether there is an array.
pub fn table_of_json(reading: Reading, body: &[u8]) -> Result<(Table, bool), Refusal> {
    let mut rows = Rows::new(reading);
    let is_array = parse(body, |deserializer, refusal| {
        RowsSeed {
            rows: &mut rows,
            refusal,
        }
        .deserialize(deserializer)
    })?;
    Ok((rows.finish()?, is_array))
}

type JsonDeserializer<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

/// Parses all of a body. What a visitor refuses, it leaves where it is told to.
pub fn parse<'de, T>(
    body: &'de [u8],
    parse: impl FnOnce(&mut JsonDeserializer<'de>, &mut Option<Refusal>) -> serde_json::Result<T>,
) -> Result<T, Refusal> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let mut refusal = None;
    let parsed = parse(&mut deserializer, &mut refusal);
    let parsed = parsed.and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| refusal.unwrap_or_else(|| syntax(body, &error)))
}

/// What is wrong with a body that is not JSON, or not of the expected structure.
fn syntax(body: &[u8], error: &serde_json::Error) -> Refusal {
    if body.trim_ascii().is_empty() {
        return Refusal::malformed("the body is empty");
    }
    if let Some(word) = not_a_number(body, error) {
        let (line, column) = (error.line(), error.column());
        return Refusal::malformed(format!(
            "`{word}` in line {line}, column {column} is not JSON; give null if the value is missing"
        ));
    }
    if error.is_data() {
        let error = in_words_of_json(&error.to_string());
        return Refusal::unsuitable(format!("the body is not as expected: {error}"));
    }
    Refusal::malformed(format!("the body is not JSON: {error}"))
}

/// An error of serde's, with the names that JSON has for what was found and expected.
fn in_words_of_json(error: &str) -> String {
    const WORDS: [(&str, &str); 2] = [("sequence", "array"), ("map", "object")];
    let mut error = error.to_owned();
    for (word, name) in WORDS {
        // The first is at the beginning, and the second at the end: a text of the body may be between them.
        if let Some(rest) = error.strip_prefix(&format!("invalid type: {word},")) {
            error = format!("invalid type: {name},{rest}");
        }
        if let Some((before, place)) = error.rsplit_once(&format!(", expected a {word} at line ")) {
            error = format!("{before}, expected an {name} at line {place}");
        }
    }
    error
}

/// The word at the place of an error, if it means a number that JSON does not have.
fn not_a_number(body: &[u8], error: &serde_json::Error) -> Option<String> {
    let mut lines = body.split(|&byte| byte == b'\n');
    let line = lines.nth(error.line().checked_sub(1)?)?;
    let is_part = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'+');
    let place = error.column().saturating_sub(1).min(line.len());
    let before = line[..place].iter().rev().take_while(|byte| is_part(byte));
    let start = place - before.count();
    let word: Vec<u8> = { line[start..].iter() }
        .take_while(|byte| is_part(byte))
        .take(10)
        .copied()
        .collect();
    let word = String::from_utf8(word).ok()?;
    let bare = word.trim_start_matches(['-', '+']).to_ascii_lowercase();
    ["nan", "inf", "infinity"]
        .contains(&bare.as_str())
        .then_some(word)
}

/// An array of rows or a single row.
pub struct RowsSeed<'r, 'a> {
    pub rows: &'r mut Rows<'a>,
    pub refusal: &'r mut Option<Refusal>,
}

impl RowsSeed<'_, '_> {
    /// Leaves a refusal, and ends the parsing.
    pub fn check<T, E: Error>(&mut self, result: Result<T, Refusal>) -> Result<T, E> {
        result.map_err(|refusal| {
            *self.refusal = Some(refusal);
            E::custom("refused")
        })
    }
}

impl<'de> DeserializeSeed<'de> for RowsSeed<'_, '_> {
    /// Whether it is an array.
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of objects, one for each row, or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<bool, A::Error> {
        loop {
            let seed = RowSeed(RowsSeed {
                rows: &mut *self.rows,
                refusal: &mut *self.refusal,
            });
            if values.next_element_seed(seed)?.is_none() {
                return Ok(true);
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        RowSeed(self).visit_map(map).map(|()| false)
    }
}

/// A row.
struct RowSeed<'r, 'a>(RowsSeed<'r, 'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "row {} as an object", self.0.rows.row() + 1)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let started = self.0.rows.start_row();
        self.0.check(started)?;
        loop {
            let key = KeySeed(&mut *self.0.rows);
            let Some(column) = map.next_key_seed(key)? else {
                break;
            };
            match column {
                Some(column) => {
                    let cell = map.next_value::<Cell>()?;
                    let pushed = self.0.rows.push(column, &cell);
                    self.0.check(pushed)?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let ended = self.0.rows.end_row();
        self.0.check(ended)
    }
}

/// The name of a column: its index, if the model has it.
struct KeySeed<'r, 'a>(&'r mut Rows<'a>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a column")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.column(name))
    }
}
