//! A picture as SVG, and as PNG.

use crate::analysis::AnalysisError;
use resvg::{tiny_skia, usvg};
use std::path::Path;
use std::sync::Arc;

/// Units of a drawing in a pixel of the picture: coordinates of a drawing are whole numbers.
pub const UNITS: u32 = 4;
/// Pixels of a PNG in a pixel of the picture.
const PNG_PIXELS: f32 = 2.0;

/// Writes a drawing (SVG of `size` units) to a file, as its name says.
///
/// # Errors
/// When the name ends in neither `.svg` nor `.png`, or the file cannot be written.
pub fn write(drawing: &str, size: (u32, u32), picture: &Path) -> Result<(), AnalysisError> {
    let failed = |reason: String| AnalysisError::Draw { path: picture.to_owned(), reason };
    let ending = picture.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let svg = in_pixels(drawing, size);
    let bytes = match ending.as_str() {
        "svg" => svg.into_bytes(),
        "png" => png(&svg).map_err(failed)?,
        _ => return Err(failed("give it a name that ends in .svg or .png".to_owned())),
    };
    if let Some(folder) = picture.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    std::fs::write(picture, bytes).map_err(|error| failed(error.to_string()))
}

/// The drawing, shown at its size in pixels.
fn in_pixels(drawing: &str, (width, height): (u32, u32)) -> String {
    let units = format!("<svg width=\"{width}\" height=\"{height}\"");
    let pixels = format!("<svg width=\"{}\" height=\"{}\"", width / UNITS, height / UNITS);
    drawing.replacen(&units, &pixels, 1)
}

fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut fonts = usvg::fontdb::Database::new();
    // Pictures look the same on all machines, also on those without fonts.
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size();
    let scaled = |length: u32| (length as f32 * PNG_PIXELS) as u32;
    let mut pixels = tiny_skia::Pixmap::new(scaled(size.width()), scaled(size.height())).ok_or("it is too large")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(PNG_PIXELS, PNG_PIXELS), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}
