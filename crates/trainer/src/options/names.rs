use std::fmt::Debug;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use strum::{EnumMessage, VariantArray};

/// Parses the names of an enum's variants, and lists them with their documentation.
pub fn named<T>() -> impl TypedValueParser<Value = T>
where
    T: VariantArray + EnumMessage + Into<&'static str> + FromStr + Copy + Send + Sync + 'static,
    T::Err: Debug,
{
    let values = T::VARIANTS.iter().map(|&variant| {
        let name: &'static str = variant.into();
        let aliases = variant.get_serializations().iter().copied();
        let value = PossibleValue::new(name).aliases(aliases.filter(|alias| *alias != name));
        match variant.get_documentation() {
            Some(documentation) => value.help(plain(documentation)),
            None => value,
        }
    });
    PossibleValuesParser::new(values)
        .map(|name| T::from_str(&name).expect("only names of variants are accepted"))
}

/// Documentation as a line of plain text: without line breaks, backticks, the addresses of links and
/// the full stop at the end.
fn plain(documentation: &str) -> String {
    let line = documentation
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let mut text = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some((before, link)) = rest.split_once("](") {
        text.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.retain(|character| !['`', '['].contains(&character));
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_becomes_a_line_of_plain_text() {
        let documentation = "Over the rows of a `batch` ([Ioffe and Szegedy\n\
                             2015](https://arxiv.org/abs/1502.03167)).";
        assert_eq!(
            plain(documentation),
            "Over the rows of a batch (Ioffe and Szegedy 2015)"
        );
        assert_eq!(
            plain("Half a cosine wave down to 0"),
            "Half a cosine wave down to 0"
        );
    }
}
