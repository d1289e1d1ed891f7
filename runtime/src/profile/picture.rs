//! A picture of where time went: a box for each part, below the box of what it is a part of, as wide as its time.

use super::Stack;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

/// Width of the picture and height of a box, pixels.
const WIDTH: f64 = 1200.0;
const ROW: i32 = 26;
/// Boxes narrower than this are left out.
const NARROWEST: f64 = 0.5;
/// Width of a letter.
const LETTER: f64 = 7.5;

/// Draws a picture to an SVG file.
///
/// # Errors
/// A description of why it cannot be written.
pub fn draw(stack: &Stack, picture: &Path) -> Result<(), String> {
    let size = (WIDTH as u32, ROW as u32 * stack.depth() as u32);
    let root = SVGBackend::new(picture, size).into_drawing_area();
    root.fill(&WHITE).map_err(|error| error.to_string())?;
    let mut boxes = Vec::new();
    place(stack, 0.0, 0, WIDTH / stack.seconds.max(1e-12), &mut boxes);
    for (number, (part, left, row, width)) in boxes.into_iter().enumerate() {
        // Neighbours differ in shade.
        let colour = HSLColor(0.03 + 0.025 * (number % 5) as f64, 0.85, 0.62);
        let (x, y) = (left.round() as i32, row * ROW);
        let corners = [(x, y), ((left + width).round() as i32, y + ROW - 1)];
        root.draw(&Rectangle::new(corners, colour.filled())).map_err(|error| error.to_string())?;
        let text = format!("{} {:.3} s", part.name, part.seconds);
        let letters = (width / LETTER) as usize;
        let shown = [text.as_str(), part.name.as_str()].into_iter().find(|text| text.len() <= letters);
        if let Some(shown) = shown {
            let style = ("sans-serif", 13).into_font().color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center));
            root.draw(&Text::new(shown.to_owned(), (x + 4, y + ROW / 2), style)).map_err(|error| error.to_string())?;
        }
    }
    root.present().map_err(|error| error.to_string())
}

/// The boxes of a part and of its parts: left end, row, width.
fn place<'a>(stack: &'a Stack, left: f64, row: i32, scale: f64, boxes: &mut Vec<(&'a Stack, f64, i32, f64)>) {
    let width = stack.seconds * scale;
    if width < NARROWEST {
        return;
    }
    boxes.push((stack, left, row, width));
    let mut left = left;
    for part in &stack.parts {
        place(part, left, row + 1, scale, boxes);
        left += part.seconds * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_below_what_they_are_parts_of() {
        let parts = vec![Stack::new("a", 1.0), Stack::new("b", 2.0)];
        let all = Stack { name: "all".into(), seconds: 4.0, parts };
        let mut boxes = Vec::new();
        place(&all, 0.0, 0, 10.0, &mut boxes);
        let places: Vec<_> = boxes.iter().map(|&(_, left, row, width)| (left, row, width)).collect();
        assert_eq!(places, [(0.0, 0, 40.0), (0.0, 1, 10.0), (10.0, 1, 20.0)]);
    }

    #[test]
    fn a_picture_is_a_file_with_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.svg");
        draw(&super::super::tests::report().stack, &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("simulate 0.064 s") && text.contains("hh 0.030 s"), "{text}");
    }
}
