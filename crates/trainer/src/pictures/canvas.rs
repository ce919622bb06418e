use std::borrow::Cow;
use std::error::Error;
use std::io;

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters_backend::text_anchor::VPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use super::glyphs;
use super::pixel::pixel;

/// A part of a picture, or all of it; coordinates are pixels from its upper left corner.
pub(super) type Area<'a> = DrawingArea<Canvas<'a>, Shift>;

/// The outcome of drawing.
pub(super) type DrawResult<T = ()> = Result<T, DrawingAreaErrorKind<io::Error>>;

/// What is drawn on, in memory: one type for both formats, so that one function draws both.
pub(super) enum Canvas<'a> {
    /// Pixels of red, green and blue.
    Pixels(BitMapBackend<'a>),
    /// The text of an SVG.
    Svg(SVGBackend<'a>),
}

/// How many pixels an area has across and down.
pub(super) fn size_of(area: &Area) -> (i32, i32) {
    let (across, down) = area.get_pixel_range();
    (across.end - across.start, down.end - down.start)
}

/// A text with escapes for the characters that XML does not have: names come from files of strangers.
fn well_formed(text: &str) -> Cow<'_, str> {
    let is_in_xml = |character: char| {
        matches!(
            character,
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
        )
    };
    if text.chars().all(is_in_xml) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|character| {
        if is_in_xml(character) {
            character.to_string()
        } else {
            format!("\\u{:04x}", u32::from(character))
        }
    });
    Cow::Owned(escaped.collect())
}

fn to_io<E: Error + Send + Sync + 'static>(
    error: DrawingErrorKind<E>,
) -> DrawingErrorKind<io::Error> {
    match error {
        DrawingErrorKind::DrawingError(error) => {
            DrawingErrorKind::DrawingError(io::Error::other(error))
        }
        DrawingErrorKind::FontError(error) => DrawingErrorKind::FontError(error),
    }
}

/// Fills a ring, or a disc if nothing is left free within it, with smooth rims; those of `plotters`
/// are ragged if the colour is translucent.
fn fill_ring<B: DrawingBackend>(
    backend: &mut B,
    center: BackendCoord,
    [inner, outer]: [f64; 2],
    color: BackendColor,
) -> Result<(), DrawingErrorKind<B::ErrorType>> {
    let reach = pixel(outer.ceil());
    for y in -reach..=reach {
        for x in -reach..=reach {
            let distance = f64::from(x).hypot(f64::from(y));
            let covered = (outer - distance).min(distance - inner) + 0.5;
            if covered > 0.0 {
                let alpha = color.alpha * covered.min(1.0);
                let color = BackendColor { alpha, ..color };
                backend.draw_pixel((center.0 + x, center.1 + y), color)?;
            }
        }
    }
    Ok(())
}

/// Calls the same method of whichever backend there is.
macro_rules! on_either {
    ($canvas:expr, $backend:ident => $call:expr) => {
        match $canvas {
            Canvas::Pixels($backend) => $call.map_err(to_io),
            Canvas::Svg($backend) => $call.map_err(to_io),
        }
    };
}

/// Every method is passed on, since the default ones would draw an SVG pixel by pixel.
impl DrawingBackend for Canvas<'_> {
    type ErrorType = io::Error;

    fn get_size(&self) -> (u32, u32) {
        match self {
            Self::Pixels(backend) => backend.get_size(),
            Self::Svg(backend) => backend.get_size(),
        }
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.ensure_prepared())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.present())
    }

    fn draw_pixel(
        &mut self,
        point: BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.draw_pixel(point, color))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.draw_line(from, to, style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.draw_rect(upper_left, bottom_right, style, fill))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.draw_path(path, style))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        match self {
            Self::Pixels(backend) => {
                let radius = f64::from(radius);
                let half = f64::from(style.stroke_width()) / 2.0;
                let radii = if fill {
                    [-1.0, radius]
                } else {
                    [radius - half, radius + half]
                };
                fill_ring(backend, center, radii, style.color()).map_err(to_io)
            }
            Self::Svg(backend) => backend
                .draw_circle(center, radius, style, fill)
                .map_err(to_io),
        }
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.fill_polygon(corners, style))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), DrawingErrorKind<io::Error>> {
        match self {
            Self::Pixels(backend) => glyphs::draw(backend, text, style, at).map_err(to_io),
            Self::Svg(backend) => {
                // An SVG is centred by small letters, which would put digits too high.
                let down = match style.anchor().v_pos {
                    VPos::Center => pixel((glyphs::HALF_CAPITAL - 0.27) * glyphs::em(style)),
                    VPos::Top | VPos::Bottom => 0,
                };
                let (x, y) = style.transform().transform(0, down);
                let at = (at.0 + x, at.1 + y);
                let text = well_formed(text);
                backend.draw_text(&text, style, at).map_err(to_io)
            }
        }
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<io::Error>> {
        on_either!(self, backend => backend.estimate_text_size(text, style))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_have_is_escaped() {
        assert_eq!(well_formed("größe <b>\t"), "größe <b>\t");
        assert_eq!(well_formed("a\u{1b}[31m\u{ffff}"), "a\\u001b[31m\\uffff");
    }
}
