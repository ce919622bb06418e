//! Tables that differ in kinds of columns, missing cells, tasks, sizes of numbers and dialects.

use std::fmt::Write;

use crate::program::fruit;

/// A table, and what is predicted of it.
pub struct Sample {
    pub name: &'static str,
    pub csv: String,
    pub targets: &'static [&'static str],
}

const ROWS: usize = 160;

pub fn samples() -> [Sample; 10] {
    [
        mixed(),
        numbers(),
        texts(),
        whole_numbers_as_classes(),
        number(),
        large_number(),
        two_numbers(),
        dates(),
        missing_cells(),
        decimal_commas(),
    ]
}

pub fn mixed() -> Sample {
    Sample {
        name: "mixed",
        csv: fruit(ROWS),
        targets: &["kind"],
    }
}

fn numbers() -> Sample {
    sample("numbers", &["side"], "x,y,side", |row| {
        let (x, y) = (wave(row, 7.0), wave(row, 3.0));
        format!("{x},{y},{}", if x * y > 0.0 { "in" } else { "out" })
    })
}

fn texts() -> Sample {
    sample("texts", &["mood"], "weather,day,mood", |row| {
        let weather = ["sun", "rain", "\"ice \"\"and\"\" snow\""][row % 3];
        let day = ["Mo", "Tü", "世"][row % 7 % 3];
        format!("{weather},{day},{}", ["good", "bad", "bad"][row % 3])
    })
}

fn whole_numbers_as_classes() -> Sample {
    sample("whole", &["digit"], "a,b,digit", |row| {
        format!("{},{},{}", row % 4, wave(row, 5.0), row % 4)
    })
}

pub fn number() -> Sample {
    sample("number", &["price"], "area,town,price", |row| {
        let area = 40 + 37 * row % 101;
        let price = 2_000 * area + 9_000 * (row % 2);
        format!("{area},{},{price}", ["north", "south"][row % 2])
    })
}

fn large_number() -> Sample {
    sample("large", &["people"], "latitude,people", |row| {
        let latitude = wave(row, 9.0);
        format!("{latitude},{}", 7.1e9 + 1e8 * latitude)
    })
}

fn two_numbers() -> Sample {
    sample("two", &["low", "high"], "x,low,high", |row| {
        let x = wave(row, 4.0);
        format!("{x},{},{}", x - 1.0, 10.0 * x + 0.5)
    })
}

fn dates() -> Sample {
    sample("dates", &["sales"], "day,shop,sales", |row| {
        let (month, day) = (row / 28 + 1, row % 28 + 1);
        let sales = 100 + 10 * month + day;
        format!("2024-{month:02}-{day:02},{},{sales}", row % 5)
    })
}

fn missing_cells() -> Sample {
    sample("missing", &["label"], "a,b,label", |row| {
        let a = wave(row, 6.0).to_string();
        let a = if row % 5 == 0 { "" } else { &a };
        let b = if row % 7 == 0 {
            "NA"
        } else {
            ["p", "q"][row % 2]
        };
        format!("{a},{b},{}", ["no", "yes"][row % 2])
    })
}

fn decimal_commas() -> Sample {
    sample("commas", &["y"], "x;z;y", |row| {
        let x = wave(row, 8.0);
        let line = format!("{x};{};{}", 0.5 + row as f64, 3.0 * x + 0.25);
        line.replace('.', ",")
    })
}

/// A table whose cells are computed from the number of their row.
fn sample(
    name: &'static str,
    targets: &'static [&'static str],
    header: &str,
    row: impl Fn(usize) -> String,
) -> Sample {
    let mut csv = format!("{header}\n");
    for number in 0..ROWS {
        writeln!(csv, "{}", row(number)).unwrap();
    }
    Sample { name, csv, targets }
}

/// A wave along the rows, of four decimals.
fn wave(row: usize, length: f64) -> f64 {
    ((row as f64 / length).sin() * 1e4).round() / 1e4
}
