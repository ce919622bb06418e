use std::borrow::Cow;

use mlp_datasets::{Column, Error, Table, Values};

/// The rows of several tables with the same columns, one table's after another's.
///
/// # Errors
///
/// If there is no table.
pub fn merged<'a>(tables: &[&'a Table]) -> Result<Cow<'a, Table>, Error> {
    let [first, others @ ..] = tables else {
        return Table::new(Vec::new(), None).map(Cow::Owned);
    };
    if others.is_empty() {
        return Ok(Cow::Borrowed(*first));
    }
    let columns = first.columns().iter().enumerate().map(|(index, column)| {
        let mut values = column.values.clone();
        for other in others {
            append(&mut values, &other.columns()[index].values);
        }
        Column {
            name: column.name.clone(),
            values,
        }
    });
    Table::new(columns.collect(), None).map(Cow::Owned)
}

fn append(all: &mut Values, more: &Values) {
    match (all, more) {
        (Values::Numbers(all), Values::Numbers(more)) => all.extend(more),
        (Values::Dates(all), Values::Dates(more)) => all.extend(more),
        (
            Values::Categories { codes, names },
            Values::Categories {
                codes: more,
                names: more_names,
            },
        ) => {
            // A name may be there twice, which costs less than looking for it.
            let first = u32::try_from(names.len()).unwrap_or(Values::MISSING_CODE);
            names.extend_from_slice(more_names);
            codes.extend(more.iter().map(|&code| {
                if code == Values::MISSING_CODE {
                    code
                } else {
                    first.saturating_add(code)
                }
            }));
        }
        (Values::Numbers(_) | Values::Dates(_) | Values::Categories { .. }, _) => {
            unreachable!("the tables have the columns of one schema")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(numbers: &[f64], codes: &[u32], names: &[&str]) -> Table {
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            values,
        };
        let names = names.iter().map(ToString::to_string).collect();
        let codes = codes.to_vec();
        let columns = vec![
            column("x", Values::Numbers(numbers.to_vec())),
            column("c", Values::Categories { codes, names }),
            column("d", Values::Dates(vec![7; numbers.len()])),
        ];
        Table::new(columns, None).unwrap()
    }

    #[test]
    fn rows_follow_each_other_and_keep_their_categories() {
        let missing = Values::MISSING_CODE;
        let first = table(&[1.0, 2.0], &[0, missing], &["red"]);
        let second = table(&[3.0, 4.0], &[1, 0], &["blue", "red"]);

        let all = merged(&[&first, &second]).unwrap();

        assert_eq!(
            all.columns()[0].values,
            Values::Numbers(vec![1.0, 2.0, 3.0, 4.0])
        );
        let Values::Categories { codes, names } = &all.columns()[1].values else {
            panic!("the column is categorical");
        };
        let name = |code: &u32| names.get(*code as usize).map(String::as_str);
        let of_rows: Vec<_> = codes.iter().map(name).collect();
        assert_eq!(of_rows, [Some("red"), None, Some("red"), Some("blue")]);
        assert_eq!(all.num_rows(), 4);
    }

    #[test]
    fn a_single_table_is_not_copied() {
        let one = table(&[1.0], &[0], &["red"]);
        assert!(matches!(merged(&[&one]), Ok(Cow::Borrowed(_))));
        assert!(merged(&[]).is_err());
    }
}
