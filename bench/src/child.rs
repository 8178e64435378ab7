//! One run of one contestant, in a process of its own: so that its processor time and its memory are its alone.

use crate::{
    contestant::{Amqprs, Lapin, Leveret, Name},
    job::Job,
    outcome::{Outcome, within},
    scenario,
};

/// How many threads each contestant's runtime has.
pub(crate) const THREADS: usize = 2;

/// Does what the job says, and writes the measurement to the output.
pub(crate) fn run(job: &str) -> Outcome {
    let job: Job = serde_json::from_str(job)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    // In a task: the thread that blocks on a future is none of the runtime's own.
    let measured = runtime.block_on(async {
        tokio::spawn(async move {
            let run = async {
                match job.contestant {
                    Name::Leveret | Name::LeveretMemory => scenario::run::<Leveret>(&job).await,
                    Name::Amqprs => scenario::run::<Amqprs<1>>(&job).await,
                    Name::Lapin => scenario::run::<Lapin<1>>(&job).await,
                    Name::AmqprsEvery50 => scenario::run::<Amqprs<50>>(&job).await,
                    Name::LapinEvery50 => scenario::run::<Lapin<50>>(&job).await,
                }
            };
            within(job.limit, "the run", run).await
        })
        .await
    })??;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}
