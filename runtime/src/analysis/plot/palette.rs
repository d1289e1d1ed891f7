//! Colours that people with any kind of colour vision can tell apart.

use plotters::style::RGBColor;

/// Okabe and Ito (2008), "Color Universal Design", without yellow, which is hard to see on white; darkest first.
const GROUPS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];

/// Text and axes.
pub const INK: RGBColor = RGBColor(45, 45, 45);
/// Lines behind what is drawn.
pub const GRID: RGBColor = RGBColor(228, 228, 228);
/// What is not in the foreground.
pub const PALE: RGBColor = RGBColor(200, 200, 200);

/// The colour of the n-th group, trace or population.
pub fn group(n: usize) -> RGBColor {
    GROUPS[n % GROUPS.len()]
}

/// Blue over white to orange, for values from -1 to 1; the ends are those of [`group`].
pub fn diverging(value: f64) -> RGBColor {
    let (RGBColor(r, g, b), part) = (if value < 0.0 { GROUPS[0] } else { GROUPS[1] }, value.abs().min(1.0));
    let mix = |end: u8| (255.0 + (f64::from(end) - 255.0) * part).round() as u8;
    RGBColor(mix(r), mix(g), mix(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_white_and_ends_are_strong() {
        assert_eq!(diverging(0.0), RGBColor(255, 255, 255));
        assert_eq!((diverging(-1.0), diverging(7.0)), (group(0), group(1)));
        assert_eq!(group(0), group(7));
    }
}
