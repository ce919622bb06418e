//! JSON documents that carry a digest of themselves, so that a change is noticed.

use mlp_datasets::sha256;
use serde::Serialize;
use serde_json::{Map, Value};

/// The field with the SHA-256 of the others.
pub const DIGEST: &str = "sha256";

/// A document with its digest, in lines.
///
/// # Errors
///
/// If it is not a JSON object.
pub fn to_json(document: &impl Serialize) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct WithDigest<'a, T> {
        #[serde(flatten)]
        document: &'a T,
        sha256: String,
    }
    // As it is read again.
    let text = serde_json::to_string(document)?;
    let sha256 = digest(&serde_json::from_str(&text)?);
    let document = WithDigest { document, sha256 };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Takes the digest out of a document. Whether it is that of the rest, whose layout and order do not matter.
/// A document without a digest is taken as it is: earlier versions wrote none.
pub fn verify(document: &mut Map<String, Value>) -> bool {
    document
        .remove(DIGEST)
        .is_none_or(|expected| expected == digest(document))
}

/// The SHA-256 of a document without its digest: of its JSON in one line, with all names in alphabetical order.
fn digest(document: &Map<String, Value>) -> String {
    let mut document = Value::Object(document.clone());
    document.sort_all_objects();
    sha256(document.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    /// Worked out with `printf '{"a":[1.5,"x"],"b":{"c":null,"d":true}}' | sha256sum`.
    #[test]
    fn the_digest_is_that_of_sorted_json_in_one_line() {
        let document = json!({"b": {"d": true, "c": null}, "a": [1.5, "x"]});
        let mut document = parse(&to_json(&document).unwrap());
        assert_eq!(
            document[DIGEST],
            "419a6cd7c188eeb8823cd602959d6392605c54e14520c11235e0f7c1873d4b80"
        );
        assert!(verify(&mut document));
        assert!(!document.contains_key(DIGEST));
    }

    #[test]
    fn any_other_digit_is_noticed() {
        let text = to_json(&json!({"mean": 5.75, "sizes": [64, 32], "std": 1e-300})).unwrap();
        let digits = text.bytes().enumerate();
        for (index, digit) in digits.filter(|(_, byte)| byte.is_ascii_digit()) {
            let mut changed = text.clone().into_bytes();
            changed[index] = if digit == b'9' { b'1' } else { digit + 1 };
            let changed = String::from_utf8(changed).unwrap();
            // A digit of the name of the digest itself.
            let is_without = !changed.contains("\"sha256\"");
            assert!(is_without || !verify(&mut parse(&changed)), "{changed}");
        }
    }

    #[test]
    fn a_document_without_a_digest_and_one_that_was_laid_out_anew_are_as_they_were() {
        let text = to_json(&json!({"b": 1, "a": {"d": 2, "c": 3}})).unwrap();
        let mut document = parse(&text);
        let sha256 = document[DIGEST].as_str().unwrap();
        let other = format!(r#"{{"sha256": "{sha256}", "a": {{"c": 3, "d": 2}}, "b": 1}}"#);
        assert!(verify(&mut parse(&other)));
        document.remove(DIGEST);
        document.insert("b".to_owned(), json!(2));
        assert!(verify(&mut document));
    }
}
