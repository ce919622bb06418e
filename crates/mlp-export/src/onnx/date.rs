//! The parts of a date, from seconds since the beginning of 1970, as [`DatePart::of`].

use mlp_datasets::DatePart;

use super::graph::{ElementType, Graph, Tensor};

const SECONDS_PER_DAY: f64 = 86_400.0;
const SECONDS_PER_HOUR: f64 = 3_600.0;

/// The numbers that the parts of dates are, each `[N, 1]` in double precision. The dates have that shape too, and
/// none is missing.
pub fn parts(graph: &mut Graph, seconds: &Tensor, parts: &[DatePart]) -> Vec<Tensor> {
    let day = graph.double(SECONDS_PER_DAY);
    let elapsed = graph.div(seconds, &day);
    let days = graph.map("Floor", &elapsed);
    let civil = parts
        .iter()
        .any(|part| matches!(part, DatePart::Year | DatePart::Month | DatePart::Day))
        .then(|| Civil::of(graph, &days));
    let civil = civil.as_ref();
    let number = |part: &DatePart| match part {
        DatePart::Year => civil.map_or(&days, |civil| &civil.year).clone(),
        DatePart::Month => civil.map_or(&days, |civil| &civil.month).clone(),
        DatePart::Day => civil.map_or(&days, |civil| &civil.day).clone(),
        DatePart::Weekday => weekday(graph, &days),
        DatePart::Hour => hour(graph, seconds, &days),
        DatePart::Elapsed => elapsed.clone(),
    };
    parts.iter().map(number).collect()
}

/// From 1, Monday, to 7. The first day of 1970 was a Thursday.
fn weekday(graph: &mut Graph, days: &Tensor) -> Tensor {
    let (three, one) = (graph.double(3.0), graph.double(1.0));
    let since_monday = graph.add(days, &three);
    let rest = remainder(graph, &since_monday, 7.0);
    graph.add(&rest, &one)
}

fn hour(graph: &mut Graph, seconds: &Tensor, days: &Tensor) -> Tensor {
    let (day, hour) = (
        graph.double(SECONDS_PER_DAY),
        graph.double(SECONDS_PER_HOUR),
    );
    let midnight = graph.mul(days, &day);
    let since = graph.sub(seconds, &midnight);
    let hours = graph.div(&since, &hour);
    graph.map("Floor", &hours)
}

/// The date in the Gregorian calendar.
struct Civil {
    year: Tensor,
    month: Tensor,
    day: Tensor,
}

impl Civil {
    /// Of days since the beginning of 1970, by `civil_from_days` of
    /// [Hinnant 2021](https://howardhinnant.github.io/date_algorithms.html). Years begin in March there, so that a
    /// leap day is the last one.
    fn of(graph: &mut Graph, days: &Tensor) -> Self {
        let offset = graph.double(719_468.0);
        let days = graph.add(days, &offset);
        let era = whole(graph, &days, 146_097.0);
        let day_of_era = remainder(graph, &days, 146_097.0);
        // yoe = (doe − doe/1460 + doe/36524 − doe/146096) / 365
        let (a, b, c) = (
            whole(graph, &day_of_era, 1_460.0),
            whole(graph, &day_of_era, 36_524.0),
            whole(graph, &day_of_era, 146_096.0),
        );
        let days = graph.sub(&day_of_era, &a);
        let days = graph.add(&days, &b);
        let days = graph.sub(&days, &c);
        let year_of_era = whole(graph, &days, 365.0);
        let era = times(graph, &era, 400.0);
        let year = graph.add(&year_of_era, &era);
        // doy = doe − (365·yoe + yoe/4 − yoe/100)
        let whole_years = times(graph, &year_of_era, 365.0);
        let day_of_year = graph.sub(&day_of_era, &whole_years);
        let leap_days = whole(graph, &year_of_era, 4.0);
        let day_of_year = graph.sub(&day_of_year, &leap_days);
        let left_out = whole(graph, &year_of_era, 100.0);
        let day_of_year = graph.add(&day_of_year, &left_out);
        // mp = (5·doy + 2) / 153 is the month from March, from 0.
        let (one, two) = (graph.double(1.0), graph.double(2.0));
        let month = times(graph, &day_of_year, 5.0);
        let month = graph.add(&month, &two);
        let month = whole(graph, &month, 153.0);
        // d = doy − (153·mp + 2)/5 + 1
        let before = times(graph, &month, 153.0);
        let before = graph.add(&before, &two);
        let before = whole(graph, &before, 5.0);
        let day = graph.sub(&day_of_year, &before);
        let day = graph.add(&day, &one);
        // January and February belong to the next year.
        let last = graph.double(9.0);
        let is_next = graph.compare("Less", &last, &month);
        let is_next = graph.cast(&is_next, ElementType::Double);
        let (three, twelve) = (graph.double(3.0), graph.double(12.0));
        let month = graph.add(&month, &three);
        let too_much = graph.mul(&is_next, &twelve);
        Self {
            year: graph.add(&year, &is_next),
            month: graph.sub(&month, &too_much),
            day,
        }
    }
}

/// `⌊x / divisor⌋`.
fn whole(graph: &mut Graph, x: &Tensor, divisor: f64) -> Tensor {
    let divisor = graph.double(divisor);
    let quotient = graph.div(x, &divisor);
    graph.map("Floor", &quotient)
}

/// `x − divisor·⌊x / divisor⌋`.
fn remainder(graph: &mut Graph, x: &Tensor, divisor: f64) -> Tensor {
    let quotient = whole(graph, x, divisor);
    let multiple = times(graph, &quotient, divisor);
    graph.sub(x, &multiple)
}

fn times(graph: &mut Graph, x: &Tensor, factor: f64) -> Tensor {
    let factor = graph.double(factor);
    graph.mul(x, &factor)
}

#[cfg(test)]
mod tests {
    use mlp_datasets::strum::VariantArray;

    use super::*;
    use crate::evaluator::{Array, Data};
    use crate::onnx::graph::testing::computed;

    #[test]
    fn parts_are_those_of_the_preprocessor() {
        // Midnights around leap days, ends of years and of centuries, and before 1970; and times of day.
        let mut seconds = vec![
            0.0,
            -1.0,
            1.0,
            1_709_214_300.0,
            1_709_251_199.5,
            -2_203_891_200.0,
        ];
        for day in (-60_000..60_000).step_by(97) {
            seconds.push(f64::from(day) * SECONDS_PER_DAY);
            seconds.push(f64::from(day) * SECONDS_PER_DAY + 86_399.0);
        }
        for year in [1600, 1899, 1900, 1970, 1999, 2000, 2023, 2024, 2100] {
            for days in [-1, 0, 58, 59, 60, 364, 365] {
                let day = (year - 1970) * 365 + (year - 1969) / 4 + days;
                seconds.push(f64::from(day) * SECONDS_PER_DAY);
            }
        }
        for &part in DatePart::VARIANTS {
            let input = Array {
                shape: vec![seconds.len(), 1],
                data: Data::Double(seconds.clone()),
            };
            let found = computed(input, |graph, x| parts(graph, x, &[part]).remove(0));
            let Data::Double(found) = found.data else {
                panic!("dates are of double precision");
            };
            for (&seconds, found) in seconds.iter().zip(found) {
                #[expect(clippy::cast_possible_truncation)] // Whole numbers of microseconds.
                let expected = part.of((seconds * 1e6) as i64);
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{part} of {seconds}: {found}"
                );
            }
        }
    }
}
