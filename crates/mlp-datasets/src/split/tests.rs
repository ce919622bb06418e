use super::*;
use crate::{BuiltIn, LoadOptions, Target};
use std::collections::BTreeSet;

/// A table whose classes have the given numbers of rows, taken in turn.
fn table(counts: &[usize]) -> Table {
    let largest = counts.iter().copied().max().unwrap();
    let labels: Vec<usize> = (0..largest)
        .flat_map(|i| (0..counts.len()).filter(move |&class| i < counts[class]))
        .collect();
    let names = (0..counts.len()).map(|class| class.to_string()).collect();
    let target = Target::Classes {
        name: "class".into(),
        labels: labels.clone(),
        classes: names,
    };
    Table::from_rows(vec!["x".into()], &vec![0.0; labels.len()], Some(target)).unwrap()
}

fn numbers(rows: usize) -> Table {
    let target = Target::Numbers {
        names: vec!["y".into()],
        values: vec![0.0; rows],
    };
    Table::from_rows(vec!["x".into()], &vec![0.0; rows], Some(target)).unwrap()
}

fn config(test_size: f64, valid_size: f64, seed: u64) -> SplitConfig {
    SplitConfig {
        test_size,
        valid_size,
        seed,
    }
}

fn split(table: &Table, config: &SplitConfig) -> Split {
    Split::new(table, &Partition::Random, config).unwrap()
}

fn lengths(split: &Split) -> [usize; 3] {
    [split.train.len(), split.valid.len(), split.test.len()]
}

fn of_class(table: &Table, rows: &[usize], class: usize) -> usize {
    let Some(Target::Classes { labels, .. }) = table.target() else {
        panic!("a classification");
    };
    rows.iter().filter(|&&row| labels[row] == class).count()
}

#[test]
fn every_class_of_iris_is_split_30_10_10() {
    let iris = BuiltIn::Iris.load(&LoadOptions::default()).unwrap().table;
    for seed in 0..5 {
        let split = split(&iris, &config(0.2, 0.2, seed));
        for class in 0..3 {
            assert_eq!(of_class(&iris, &split.train, class), 30);
            assert_eq!(of_class(&iris, &split.valid, class), 10);
            assert_eq!(of_class(&iris, &split.test, class), 10);
        }
    }
}

#[test]
fn parts_are_ascending_and_hold_every_row_once() {
    for table in [table(&[7, 5, 11]), numbers(23), table(&[1, 2, 20])] {
        let Split { train, valid, test } = split(&table, &SplitConfig::default());
        for rows in [&train, &valid, &test] {
            assert!(rows.is_sorted(), "{rows:?}");
        }
        let all: BTreeSet<usize> = [train, valid, test].concat().into_iter().collect();
        assert_eq!(all, (0..23).collect());
    }
}

#[test]
fn numbers_are_split_by_largest_remainder() {
    // 442 rows: 0.6 are 265.2 and 0.2 are 88.4, so the 442nd goes to a part with 0.4.
    assert_eq!(
        lengths(&split(&numbers(442), &SplitConfig::default())),
        [265, 88, 89]
    );
    // 10 rows: 0.35 are 3.5, 0.1 are 1, 0.55 are 5.5.
    let [train, valid, test] = lengths(&split(&numbers(10), &config(0.35, 0.1, 0)));
    assert_eq!((train + test, valid), (9, 1));
}

#[test]
fn sizes_are_right_even_where_rounding_within_classes_would_not_add_up() {
    // Each of six classes has 1.5 rows for testing, 1.5 for validation and 3 for training; in total
    // these are 9, 9 and 18. Three classes must be rounded one way and three the other.
    let split = split(&table(&[6; 6]), &config(0.25, 0.25, 0));
    assert_eq!(lengths(&split), [18, 9, 9]);
}

#[test]
fn small_classes_give_their_first_row_to_training_and_their_second_to_testing() {
    let table = table(&[1, 2, 30]);
    // The shares alone would leave neither of them to training.
    let split = split(&table, &config(0.45, 0.45, 0));
    let in_parts =
        |class| [&split.train, &split.test, &split.valid].map(|rows| of_class(&table, rows, class));
    assert_eq!(in_parts(0), [1, 0, 0]);
    assert_eq!(in_parts(1), [1, 1, 0]);
}

#[test]
fn a_class_with_a_row_for_each_part_is_split_by_the_shares() {
    let table = table(&[3, 30]);
    let split = split(&table, &SplitConfig::default());
    let in_parts =
        |class| [&split.train, &split.test, &split.valid].map(|rows| of_class(&table, rows, class));
    // 1.8, 0.6 and 0.6 rows, of which the first two are rounded up.
    assert_eq!(in_parts(0), [2, 1, 0]);
    assert_eq!(in_parts(1), [18, 6, 6]);
}

