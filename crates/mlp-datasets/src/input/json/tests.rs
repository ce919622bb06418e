use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

use super::*;
use crate::input::notes::Notes;

fn batches(text: &'static str, shape: Shape) -> Result<Vec<RecordBatch>, Error> {
    let path = Path::new("x.json");
    batches_and_notes(path, text, shape, &Notes::default())
}

fn batches_and_notes(
    path: &Path,
    text: &'static str,
    shape: Shape,
    notes: &Notes,
) -> Result<Vec<RecordBatch>, Error> {
    let layout = layout(path, text.as_bytes(), shape, notes)?;
    let batches = JsonBatches::new(path, Box::new(text.as_bytes()), shape, layout)?;
    Ok(batches.map(Result::unwrap).collect())
}

fn message(text: &'static str, shape: Shape) -> String {
    batches(text, shape).unwrap_err().to_string()
}

#[test]
fn records_may_lack_fields_and_have_them_in_any_order() {
    for (text, shape) in [
        (
            "{\"a\": 1, \"b\": \"x}\\\"{\"}\n\n{\"b\": null}\n{\"c\": true, \"a\": 9007199254740993}",
            Shape::Lines,
        ),
        (
            "[{\"a\": 1, \"b\": \"x}\\\"{\"},\n{\"b\": null},\n{\"c\": true, \"a\": 9007199254740993}\n]\n",
            Shape::Array,
        ),
    ] {
        let batches = batches(text, shape).unwrap();
        let [batch] = batches.as_slice() else {
            panic!("there are three rows");
        };
        let column = |name| batch.column_by_name(name).unwrap();
        let integers = column("a").as_primitive::<Int64Type>();
        assert_eq!(
            integers.iter().collect::<Vec<_>>(),
            [Some(1), None, Some(9_007_199_254_740_993)]
        );
        let texts = column("b").as_string::<i64>();
        assert_eq!(
            texts.iter().collect::<Vec<_>>(),
            [Some("x}\"{"), None, None]
        );
        assert_eq!(column("c").data_type(), &DataType::Boolean);
        assert_eq!(column("c").null_count(), 2);
    }
}

#[test]
fn lists_and_objects_keep_their_content() {
    let text =
        "{\"a\": [1, \"x\"], \"b\": {\"c\": 1}, \"d\": 1}\n{\"a\": [], \"b\": null, \"d\": 2}\n";
    let batches = batches(text, Shape::Lines).unwrap();
    let schema = batches[0].schema();
    assert!(matches!(schema.field(0).data_type(), DataType::List(_)));
    assert!(matches!(schema.field(1).data_type(), DataType::Map(..)));
    let items = batches[0].column(0).as_list::<i32>().value(0);
    assert_eq!(items.as_string::<i32>().value(1), "x");
}

#[test]
fn mistakes_are_reported_with_their_line() {
    for (text, shape, expected) in [
        (
            "{\"a\": 1}\n\n{\"a\": 1,\n \"b\" 2}\n",
            Shape::Lines,
            "line 4 of `x.json` is not JSON as it is read here: expected `:`",
        ),
        (
            "{\"a\": 1}\n{\"b\": 2,\n \"a\": -Infinity}",
            Shape::Lines,
            "line 3 of `x.json` is not JSON as it is read here: `a` is infinite",
        ),
        (
            "[[1, 2], [3, 4]]",
            Shape::Arrays,
            "line 1 of `x.json` is not JSON as it is read here: its rows are lists, whose values have no names",
        ),
        (
            "{\"a\": [{}], \"b\": [{}]}",
            Shape::Lines,
            "line 1 of `x.json` is not JSON as it is read here: it has several lists of objects: `a`, `b`",
        ),
        (
            "{\"n\": 2,\n\"data\": [{\"a\": 1},\n{\"a\" 2}]}",
            Shape::Lines,
            "line 3 of `x.json` is not JSON as it is read here: expected `:`",
        ),
        (
            "{\"a\": 1}\n{\"a\": ",
            Shape::Lines,
            "line 2 of `x.json` is not JSON as it is read here: the object that begins here has no end",
        ),
        (
            "{\"a\": 1}\n[1]\n",
            Shape::Lines,
            "line 2 of `x.json` is not JSON as it is read here: an object was expected, such as {\"name\": 1}",
        ),
        (
            "[{\"a\": 1}\n{\"a\": 2}]",
            Shape::Array,
            "line 2 of `x.json` is not JSON as it is read here: a comma is missing between two objects",
        ),
        (
            "[{\"a\": 1},\n",
            Shape::Array,
            "line 2 of `x.json` is not JSON as it is read here: the array has no end",
        ),
        (
            "[{\"a\": 1}]\n]",
            Shape::Array,
            "line 2 of `x.json` is not JSON as it is read here: there is text behind the array",
        ),
        ("[]", Shape::Array, "`x.json` has no rows"),
        (
            "{}\n",
            Shape::Lines,
            "line 1 of `x.json` is not JSON as it is read here: its objects have no fields",
        ),
        (
            "{\"a\": [1, 2], \"b\": {\"0\": 3}}",
            Shape::Lines,
            "line 1 of `x.json` is not JSON as it is read here: it is one object of whole columns, rather than an object for each row",
        ),
    ] {
        assert_eq!(message(text, shape), expected);
    }
}

