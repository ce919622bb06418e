use std::path::Path;

use mlp_report::drawing::{Anchor, Dash, Drawing, Mark, Shape, Tone};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
};

use super::canvas::{Area, DrawResult};
use super::pixel::pixel;
use super::{PictureError, save};

/// How many pixels of a picture there are for one of the drawing.
const SCALE: f64 = 3.0;

/// Writes a drawing as `name.svg`, with its own colours for light and dark screens, and as `name.png`, which is
/// light, into a folder, which is made if need be.
///
/// # Errors
///
/// If it cannot be drawn, or the folder or a file cannot be written.
pub fn save_drawing(drawing: &Drawing, folder: &Path, name: &str) -> Result<(), PictureError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a drawing has some hundred pixels"
    )]
    let size = drawing.size.map(|side| (SCALE * side).ceil() as u32);
    save::save_png(folder, name, (size[0], size[1]), |area| {
        drawing.marks.iter().try_for_each(|mark| draw(area, mark))
    })?;
    save::save_text(folder, &format!("{name}.svg"), &drawing.to_svg_file())
}

fn draw(area: &Area, mark: &Mark) -> DrawResult {
    match mark {
        Mark::Line {
            points,
            tone,
            width,
            dash,
        } => draw_line(area, points, *width, *dash, color(*tone)),
        Mark::Area {
            points,
            tone,
            opacity,
        } => {
            let corners: Vec<_> = points.iter().map(|point| at(*point)).collect();
            area.draw(&Polygon::new(corners, color(*tone).mix(*opacity)))
        }
        Mark::Rectangle {
            corner: [x, y],
            size: [width, height],
            tone,
            opacity,
            note: _,
        } => {
            let style = color(*tone).mix(*opacity).filled();
            let corners = [at([*x, *y]), at([x + width, y + height])];
            area.draw(&Rectangle::new(corners, style))
        }
        Mark::Symbol {
            at,
            shape,
            radius,
            tone,
            opacity,
        } => draw_symbol(
            area,
            *at,
            (*shape, *radius),
            color(*tone).mix(*opacity).filled(),
        ),
        Mark::Text {
            at: point,
            text,
            anchor,
            size,
            tone,
            upward,
        } => {
            let align = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            // `plotters` takes the size for a line's height, and the letters of the font are wide.
            let font = FontDesc::new(
                FontFamily::SansSerif,
                1.13 * SCALE * size,
                FontStyle::Normal,
            );
            let color = color(*tone);
            let style = TextStyle::from(font)
                .pos(Pos::new(align, VPos::Center))
                .color(&color);
            // From the base line to the middle of a capital letter.
            let rise = 0.36 * size;
            let [x, y] = *point;
            if *upward {
                let style = style.transform(FontTransform::Rotate270);
                area.draw_text(text, &style, at([x - rise, y]))
            } else {
                area.draw_text(text, &style, at([x, y - rise]))
            }
        }
    }
}

fn draw_line(
    area: &Area,
    points: &[[f64; 2]],
    width: f64,
    dash: Dash,
    color: RGBColor,
) -> DrawResult {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a line has a few pixels"
    )]
    let style = color.stroke_width((SCALE * width).round() as u32);
    for piece in pieces(points, dash.lengths()) {
        let piece: Vec<_> = piece.into_iter().map(at).collect();
        area.draw(&PathElement::new(piece, style))?;
    }
    Ok(())
}

