//! Running independent jobs on a fixed number of threads.
//!
//! Results come back in the order of the jobs, so that nothing downstream can see the thread count.
//! It holds no pool: threads live for one call.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

/// Runs `work` on every job, at most `threads` at a time, and returns the results in job order.
pub fn map<T: Send, R: Send>(threads: usize, jobs: Vec<T>, work: impl Fn(usize, T) -> R + Sync) -> Vec<R> {
    let n = jobs.len();
    if threads <= 1 || n <= 1 {
        return jobs.into_iter().enumerate().map(|(i, job)| work(i, job)).collect();
    }
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let done: Mutex<Vec<Option<R>>> = Mutex::new((0..n).map(|_| None).collect());
    run(threads.min(n), || {
        while let Some((i, job)) = next(&queue) {
            let result = work(i, job);
            if let Ok(mut slots) = done.lock() {
                slots[i] = Some(result);
            }
        }
    });
    done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().flatten().collect()
}

/// Runs `work` on every job, at most `threads` at a time, and hands the results to `take` in the order of the jobs
/// while later ones are at work. At most `ahead` jobs are begun beyond the one that is taken next.
///
/// # Errors
/// The first of `take`; jobs not begun by then are left.
pub fn stream<T: Send, R: Send, E>(
    threads: usize,
    ahead: usize,
    jobs: Vec<T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let n = jobs.len();
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let shared = Mutex::new(Stream { done: BTreeMap::new(), until: ahead.max(1), failed: false });
    let changed = Condvar::new();
    let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, n.max(1)) {
            scope.spawn(|| {
                let _alarm = Alarm(|| {
                    lock().failed = true;
                    changed.notify_all();
                });
                while let Some((i, job)) = next(&queue) {
                    let mut stream = lock();
                    while i >= stream.until && !stream.failed {
                        stream = changed.wait(stream).unwrap_or_else(PoisonError::into_inner);
                    }
                    if stream.failed {
                        return;
                    }
                    drop(stream);
                    let result = work(job);
                    lock().done.insert(i, result);
                    changed.notify_all();
                }
            });
        }
        let _alarm = Alarm(|| {
            let mut stream = lock();
            (stream.failed, stream.until) = (true, usize::MAX);
            drop(stream);
            changed.notify_all();
        });
        for i in 0..n {
            let mut stream = lock();
            let result = loop {
                match stream.done.remove(&i) {
                    Some(result) => break result,
                    // The panic goes on where the threads are joined.
                    None if stream.failed => return Ok(()),
                    None => stream = changed.wait(stream).unwrap_or_else(PoisonError::into_inner),
                }
            };
            stream.until += 1;
            drop(stream);
            changed.notify_all();
            if let Err(error) = take(result) {
                lock().until = usize::MAX;
                queue.lock().unwrap_or_else(PoisonError::into_inner).by_ref().for_each(drop);
                changed.notify_all();
                return Err(error);
            }
        }
        Ok(())
    })
}

struct Stream<R> {
    /// Results that were not taken yet, by job.
    done: BTreeMap<usize, R>,
    /// Jobs below this number may begin.
    until: usize,
    /// A job panicked.
    failed: bool,
}

/// Runs when its thread panics.
struct Alarm<F: Fn()>(F);

impl<F: Fn()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            (self.0)();
        }
    }
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
    run(threads.max(1), || {
        let mut state = start();
        while let Some((_, job)) = next(&queue) {
            work(&mut state, job);
        }
        if let Ok(mut states) = states.lock() {
            states.push(state);
        }
    });
    states.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs `work` on some threads and waits until they have ended.
///
/// A scope by itself waits for their work only: threads that have not quite ended still hold the allocator's memory,
/// and those of the next call would take fresh memory beside it.
fn run(threads: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        for handle in handles {
            if let Err(panic) = handle.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

fn next<T>(queue: &Mutex<std::iter::Enumerate<std::vec::IntoIter<T>>>) -> Option<(usize, T)> {
    queue.lock().ok()?.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "the fifth result")]
    fn a_panic_of_the_taker_is_no_hang() {
        let taken = |job: u64| {
            assert_ne!(job, 5, "the fifth result");
            Ok::<(), ()>(())
        };
        let _ = stream(3, 2, (0..40).collect(), |job| job, taken);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_of_a_job_is_no_hang() {
        let work = |job: u64| assert_ne!(job, 5, "the fifth job");
        let _: Result<(), ()> = stream(2, 2, (0..20).collect(), work, |()| Ok(()));
    }

    #[test]
    fn results_stream_in_order_and_an_error_ends_it() {
        for threads in [1, 2, 5] {
            for ahead in [1, 3, 100] {
                let mut seen = Vec::new();
                let jobs: Vec<u64> = (0..50).collect();
                let work = |job: u64| {
                    std::thread::sleep(std::time::Duration::from_micros((50 - job) * 7));
                    job * 2
                };
                let taken: Result<(), ()> = stream(threads, ahead, jobs.clone(), work, |result| {
                    seen.push(result);
                    Ok(())
                });
                assert_eq!((taken, seen), (Ok(()), (0..50).map(|job| job * 2).collect()));
                let mut count = 0;
                let taken = stream(threads, ahead, jobs, work, |result| {
                    count += 1;
                    if result == 10 { Err("full") } else { Ok(()) }
                });
                assert_eq!((taken, count), (Err("full"), 6));
            }
        }
    }
}
