use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use plotters::backend::BitMapBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use super::pixel::pixel;

/// How many ems from the middle of a capital letter or digit down to the line it stands on.
pub(super) const HALF_CAPITAL: f64 = 0.365;

/// The font that text is drawn in where there are only pixels.
pub(super) static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    FontRef::try_from_slice(dejavu::sans::regular()).expect("the built-in font is a font")
});

/// How many pixels an em of a text has: `plotters` takes the size for a line's height.
pub(super) fn em(style: &impl BackendTextStyle) -> f64 {
    style.size() / 1.24
}

/// Draws a text glyph by glyph.
///
/// `plotters` itself would leave out the space before each glyph and round each position, which
/// looks uneven.
pub(super) fn draw<S: BackendTextStyle>(
    backend: &mut BitMapBackend,
    text: &str,
    style: &S,
    at: BackendCoord,
) -> Result<(), DrawingErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>> {
    let em = em(style);
    let (glyphs, width) = arranged(text, em);
    let anchor = style.anchor();
    let left = match anchor.h_pos {
        HPos::Left => 0.0,
        HPos::Center => -width / 2.0,
        HPos::Right => -width,
    };
    let baseline = match anchor.v_pos {
        VPos::Top => 0.76 * em,
        VPos::Center => HALF_CAPITAL * em,
        VPos::Bottom => -0.27 * em,
    };
    let (left, baseline) = (pixel(left), pixel(baseline));
    let color = style.color();
    let mut outcome = Ok(());
    for glyph in glyphs {
        let Some(outline) = FONT.outline_glyph(glyph) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        let (corner_x, corner_y) = (pixel(corner.x.into()), pixel(corner.y.into()));
        outline.draw(|x, y, coverage| {
            if outcome.is_err() || coverage <= 0.0 {
                return;
            }
            let (x, y) = style.transform().transform(
                left + corner_x + x.cast_signed(),
                baseline + corner_y + y.cast_signed(),
            );
            let color = BackendColor {
                alpha: color.alpha * f64::from(coverage.min(1.0)),
                rgb: color.rgb,
            };
            outcome = backend.draw_pixel((at.0 + x, at.1 + y), color);
        });
    }
    outcome
}

/// A text's glyphs on a line that begins at the origin, and how many pixels they are wide.
fn arranged(text: &str, em: f64) -> (Vec<Glyph>, f64) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a font size has few digits"
    )]
    let em = em as f32;
    let units = FONT.units_per_em().unwrap_or(1.0);
    let font = FONT.as_scaled(PxScale::from(em * FONT.height_unscaled() / units));
    let mut x = 0.0;
    let mut last = None;
    let mut glyphs = Vec::new();
    for character in text.chars() {
        let mut glyph = font.scaled_glyph(character);
        if let Some(last) = last {
            x += font.kern(last, glyph.id);
        }
        glyph.position = point(x, 0.0);
        x += font.h_advance(glyph.id);
        last = Some(glyph.id);
        glyphs.push(glyph);
    }
    (glyphs, x.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_stand_one_after_the_other() {
        let (glyphs, width) = arranged("HiH", 100.0);

        // In DejaVu Sans an H is 0.752 and an i 0.278 ems wide.
        assert!((f64::from(glyphs[2].position.x) - 103.0).abs() < 0.5);
        assert!((width - 178.2).abs() < 0.5, "{width}");
    }
}
