//! What is said of many jobs in one transaction: what costs time is the commit. Must not know what is said.

use crate::Error;

/// Says something of all of them at once. If a statement is refused, of each for itself: one of them may be to blame, which is to
/// keep no other back. Each has its own result.
pub(super) async fn at_once<'a, T, R, F>(all: &'a [T], say: impl Fn(&'a [T]) -> F) -> Vec<Result<R, Error>>
where
    F: Future<Output = Result<Vec<R>, Error>>,
{
    let mut failed = match say(all).await {
        Ok(done) => return done.into_iter().map(Ok).collect(),
        Err(error) => (all.len() == 1 || !error.is_of_a_statement()).then_some(error),
    };
    let mut results = Vec::with_capacity(all.len());
    for one in all {
        let result = match &failed {
            // A server that is gone is not asked again for each.
            Some(error) => Err(error.clone()),
            None => say(std::slice::from_ref(one)).await,
        };
        if let Err(error) = &result
            && !error.is_of_a_statement()
        {
            failed = Some(error.clone());
        }
        results.extend(match result {
            Ok(done) => done.into_iter().next().map(Ok),
            Err(error) => Some(Err(error)),
        });
    }
    results
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn refused(statement: &'static str) -> Error {
        Error::Database { statement, reason: "a test".to_owned() }
    }

    /// What is said of three jobs, of which the second meets an error, and what it comes to: each result, if there is one.
    async fn told(error: &Error) -> (Vec<Vec<i64>>, Vec<Option<i64>>) {
        let told = RefCell::new(Vec::new());
        let say = async |jobs: &[i64]| {
            told.borrow_mut().push(jobs.to_vec());
            if jobs.contains(&2) { Err(error.clone()) } else { Ok(jobs.to_vec()) }
        };
        let done = at_once(&[1, 2, 3], say).await;
        (told.into_inner(), done.into_iter().map(Result::ok).collect())
    }

    #[tokio::test]
    async fn a_job_whose_statement_is_refused_keeps_no_other_back() {
        let (told, done) = told(&refused("ended")).await;
        assert_eq!((told, done), (vec![vec![1, 2, 3], vec![1], vec![2], vec![3]], vec![Some(1), None, Some(3)]));
    }

    #[tokio::test]
    async fn a_server_that_is_gone_is_asked_once() {
        for error in [refused("begin"), Error::InDoubt { reason: "a test".to_owned() }] {
            assert_eq!(told(&error).await, (vec![vec![1, 2, 3]], vec![None; 3]), "{error}");
        }
    }
}
