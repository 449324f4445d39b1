//! Measures of media: the size of the file, the shape of the picture. In: a `data:` URI. Out: the measure, if it can be had
//! without a network. Must not know rules.

use crate::media::split_data_uri;

/// Measures `data:` URIs: the size from the length of the payload, the shape from the header of the image.
pub fn media_checker(quantity: &str, data_uri: &str) -> Option<f64> {
    let (_, payload) = split_data_uri(data_uri)?;
    match quantity {
        "file_size_mb" => Some(decoded_len(payload) as f64 / (1024.0 * 1024.0)),
        "width_pixels" => image_size(payload).map(|(width, _)| width),
        "height_pixels" => image_size(payload).map(|(_, height)| height),
        "width/height" => image_size(payload).map(|(width, height)| width / height),
        _ => None,
    }
}

fn decoded_len(payload: &str) -> usize {
    payload.trim_end_matches('=').len() * 3 / 4
}

/// The size of the image in pixels. Most formats have it in the first bytes; where a large preview comes first, the
/// whole payload is decoded.
fn image_size(payload: &str) -> Option<(f64, f64)> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    /// A multiple of four, so that the cut falls between groups.
    const START: usize = 64 * 1024;
    let size_of = |payload: &str| {
        let bytes = STANDARD.decode(payload).ok()?;
        let size = imagesize::blob_size(&bytes).ok()?;
        Some((size.width as f64, size.height as f64))
    };
    payload.get(..START).and_then(size_of).or_else(|| size_of(payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_measured_by_their_header() {
        // A GIF of 3 by 2 pixels, cut off after its header.
        let gif = "data:image/gif;base64,R0lGODlhAwACAAAAAA==";
        assert_eq!(media_checker("width_pixels", gif), Some(3.0));
        assert_eq!(media_checker("height_pixels", gif), Some(2.0));
        assert_eq!(media_checker("width/height", gif), Some(1.5));
        assert_eq!(media_checker("file_size_mb", gif), Some(13.0 / 1_048_576.0));
        assert_eq!(media_checker("frames", gif), None);
    }
}
