use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Block, Code, Figure, Page, Picture, Section, Table};
use crate::text::plain;

/// The colours of light and dark pages, and the look of drawings.
const COLORS: &str = include_str!("colors.css");
/// The layout.
const STYLE: &str = include_str!("page.css");

impl Page {
    /// The page as one HTML file, which needs no other, has no script, and loads nothing.
    pub fn to_html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    // Nothing is loaded, whatever a name or a cell contains.
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                    title { (plain(&self.title)) }
                    style { (PreEscaped(COLORS)) (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { (plain(&self.title)) }
                        @for text in &self.lead { p.lead { (plain(text)) } }
                        @for text in &self.warnings {
                            p.warning role="note" { strong { "Note: " } (plain(text)) }
                        }
                        (self.key_figures())
                        nav aria-label="Contents" {
                            @for section in &self.sections {
                                a href={ "#" (section.id) } { (plain(&section.heading)) }
                            }
                        }
                    }
                    main { @for section in &self.sections { (section.to_html()) } }
                }
            }
        };
        page.into_string()
    }

    fn key_figures(&self) -> Markup {
        html! {
            @if !self.key_figures.is_empty() {
                dl.keys {
                    @for figure in &self.key_figures {
                        div {
                            dt { (plain(&figure.name)) }
                            dd {
                                span.value { (plain(&figure.value)) }
                                @if !figure.comparison.is_empty() {
                                    span.comparison { (plain(&figure.comparison)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Section {
    fn to_html(&self) -> Markup {
        let heading = format!("{}-heading", self.id);
        html! {
            section id=(self.id) aria-labelledby=(heading) {
                h2 id=(heading) { (plain(&self.heading)) }
                @for block in &self.blocks { (block.to_html()) }
            }
        }
    }
}

impl Block {
    fn to_html(&self) -> Markup {
        match self {
            Self::Heading(text) => html! { h3 { (plain(text)) } },
            Self::Text(text) => html! { p { (plain(text)) } },
            Self::List(points) => html! { ul { @for point in points { li { (plain(point)) } } } },
            Self::Table(table) => table.to_html(),
            Self::Figures(figures) => {
                html! { div.figures { @for figure in figures { (figure.to_html()) } } }
            }
            Self::Pictures(pictures) => {
                html! { div.figures { @for picture in pictures { (picture.to_html()) } } }
            }
            Self::Code(code) => code.to_html(),
        }
    }
}

impl Table {
    fn to_html(&self) -> Markup {
        let is_number = |index: usize| {
            self.columns
                .get(index)
                .is_some_and(|column| column.is_number)
        };
        html! {
            // What does not fit is scrolled to, also with the keys.
            div.table tabindex="0" role="region" aria-label=(plain(&self.caption)) {
                table {
                    caption { (plain(&self.caption)) }
                    thead {
                        tr {
                            @for column in &self.columns {
                                th scope="col" .number[column.is_number] { (plain(&column.name)) }
                            }
                        }
                    }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (index, cell) in row.iter().enumerate() {
                                    @if index == 0 {
                                        th scope="row" .number[is_number(index)] { (plain(cell)) }
                                    } @else {
                                        td .number[is_number(index)] { (plain(cell)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Figure {
    fn to_html(&self) -> Markup {
        let [width, _] = self.drawing.size;
        // A drawing is shown a little larger where there is room, and scrolled where it cannot be read.
        let style = format!(
            "min-width:{:.0}px;max-width:{:.0}px",
            if width > 420.0 { width } else { 0.0 },
            width * if width > 420.0 { 1.0 } else { 1.3 }
        );
        html! {
            figure .wide[width > 420.0] {
                div.drawing-box {
                    div style=(style) { (PreEscaped(self.drawing.to_svg_element())) }
                }
                figcaption {
                    strong { (plain(&self.drawing.title)) ". " }
                    (plain(&self.caption))
                }
            }
        }
    }
}

impl Picture {
    fn to_html(&self) -> Markup {
        let source = format!("data:image/png;base64,{}", STANDARD.encode(&self.png));
        html! {
            figure {
                img src=(source) alt=(plain(&format!("{}. {}", self.title, self.caption)));
                figcaption { strong { (plain(&self.title)) ". " } (plain(&self.caption)) }
            }
        }
    }
}

impl Code {
    fn to_html(&self) -> Markup {
        html! {
            figure.code {
                figcaption { (plain(&self.caption)) }
                pre tabindex="0" { code { (plain(&self.text)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use html5ever::tendril::TendrilSink;
    use html5ever::{ParseOpts, parse_document};
    use markup5ever_rcdom::{Handle, NodeData, RcDom};

    use super::*;
    use crate::chart::{MatrixChart, Series};
    use crate::page::{Column, KeyFigure};

    /// Names as nobody should give them.
    const NAMES: [&str; 5] = [
        "</script><script>alert(1)</script>",
        "\"quoted\" 'twice' & <b>",
        "</style></title><img src=x onerror=alert(1)>",
        "\u{0}\u{1b}[31m\u{85}\u{202e}\u{ffff}",
        "]]>--><!--",
    ];

    fn parsed(html: &str) -> RcDom {
        parse_document(RcDom::default(), ParseOpts::default()).one(html)
    }

    fn elements(node: &Handle, found: &mut Vec<(String, Vec<(String, String)>)>) {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes = attrs.borrow();
            let attributes = attributes.iter();
            let attributes = attributes.map(|a| (a.name.local.to_string(), a.value.to_string()));
            found.push((name.local.to_string(), attributes.collect()));
        }
        for child in node.children.borrow().iter() {
            elements(child, found);
        }
    }

    fn page() -> Page {
        let names = || NAMES.map(String::from).to_vec();
        let matrix = MatrixChart {
            title: NAMES[0].to_owned(),
            description: NAMES[1].to_owned(),
            rows: names(),
            columns: names(),
            counts: vec![vec![1; 5]; 5],
        };
        let lines = crate::chart::LineChart {
            title: NAMES[3].to_owned(),
            axes: [NAMES[0].to_owned(), NAMES[2].to_owned()],
            series: NAMES
                .map(|name| Series {
                    name: name.to_owned(),
                    points: vec![[0.0, 1.0], [1.0, 2.0]],
                    ..Series::default()
                })
                .to_vec(),
            ..crate::chart::LineChart::default()
        };
        let mut page = Page::new(NAMES[2]);
        page.lead = names();
        page.warnings = names();
        page.key_figures = vec![KeyFigure {
            name: NAMES[0].to_owned(),
            value: NAMES[1].to_owned(),
            comparison: NAMES[3].to_owned(),
        }];
        let section = Section::new("all", NAMES[4])
            .with_text(NAMES[0])
            .with(Block::Heading(NAMES[1].to_owned()))
            .with(Block::List(names()))
            .with(Block::Table(Table {
                caption: NAMES[0].to_owned(),
                columns: NAMES.map(Column::number).to_vec(),
                rows: vec![names()],
            }))
            .with(Block::Figures(vec![
                Figure::new("matrix", matrix.draw(), NAMES[0]),
                Figure::new("lines", lines.draw(), NAMES[3]),
            ]))
            .with(Block::Pictures(vec![Picture {
                title: NAMES[0].to_owned(),
                caption: NAMES[1].to_owned(),
                png: vec![1, 2, 3],
            }]))
            .with(Block::Code(Code {
                caption: NAMES[0].to_owned(),
                text: NAMES[3].to_owned(),
            }));
        page.with(section)
    }

    #[test]
    fn the_page_is_well_formed_whatever_the_names_are() {
        let html = page().to_html();
        let document = parsed(&html);
        let errors = document.errors.borrow();
        assert!(errors.is_empty(), "{errors:?}");
        let mut found = Vec::new();
        elements(&document.document, &mut found);
        assert!(found.iter().any(|(name, _)| name == "svg"));
        assert!(!found.iter().any(|(name, _)| name == "script"));
        let images = found.iter().filter(|(name, _)| name == "img").count();
        assert_eq!(images, 1);
        let is_handler = |attribute: &str| attribute.starts_with("on");
        let attributes = || found.iter().flat_map(|(_, attributes)| attributes);
        assert!(!attributes().any(|(name, _)| is_handler(name)));
    }

    #[test]
    fn the_page_loads_nothing() {
        let html = page().to_html();
        for address in [
            "http://", "https://", "url(", "@import", "<link", "<iframe", "src=\"/",
        ] {
            assert!(!html.contains(address), "{address}");
        }
        let mut found = Vec::new();
        elements(&parsed(&html).document, &mut found);
        for (_, attributes) in &found {
            for (name, value) in attributes {
                match name.as_str() {
                    "src" => assert!(value.starts_with("data:image/png;base64,")),
                    "href" => assert!(value.starts_with('#')),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn every_drawing_is_an_image_with_a_name_and_every_table_has_headings() {
        let mut found = Vec::new();
        elements(&parsed(&page().to_html()).document, &mut found);
        let value = |attributes: &[(String, String)], wanted: &str| {
            let mut attributes = attributes.iter();
            let attribute = attributes.find(|(name, _)| name == wanted);
            attribute.map(|(_, value)| value.clone())
        };
        let drawings: Vec<_> = found.iter().filter(|(name, _)| name == "svg").collect();
        assert_eq!(drawings.len(), 2);
        for (_, attributes) in drawings {
            assert_eq!(value(attributes, "role").as_deref(), Some("img"));
            assert!(value(attributes, "aria-label").is_some_and(|label| !label.is_empty()));
        }
        for (name, attributes) in &found {
            if name == "th" {
                assert!(value(attributes, "scope").is_some());
            }
        }
        assert_eq!(
            found.iter().filter(|(name, _)| name == "caption").count(),
            1
        );
    }
}