#[test]
fn not_a_number_is_missing() {
    let text = "{\"a\": NaN, \"b\": \"NaN \\\" Infinity\"}\n{\"a\": 2.5}\n";
    let batches = batches(text, Shape::Lines).unwrap();
    let numbers = batches[0].column(0).as_primitive::<Float64Type>();
    assert_eq!(numbers.iter().collect::<Vec<_>>(), [None, Some(2.5)]);
    let texts = batches[0].column(1).as_string::<i64>();
    assert_eq!(texts.value(0), "NaN \" Infinity");
}

#[test]
fn the_rows_may_be_a_list_within_an_object() {
    let text = "{\"status\": \"ok\", \"data\": [{\"a\": 1}, {\"a\": 2}]}";
    let notes = Notes::default();
    let path = Path::new("x.json");
    let batches = batches_and_notes(path, text, Shape::Lines, &notes).unwrap();
    assert_eq!(batches[0].num_rows(), 2);
    assert_eq!(
        notes.all(),
        ["`x.json` is an object, of which the list `data` is read"]
    );
}

#[test]
fn lines_may_end_in_a_comma() {
    let batches = batches("{\"a\": 1},\n{\"a\": 2},\n", Shape::Lines).unwrap();
    assert_eq!(batches[0].num_rows(), 2);
}

#[test]
fn a_list_in_few_records_is_noted_with_its_line() {
    let text = "{\"a\": 1}\n{\"a\": 2}\n{\"a\": [3]}\n";
    let notes = Notes::default();
    batches_and_notes(Path::new("x.json"), text, Shape::Lines, &notes).unwrap();
    assert_eq!(
        notes.all(),
        [
            "line 3 of `x.json` has a list or an object as `a`, where other records have a single value"
        ]
    );
}

#[test]
fn hits_of_elasticsearch_are_read_without_their_envelopes() {
    let text = r#"{"took": 1, "hits": {"total": 2, "hits": [
        {"_index": "i", "_id": "1", "_source": {"a": 1, "b": "x"}},
        {"_index": "i", "_id": "2", "_source": {"a": 2, "b": "y"}}]}}"#;
    let batches = batches(text, Shape::Lines).unwrap();
    let schema = batches[0].schema();
    let names: Vec<_> = schema.fields().iter().map(|field| field.name()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(batches[0].column(0).as_primitive::<Int64Type>().value(1), 2);
}

#[test]
fn a_field_that_a_record_has_twice_is_noted() {
    let notes = Notes::default();
    let text = "{\"a\": 1}\n{\"a\": 2, \"b\": 3, \"a\": 4}\n{\"b\": 5, \"b\": 6}\n";
    let batches = batches_and_notes(Path::new("x.json"), text, Shape::Lines, &notes).unwrap();
    let a = batches[0].column(0).as_primitive::<Int64Type>();
    assert_eq!(a.iter().collect::<Vec<_>>(), [Some(1), Some(4), None]);
    assert_eq!(
        notes.all(),
        ["line 2 of `x.json` has `a` twice in a record, of which the last one is read"]
    );
}

#[test]
fn records_with_other_fields_each_are_no_table() {
    let layout = |count| {
        let records = (0..count).map(|row| format!("{{\"k{row}\": 1}}\n"));
        let text = records.collect::<Vec<_>>().concat();
        layout(
            Path::new("x.json"),
            text.as_bytes(),
            Shape::Lines,
            &Notes::default(),
        )
    };
    // A table of 128 × 128 cells has 128 for each field.
    assert!(layout(128).is_ok());
    assert_eq!(
        layout(1000).unwrap_err().to_string(),
        "line 129 of `x.json` is not JSON as it is read here: its 129 records so far have 129 different \
         fields, about 1 each: almost all cells would be empty"
    );
}
