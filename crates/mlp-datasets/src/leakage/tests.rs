use super::*;

fn categories(codes: impl Iterator<Item = u32>) -> Values {
    let codes: Vec<u32> = codes.collect();
    let names = (0..=codes
        .iter()
        .copied()
        .filter(|&code| code < 99)
        .max()
        .unwrap_or(0))
        .map(|name| name.to_string());
    Values::Categories {
        names: names.collect(),
        codes,
    }
}

fn classes(labels: impl Iterator<Item = usize>) -> Target {
    Target::Classes {
        name: "y".into(),
        labels: labels.collect(),
        classes: ["a", "b", "c"].map(String::from).to_vec(),
    }
}

fn numbers(values: impl Iterator<Item = f64>) -> Target {
    Target::Numbers {
        names: vec!["y".into()],
        values: values.collect(),
    }
}

#[test]
fn other_names_of_the_classes_are_a_copy() {
    let target = classes((0..60).map(|row| row % 3));
    let renamed = categories((0..60).map(|row| (row + 1) % 3));
    assert_eq!(Leak::of(&renamed, &target, 60), Some(Leak::Copy));
    let as_numbers = Values::Numbers((0..60).map(|row| f64::from(row % 3) * 0.5).collect());
    assert_eq!(Leak::of(&as_numbers, &target, 60), Some(Leak::Copy));
    let some_missing = categories((0..60).map(|row| match row % 7 {
        0 => Values::MISSING_CODE,
        _ => row % 3,
    }));
    assert_eq!(Leak::of(&some_missing, &target, 60), Some(Leak::Copy));
    // With ten rows of each it may be the category that decides, and with fewer it is chance.
    assert_eq!(Leak::of(&renamed, &target, 24), Some(Leak::Determines));
    assert_eq!(Leak::of(&renamed, &target, 18), None);
}

#[test]
fn equal_numbers_are_a_copy_and_a_line_determines() {
    let target = numbers((0..40).map(|row| f64::from(row * row % 37)));
    let column = |of: fn(f64) -> f64| {
        let values = (0..40).map(|row| of(f64::from(row * row % 37)));
        Values::Numbers(values.collect())
    };
    let leak = |values: &Values| Leak::of(values, &target, 40);
    assert_eq!(leak(&column(|y| y)), Some(Leak::Copy));
    assert_eq!(leak(&column(|y| 3.0 - 2.0 * y)), Some(Leak::Determines));
    assert_eq!(leak(&column(|y| (0.1 * y).exp())), Some(Leak::Determines));
    assert_eq!(leak(&column(|y| (y * 0.4).sin())), Some(Leak::Determines));
    let noisy = (0..40).map(|row| f64::from(row * row % 37) + f64::from(row % 5));
    assert_eq!(leak(&Values::Numbers(noisy.collect())), None);
}

#[test]
fn values_with_one_class_each_determine_it() {
    let target = classes((0..60).map(|row| row % 3));
    let finer = categories((0..60).map(|row| row % 6));
    assert_eq!(Leak::of(&finer, &target, 60), Some(Leak::Determines));
    let coarser = categories((0..60).map(|row| row % 3 / 2));
    assert_eq!(Leak::of(&coarser, &target, 60), None);
    let identifiers = categories(0..60);
    assert_eq!(Leak::of(&identifiers, &target, 60), None);
    let but_for_one = categories((0..60).map(|row| if row == 40 { 0 } else { row % 6 }));
    assert_eq!(Leak::of(&but_for_one, &target, 60), None);
}

#[test]
fn a_rare_class_is_determined_by_chance() {
    // A single row of a class always has a value of its own.
    let target = classes((0..60).map(|row| usize::from(row == 59)));
    let values = categories((0..60).map(|row| u32::from(row == 59)));
    assert_eq!(Leak::of(&values, &target, 60), None);
    let values = Values::Numbers((0..60).map(f64::from).collect());
    assert_eq!(Leak::of(&values, &target, 60), None);
}

#[test]
fn ranges_without_overlap_determine_the_class() {
    let target = classes((0..60).map(|row| row / 20));
    let ascending = |swapped: usize| {
        let value = |row: usize| {
            if row == swapped {
                7.5
            } else {
                row as f64 + 0.25
            }
        };
        Values::Numbers((0..60).map(value).collect())
    };
    assert_eq!(
        Leak::of(&ascending(99), &target, 60),
        Some(Leak::Determines)
    );
    assert_eq!(Leak::of(&ascending(30), &target, 60), None);
}
