use std::fmt::Write as _;

use super::{Anchor, Drawing, Mark, NUM_SERIES, Shape, Tone};
use crate::text::escaped;

/// The colours of a drawing by itself, which is light or dark as its viewer asks for.
const STYLE: &str = include_str!("../page/colors.css");

impl Drawing {
    /// As an `svg` element within a page, whose style has the colours.
    pub fn to_svg_element(&self) -> String {
        self.written("", "")
    }

    /// As an SVG file.
    pub fn to_svg_file(&self) -> String {
        let [width, height] = self.size.map(pixels);
        let attributes =
            format!(" xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"");
        let style = format!("<style>{STYLE}svg{{background:var(--surface)}}</style>");
        self.written(&attributes, &style)
    }

    fn written(&self, attributes: &str, style: &str) -> String {
        let [width, height] = self.size.map(pixels);
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        let mut svg = format!(
            "<svg{attributes} class=\"drawing\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{title}. {description}\"><title>{title}</title><desc>{description}</desc>{style}"
        );
        for mark in &self.marks {
            write_mark(&mut svg, mark);
        }
        svg.push_str("</svg>");
        svg
    }
}

/// Writes a shape. Writing into a string cannot fail.
fn write_mark(svg: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Line {
            points,
            tone,
            width,
            dash,
        } => {
            let lengths: Vec<_> = dash
                .lengths()
                .iter()
                .map(|length| pixels(*length))
                .collect();
            let dashes = match lengths.as_slice() {
                [] => String::new(),
                lengths => format!(" stroke-dasharray=\"{}\"", lengths.join(" ")),
            };
            write!(
                svg,
                "<path class=\"l {}\" stroke-width=\"{}\"{dashes} d=\"{}\"/>",
                class(*tone),
                pixels(*width),
                path(points)
            )
        }
        Mark::Area {
            points,
            tone,
            opacity,
        } => write!(
            svg,
            "<path class=\"f {}\" fill-opacity=\"{opacity:.2}\" d=\"{}Z\"/>",
            class(*tone),
            path(points)
        ),
        Mark::Rectangle {
            corner: [x, y],
            size: [width, height],
            tone,
            opacity,
            note,
        } => {
            let title = if note.is_empty() {
                String::new()
            } else {
                format!("<title>{}</title>", escaped(note))
            };
            write!(
                svg,
                "<rect class=\"f {}\" fill-opacity=\"{opacity:.2}\" x=\"{}\" y=\"{}\" width=\"{}\" \
                 height=\"{}\">{title}</rect>",
                class(*tone),
                pixels(*x),
                pixels(*y),
                pixels(*width),
                pixels(*height)
            )
        }
        Mark::Symbol {
            at,
            shape,
            radius,
            tone,
            opacity,
        } => write_symbol(svg, *at, *shape, *radius, (*tone, *opacity)),
        Mark::Text {
            at: [x, y],
            text,
            anchor,
            size,
            tone,
            upward,
        } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let (x, y) = (pixels(*x), pixels(*y));
            let turned = if *upward {
                format!(" transform=\"rotate(-90 {x} {y})\"")
            } else {
                String::new()
            };
            write!(
                svg,
                "<text class=\"t {}\" x=\"{x}\" y=\"{y}\" font-size=\"{}\"{anchor}{turned}>{}</text>",
                class(*tone),
                pixels(*size),
                escaped(text)
            )
        }
    };
}

