//! placeholder
use crate::error::Result;
use crate::places::Places;
pub(crate) fn run(_: &Places, _: bool) -> Result<()> {
    Ok(())
}
