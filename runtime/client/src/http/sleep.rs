//! Whether the machine slept: most clocks stand still then, those that tell how long a connection has been idle, too. Must not know
//! what that means to anybody.

use std::time::{Duration, Instant, SystemTime};

/// A shorter sleep is no matter: clocks are set by less while they go.
const NAP: Duration = Duration::from_secs(5);

/// Two clocks at one moment: one that stands still while the machine sleeps, and one that goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    awake: Instant,
    wall: SystemTime,
}

impl Clocks {
    pub(crate) fn now() -> Self {
        Self { awake: Instant::now(), wall: SystemTime::now() }
    }

    /// Whether the machine slept until then, or somebody set its clock, which looks the same.
    pub(crate) fn slept_until(self, now: Self) -> bool {
        let awake = now.awake.saturating_duration_since(self.awake);
        match now.wall.duration_since(self.wall) {
            Ok(wall) => wall.abs_diff(awake) > NAP,
            Err(back) => back.duration() + awake > NAP,
        }
    }

    /// The same moment, after a sleep.
    #[cfg(test)]
    pub(crate) fn before_a_sleep_of(self, slept: Duration) -> Self {
        Self { wall: self.wall - slept, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_where_one_clock_goes_on_alone() {
        let (seconds, begun) = (Duration::from_secs, Clocks::now());
        let after = |awake, wall| Clocks { awake: begun.awake + awake, wall: begun.wall + wall };
        for (awake, wall, slept) in
            [(0, 0, false), (3600, 3600, false), (3600, 3603, false), (1, 61, true), (0, 3600, true)]
        {
            assert_eq!(begun.slept_until(after(seconds(awake), seconds(wall))), slept, "{awake} {wall}");
        }
        // Set back, by little and by much.
        for (back, slept) in [(1, false), (3600, true)] {
            let now = Clocks { wall: begun.wall - seconds(back), ..begun };
            assert_eq!(begun.slept_until(now), slept, "{back}");
        }
        assert!(begun.before_a_sleep_of(seconds(60)).slept_until(begun));
    }
}