fn write_symbol(
    svg: &mut String,
    [x, y]: [f64; 2],
    shape: Shape,
    radius: f64,
    (tone, opacity): (Tone, f64),
) -> std::fmt::Result {
    let opacity = if opacity < 1.0 {
        format!(" fill-opacity=\"{opacity:.2}\"")
    } else {
        String::new()
    };
    let class = class(tone);
    let polygon = |corners: &[[f64; 2]]| {
        let corners = corners
            .iter()
            .map(|[dx, dy]| [x + radius * dx, y + radius * dy]);
        format!(
            "<path class=\"f {class}\"{opacity} d=\"{}Z\"/>",
            path(&corners.collect::<Vec<_>>())
        )
    };
    let text = match shape {
        Shape::Circle => format!(
            "<circle class=\"f {class}\"{opacity} cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            pixels(x),
            pixels(y),
            pixels(radius)
        ),
        Shape::Square => polygon(&[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
        Shape::Triangle => polygon(&[[0.0, -1.1], [1.05, 0.8], [-1.05, 0.8]]),
        Shape::Diamond => polygon(&[[0.0, -1.2], [1.2, 0.0], [0.0, 1.2], [-1.2, 0.0]]),
        Shape::Cross => format!(
            "<path class=\"l {class}\" stroke-width=\"1.8\" d=\"{}{}\"/>",
            path(&[[x - radius, y - radius], [x + radius, y + radius]]),
            path(&[[x - radius, y + radius], [x + radius, y - radius]])
        ),
    };
    svg.write_str(&text)
}

fn class(tone: Tone) -> String {
    match tone {
        Tone::Ink => "ink".to_owned(),
        Tone::Muted => "muted".to_owned(),
        Tone::Rule => "rule".to_owned(),
        Tone::Surface => "surface".to_owned(),
        Tone::Series(series) => format!("s{}", series % NUM_SERIES),
    }
}

fn path(points: &[[f64; 2]]) -> String {
    let mut path = String::with_capacity(12 * points.len());
    for (index, [x, y]) in points.iter().enumerate() {
        path.push(if index == 0 { 'M' } else { 'L' });
        path.push_str(&pixels(*x));
        path.push(' ');
        path.push_str(&pixels(*y));
    }
    path
}

/// A number of pixels with a digit after the point, which is as fine as one sees.
fn pixels(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Dash;

    fn drawing(title: &str) -> Drawing {
        let text = |text: &str| Mark::Text {
            at: [1.0, 2.0],
            text: text.to_owned(),
            anchor: Anchor::Middle,
            size: 11.0,
            tone: Tone::Ink,
            upward: true,
        };
        Drawing {
            size: [30.0, 20.5],
            title: title.to_owned(),
            description: "What one sees".to_owned(),
            marks: vec![
                text("a < b & \"c\"\u{1b}"),
                Mark::Line {
                    points: vec![[0.0, -0.01], [1.25, 10.0]],
                    tone: Tone::Series(7),
                    width: 2.0,
                    dash: Dash::Dashed,
                },
                Mark::Rectangle {
                    corner: [0.0, 0.0],
                    size: [3.0, 4.0],
                    tone: Tone::Rule,
                    opacity: 0.5,
                    note: "<three>".to_owned(),
                },
            ],
        }
    }

    #[test]
    fn a_file_is_well_formed_whatever_its_texts_are() {
        for title in [
            "</svg><script>",
            "\u{0}\u{ffff} \"quoted\" 'twice'",
            "größe ≥ 3",
        ] {
            let svg = drawing(title).to_svg_file();
            let document = roxmltree::Document::parse(&svg).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            assert!(
                root.children()
                    .any(|child| child.has_tag_name(("http://www.w3.org/2000/svg", "title")))
            );
            assert!(
                !document
                    .descendants()
                    .any(|node| node.tag_name().name() == "script")
            );
        }
    }

    #[test]
    fn an_element_of_a_page_names_no_address() {
        let svg = drawing("a").to_svg_element();
        assert!(!svg.contains("http"), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 30 20.5\""), "{svg}");
        // Series 7 looks like series 1.
        assert!(svg.contains("<path class=\"l s1\" stroke-width=\"2\" stroke-dasharray=\"6 4\" d=\"M0 0L1.2 10\"/>"), "{svg}");
        assert!(svg.contains("<title>&lt;three&gt;</title>"), "{svg}");
        assert!(svg.contains("a &lt; b &amp; &quot;c&quot;\\u001b"), "{svg}");
    }
}
