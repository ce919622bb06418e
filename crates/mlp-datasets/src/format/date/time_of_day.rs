use chrono::NaiveTime;

/// The time of day behind a date, and its offset from UTC in seconds; midnight if there is none.
pub(super) fn time_of_day(text: &str) -> Option<(NaiveTime, i64)> {
    if text.is_empty() {
        return Some((NaiveTime::MIN, 0));
    }
    let text = text
        .strip_prefix(['T', 't', ':'])
        .unwrap_or_else(|| text.trim_start_matches([',', ' ']));
    let end = text
        .find(|character: char| {
            !character.is_ascii_digit() && !matches!(character, ':' | '.' | ',')
        })
        .unwrap_or(text.len());
    let (clock, mut rest) = text.split_at(end);
    rest = rest.trim_start();
    let digits = |range: std::ops::Range<usize>| clock.get(range);
    let joined = match (digits(0..2), digits(2..4), digits(4..6)) {
        // As in `134500`.
        (Some(hour), Some(minute), Some(second)) if !clock.contains(':') => {
            format!("{hour}:{minute}:{second}{}", &clock[6..])
        }
        _ => clock.to_owned(),
    };
    let mut fields = joined.split(':');
    let mut hour: u32 = fields.next()?.parse().ok()?;
    let minute: u32 = fields.next().unwrap_or("0").parse().ok()?;
    let seconds = fields.next().unwrap_or("0");
    let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
    let second: u32 = seconds.parse().ok()?;
    if fields.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micro: u32 = format!("{fraction:0<6.6}").parse().ok()?;
    if let Some((is_afternoon, behind)) = half_of_day(rest) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        rest = behind;
    } else if !joined.contains(':') && !rest.is_empty() {
        return None;
    }
    Some((
        NaiveTime::from_hms_micro_opt(hour, minute, second, micro)?,
        offset(rest)?,
    ))
}

/// Whether a text begins with PM, in contrast to AM, and what follows; `None` if it begins with neither.
fn half_of_day(text: &str) -> Option<(bool, &str)> {
    [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)]
        .into_iter()
        .find_map(|(name, is_afternoon)| {
            let (half, rest) = text.split_at_checked(name.len())?;
            let is_half = half.eq_ignore_ascii_case(name);
            is_half.then(|| (is_afternoon, rest.trim_start()))
        })
}

/// The offset of a zone from UTC, in seconds.
fn offset(zone: &str) -> Option<i64> {
    // As Go writes it: `+0000 UTC`.
    let zone = match zone.split_once(' ') {
        Some((offset, "UTC" | "GMT")) => offset,
        _ => zone,
    };
    if ["", "Z", "UTC", "GMT"]
        .iter()
        .any(|name| zone.eq_ignore_ascii_case(name))
    {
        return Some(0);
    }
    let (sign, digits) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes): (i64, i64) = match digits.len() {
        2 => (digits.parse().ok()?, 0),
        4 => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse().ok()?,
        ),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
