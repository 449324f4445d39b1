//! What was measured: figures in, JSON or a table out. Measures nothing.

use std::fmt::Write as _;

use serde::Serialize;

use crate::measure::Cost;

/// All figures of one run. Times are CPU seconds, the least of several; sizes and memory are MiB.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    /// How many models there were.
    pub(crate) models: usize,
    /// The seed of the made-up catalogue.
    pub(crate) seed: u64,
    /// How often each measurement was taken.
    pub(crate) runs: usize,
    /// Properties on which typify failed, which it got as "any value" instead.
    pub(crate) replaced_for_typify: usize,
    /// Generation: ours by typify's.
    pub(crate) generation_ratio: f64,
    /// `cargo check`, all models on: ours by typify's.
    pub(crate) check_ratio: f64,
    /// `cargo build --release` of the library, all models on: ours by typify's.
    pub(crate) release_ratio: f64,
    /// The peak memory of `cargo check` of ours, all models on.
    pub(crate) check_peak_memory_mib: f64,
    /// `cargo check` of one family out of all by that of a crate with that family only.
    pub(crate) one_family_ratio: f64,
    /// The size of the release library: ours by typify's.
    pub(crate) library_size_ratio: f64,
    /// A release binary that uses one model, by the same program written by hand with serde_json.
    pub(crate) binary_size_ratio: f64,
    /// Time per model of the generation of 3,000 models by that of 100; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) growth_ratio: Option<f64>,
    /// What the ratios were made of.
    pub(crate) figures: Figures,
}

/// The measured figures, each of ours and of what it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// CPU seconds of the generation.
    pub(crate) generation_seconds: [f64; 2],
    /// CPU seconds of `cargo check`.
    pub(crate) check_seconds: [f64; 2],
    /// The peak memory of `cargo check`.
    pub(crate) check_peak_memory_mib: [f64; 2],
    /// CPU seconds of the release build.
    pub(crate) release_seconds: [f64; 2],
    /// The peak memory of the release build.
    pub(crate) release_peak_memory_mib: [f64; 2],
    /// CPU seconds of `cargo check` of one family: out of all, and alone.
    pub(crate) one_family_seconds: [f64; 2],
    /// The size of the release library.
    pub(crate) library_mib: [f64; 2],
    /// The size of the release binary with one model: with our types, and by hand.
    pub(crate) binary_mib: [f64; 2],
    /// CPU seconds of the generation of 3,000 and of 100 models; only if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) growth_seconds: Option<[f64; 2]>,
}

impl Report {
    /// The report with its ratios.
    #[must_use]
    pub(crate) fn of(models: usize, seed: u64, runs: usize, replaced_for_typify: usize, figures: Figures) -> Self {
        let ratio = |[one, other]: [f64; 2]| one / other;
        Self {
            models,
            seed,
            runs,
            replaced_for_typify,
            generation_ratio: ratio(figures.generation_seconds),
            check_ratio: ratio(figures.check_seconds),
            release_ratio: ratio(figures.release_seconds),
            check_peak_memory_mib: figures.check_peak_memory_mib[0],
            one_family_ratio: ratio(figures.one_family_seconds),
            library_size_ratio: ratio(figures.library_mib),
            binary_size_ratio: ratio(figures.binary_mib),
            growth_ratio: figures.growth_seconds.map(|[large, small]| large / small / 30.0),
            figures,
        }
    }

    /// A table for people.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let Self { models, runs, replaced_for_typify: replaced, figures, .. } = self;
        let mut text = format!("{models} models, least of {runs} runs by turns, CPU seconds and MiB\n\n");
        let mut row = |what: &str, [one, other]: [f64; 2], ratio: f64| {
            _ = writeln!(text, "{what:<34} {one:>9.3} {other:>9.3} {ratio:>7.3}");
        };
        row("generation, ours and typify's", figures.generation_seconds, self.generation_ratio);
        row("cargo check", figures.check_seconds, self.check_ratio);
        let peaks = figures.check_peak_memory_mib;
        row("peak memory of cargo check", peaks, peaks[0] / peaks[1]);
        row("release build", figures.release_seconds, self.release_ratio);
        let peaks = figures.release_peak_memory_mib;
        row("peak memory of the release build", peaks, peaks[0] / peaks[1]);
        row("size of the release library", figures.library_mib, self.library_size_ratio);
        row("one family: out of all, and alone", figures.one_family_seconds, self.one_family_ratio);
        row("binary: our types, and by hand", figures.binary_mib, self.binary_size_ratio);
        if let (Some(seconds), Some(ratio)) = (figures.growth_seconds, self.growth_ratio) {
            row("generation of 3,000 and 100 models", seconds, ratio);
        }
        _ = writeln!(text, "\n{replaced} properties, on which typify fails, were any value for it");
        text
    }
}

/// The times of a pair of measurements.
pub(crate) fn seconds(costs: [Cost; 2]) -> [f64; 2] {
    costs.map(|cost| cost.cpu_seconds)
}

/// The peaks of a pair of measurements.
pub(crate) fn peaks(costs: [Cost; 2]) -> [f64; 2] {
    costs.map(|cost| cost.peak_mib)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_ours_by_theirs_and_growth_is_per_model() {
        let figures = Figures {
            generation_seconds: [1.0, 2.0],
            check_seconds: [1.0, 4.0],
            check_peak_memory_mib: [300.0, 900.0],
            release_seconds: [1.0, 5.0],
            one_family_seconds: [1.1, 1.0],
            library_mib: [1.0, 8.0],
            binary_mib: [1.0, 1.0],
            growth_seconds: Some([60.0, 2.0]),
            ..Figures::default()
        };
        let report = Report::of(10, 1, 5, 0, figures);
        assert_eq!((report.check_ratio, report.release_ratio, report.growth_ratio), (0.25, 0.2, Some(1.0)));
        assert_eq!(report.check_peak_memory_mib, 300.0);
        let json = serde_json::to_value(&report).expect("JSON");
        for field in
            ["models", "generation_ratio", "check_ratio", "release_ratio", "check_peak_memory_mib", "one_family_ratio"]
        {
            assert!(json[field].is_number(), "{field}");
        }
        assert!(report.text().contains("cargo check"));
    }
}
