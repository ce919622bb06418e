use std::sync::Once;

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    FontDesc, FontFamily, FontStyle, FontTransform, TextStyle, register_font as register,
};

use super::canvas::{Area, DrawResult, size_of};
use super::color::INK;

/// The font size of a title.
pub(super) const TITLE: i32 = 40;
/// The font size of headings, names and numbers.
pub(super) const LABEL: i32 = 28;
/// The font size of what is said in passing.
pub(super) const SMALL: i32 = 23;

/// Makes the built-in font known under the name `sans-serif`.
pub(super) fn register_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let font = dejavu::sans::regular();
        let registered = register(FontFamily::SansSerif.as_str(), FontStyle::Normal, font);
        assert!(registered.is_ok(), "the built-in font is a font");
    });
}

/// Dark text of a font size, centred vertically and aligned horizontally at where it is written.
pub(super) fn style(size: i32, align: HPos) -> TextStyle<'static> {
    let font = FontDesc::new(FontFamily::SansSerif, size.into(), FontStyle::Normal);
    TextStyle::from(font)
        .pos(Pos::new(align, VPos::Center))
        .color(&INK)
}

/// The same, but read from bottom to top.
pub(super) fn upward(size: i32, align: HPos) -> TextStyle<'static> {
    style(size, align).transform(FontTransform::Rotate270)
}

/// How many pixels a text is wide.
pub(super) fn width(area: &Area, text: &str, size: i32) -> DrawResult<i32> {
    let (width, _) = area.estimate_text_size(text, &style(size, HPos::Left))?;
    Ok(i32::try_from(width).unwrap_or(i32::MAX))
}

/// The text, cut short with an ellipsis if it is wider than `room` pixels.
pub(super) fn fit(area: &Area, text: &str, size: i32, room: i32) -> DrawResult<String> {
    if width(area, text, size)? <= room {
        return Ok(text.to_owned());
    }
    let mut cut: String = text.chars().take(200).collect();
    while cut.pop().is_some() {
        let short = format!("{}…", cut.trim_end());
        if width(area, &short, size)? <= room {
            return Ok(short);
        }
    }
    Ok(String::new())
}

/// Writes a title at an area's top and returns what is left of the area.
pub(super) fn write_title<'a>(area: &Area<'a>, title: &str) -> DrawResult<Area<'a>> {
    let (width, _) = size_of(area);
    let title = fit(area, title, TITLE, width - 40)?;
    area.draw_text(&title, &style(TITLE, HPos::Center), (width / 2, 45))?;
    Ok(area.margin(TITLE_HEIGHT, 0, 0, 0))
}

/// How many pixels a title takes at the top.
pub(super) const TITLE_HEIGHT: i32 = 85;

/// Three significant digits of a number.
pub(crate) fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || !value.is_finite() {
        return format!("{value:.0}");
    }
    if !(1e-3..1e6).contains(&magnitude) {
        return format!("{value:.1e}");
    }
    let decimals = [100.0, 10.0, 1.0, 0.1, 0.01]
        .iter()
        .position(|&least| magnitude >= least)
        .unwrap_or(5);
    let text = format!("{value:.decimals$}");
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.5, "-0.5"),
            (1.0, "1"),
            (12.345, "12.3"),
            (0.012_34, "0.0123"),
            (100.0, "100"),
            (123_456.7, "123457"),
            (1.5e-7, "1.5e-7"),
            (-2.5e9, "-2.5e9"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
