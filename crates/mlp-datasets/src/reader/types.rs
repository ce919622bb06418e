use arrow_schema::DataType;

/// Whether a type is text, or categories in a dictionary.
// Arrow's types are another crate's and many; all others are not text.
#[allow(clippy::wildcard_enum_match_arm)]
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, value) => is_text(value) || value.is_primitive(),
        _ => false,
    }
}

/// Whether a text is `true` or `false`, in upper or lower case.
pub(super) fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}
