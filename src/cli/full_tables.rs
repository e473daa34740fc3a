//! stub
use super::args::FullTable;
use super::output::OutputFolder;
use crate::assemble::Measured;
use crate::error::Result;
#[allow(clippy::unnecessary_wraps, reason = "a stub")]
pub fn write(_o: &mut OutputFolder, _t: FullTable, _m: &Measured, _p: bool, _threads: usize) -> Result<()> {
    Ok(())
}
