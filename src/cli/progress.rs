//! A progress bar on standard error, where that is a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ingest::source::Progress;

/// A bar that follows the bytes read, in a thread of its own.
pub struct Bar {
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// Starts a bar for `total` bytes; shows nothing when quiet or not on a terminal.
    pub fn start(progress: &Arc<Progress>, total: Option<u64>, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Bar { running: None, bar: None };
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = if total.is_some() {
            "{msg} {bar:30} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}"
        } else {
            "{msg} {spinner} {bytes} {binary_bytes_per_sec}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message("reading");
        let stop = Arc::new(AtomicBool::new(false));
        let (seen, stopped, shown) = (Arc::clone(progress), Arc::clone(&stop), bar.clone());
        let follow = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                shown.set_position(seen.load(Ordering::Relaxed));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Bar { running: Some((stop, follow)), bar: Some(bar) }
    }

    /// Names the step that runs now.
    pub fn step(&self, what: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((stop, follow)) = self.running.take() {
            stop.store(true, Ordering::Relaxed);
            let _ = follow.join();
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
