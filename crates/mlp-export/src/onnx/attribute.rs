//! Attributes of operators.

use super::proto::{AttributeProto, attribute_type};

/// An attribute that is a whole number.
pub fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        i: Some(value),
        ..attribute(name, attribute_type::INT)
    }
}

/// An attribute that is a number.
pub fn float(name: &str, value: f32) -> AttributeProto {
    AttributeProto {
        f: Some(value),
        ..attribute(name, attribute_type::FLOAT)
    }
}

/// An attribute that is a text.
pub fn string(name: &str, value: &str) -> AttributeProto {
    AttributeProto {
        s: Some(value.as_bytes().to_vec()),
        ..attribute(name, attribute_type::STRING)
    }
}

/// An attribute that is a list of whole numbers.
pub fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        ints: values.to_vec(),
        ..attribute(name, attribute_type::INTS)
    }
}

/// An attribute that is a list of texts.
pub fn strings<'a>(name: &str, values: impl IntoIterator<Item = &'a String>) -> AttributeProto {
    let values = values.into_iter();
    AttributeProto {
        strings: values.map(|value| value.as_bytes().to_vec()).collect(),
        ..attribute(name, attribute_type::STRINGS)
    }
}

fn attribute(name: &str, kind: i32) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        r#type: Some(kind),
        ..AttributeProto::default()
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    #[test]
    fn a_zero_is_written_where_a_missing_attribute_would_mean_something_else() {
        // Field 1 is the name, field 3 the number 0 and field 20 the type: 2, a whole number.
        let bytes = int("axis", 0).encode_to_vec();
        assert_eq!(bytes, b"\x0a\x04axis\x18\x00\xa0\x01\x02");
    }
}
