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
            Some(documentation) => value.help(documentation),
            None => value,
        }
    });
    PossibleValuesParser::new(values)
        .map(|name| T::from_str(&name).expect("only names of variants are accepted"))
}
