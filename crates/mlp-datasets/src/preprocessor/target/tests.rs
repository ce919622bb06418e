use super::*;

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn classes(names: &[&str]) -> TargetEncoding {
    TargetEncoding::Classes {
        name: "class".to_owned(),
        classes: strings(names),
    }
}

/// A target whose logarithms have the mean `ln 20000` and a standard deviation of 0.005.
fn logarithms() -> TargetScaling {
    TargetScaling {
        name: "y".to_owned(),
        mean: 20_000f64.ln(),
        std: 0.005,
        min: 19_000.0,
        max: 21_000.0,
        log_factor: Some(1.0),
    }
}

fn numbers(scaling: TargetScaling) -> TargetEncoding {
    TargetEncoding::Numbers {
        outputs: vec![scaling],
    }
}

#[test]
fn only_classes_of_the_given_rows_are_kept() {
    let target = Target::Classes {
        name: "class".to_owned(),
        labels: vec![2, 0, 1, 0],
        classes: strings(&["a", "b", "c"]),
    };
    let mut kept = classes(&["c", "b", "a"]);
    kept.keep_classes_of(&target, [0, 1, 3]);
    assert_eq!(kept, classes(&["c", "a"]));
    let mut unchanged = numbers(logarithms());
    unchanged.keep_classes_of(&target, [0]);
    assert_eq!(unchanged, numbers(logarithms()));
}

#[test]
fn a_target_has_the_names_of_what_is_predicted() {
    assert_eq!(classes(&["a", "b"]).names(), ["class"]);
    assert_eq!(numbers(logarithms()).names(), ["y"]);
    assert_eq!(TargetEncoding::Nothing.names(), [""; 0]);
    assert_eq!(numbers(logarithms()).classes(), None);
}

#[test]
fn another_number_of_targets_is_refused() {
    let two = Target::Numbers {
        names: strings(&["y", "z"]),
        values: vec![1.0, 2.0],
    };
    let error = numbers(logarithms()).encode(&two, &[0]).unwrap_err();
    let message = error.to_string();
    assert!(
        message.ends_with("it has 2 targets, but the model predicts 1"),
        "{message}"
    );
}

#[test]
fn numbers_are_rounded_to_a_ten_millionth_of_their_standard_deviation() {
    for (number, std, expected) in [
        (1.234_567_891_2, 1.0, 1.234_567_9),
        (1.234_567_891_2, 20.0, 1.234_568),
        (123.456_789_12, 1e7, 123.0),
        (123_456_789.0, 1e10, 123_457_000.0),
        (-123_456_789.0, 1e10, -123_457_000.0),
        // The last powers of ten that are exact.
        (1.234_567_891_2e-14, 1e-15, 1.234_567_89e-14),
        (1.234_567_891_2e-15, 1e-16, 1.234_567_891_2e-15),
        (1.234_567_891_2e30, 1e29, 1.234_567_89e30),
        (1.234_567_891_2e31, 1e30, 1.234_567_891_2e31),
        // The product with a power of ten would be infinite.
        (1e300, 1e-10, 1e300),
    ] {
        let found = round(number, std);
        assert!(
            (found - expected).abs() <= 1e-15 * expected.abs(),
            "{found} for {number} with {std}"
        );
    }
}

#[test]
fn a_power_is_rounded_by_the_deviation_that_it_has_in_the_units_of_the_data() {
    // Half a standard deviation above the mean: 20000·e^0.0025 = 20050.0625521. A deviation there is 20050·0.005 = 100,
    // a ten-millionth of which is 0.00001.
    let restored = numbers(logarithms()).restore(0.5, 0);
    assert!((restored - 20_050.062_55).abs() < 1e-9, "{restored}");
}

#[test]
fn zero_is_learned_as_the_smallest_number_where_logarithms_are() {
    let scaling = logarithms();
    assert_eq!(scaling.scale(0.0), scaling.scale(19_000.0));
    assert!(scaling.scale(0.0).is_finite());
}

#[test]
fn a_unit_of_a_standardised_number_is_its_standard_deviation() {
    let scaling = TargetScaling {
        log_factor: None,
        ..logarithms()
    };
    assert_eq!(scaling.unit(3.0), 0.005);
}

#[test]
fn only_a_ratio_above_0_corrects_the_mean() {
    let mut encoding = numbers(logarithms());
    for ratio in [f64::NAN, f64::INFINITY, 0.0, -2.0, 1.5, 2.0] {
        encoding.correct_mean(0, ratio);
    }
    let corrected = TargetScaling {
        log_factor: Some(3.0),
        ..logarithms()
    };
    assert_eq!(encoding, numbers(corrected));
}

#[test]
fn classes_of_a_damaged_file_are_faulty() {
    assert_eq!(classes(&["a", "b"]).fault(), None);
    assert_eq!(
        classes(&["a", "b", "a"]).fault().unwrap(),
        "two classes of `class` are called `a`"
    );
    let without_outputs = TargetEncoding::Numbers {
        outputs: Vec::new(),
    };
    assert_eq!(without_outputs.fault().unwrap(), "it has no target");
    assert_eq!(TargetEncoding::Nothing.fault(), None);
}

#[test]
fn numbers_of_a_damaged_file_are_faulty() {
    let fault = |change: &dyn Fn(&mut TargetScaling)| {
        let mut scaling = logarithms();
        change(&mut scaling);
        numbers(scaling).fault()
    };
    assert_eq!(fault(&|_| ()), None);
    assert_eq!(fault(&|it| it.log_factor = None), None);
    // A target that does not vary.
    assert_eq!(fault(&|it| it.max = it.min), None);
    // Numbers of which no logarithm is learned may be below 0.
    let below = |it: &mut TargetScaling| (it.min, it.log_factor) = (-1.0, None);
    assert_eq!(fault(&below), None);

    let bad = [f64::NAN, f64::INFINITY];
    for bad in bad {
        for (fault, start) in [
            (fault(&|it| it.mean = bad), "the mean of `y` is "),
            (fault(&|it| it.min = -bad), "the range of `y` is "),
            (fault(&|it| it.max = bad), "the range of `y` is "),
        ] {
            assert!(fault.unwrap().starts_with(start), "{bad}");
        }
    }
    assert_eq!(
        fault(&|it| it.min = 22_000.0).unwrap(),
        "the range of `y` is 22000 to 21000"
    );
    for bad in bad.into_iter().chain([0.0, -1.0]) {
        assert_eq!(
            fault(&|it| it.std = bad).unwrap(),
            format!("the standard deviation of `y` is {bad}, but must be finite and above 0")
        );
        assert_eq!(
            fault(&|it| it.log_factor = Some(bad)).unwrap(),
            format!("the factor of `y` is {bad}, but must be finite and above 0")
        );
    }
    for (bad, expected) in [(0.0, "0"), (-1.0, "-1")] {
        assert_eq!(
            fault(&|it| it.min = bad).unwrap(),
            format!("`y` has {expected}, but is learned as a logarithm")
        );
    }
}
