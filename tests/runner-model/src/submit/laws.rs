//! What must hold in every world. Must not know which rules keep it, but for the one whose loss only shows in time.

use super::{Answer, At, PRICE, Row, Rule, State, Submit, Truth, World};

pub(super) fn broken(bounds: &Submit, world: &World) -> Option<&'static str> {
    let paid: u8 = world.truths.iter().flat_map(|truth| truth.accepted).sum();
    if paid * PRICE > bounds.budget {
        return Some("more is paid than the budget allows");
    }
    if world.overspent {
        return Some("a job is submitted though the budget is known to be spent");
    }
    if world.into_refusal {
        return Some("a job is submitted though the account is known to be refused");
    }
    let each = (0_u8..).zip(world.rows.iter().zip(&world.truths));
    each.into_iter().find_map(|(job, (row, truth))| of_a_job(bounds, world, job, row, truth))
}

fn of_a_job(bounds: &Submit, world: &World, job: u8, row: &Row, truth: &Truth) -> Option<&'static str> {
    let paid: u8 = truth.accepted.iter().sum();
    let at_work = world.workers.iter().any(|worker| worker.alive && worker.at != At::Idle && worker.job == job);
    let held = |epoch| {
        world.workers.iter().any(|worker| {
            let holds =
                worker.alive && worker.at == At::Heard(Answer::Taken) && (worker.job, worker.epoch) == (job, epoch);
            holds || (!worker.alive && worker.spool == Some((job, epoch)))
        })
    };
    let kept = |epoch: u8| row.id == epoch || row.strays & (1 << epoch) != 0 || held(epoch);
    let heard = |epoch: &u8| truth.heard & (1 << epoch) != 0;
    if paid > 1 {
        return Some("a job is paid twice, though the person was right");
    }
    if paid > 0 && matches!(row.state, State::Queued | State::Refused) && !at_work && !(1..=3).any(held) {
        return Some("a paid job that the table does not know");
    }
    if !(1..=3).filter(heard).all(kept) {
        return Some("an id that was heard is thrown away");
    }
    if row.state == State::Unknown && row.strays & (1 << row.epoch) != 0 {
        return Some("a job whose id is known stays in doubt");
    }
    if row.id != 0 && !matches!(row.state, State::Submitted | State::Ended | State::Settled) {
        return Some("a job whose id is known is not followed");
    }
    let left_alone = row.state == State::Submitted && !row.leased && row.epoch < bounds.epochs;
    if left_alone && bounds.without == Some(Rule::ReadAgain) {
        return Some("a submitted job that nobody follows");
    }
    if row.endings > 1 {
        return Some("an ending is written twice");
    }
    if row.state == State::Settled && row.spent != truth.cost && !truth.given_up {
        return Some("what is spent is not what the job cost");
    }
    if truth.given_up && row.state != State::GivenUp {
        return Some("a person's decision is undone");
    }
    None
}
