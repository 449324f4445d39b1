//! A PNG of one colour; what is missing to the wanted size is an ancillary chunk that decoders skip.

use png::chunk::ChunkType;
use png::{BitDepth, ColorType, Encoder};

use super::filling;

const SIDE: u32 = 64;

/// Private, ancillary and safe to copy: the case of its letters says so.
const FILLING: ChunkType = ChunkType(*b"fiLl");

pub(super) fn file(number: u64, at_least: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let colour = number.to_le_bytes();
    let pixels = colour[..3].repeat((SIDE * SIDE) as usize);
    let mut encoder = Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_chunk(FILLING, &filling(number, at_least.max(8)))?;
        writer.write_image_data(&pixels)?;
        writer.finish()
    });
    written.expect("a vector takes everything, and the pixels are as many as announced");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_reads_it() {
        for at_least in [0, 50_000] {
            let bytes = file(0x00CC_BBAA, at_least);
            let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().expect("a header");
            let mut pixels = vec![0; reader.output_buffer_size().expect("small")];
            let info = reader.next_frame(&mut pixels).expect("a frame");
            assert_eq!((info.width, info.height, &pixels[..3]), (SIDE, SIDE, &[0xAA, 0xBB, 0xCC][..]));
        }
    }
}
