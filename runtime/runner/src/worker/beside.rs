//! What a worker does beside its jobs: bring files, and ask for costs that nobody knows yet. Must not know how either is done.

use std::sync::Arc;

use super::Shared;
use super::rounds::Rounds;
use crate::Error;
use crate::store::Unsettled;

/// How many downloads and questions for costs are under way.
const BESIDE: usize = 8;
/// How many costs are looked for together.
const COSTS: usize = 64;

impl Rounds {
    /// Takes downloads that nobody has.
    pub(super) async fn bring_files(&mut self, shared: &Arc<Shared>) -> Result<(), Error> {
        while self.beside < BESIDE && shared.folder.is_some() {
            let Some(download) = shared.store.take_download(shared.life.worker()).await? else { break };
            let shared = Arc::clone(shared);
            self.beside(async move { shared.download(download).await });
        }
        Ok(())
    }

    /// Asks for costs that nobody knows yet: of what this worker brought to its end, then, once in each round, of all there is.
    /// Some may never have one, and cost a look for each round, not for each job.
    pub(super) async fn ask_costs(&mut self, shared: &Arc<Shared>) -> Result<(), Error> {
        while self.beside < BESIDE {
            let Some(what) = shared.unpriced().pop_front() else { break };
            self.ask_cost(shared, what);
        }
        while let Some(to) = self.asked_to.filter(|_| self.beside < BESIDE) {
            let all = shared.store.unsettled_after(to, COSTS).await?;
            let last = all.len() < COSTS;
            for what in all {
                if self.beside >= BESIDE {
                    return Ok(());
                }
                self.asked_to = Some(what.job.max(to));
                self.ask_cost(shared, what);
            }
            if last {
                self.asked_to = None;
            }
        }
        Ok(())
    }

    /// Once for each.
    fn ask_cost(&mut self, shared: &Arc<Shared>, what: Unsettled) {
        if self.asked.insert((what.job, what.request_id.clone())) {
            let shared = Arc::clone(shared);
            self.beside(async move { shared.ask_cost(&what).await });
        }
    }
}
