//! Panels below each other that share the axis of time.

use super::canvas::UNITS;
use super::palette::{GRID, INK, diverging};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Pixels left of a panel, for its axis, and left of its label; right of it, for its legend; above the first; below the
/// last.
const LEFT: u32 = 78;
const LABEL: u32 = 10;
const RIGHT: u32 = 170;
const NO_LEGEND: u32 = 24;
const TITLE: u32 = 26;
const TIME_AXIS: u32 = 44;
const GAP: u32 = 8;
/// Sizes of letters. (The SVG of plotters divides them by 1.24.)
const TEXT: u32 = 16;
const HEADING: u32 = 18;
/// Letters of a name in the legend.
const LETTERS: usize = 20;

/// A picture.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// What stands above all.
    pub title: Option<String>,
    /// Pixels.
    pub width: u32,
    /// Begin and end of the shown time, ms.
    pub time: (f64, f64),
    /// From top to bottom.
    pub panels: Vec<Panel>,
}

/// A rectangle with an axis.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// What it shows, in the upper left corner.
    pub title: String,
    /// What the axis shows, with its unit.
    pub label: String,
    /// Least and greatest value of the axis.
    pub range: (f64, f64),
    /// For an axis of whole numbers the first and the last of them.
    pub whole: Option<(f64, f64)>,
    /// What is drawn, backmost first.
    pub marks: Vec<Mark>,
    /// Names of colours; with none, there is no legend.
    pub legend: Vec<(String, RGBColor)>,
    /// A line below the legend.
    pub note: Option<String>,
    /// Values of the darkest colours of a map.
    pub scale: Option<(f64, String)>,
    /// Pixels.
    pub height: u32,
}

/// Something drawn in a panel, at times (ms) and values.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line through points.
    Line { points: Vec<(f64, f64)>, color: RGBColor, width: f64 },
    /// Short upright lines with their middles at points, so long (in values).
    Ticks { points: Vec<(f64, f64)>, color: RGBColor, length: f64 },
    /// Bars that stand on zero: their left ends, with heights; and their width.
    Bars { points: Vec<(f64, f64)>, color: RGBColor, width: f64 },
    /// Rectangles in the colours of values from -1 to 1: from, to (time and value).
    Map(Vec<([(f64, f64); 2], f64)>),
}

impl Figure {
    /// The size in units of the drawing.
    pub fn size(&self) -> (u32, u32) {
        let panels: u32 = self.panels.iter().map(|panel| panel.height + GAP).sum();
        (self.width * UNITS, (self.heading() + panels + TIME_AXIS) * UNITS)
    }

    fn heading(&self) -> u32 {
        if self.title.is_some() { TITLE + GAP } else { GAP }
    }

    /// The drawing, SVG.
    ///
    /// # Errors
    /// What the plotting library says.
    pub fn draw(&self) -> Result<String, Box<dyn std::error::Error>> {
        let mut text = String::new();
        {
            let root = SVGBackend::with_string(&mut text, self.size()).into_drawing_area();
            root.fill(&WHITE)?;
            if let Some(title) = &self.title {
                write(&root, title, (px(LEFT), px(GAP + TITLE / 2)), HEADING, HPos::Left, INK)?;
            }
            let (_, mut rest) = root.split_vertically(px(self.heading()));
            for (index, panel) in self.panels.iter().enumerate() {
                let last = index + 1 == self.panels.len();
                let height = panel.height + GAP + if last { TIME_AXIS } else { 0 };
                let (area, below) = rest.split_vertically(px(height));
                self.panel(&area, panel, last)?;
                rest = below;
            }
            root.present()?;
        }
        Ok(text)
    }

    fn panel(&self, area: &Area<'_>, panel: &Panel, last: bool) -> Drawn {
        let has_legend = self.panels.iter().any(|panel| !panel.legend.is_empty() || panel.scale.is_some());
        let right = if has_legend { RIGHT } else { NO_LEGEND };
        let mut chart = ChartBuilder::on(area)
            .margin_right(px(right))
            .margin_bottom(px(GAP))
            .margin_left(px(LABEL))
            .x_label_area_size(if last { px(TIME_AXIS) } else { 0 })
            .y_label_area_size(px(LEFT - LABEL))
            .build_cartesian_2d(self.time.0..self.time.1, panel.range.0..panel.range.1)?;
        let whole = panel.whole;
        let (low, high) = panel.range;
        let is_one =
            move |value: f64| whole.is_none_or(|(first, last)| value.fract() == 0.0 && (first..=last).contains(&value));
        let values = move |value: &f64| if is_one(*value) { number(*value, high - low) } else { String::new() };
        let length = self.time.1 - self.time.0;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(if whole.is_some() { TRANSPARENT } else { GRID.to_rgba() }.stroke_width(UNITS))
            .axis_style(INK.stroke_width(UNITS))
            .label_style(letters(TEXT, INK))
            .axis_desc_style(letters(TEXT, INK))
            .set_all_tick_mark_size(px(4))
            .x_labels(9)
            .y_labels((panel.height as usize / if whole.is_some() { 25 } else { 45 }).clamp(2, 8))
            .x_label_formatter(&|value| number(*value, length))
            .y_label_formatter(&values)
            .x_desc(if last { "time (ms)" } else { "" })
            .y_desc(&panel.label)
            .draw()?;
        for mark in &panel.marks {
            self.mark(&mut chart, mark)?;
        }
        if !panel.title.is_empty() {
            write(area, &panel.title, (px(LEFT + 8), px(12)), TEXT, HPos::Left, INK)?;
        }
        self.legend(area, panel)
    }

