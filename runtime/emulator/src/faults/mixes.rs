//! The mixes: which faults happen how often in a soak. A seed repeats what they roll.

use std::time::Duration;

use super::fault::{CancelForm, Fault, FileFault, IdPlace, Oddity, RetryAfter, Shape, When};
use super::{Faults, NoEnd, OddHead, Route};

/// How long a connection stays open on which an answer does not end.
const HELD_OPEN: Duration = Duration::from_millis(50);

impl Faults {
    /// Everything goes wrong now and then that happens in networks: about every sixth request is struck, every tenth job
    /// fails, every fifth cost is late. Connections are refused only in the first 200 ms: closing a listener while it is
    /// busy could reset a connection that the account never saw.
    #[must_use]
    pub fn heavy() -> Self {
        let mut faults = Self::none()
            .failing_jobs(0.1)
            .late_cost(0.2, Duration::from_secs(5))
            .refused_at_start(Duration::from_millis(200));
        for route in Route::ALL {
            faults = faults
                .each(
                    route,
                    0.01,
                    &[
                        Fault::RateLimited(RetryAfter::Date(1)),
                        Fault::RateLimited(RetryAfter::None),
                        Fault::Status(500, When::Before),
                        Fault::Status(502, When::Before),
                        Fault::Status(503, When::After),
                        Fault::Reset(When::Before),
                        Fault::Reset(When::After),
                        Fault::SlowBody(Duration::from_millis(50)),
                        Fault::CutBody,
                        Fault::Redirect,
                    ],
                )
                .rate(route, Fault::RateLimited(RetryAfter::Seconds(1)), 0.02);
            if route != Route::File {
                faults = faults.each(route, 0.01, &[Fault::BrokenJson, Fault::ErrorBody(500_001)]);
                faults = faults.rate(route, Fault::UnknownFields, 0.02);
            }
        }
        faults.rate(Route::Status, Fault::UnknownStatus, 0.02).rate(Route::Result, Fault::UnknownStatus, 0.02)
    }

    /// Beside what [`heavy`](Self::heavy) brings, what hostile and merely odd servers do: answers that are not quite JSON or
    /// not quite HTTP, outputs of other shapes, pages of gateways, ids of other jobs, files that change. About every third
    /// request is struck. A client that survives it never loses sight of a job.
    #[must_use]
    pub fn hostile() -> Self {
        let mut faults = Self::heavy();
        for route in Route::ALL {
            faults = faults.each(
                route,
                0.005,
                &[
                    Fault::RateLimited(RetryAfter::Fraction(500)),
                    Fault::RateLimited(RetryAfter::SkewedDate(1, 3600)),
                    Fault::Busy(RetryAfter::SkewedDate(1, -3600)),
                    Fault::Close(When::Before),
                    Fault::Close(When::After),
                    Fault::Informational(Duration::from_millis(120)),
                    Fault::SlowHead(Duration::from_millis(50)),
                    Fault::Status(421, When::Before),
                    Fault::Status(425, When::Before),
                    Fault::Html(502, When::After),
                    Fault::EmptyBody,
                ],
            );
            faults = faults
                .each(route, 0.003, &OddHead::ALL.map(Fault::Head))
                .each(route, 0.003, &NoEnd::ALL.map(|end| Fault::Unended(end, HELD_OPEN)))
                .rate(route, Fault::RateLimited(RetryAfter::Lines(&["1", "soon", "2"])), 0.003);
            if route != Route::File {
                faults = faults.each(route, 0.003, &[Fault::Gzip, Fault::Encoding("br"), Fault::Encoding("none")]);
                faults = faults.each(route, 0.003, &Oddity::ALL.map(Fault::OddJson)).rate(
                    route,
                    Fault::Padded(100_000),
                    0.003,
                );
            }
        }
        let submits = [
            Fault::CutAfterId,
            Fault::CutWithinId,
            Fault::Echo,
            Fault::CutAfterEcho,
            Fault::Coded(400, 500_001),
            Fault::TwoIds,
            Fault::Contradicted(IdPlace::Data),
            Fault::Contradicted(IdPlace::Address),
            Fault::Contradicted(IdPlace::Head),
            Fault::DeniedAs(429, "pending"),
            Fault::DeniedAs(422, "processing"),
        ];
        let places = [
            IdPlace::Data,
            IdPlace::List,
            IdPlace::Address,
            IdPlace::Head,
            IdPlace::Link,
            IdPlace::Spaces,
            IdPlace::Utf16,
        ];
        let spellings = [IdPlace::Spaces, IdPlace::Case, IdPlace::Utf16, IdPlace::Data];
        let files = [
            FileFault::NoContentRange,
            FileFault::WrongStart,
            FileFault::WrongTotal,
            FileFault::UnknownTotal,
            FileFault::ShortPart,
            FileFault::FromStart,
            FileFault::IgnoresRange,
            FileFault::Encoding("gzip"),
            FileFault::Type("text/html"),
            FileFault::Changed,
            FileFault::Text,
            FileFault::Untagged,
        ];
        faults
            .each(Route::Submit, 0.005, &submits)
            .each(Route::Submit, 0.005, &places.map(Fault::Told))
            .each(Route::Submit, 0.005, &places.map(|place| Fault::Denied(400, place)))
            .each(Route::Result, 0.005, &spellings.map(Fault::Told))
            .each(Route::Status, 0.005, &spellings.map(Fault::Told))
            .each(Route::Status, 0.005, &[Fault::ListedStatus, Fault::OtherId, Fault::Html(404, When::Before)])
            .each(
                Route::Result,
                0.005,
                &[Fault::ListedStatus, Fault::OtherId, Fault::Uncoded(404), Fault::Html(404, When::Before)],
            )
            .each(Route::Result, 0.01, &Shape::ALL.map(Fault::Output))
            .each(Route::Cancel, 0.05, &CancelForm::ALL.map(Fault::Cancel))
            .each(Route::Models, 0.01, &[Fault::Slides(-1), Fault::Slides(1), Fault::EntryWithoutId])
            .each(Route::File, 0.01, &files.map(Fault::File))
    }

    /// Several faults of one route, each with this share.
    fn each(self, route: Route, share: f64, faults: &[Fault]) -> Self {
        faults.iter().fold(self, |mix, fault| mix.rate(route, *fault, share))
    }
}
