//! One second of H.264 with a `free` box behind it, which players skip and which makes each job's file its own.

use super::filling;

/// Made once by `ffmpeg -f lavfi -i testsrc2=size=64x64:rate=4:duration=1 -c:v libx264 -profile:v baseline -crf 45
/// -movflags +faststart`, with all marks of the encoder left out.
const SAMPLE: &[u8] = include_bytes!("../../assets/sample.mp4");

/// The size and the name of a box, 4 bytes each.
const HEADER: usize = 8;

pub(super) fn file(number: u64, at_least: usize) -> Vec<u8> {
    let filling = filling(number, at_least.saturating_sub(SAMPLE.len() + HEADER).max(8));
    let size = u32::try_from(HEADER + filling.len()).unwrap_or(u32::MAX);
    [SAMPLE, &size.to_be_bytes(), b"free", &filling].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_each_other_to_the_end() {
        let bytes = file(7, 50_000);
        let (mut at, mut names) = (0, Vec::new());
        while at < bytes.len() {
            names.push(String::from_utf8_lossy(&bytes[at + 4..at + 8]).into_owned());
            at += u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four")) as usize;
        }
        assert_eq!(at, bytes.len());
        assert_eq!((names[0].as_str(), names[1].as_str()), ("ftyp", "moov"));
        assert_eq!(names.last().map(String::as_str), Some("free"));
    }
}