fn draw_symbol(
    area: &Area,
    [x, y]: [f64; 2],
    (shape, radius): (Shape, f64),
    style: ShapeStyle,
) -> DrawResult {
    let polygon = |corners: &[[f64; 2]]| {
        let corners = corners
            .iter()
            .map(|[dx, dy]| at([x + radius * dx, y + radius * dy]));
        area.draw(&Polygon::new(corners.collect::<Vec<_>>(), style))
    };
    match shape {
        Shape::Circle => area.draw(&Circle::new(at([x, y]), pixel(SCALE * radius), style)),
        Shape::Square => polygon(&[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
        Shape::Triangle => polygon(&[[0.0, -1.1], [1.05, 0.8], [-1.05, 0.8]]),
        Shape::Diamond => polygon(&[[0.0, -1.2], [1.2, 0.0], [0.0, 1.2], [-1.2, 0.0]]),
        Shape::Cross => {
            let line = |from: [f64; 2], to: [f64; 2]| {
                area.draw(&PathElement::new(
                    vec![at(from), at(to)],
                    style.stroke_width(5),
                ))
            };
            line([x - radius, y - radius], [x + radius, y + radius])?;
            line([x - radius, y + radius], [x + radius, y - radius])
        }
    }
}

/// The pieces of a line that are drawn, if these and those that are not have such lengths in turn.
fn pieces(points: &[[f64; 2]], lengths: &[f64]) -> Vec<Vec<[f64; 2]>> {
    let Some(&first) = lengths.first() else {
        return vec![points.to_vec()];
    };
    let mut pieces = Vec::new();
    let mut piece: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    let (mut index, mut left) = (0, first);
    for pair in points.windows(2) {
        let [[x, y], to] = [pair[0], pair[1]];
        let length = (to[0] - x).hypot(to[1] - y);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let point = [x + share * (to[0] - x), y + share * (to[1] - y)];
            if index % 2 == 0 {
                piece.push(point);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![point];
            }
            index += 1;
            left = lengths[index % lengths.len()];
        }
        left -= length - done;
        if index % 2 == 0 {
            piece.push(to);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

fn at([x, y]: [f64; 2]) -> (i32, i32) {
    (pixel(SCALE * x), pixel(SCALE * y))
}

/// The colours of a light page.
fn color(tone: Tone) -> RGBColor {
    match tone {
        Tone::Ink => RGBColor(0x1b, 0x1f, 0x24),
        Tone::Muted => RGBColor(0x57, 0x60, 0x6a),
        Tone::Rule => RGBColor(0xdd, 0xe1, 0xe6),
        Tone::Surface => RGBColor(0xff, 0xff, 0xff),
        Tone::Series(series) => [
            RGBColor(0x0b, 0x61, 0xa4),
            RGBColor(0xc2, 0x41, 0x0c),
            RGBColor(0x00, 0x78, 0x5a),
            RGBColor(0xa0, 0x3c, 0x78),
            RGBColor(0x5f, 0x52, 0xb3),
            RGBColor(0x80, 0x63, 0x00),
        ][series % mlp_report::drawing::NUM_SERIES],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dashed_line_consists_of_its_dashes() {
        // 10 pixels in dashes of 3 with gaps of 2: from 0 to 3, from 5 to 8, and none at 10.
        let pieces = pieces(&[[0.0, 0.0], [6.0, 0.0], [10.0, 0.0]], &[3.0, 2.0]);
        assert_eq!(
            pieces,
            [
                vec![[0.0, 0.0], [3.0, 0.0]],
                vec![[5.0, 0.0], [6.0, 0.0], [8.0, 0.0]]
            ]
        );
    }

    #[test]
    fn a_drawing_is_written_as_svg_and_png() {
        let folder = tempfile::tempdir().unwrap();
        let drawing = Drawing {
            size: [40.0, 20.0],
            title: "a < b".to_owned(),
            description: String::new(),
            marks: vec![Mark::Symbol {
                at: [20.0, 10.0],
                shape: Shape::Diamond,
                radius: 5.0,
                tone: Tone::Series(1),
                opacity: 1.0,
            }],
        };
        save_drawing(&drawing, folder.path(), "one").unwrap();
        let png = std::fs::read(folder.path().join("one.png")).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
        let svg = std::fs::read_to_string(folder.path().join("one.svg")).unwrap();
        assert!(svg.contains("a &lt; b"));
    }
}
