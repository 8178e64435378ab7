use std::{env, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

use crate::{job::Job, measure::Measurement, outcome::Outcome};

/// How long a process may take to start and to end, beyond the limit of its run.
const GRACE: Duration = Duration::from_secs(20);

/// Runs a job in a process of its own, which is killed when it takes too long.
pub(super) async fn run(job: &Job) -> Outcome<Measurement> {
    let mut process = Command::new(env::current_exe()?);
    process.arg("run").arg(serde_json::to_string(job)?);
    process.stdin(Stdio::null()).kill_on_drop(true);
    let limit = job.limit + GRACE;
    let output = timeout(limit, process.output())
        .await
        .map_err(|_| format!("its process did not end within {limit:?}"))??;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, complaint.trim()).into());
    }
    if !complaint.trim().is_empty() {
        return Err(format!("it complained: {}", complaint.trim()).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
