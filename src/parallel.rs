//! Running independent jobs on a fixed number of threads.
//!
//! Results come back in the order of the jobs, so that nothing downstream can see the thread count.
//! It holds no pool: threads live for one call.

use std::sync::Mutex;

/// Runs `work` on every job, at most `threads` at a time, and returns the results in job order.
pub fn map<T: Send, R: Send>(threads: usize, jobs: Vec<T>, work: impl Fn(usize, T) -> R + Sync) -> Vec<R> {
    let n = jobs.len();
    if threads <= 1 || n <= 1 {
        return jobs.into_iter().enumerate().map(|(i, job)| work(i, job)).collect();
    }
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let done: Mutex<Vec<Option<R>>> = Mutex::new((0..n).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.min(n) {
            scope.spawn(|| {
                while let Some((i, job)) = next(&queue) {
                    let result = work(i, job);
                    if let Ok(mut slots) = done.lock() {
                        slots[i] = Some(result);
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().flatten().collect()
}

/// Runs `work` on every job with a state of its own per thread and returns the states.
///
/// The split of jobs over states depends on timing: merge states only by operations that do not care.
pub fn fold<T: Send, S: Send>(
    threads: usize,
    jobs: Vec<T>,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) + Sync,
) -> Vec<S> {
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let states = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut state = start();
                while let Some((_, job)) = next(&queue) {
                    work(&mut state, job);
                }
                if let Ok(mut states) = states.lock() {
                    states.push(state);
                }
            });
        }
    });
    states.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn next<T>(queue: &Mutex<std::iter::Enumerate<std::vec::IntoIter<T>>>) -> Option<(usize, T)> {
    queue.lock().ok()?.next()
}
