//! Bars as inline drawings. Each stands beside the numbers it draws and says them in its title.

use super::markup::Html;
use crate::report::page::{Grid, Kind, Parts};

/// Colours of parts in the style sheet, `part-0` and on.
const COLOURS: [&str; 8] = ["part-0", "part-1", "part-2", "part-3", "part-4", "part-5", "part-6", "part-7"];
/// Width of a drawing in its own units.
const WIDTH: f64 = 1000.0;

/// The bar of one row, scaled to the longest of its table.
pub(super) fn bar(html: &mut Html, grid: &Grid, at: usize) {
    let longest = grid.bars.iter().copied().fold(0.0, f64::max);
    let part = grid.bars.get(at).copied().unwrap_or(0.0);
    let scaled = if longest > 0.0 { part / longest } else { 0.0 };
    drawing(html, "bar", &[(0.0, scaled * WIDTH, "part-0")], &described(grid, at));
}

/// `New, Group 9: Share 34.5 %`.
fn described(grid: &Grid, at: usize) -> String {
    let cells = || grid.rows[at].iter().zip(&grid.columns);
    let names: Vec<&str> = cells().filter(|(_, (_, kind))| *kind == Kind::Name).map(|(cell, _)| cell.trim()).collect();
    let value = cells().find(|(_, (header, _))| Some(header.as_str()) == grid.bars_of);
    let value = value.map_or_else(String::new, |(cell, (header, _))| format!(": {header} {cell}"));
    format!("{}{value}", names.join(", "))
}

/// One bar of all parts with a table of their names and shares below it.
pub(super) fn parts(html: &mut Html, parts: &Parts) {
    let mut from = 0.0;
    let mut drawn = Vec::new();
    for (index, (_, share, _)) in parts.parts.iter().enumerate() {
        let wide = share.clamp(0.0, 1.0) * WIDTH;
        drawn.push((from, wide, COLOURS[index % COLOURS.len()]));
        from += wide;
    }
    let said: Vec<String> = parts.parts.iter().map(|(name, _, share)| format!("{name} {share}")).collect();
    html.element("figure", &[], |html| {
        drawing(html, "stack", &drawn, &format!("{}: {}", parts.title, said.join(", ")));
        html.element("table", &[("class", "legend")], |html| {
            html.line("caption", &[], &parts.title);
            html.element("tbody", &[], |html| {
                for ((name, _, share), (_, _, colour)) in parts.parts.iter().zip(&drawn) {
                    html.element("tr", &[], |html| legend(html, name, share, colour));
                }
            });
        });
    });
}

fn legend(html: &mut Html, name: &str, share: &str, colour: &'static str) {
    html.element("th", &[("scope", "row"), ("class", "name")], |html| {
        let swatch = [("class", "swatch"), ("viewBox", "0 0 10 10"), ("aria-hidden", "true")];
        html.element("svg", &swatch, |html| {
            html.element("rect", &[("class", colour), ("width", "10"), ("height", "10")], |_| {});
        });
        html.text(name);
    });
    html.line("td", &[("class", "number")], share);
}

/// Rectangles side by side: where each begins, how wide it is, and its colour.
fn drawing(html: &mut Html, class: &'static str, bars: &[(f64, f64, &'static str)], title: &str) {
    let attributes = [("class", class), ("role", "img"), ("viewBox", "0 0 1000 10"), ("preserveAspectRatio", "none")];
    html.element("svg", &attributes, |html| {
        html.line("title", &[], title);
        for (from, wide, colour) in bars {
            let (from, wide) = (format!("{from:.1}"), format!("{wide:.1}"));
            html.element("rect", &[("class", colour), ("x", &from), ("width", &wide), ("height", "10")], |_| {});
        }
    });
}
