use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, StringArray};
use arrow_schema::{ArrowError, DataType, IntervalUnit, TimeUnit};

/// What the values of a type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeKind {
    Number,
    Boolean,
    Date,
    /// Text, or categories in a dictionary.
    Text,
    /// Nothing that can be used; what they are called.
    Unsupported(&'static str),
}

impl TypeKind {
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float16
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Duration(_) => Self::Number,
            DataType::Boolean => Self::Boolean,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Self::Date,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => {
                Self::Text
            }
            DataType::Dictionary(_, value) => match Self::of(value) {
                Self::Number | Self::Boolean | Self::Date | Self::Text => Self::Text,
                Self::Unsupported(name) => Self::Unsupported(name),
            },
            DataType::RunEndEncoded(_, values) => Self::of(values.data_type()),
            // Those that hold UTF-8 are text by now.
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => Self::Unsupported("bytes that are not UTF-8"),
            DataType::List(_)
            | DataType::LargeList(_)
            | DataType::ListView(_)
            | DataType::LargeListView(_)
            | DataType::FixedSizeList(..) => Self::Unsupported("lists"),
            DataType::Struct(_) | DataType::Map(..) => Self::Unsupported("objects"),
            DataType::Union(..) => Self::Unsupported("values of several types"),
            DataType::Interval(
                IntervalUnit::YearMonth | IntervalUnit::DayTime | IntervalUnit::MonthDayNano,
            ) => Self::Unsupported("intervals of months and days"),
        }
    }
}

/// Whether a type is text, or categories in a dictionary.
pub(super) fn is_text(data_type: &DataType) -> bool {
    TypeKind::of(data_type) == TypeKind::Text
}

/// Whether a type is text that is no dictionary of categories.
pub(super) fn is_plain_text(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    )
}

/// Numbers of any type. Times of day and durations are in seconds.
pub(super) fn to_numbers(array: &ArrayRef) -> Result<Float64Array, ArrowError> {
    let data_type = array.data_type();
    if let DataType::Time32(unit) | DataType::Time64(unit) | DataType::Duration(unit) = data_type {
        let per_second = match unit {
            TimeUnit::Second => 1.0,
            TimeUnit::Millisecond => 1e3,
            TimeUnit::Microsecond => 1e6,
            TimeUnit::Nanosecond => 1e9,
        };
        let narrow = if let DataType::Time32(_) = data_type {
            arrow_cast::cast(array, &DataType::Int32)?
        } else {
            array.clone()
        };
        let integers = arrow_cast::cast(&narrow, &DataType::Int64)?;
        let integers = integers.as_primitive::<Int64Type>();
        return Ok(integers.unary(|value| value as f64 / per_second));
    }
    let numbers = arrow_cast::cast(array, &DataType::Float64)?;
    Ok(numbers.as_primitive::<Float64Type>().clone())
}

/// The texts of values of any type.
pub(super) fn to_texts(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let array = expanded(array)?;
    // Dictionaries of some types can only be cast to their values.
    let array = if let DataType::Dictionary(_, value) = array.data_type() {
        arrow_cast::cast(&array, value)?
    } else {
        array
    };
    arrow_cast::cast(&array, &DataType::Utf8)
}

/// The same, with numbers without an exponent and without a fraction of zero, so that their digits may be those of
/// a date.
pub(super) fn to_digits(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let array = expanded(array)?;
    if !array.data_type().is_floating() && !is_decimal(array.data_type()) {
        return to_texts(&array);
    }
    let numbers = to_numbers(&array)?;
    let texts = numbers.iter().map(|number| Some(number?.to_string()));
    Ok(Arc::new(texts.collect::<StringArray>()))
}

fn is_decimal(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
    )
}

/// An array without run-end encoding, which few conversions know.
pub(super) fn expanded(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if let DataType::RunEndEncoded(_, values) = array.data_type() {
        arrow_cast::cast(array, values.data_type())
    } else {
        Ok(Arc::clone(array))
    }
}

