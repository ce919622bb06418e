use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn reason(features: &[&str], values: &[f64], target: Option<Target>) -> String {
    let error = Table::from_rows(names(features), values, target).unwrap_err();
    error.to_string().replace("the table is not valid: ", "")
}

#[test]
fn rows_become_columns() {
    // More rows than are transposed at a time.
    let values: Vec<f64> = (0..300).map(f64::from).collect();
    let table = Table::from_rows(names(&["a", "b", "c"]), &values, None).unwrap();

    assert_eq!((table.num_rows(), table.num_features()), (100, 3));
    let expected = (0..100).map(|row| f64::from(3 * row + 1)).collect();
    assert_eq!(table.column("b").unwrap().values, Values::Numbers(expected));
    assert_eq!((table.task(), table.weights()), (None, None));
}

#[test]
fn parts_that_do_not_match_are_rejected() {
    let classes = |labels: Vec<usize>, classes: &[&str]| {
        Some(Target::Classes {
            name: "t".into(),
            labels,
            classes: names(classes),
        })
    };
    let numbers = |values: &[f64]| {
        Some(Target::Numbers {
            names: names(&["t"]),
            values: values.to_vec(),
        })
    };
    for (expected, found) in [
        ("it has no features", reason(&[], &[], None)),
        ("it has no rows", reason(&["a"], &[], None)),
        (
            "3 values do not fill rows of 2 features",
            reason(&["a", "b"], &[1.0, 2.0, 3.0], None),
        ),
        (
            "two features are called `a`",
            reason(&["a", "b", "a"], &[0.0; 3], None),
        ),
        (
            "`b` is inf in row 1, but must be missing or within ±3.4e38",
            reason(&["a", "b"], &[1.0, 2.0, 3.0, f64::INFINITY], None),
        ),
        (
            "`t` has 1 values for 2 rows",
            reason(&["a"], &[1.0, 2.0], numbers(&[0.0])),
        ),
        (
            "`t` is inf in row 0, but must be within ±3.4e38",
            reason(&["a"], &[1.0, 2.0], numbers(&[f64::INFINITY, 0.0])),
        ),
        (
            "`t` is 2 in row 1, but there are 2 classes",
            reason(&["a"], &[1.0, 2.0], classes(vec![0, 2], &["x", "y"])),
        ),
        (
            "two classes of `t` are called `x`",
            reason(&["a"], &[1.0, 2.0], classes(vec![0, 1], &["x", "x"])),
        ),
    ] {
        assert_eq!(found, expected);
    }
}

#[test]
fn weights_are_one_number_per_row_and_not_all_zero() {
    let table = || Table::from_rows(names(&["a"]), &[1.0, 2.0], None).unwrap();
    assert_eq!(
        table().with_weights(vec![0.0, 2.0]).unwrap().weights(),
        Some(&[0.0, 2.0][..])
    );
    for weights in [
        vec![1.0],
        vec![-1.0, 1.0],
        vec![f32::NAN, 1.0],
        vec![0.0; 2],
    ] {
        assert!(table().with_weights(weights).is_err());
    }
}