#[test]
fn no_part_is_empty() {
    for counts in [&[3][..], &[1, 1, 1], &[2, 2], &[2, 2, 2], &[4]] {
        let split = split(&table(counts), &config(0.05, 0.05, 0));
        assert!(!lengths(&split).contains(&0), "{counts:?}: {split:?}");
    }
    assert_eq!(
        Split::new(&numbers(2), &Partition::Random, &SplitConfig::default())
            .unwrap_err()
            .to_string(),
        "2 rows are too few to train, validate and test"
    );
}

#[test]
fn another_seed_gives_another_split() {
    let table = table(&[20, 30]);
    let with = |seed| split(&table, &config(0.2, 0.2, seed));
    assert_eq!(with(3), with(3));
    assert_ne!(with(3), with(4));
}

#[test]
fn fixed_test_rows_are_kept() {
    let table = numbers(10);
    let partition = Partition::Official { test_start: 8 };
    let split = Split::new(&table, &partition, &config(0.5, 0.25, 0)).unwrap();

    assert_eq!(split.test, [8, 9]);
    // A quarter of the other eight, whatever the test size.
    assert_eq!(lengths(&split), [6, 2, 2]);
    for test_start in [0, 1, 10, 11] {
        let partition = Partition::Official { test_start };
        assert!(Split::new(&table, &partition, &SplitConfig::default()).is_err());
    }
}

#[test]
fn a_whole_partition_uses_every_row_in_every_part() {
    let split = Split::new(&numbers(4), &Partition::Whole, &SplitConfig::default()).unwrap();
    for rows in [split.train, split.valid, split.test] {
        assert_eq!(rows, [0, 1, 2, 3]);
    }
}

#[test]
fn a_column_may_give_the_part_of_each_row() {
    let [train, valid, test] = [SplitName::Train, SplitName::Valid, SplitName::Test];
    let table = numbers(6);
    let given = Partition::Given(vec![test, train, valid, train, train, test]);
    let found = Split::new(&table, &given, &SplitConfig::default()).unwrap();
    assert_eq!(found.train, [1, 3, 4]);
    assert_eq!(found.valid, [2]);
    assert_eq!(found.test, [0, 5]);

    // Without validation rows, some of the training rows become those.
    let given = Partition::Given(vec![test, train, train, train, train, test]);
    let found = Split::new(&table, &given, &SplitConfig::default()).unwrap();
    assert_eq!(lengths(&found), [3, 1, 2]);

    let given = Partition::Given(vec![train; 6]);
    assert!(Split::new(&table, &given, &SplitConfig::default()).is_err());
}

#[test]
fn no_group_is_in_two_parts() {
    let groups: Vec<usize> = (0..200).map(|row| row % 23).collect();
    let partition = Partition::Groups(groups.clone());
    let config = SplitConfig::default();
    let splits = Split::folds(&numbers(200), &partition, &config, 5).unwrap();
    let one = Split::new(&numbers(200), &partition, &config).unwrap();
    for Split { train, valid, test } in splits.into_iter().chain([one]) {
        let groups_of =
            |rows: &[usize]| -> BTreeSet<usize> { rows.iter().map(|&row| groups[row]).collect() };
        let [train_groups, valid_groups, test_groups] =
            [&train, &valid, &test].map(|rows| groups_of(rows));
        assert!(train_groups.is_disjoint(&valid_groups));
        assert!(train_groups.is_disjoint(&test_groups));
        assert!(valid_groups.is_disjoint(&test_groups));
        // A fifth of 200 rows is 40; a group has 8 or 9.
        assert!((30..=50).contains(&test.len()), "{}", test.len());
        assert!((22..=50).contains(&valid.len()), "{}", valid.len());
    }
}

#[test]
fn the_latest_rows_are_for_testing_and_those_before_them_for_validation() {
    let times = vec![5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0, 0.0];
    let found = Split::new(
        &numbers(10),
        &Partition::Time {
            times,
            feature: None,
        },
        &SplitConfig::default(),
    )
    .unwrap();
    assert_eq!(found.test, [2, 6]);
    assert_eq!(found.valid, [4, 8]);
    assert_eq!(found.train, [0, 1, 3, 5, 7, 9]);
}

#[test]
fn each_row_is_tested_in_one_fold_and_folds_are_stratified() {
    let table = table(&[50, 20, 10]);
    let folds = Split::folds(&table, &Partition::Random, &SplitConfig::default(), 5).unwrap();
    let mut tested: Vec<usize> = Vec::new();
    for fold in &folds {
        assert_eq!(
            [0, 1, 2].map(|class| of_class(&table, &fold.test, class)),
            [10, 4, 2]
        );
        // 0.2 of the other 64 rows, of which 40, 16 and 8 are of each class.
        assert_eq!(
            [0, 1, 2].map(|class| of_class(&table, &fold.valid, class)),
            [8, 3, 2]
        );
        tested.extend(&fold.test);
    }
    tested.sort_unstable();
    assert_eq!(tested, (0..80).collect::<Vec<_>>());
    assert!(Split::folds(&table, &Partition::Whole, &SplitConfig::default(), 5).is_err());
}

