/// A duration with the precision that an estimate has.
pub fn in_words(seconds: f64) -> String {
    match seconds {
        ..1.0 => "1 s".to_owned(),
        ..90.0 => format!("{seconds:.0} s"),
        ..5400.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_few_digits() {
        for (seconds, words) in [
            (0.2, "1 s"),
            (59.6, "60 s"),
            (91.0, "2 min"),
            (9000.0, "2.5 h"),
        ] {
            assert_eq!(in_words(seconds), words);
        }
    }
}
