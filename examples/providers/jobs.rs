//! The inputs of the jobs, one of each provider. Knows nothing of how they are run.

use runcomfy::{AudioInput, ImageInput, VideoInput};
use runcomfy::{
    acestep_ai::ace_step_1_5::text_to_audio as ace_step, alibaba::happyhorse_1_1::text_to_video as happyhorse_1_1,
    blackforestlabs::flux_3::image as flux, bytedance::seedance_2_5::image_to_video_1080p as seedance,
    community::wan_2_2::vace_fun, elevenlabs::elevenlabs::music_generation as elevenlabs,
    google::nano_banana_2_lite::edit as nano_banana, happyhorse::happyhorse_1_0::video_edit as happyhorse_1_0,
    ideogram_ai::ideogram_v4::text_to_image as ideogram, kling::kling_video_o3::text_to_video_pro as kling,
    lightricks::ltx_2_5::audio_to_video_fast as ltx, minimax::minimax_h3::text_to_video as minimax,
    openai::gpt_image_2::text_to_image as gpt_image, pixverse::pixverse_v6::transition as pixverse,
    qwen::qwen_image_3_0::edit as qwen, runwayml::runway_aleph_2::video_to_video as aleph,
    wan_ai::wan_2_7::image_to_video as wan,
};

use super::Job;

/// A job of each provider, in the order of their names.
pub(super) fn all() -> Vec<Box<dyn Job>> {
    let still = || ImageInput::url("https://example.com/harbour.png");
    let clip = || VideoInput::url("https://example.com/harbour.mp4");
    let voice = || AudioInput::url("https://example.com/voice.mp3");
    vec![
        Box::new(ace_step::Input::new("calm piano, rain on a window").duration(60)),
        Box::new(
            happyhorse_1_1::Input::new("A ferry leaves the harbour").resolution(happyhorse_1_1::Resolution::R1080p),
        ),
        Box::new(flux::Input::new("A lighthouse in a storm").image_size(flux::ImageSize::Landscape4_3)),
        Box::new(seedance::Input::new("The ferry leaves, gulls follow", still()).duration(5)),
        Box::new(vace_fun::Input::new("The ferry leaves, gulls follow", still()).steps(20).guidance_scale(4.0)),
        Box::new(elevenlabs::Input::new("A shanty for two voices").music_length_ms(30_000)),
        Box::new(nano_banana::Input::new("Make it night", [still()])),
        Box::new(happyhorse_1_0::Input::new(clip(), "Make it snow").resolution(happyhorse_1_0::Resolution::R1080p)),
        Box::new(ideogram::Input::new("A poster that says FERRY").output_format(ideogram::OutputFormat::Png)),
        Box::new(kling::Input::new("A ferry leaves the harbour").aspect_ratio(kling::AspectRatio::R16x9)),
        Box::new(ltx::Input::new(voice()).image_url(still())),
        Box::new(minimax::Input::new("A ferry leaves the harbour").duration(5)),
        Box::new(gpt_image::Input::new("A lighthouse in a storm").quality(gpt_image::Quality::Low)),
        Box::new(pixverse::Input::new(pixverse::Required {
            prompt: "Day turns to night".to_owned(),
            image: still(),
            end_image: ImageInput::url("https://example.com/night.png"),
        })),
        Box::new(qwen::Input::new([still()], "Make it night")),
        Box::new(aleph::Input::new(clip(), "Make it snow")),
        Box::new(wan::Input::new("The ferry leaves, gulls follow", still()).duration(5)),
    ]
}
