//! placeholder
use crate::error::Result;
use crate::places::Places;
use std::process::ExitCode;
pub(crate) fn run(_: &Places, _: Option<&str>) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
