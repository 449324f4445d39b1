//! The laws of the queue, over random histories.

use proptest::prelude::*;

use super::*;

/// What happens next in a history; times in seconds.
#[derive(Clone, Debug)]
enum Event {
    Push { length: u64 },
    Cancel { which: prop::sample::Index },
    Wait { time: u64 },
}

fn history() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => (0_u64..20).prop_map(|length| Event::Push { length }),
        1 => any::<prop::sample::Index>().prop_map(|which| Event::Cancel { which }),
        2 => (0_u64..15).prop_map(|time| Event::Wait { time }),
    ];
    prop::collection::vec(event, 0..80)
}

/// Lives through a history, with `check` after each event; gives the queue and its last moment.
fn live(workers: usize, history: &[Event], mut check: impl FnMut(&Queue)) -> (Queue, Duration) {
    let (mut queue, mut now) = (Queue::new(workers), Duration::ZERO);
    for event in history {
        match event {
            Event::Push { length } => {
                queue.push(Duration::from_secs(*length));
            }
            Event::Cancel { which } if !queue.jobs.is_empty() => {
                let job = which.index(queue.jobs.len());
                let waited = queue.phase(job) == Phase::Waiting;
                assert_eq!(queue.cancel(job), waited);
                assert!(!queue.cancel(job), "a second cancel does nothing");
            }
            Event::Cancel { .. } => {}
            Event::Wait { time } => {
                now += Duration::from_secs(*time);
                queue.advance(now);
            }
        }
        check(&queue);
    }
    (queue, now)
}

fn in_phase(queue: &Queue, is: impl Fn(Phase) -> bool) -> Vec<JobNumber> {
    (0..queue.jobs.len()).filter(|job| is(queue.phase(*job))).collect()
}

proptest! {
    #[test]
    fn positions_count_who_waits_from_0_in_order(workers in 1_usize..5, history in history()) {
        live(workers, &history, |queue| {
            let waiting = in_phase(queue, |phase| phase == Phase::Waiting);
            for (position, job) in waiting.iter().enumerate() {
                assert_eq!(queue.position(*job), Some(position));
            }
            let others = in_phase(queue, |phase| phase != Phase::Waiting);
            assert!(others.iter().all(|job| queue.position(*job).is_none()));
        });
    }

    #[test]
    fn no_worker_is_idle_while_jobs_wait_and_none_has_two(workers in 1_usize..5, history in history()) {
        live(workers, &history, |queue| {
            let running = in_phase(queue, |phase| matches!(phase, Phase::Running { .. })).len();
            let waiting = in_phase(queue, |phase| phase == Phase::Waiting).len();
            assert!(running <= workers);
            assert!(waiting == 0 || running == workers, "{running} of {workers} run, {waiting} wait");
        });
    }

    #[test]
    fn every_job_ends_and_takes_its_time(workers in 1_usize..5, history in history()) {
        let (mut queue, now) = live(workers, &history, |_| ());
        let mut starts = vec![None; queue.jobs.len()];
        let end = now + Duration::from_secs(20 * 80);
        let mut at = now;
        while at <= end {
            for (job, start) in starts.iter_mut().enumerate() {
                if let Phase::Running { since } = queue.phase(job) {
                    *start = Some(since);
                }
            }
            at += Duration::from_secs(1);
            queue.advance(at);
        }
        for (job, start) in starts.into_iter().enumerate() {
            match (queue.phase(job), start) {
                (Phase::Done { at }, Some(start)) => assert_eq!(at - start, queue.jobs[job].length),
                // It was over before anybody looked.
                (Phase::Done { .. } | Phase::Cancelled { .. }, None) => {}
                (phase, start) => panic!("job {job}: {phase:?}, started {start:?}"),
            }
        }
    }

    #[test]
    fn who_comes_first_starts_first(workers in 1_usize..5, history in history()) {
        live(workers, &history, |queue| {
            let waiting = in_phase(queue, |phase| phase == Phase::Waiting);
            let served = in_phase(queue, |phase| matches!(phase, Phase::Running { .. } | Phase::Done { .. }));
            if let (Some(first_waiting), Some(last_served)) = (waiting.first(), served.last()) {
                assert!(last_served < first_waiting);
            }
        });
    }

    #[test]
    fn how_often_one_looks_changes_nothing(workers in 1_usize..5, history in history()) {
        let (mut seldom, now) = live(workers, &history, |_| ());
        let (mut often, _) = live(workers, &history, |_| ());
        let end = now + Duration::from_secs(100);
        seldom.advance(end);
        for second in 0..=100 {
            often.advance(now + Duration::from_secs(second));
        }
        for job in 0..seldom.jobs.len() {
            assert_eq!(seldom.phase(job), often.phase(job));
        }
    }
}

#[test]
fn a_job_that_is_done_at_once_leaves_its_worker_to_the_next() {
    let mut queue = Queue::new(1);
    let jobs: Vec<_> = [0, 0, 5].map(|length| queue.push(Duration::from_secs(length))).into();
    queue.advance(Duration::ZERO);
    assert_eq!(queue.phase(jobs[1]), Phase::Done { at: Duration::ZERO });
    assert_eq!(queue.phase(jobs[2]), Phase::Running { since: Duration::ZERO });
}
