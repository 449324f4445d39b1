//! Whether a file is one of the emulator's films, whole and in order. Bytes in, yes or no out.

/// What the emulator multiplies the words of its filling by.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Whether the boxes follow each other to the end, and each word of the filling is where it belongs: all are made from
/// the number of the file, which the first one tells.
pub(super) fn is_whole(film: &[u8]) -> bool {
    let mut rest = film;
    loop {
        let Some((head, _)) = rest.split_at_checked(8) else { return false };
        let size = head[..4].iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
        match rest.split_at_checked(size.max(8)) {
            Some((last, [])) => return &head[4..] == b"free" && is_filling(&last[8..]),
            Some((_, next)) => rest = next,
            None => return false,
        }
    }
}

fn is_filling(bytes: &[u8]) -> bool {
    let Some(first) = bytes.first_chunk() else { return false };
    let number = u64::from_le_bytes(*first).wrapping_mul(inverse(FACTOR));
    let word = |at: u64| (at ^ number).wrapping_mul(FACTOR).to_le_bytes();
    bytes.chunks(8).zip(0..).all(|(chunk, at)| word(at).starts_with(chunk))
}

/// Of an odd number, modulo 2^64: each step doubles the bits that are right, of which there are three at first.
fn inverse(odd: u64) -> u64 {
    (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(words: u64) -> Vec<u8> {
        let filling: Vec<u8> = (0..words).flat_map(|at| (at ^ 77).wrapping_mul(FACTOR).to_le_bytes()).collect();
        let size = u32::try_from(filling.len() + 8).expect("a small film").to_be_bytes();
        [&12_u32.to_be_bytes()[..], b"ftypisom", &size, b"free", &filling].concat()
    }

    #[test]
    fn a_whole_film_is_told_from_every_broken_one() {
        let whole = film(100);
        assert!(is_whole(&whole));
        assert!(!is_whole(&[]) && !is_whole(b"<html>one moment</html>"));
        assert!(!is_whole(&whole[..whole.len() - 1]), "cut");
        assert!(!is_whole(&[&whole[..], &[0]].concat()), "too long");
        let mut other = whole.clone();
        other[500..508].rotate_left(1);
        assert!(!is_whole(&other), "put together wrongly");
    }
}