/// Whether a text is `true` or `false`, in upper or lower case.
pub(super) fn is_boolean(text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    text.eq_ignore_ascii_case(b"true") || text.eq_ignore_ascii_case(b"false")
}

#[cfg(test)]
mod tests {
    use arrow_array::types::Int32Type;
    use arrow_array::{
        Decimal128Array, Decimal256Array, DictionaryArray, DurationMillisecondArray, Int16Array,
        Int32Array, RunArray, StringArray, StringViewArray, Time32SecondArray,
        Time64NanosecondArray, UInt64Array,
    };
    use arrow_schema::Fields;

    use super::*;

    fn numbers(array: impl Array + 'static) -> Vec<Option<f64>> {
        let array: ArrayRef = Arc::new(array);
        assert_eq!(TypeKind::of(array.data_type()), TypeKind::Number);
        let array = expanded(&array).unwrap();
        to_numbers(&array).unwrap().iter().collect()
    }

    #[test]
    fn numbers_of_all_types_are_numbers() {
        let decimals = Decimal128Array::from(vec![Some(1250), None]);
        let decimals = decimals.with_precision_and_scale(10, 2).unwrap();
        assert_eq!(numbers(decimals), [Some(12.5), None]);
        let wide = arrow_cast::cast(&Int32Array::from(vec![3]), &DataType::Decimal256(40, 1));
        let wide = wide
            .unwrap()
            .as_any()
            .downcast_ref::<Decimal256Array>()
            .unwrap()
            .clone();
        assert_eq!(numbers(wide), [Some(3.0)]);
        assert_eq!(
            numbers(UInt64Array::from(vec![u64::MAX])),
            [Some(u64::MAX as f64)]
        );
        let half = arrow_cast::cast(&Int32Array::from(vec![2]), &DataType::Float16).unwrap();
        assert_eq!(to_numbers(&half).unwrap().value(0), 2.0);
        let runs = RunArray::try_new(&Int16Array::from(vec![2, 3]), &Int32Array::from(vec![7, 8]));
        assert_eq!(numbers(runs.unwrap()), [Some(7.0), Some(7.0), Some(8.0)]);
    }

    #[test]
    fn times_and_durations_are_numbers_of_seconds() {
        assert_eq!(
            numbers(Time32SecondArray::from(vec![Some(90), None])),
            [Some(90.0), None]
        );
        assert_eq!(
            numbers(Time64NanosecondArray::from(vec![1_500_000_000])),
            [Some(1.5)]
        );
        assert_eq!(
            numbers(DurationMillisecondArray::from(vec![-250])),
            [Some(-0.25)]
        );
    }

    #[test]
    fn text_and_categories_are_text_however_they_are_stored() {
        let dictionary: DictionaryArray<Int32Type> = ["a", "b", "a"].into_iter().collect();
        assert_eq!(TypeKind::of(dictionary.data_type()), TypeKind::Text);
        // Whoever made a category of a number meant a category.
        let numbers = DictionaryArray::new(
            Int32Array::from(vec![0]),
            Arc::new(Int32Array::from(vec![5])),
        );
        assert_eq!(TypeKind::of(numbers.data_type()), TypeKind::Text);
        assert!(is_text(StringViewArray::from(vec!["a"]).data_type()));
        assert!(is_text(StringArray::from(vec!["a"]).data_type()));
    }

    #[test]
    fn types_that_cannot_be_used_are_named() {
        for (data_type, name) in [
            (DataType::Binary, "bytes that are not UTF-8"),
            (DataType::new_list(DataType::Int8, true), "lists"),
            (DataType::Struct(Fields::empty()), "objects"),
            (
                DataType::Interval(IntervalUnit::DayTime),
                "intervals of months and days",
            ),
        ] {
            assert_eq!(TypeKind::of(&data_type), TypeKind::Unsupported(name));
        }
    }
}
