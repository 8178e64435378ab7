use std::path::PathBuf;

use super::found;
use crate::{apt, step};

/// Installs the package of Debian or Ubuntu, leaving the machine without a running broker, now and after a reboot.
pub(super) fn install() -> Result<PathBuf, String> {
    if !apt::is_there() {
        return Err("apt: not a Debian or Ubuntu".to_owned());
    }
    apt::install(&["rabbitmq-server"])?;
    // The package enables its service; in a container there may be no systemd to tell.
    let mut disable = apt::as_root("sh")?;
    disable.args(["-c", "command -v systemctl >/dev/null || exit 0; systemctl disable rabbitmq-server"]);
    step::run("its service is disabled, for nobody asked for a broker at boot", &mut disable)?;
    found()
}