#[test]
fn there_are_from_two_folds_to_one_for_each_row() {
    let folds = |num_folds| {
        let table = numbers(10);
        Split::folds(
            &table,
            &Partition::Random,
            &SplitConfig::default(),
            num_folds,
        )
    };
    for num_folds in [2, 10] {
        let folds = folds(num_folds).unwrap();
        assert_eq!(folds.len(), num_folds);
        assert!(folds.iter().all(|fold| fold.test.len() == 10 / num_folds));
    }
    for num_folds in [0, 1, 11] {
        assert_eq!(
            folds(num_folds).unwrap_err().to_string(),
            format!("`folds` is {num_folds}, but must be from 2 to the number of rows, 10")
        );
    }
}

#[test]
fn each_name_has_the_rows_of_its_part() {
    let split = split(&numbers(10), &config(0.2, 0.1, 0));
    assert_eq!(lengths(&split), [7, 1, 2]);
    let rows = [SplitName::Train, SplitName::Valid, SplitName::Test].map(|name| name.rows(&split));
    assert_eq!(rows, [&split.train[..], &split.valid, &split.test]);
}

#[test]
fn networks_of_an_ensemble_are_validated_on_other_rows_each() {
    let table = table(&[40, 60]);
    let config = config(0.2, 0.2, 3);
    let splits = Split::rotations(&table, &Partition::Random, &config, 5).unwrap();
    assert_eq!(splits[0], split(&table, &config));
    let mut validated = BTreeSet::new();
    // 80 rows are not for testing: four parts of 20, with 8 and 12 of the classes.
    for rotation in &splits[..4] {
        assert_eq!(lengths(rotation), [60, 20, 20]);
        assert_eq!(rotation.test, splits[0].test);
        assert_eq!(of_class(&table, &rotation.valid, 0), 8);
        assert!(rotation.train.is_sorted() && rotation.valid.is_sorted());
        assert!(rotation.valid.iter().all(|row| validated.insert(*row)));
    }
    assert!(splits[0].learned().into_iter().eq(validated));
    assert_eq!(splits[4], splits[0]);
}

#[test]
fn the_parts_of_an_ensemble_are_about_as_large_as_the_first() {
    // Besides four validation rows there are ten: three parts are nearer to four rows than two are.
    let table = numbers(20);
    let splits = Split::rotations(&table, &Partition::Random, &config(0.3, 0.2, 0), 5).unwrap();
    let sizes: Vec<usize> = splits.iter().map(|split| split.valid.len()).collect();
    assert_eq!(sizes, [4, 4, 3, 3, 4]);
    assert_eq!(splits[4], splits[0]);
}

#[test]
fn without_given_validation_rows_networks_are_validated_on_other_rows_each() {
    let mut parts = vec![SplitName::Train; 12];
    parts[3] = SplitName::Test;
    let partition = Partition::Given(parts);
    let splits = Split::rotations(&numbers(12), &partition, &SplitConfig::default(), 2).unwrap();
    assert_eq!([&splits[0].test, &splits[1].test], [&[3], &[3]]);
    assert!(
        splits[0]
            .valid
            .iter()
            .all(|row| !splits[1].valid.contains(row))
    );
}

#[test]
fn groups_are_validated_on_as_a_whole() {
    let groups: Vec<usize> = (0..60).map(|row| row % 10).collect();
    let partition = Partition::Groups(groups.clone());
    let splits = Split::rotations(&numbers(60), &partition, &config(0.2, 0.2, 0), 4).unwrap();
    let mut validated = BTreeSet::new();
    for rotation in &splits {
        let groups_of = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect();
        let (train, valid): (BTreeSet<usize>, BTreeSet<usize>) =
            (groups_of(&rotation.train), groups_of(&rotation.valid));
        assert!(train.is_disjoint(&valid));
        assert!(valid.into_iter().all(|group| validated.insert(group)));
    }
}

#[test]
fn fixed_validation_rows_are_those_of_every_network() {
    let parts = [SplitName::Train, SplitName::Valid, SplitName::Test];
    let partition = Partition::Given(parts.to_vec());
    let splits = Split::rotations(&numbers(3), &partition, &SplitConfig::default(), 2).unwrap();
    assert_eq!(splits[0], splits[1]);
    assert_eq!(splits[0].valid, [1]);
}
