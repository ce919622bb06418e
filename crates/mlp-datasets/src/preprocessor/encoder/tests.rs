use crate::{
    CategoryEncoding, Column, Preprocessor, PreprocessorConfig, Scaling, Table, UnseenValues,
    Values,
};

#[test]
fn a_date_that_was_never_missing_in_training_is_counted_where_it_is() {
    const DAY: i64 = 86_400_000_000;
    let dates = |dates: &[i64]| {
        let values = Values::Dates(dates.to_vec());
        let name = "when".to_owned();
        Table::new(vec![Column { name, values }], None).unwrap()
    };
    let fitted = dates(&[0, 40 * DAY, 400 * DAY]);
    let preprocessor = Preprocessor::fit_features(&fitted, &[0, 1, 2], Scaling::Standard).unwrap();
    let missing = Values::MISSING_DATE;
    let later = dates(&[missing, 40 * DAY, missing]);
    let inputs = preprocessor.transform(&later, &[0, 1, 2]).unwrap();
    let unseen = UnseenValues {
        feature: "when".to_owned(),
        unseen: 0,
        missing: 2,
    };
    assert_eq!(inputs.unseen_values, [unseen]);
    // All three have the inputs of the middle date.
    let (first, others) = inputs.numbers.split_at(preprocessor.width());
    assert_eq!(others, [first, first].concat());
}

#[test]
fn a_row_has_the_same_inputs_alone_and_among_many() {
    const NUM_ROWS: u32 = 150;
    let column = |name: &str, values| Column {
        name: name.to_owned(),
        values,
    };
    let category = |count: u32, divisor: u32| Values::Categories {
        codes: (0..NUM_ROWS).map(|row| row / divisor % count).collect(),
        names: (0..count).map(|name| format!("{name:02}")).collect(),
    };
    let numbers =
        |of: fn(f64) -> f64| Values::Numbers((0..NUM_ROWS).map(f64::from).map(of).collect());
    let columns = vec![
        column("a", numbers(|row| row)),
        column("twelve", category(12, 1)),
        column("three", category(3, 7)),
        column("b", numbers(|row| -row * row)),
        column("fifteen", category(15, 2)),
    ];
    let table = Table::new(columns, None).unwrap();
    let rows: Vec<usize> = (0..NUM_ROWS as usize).collect();
    let config = PreprocessorConfig {
        categories: CategoryEncoding::Auto,
        ..Scaling::None.into()
    };
    let preprocessor = Preprocessor::fit_features(&table, &rows, config).unwrap();
    let together = preprocessor.transform(&table, &rows).unwrap();
    assert_eq!(preprocessor.width(), 5);
    assert_eq!(preprocessor.cardinalities(), [14, 17]);
    for &row in &rows {
        let alone = preprocessor.transform(&table, &[row]).unwrap();
        assert_eq!(together.numbers[row * 5..][..5], alone.numbers);
        assert_eq!(together.categories[row * 2..][..2], alone.categories);
        let number = row as f32;
        assert_eq!(
            (alone.numbers[0], alone.numbers[4]),
            (number, -number * number)
        );
        let mut of_three = [0.0; 3];
        of_three[row / 7 % 3] = 1.0;
        assert_eq!(alone.numbers[1..4], of_three);
        // After the indices of other and missing values.
        let indices = [row % 12 + 2, row / 2 % 15 + 2].map(|index| u32::try_from(index).unwrap());
        assert_eq!(alone.categories, indices);
    }
}
