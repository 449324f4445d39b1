//! A square wave in WAVE: 8 bits, one channel, 16,000 samples a second. Its first eight samples are the number.

/// Samples per second.
const RATE: u32 = 16_000;

/// A quarter of a second.
const MIN_SAMPLES: usize = RATE as usize / 4;

pub(super) fn file(number: u64, at_least: usize) -> Vec<u8> {
    let half_period = 16 + number % 128;
    let len = at_least.max(MIN_SAMPLES).next_multiple_of(2);
    let samples = (8..len as u64).map(|at| if (at / half_period).is_multiple_of(2) { 96_u8 } else { 160 });
    let length = len as u32;
    let mut bytes = Vec::with_capacity(44 + len);
    bytes.extend(b"RIFF");
    bytes.extend((36 + length).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]); // PCM, one channel.
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(RATE.to_le_bytes()); // Bytes per second.
    bytes.extend([1, 0, 8, 0]); // Bytes per frame, bits per sample.
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(number.to_le_bytes());
    bytes.extend(samples);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lengths_in_the_headers_are_those_of_the_file() {
        let bytes = file(3, 9_999);
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four")) as usize;
        assert_eq!((&bytes[..4], &bytes[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!((number(4) + 8, number(40) + 44), (bytes.len(), bytes.len()));
    }
}
