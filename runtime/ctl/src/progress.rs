//! What a worker tells, as a spinner on a terminal and as lines elsewhere. Must not know what is worked on.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use runcomfy_runner::Progress as Told;

use crate::out::Out;

/// Where a worker's progress is shown.
pub(crate) struct Progress {
    out: Out,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A spinner where a person watches, else lines.
    pub(crate) fn new(out: Out) -> Self {
        let bar = out.is_watched().then(|| {
            let bar = ProgressBar::new_spinner().with_message("submitting");
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { out, bar }
    }

    /// Shows what happened.
    pub(crate) fn tell(&self, told: &Told) {
        match &self.bar {
            Some(bar) if matches!(told, Told::Trouble(_) | Told::ModelPaused { .. } | Told::NotSubmitted { .. }) => {
                bar.suspend(|| self.out.note(&told.to_string()));
            }
            Some(bar) => bar.set_message(told.to_string()),
            None => self.out.note(&told.to_string()),
        }
    }

    /// Takes the spinner away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