    fn mark(&self, chart: &mut Chart<'_, '_>, mark: &Mark) -> Drawn {
        match mark {
            Mark::Line { points, color, width } => {
                let style = color.stroke_width((width * f64::from(UNITS)).round() as u32);
                // A value that is no number leaves a gap.
                let pieces = points.split(|point| !point.1.is_finite()).filter(|piece| piece.len() > 1);
                chart.draw_series(pieces.map(|piece| PathElement::new(piece.to_vec(), style)))?;
            }
            Mark::Ticks { points, color, length } => {
                let style = color.stroke_width(UNITS + UNITS / 4);
                let half = length / 2.0;
                let ends = points.iter().map(|&(t, y)| vec![(t, y - half), (t, y + half)]);
                chart.draw_series(ends.map(|ends| PathElement::new(ends, style)))?;
            }
            Mark::Bars { points, color, width } => {
                let style = color.mix(0.45).filled();
                let shown = points.iter().filter(|point| point.1 > 0.0);
                chart.draw_series(shown.map(|&(t, y)| Rectangle::new([(t, 0.0), (t + width, y)], style)))?;
            }
            Mark::Map(cells) => {
                // Neighbours overlap by a unit, or the background would shine through between them.
                let (width, height) = chart.plotting_area().dim_in_pixel();
                let (range, length) = (chart.y_range(), self.time.1 - self.time.0);
                let right = length / f64::from(width.max(1));
                let below = (range.end - range.start) / f64::from(height.max(1));
                let overlapping = |[(begin, top), (end, bottom)]: [(f64, f64); 2]| {
                    [(begin, top), ((end + right).min(self.time.1), (bottom - below).max(range.start))]
                };
                let shown = cells.iter().filter(|(_, value)| value.is_finite());
                let shown = shown.map(|&(corners, value)| (overlapping(corners), value));
                chart.draw_series(shown.map(|(corners, value)| Rectangle::new(corners, diverging(value).filled())))?;
            }
        }
        Ok(())
    }

    /// Right of the panel.
    fn legend(&self, area: &Area<'_>, panel: &Panel) -> Drawn {
        let left = px(self.width - RIGHT + 14);
        let mut top = 12;
        if let Some((most, unit)) = &panel.scale {
            let steps = 40;
            let (begin, height) = (22, (panel.height - 44) as f64);
            for step in 0..steps {
                let value = 1.0 - 2.0 * f64::from(step) / f64::from(steps - 1);
                let y = |step: i32| {
                    (f64::from(px(begin)) + height * f64::from(UNITS * step as u32) / f64::from(steps)) as i32
                };
                let corners = [(left, y(step)), (left + px(14), y(step + 1) + 1)];
                area.draw(&Rectangle::new(corners, diverging(value).filled()))?;
            }
            write(area, unit, (left, px(10)), TEXT, HPos::Left, INK)?;
            for (value, part) in [(*most, 0.0), (0.0, 0.5), (-most, 1.0)] {
                let y = px(begin) + (height * part * f64::from(UNITS)) as i32;
                write(area, &number(value, *most), (left + px(20), y), TEXT, HPos::Left, INK)?;
            }
            return Ok(());
        }
        for (name, color) in &panel.legend {
            let y = px(top);
            let swatch = [(left, y - px(4)), (left + px(12), y + px(4))];
            area.draw(&Rectangle::new(swatch, color.filled()))?;
            write(area, &shortened(name), (left + px(18), y), TEXT, HPos::Left, INK)?;
            top += 17;
        }
        if let Some(note) = &panel.note {
            write(area, note, (left, px(top)), TEXT, HPos::Left, INK)?;
        }
        Ok(())
    }
}

fn px(pixels: u32) -> i32 {
    (pixels * UNITS) as i32
}

fn letters(size: u32, color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size * UNITS).into_font().color(&color)
}

/// Text whose left end, middle or right end is at a place, in units.
fn write(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, end: HPos, color: RGBColor) -> Drawn {
    area.draw(&Text::new(text.to_owned(), at, letters(size, color).pos(Pos::new(end, VPos::Center))))?;
    Ok(())
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// A number on an axis that is so long, with no more digits than it takes to tell labels apart.
pub fn number(value: f64, length: f64) -> String {
    let digits = (1.0 - length.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    // The sign that typesetters use, and none before zero.
    if text == "-0" { "0".to_owned() } else { text.replace('-', "\u{2212}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown = [number(-80.0, 120.0), number(0.30000000000000004, 0.5), number(-0.0, 1.0), number(2e-4, 1e-3)];
        assert_eq!(shown, ["\u{2212}80", "0.3", "0", "0.0002"]);
        assert_eq!(shortened("a name that is too long for it"), "a name that is too …");
    }
}
