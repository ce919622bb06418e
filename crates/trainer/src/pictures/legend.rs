use plotters::element::Rectangle;
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

use super::canvas::{Area, DrawResult, size_of};
use super::color;
use super::text;

/// How many pixels across a legend takes.
pub(super) const WIDTH: i32 = 280;

const LINE: i32 = 40;

/// Draws which colour stands for what, as far down as the area reaches.
pub(super) fn draw(area: &Area, heading: &str, entries: &[(RGBColor, String)]) -> DrawResult {
    let (width, height) = size_of(area);
    let left = 20;
    let style = text::style(text::LABEL, HPos::Left);
    let room = width - left - 10;
    let heading = text::fit(area, heading, text::LABEL, room)?;
    area.draw_text(&heading, &style, (left, LINE / 2))?;
    let lines = usize::try_from(height / LINE - 1).unwrap_or(0);
    let shown = if entries.len() > lines {
        lines.saturating_sub(1)
    } else {
        entries.len()
    };
    let mut y = LINE / 2;
    for (color, name) in &entries[..shown] {
        y += LINE;
        let corners = [(left, y - 11), (left + 22, y + 11)];
        area.draw(&Rectangle::new(corners, color.filled()))?;
        let name = text::fit(area, name, text::LABEL, room - 36)?;
        area.draw_text(&name, &style, (left + 36, y))?;
    }
    if shown < entries.len() {
        let more = format!("and {} more", entries.len() - shown);
        area.draw_text(&more, &style, (left, y + LINE))?;
    }
    Ok(())
}

/// An entry for each cluster: its number, and how many rows it has.
pub(super) fn of_clusters(clusters: &[usize], num_clusters: usize) -> Vec<(RGBColor, String)> {
    let mut rows = vec![0_usize; num_clusters];
    for &cluster in clusters {
        rows[cluster] += 1;
    }
    let entry = |(cluster, rows)| (color::of_cluster(cluster), format!("{cluster} ({rows})"));
    rows.into_iter().enumerate().map(entry).collect()
}
