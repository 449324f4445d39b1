//! What happens without the workers: requests arrive or don't, leases run out, a person decides. Must not know the laws.

use super::{Answer, At, Flight, Person, Rule, State, Submit, Word, World};

type Steps = Vec<(&'static str, World)>;

pub(super) fn steps(rules: &Submit, world: &World, steps: &mut Steps) {
    for flight in world.flights.iter().flatten() {
        arrives(rules, world, *flight, steps);
    }
    for (job, row) in (0_u8..).zip(&world.rows) {
        if row.leased {
            leases(rules, world, job, steps);
        }
        if row.state == State::Unknown && world.person.is_none() && world.words < rules.words {
            looks(world, job, row.epoch, steps);
        }
    }
    if let Some(person) = world.person {
        steps.push(("a person decides", decided(rules, world, person)));
    }
    if world.refused && world.resumed < rules.words {
        let mut next = *world;
        (next.paused, next.refused, next.resumed) = (false, false, world.resumed + 1);
        steps.push(("a person resumes", next));
    }
}

fn arrives(rules: &Submit, world: &World, flight: Flight, steps: &mut Steps) {
    let i = usize::from(flight.worker);
    let mut gone = *world;
    gone.flights[i] = None;
    let mut taken = gone;
    taken.truth(flight.job).accepted[usize::from(flight.epoch)] += 1;
    let sender = world.workers[i];
    let hears = sender.alive && sender.at == At::Waiting && sender.job == flight.job && sender.epoch == flight.epoch;
    if !hears {
        steps.push(("accepted, nobody hears it", taken));
        steps.push(("never arrived, nobody hears it", gone));
        return;
    }
    let heard = |mut world: World, answer| {
        world.workers[i].at = At::Heard(answer);
        world
    };
    let mut known = heard(taken, Answer::Taken);
    known.truth(flight.job).heard |= 1 << flight.epoch;
    if rules.on(Rule::Spool) {
        known.workers[i].spool = Some((flight.job, flight.epoch));
    }
    steps.push(("accepted", known));
    steps.push(("accepted, the answer lost", heard(taken, Answer::Lost)));
    steps.push(("never arrived, no answer", heard(gone, Answer::Lost)));
    steps.push(("certainly not sent", heard(gone, Answer::NotSent)));
    steps.push(("the input is refused", heard(gone, Answer::Refused)));
    steps.push(("the account is refused", heard(gone, Answer::Account)));
}

/// A lease runs out while its owner is dead, or only slow.
fn leases(rules: &Submit, world: &World, job: u8, steps: &mut Steps) {
    let mut next = *world;
    let row = next.row(job);
    if row.state == State::Submitting && world.in_the_air(job, row.epoch) && rules.on(Rule::LeaseOutlasts) {
        return;
    }
    row.leased = false;
    if row.state == State::Submitting && rules.on(Rule::NeverRequeue) {
        row.state = State::Unknown;
        if !rules.on(Rule::KeepReserved) {
            row.reserved = 0;
        }
    }
    steps.push(("lease over", next));
}

/// A person looks at an unknown outcome, and into the account. What they see there is true.
fn looks(world: &World, job: u8, epoch: u8, steps: &mut Steps) {
    let accepted = world.truths[usize::from(job)].accepted[usize::from(epoch)] > 0;
    let seen = if accepted { Word::Is } else { Word::WasNotSubmitted };
    for word in [seen, Word::GiveUp] {
        let mut next = *world;
        (next.person, next.words) = (Some(Person { job, epoch, word }), world.words + 1);
        steps.push(("a person looks", next));
    }
}

fn decided(rules: &Submit, world: &World, person: Person) -> World {
    let mut next = World { person: None, ..*world };
    let seen = next.rows[usize::from(person.job)];
    let as_seen = seen.state == State::Unknown && seen.epoch == person.epoch;
    if !as_seen && rules.on(Rule::ResolveGuarded) {
        return next;
    }
    let row = next.row(person.job);
    row.leased = false;
    match person.word {
        Word::WasNotSubmitted => (row.state, row.reserved) = (State::Queued, 0),
        Word::Is => (row.state, row.id) = (State::Submitted, person.epoch),
        Word::GiveUp => (row.state, row.spent, row.reserved) = (State::GivenUp, row.spent + row.reserved, 0),
    }
    if rules.on(Rule::ResolveRaises) {
        row.epoch += 1;
    }
    if person.word == Word::GiveUp {
        next.truth(person.job).given_up = true;
    }
    next
}
