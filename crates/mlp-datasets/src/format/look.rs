use super::NumberVotes;

/// Whether a text looks like a number or a date, whether it is read as one or not: it begins like one and at least
/// half of it are digits, or it has a unit, or is a duration or a date with the name of a month.
pub fn looks_like_number(text: &str) -> bool {
    has_digits_like_number(text)
        || NumberVotes::looks_like_one(text)
        || is_duration(text)
        || has_month_and_year(text)
}

fn has_digits_like_number(text: &str) -> bool {
    let (mut digits, mut others) = (0, 0);
    for character in text.chars() {
        if character.is_numeric() {
            digits += 1;
        } else if !character.is_whitespace() {
            others += 1;
        }
    }
    let first = text.trim_start_matches(|character: char| !character.is_alphanumeric());
    digits >= others && first.starts_with(char::is_numeric)
}

/// Whether a text is a duration, such as `PT15H5M` or `18 h 7 min`.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 24] = [
        "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minute",
        "minutes", "ms", "s", "sec", "secs", "second", "seconds", "std", "w", "week", "weeks", "y",
    ];
    let is_part = |byte: u8| byte.is_ascii_digit() || b"YMWDTHS.,".contains(&byte);
    if let Some(rest) = text.strip_prefix('P') {
        return rest.len() > 1
            && rest.bytes().all(is_part)
            && rest.ends_with(|last: char| last.is_ascii_alphabetic());
    }
    let is_number = |character: char| character.is_ascii_digit() || matches!(character, '.' | ',');
    let mut units = text.split(is_number).map(str::trim);
    units.next() == Some("")
        && text.ends_with(char::is_alphabetic)
        && units
            .filter(|unit| !unit.is_empty())
            .all(|unit| UNITS.contains(&unit.to_lowercase().as_str()))
}

/// Whether a text has a word that begins like a month in one of some languages, and a year.
fn has_month_and_year(text: &str) -> bool {
    const MONTHS: [&str; 32] = [
        "jan", "feb", "mar", "mär", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt",
        "nov", "dec", "dez", "ene", "fév", "fev", "avr", "abr", "aoû", "ago", "out", "déc", "dic",
        "gen", "giu", "lug", "mag", "ott", "mei",
    ];
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    words.clone().any(is_year)
        && words.any(|word| {
            let word = word.to_lowercase();
            MONTHS.iter().any(|month| word.starts_with(month))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_look_like_it_in_whatever_format_they_are() {
        for text in [
            "3,5",
            "1.234,5",
            "5 kg",
            "2.7kg",
            "02.07.2024",
            "12. Mai 2023",
            "PT15H5M",
            "18 h 7 min",
            "Sat Apr 27 22:47:44 UTC 2024",
        ] {
            assert!(looks_like_number(text), "{text}");
        }
        for text in [
            "",
            "unknown",
            "A12",
            "12 Main Street",
            "P",
            "Marvel 3",
            "PORT 80",
        ] {
            assert!(!looks_like_number(text), "{text}");
        }
    }
}
