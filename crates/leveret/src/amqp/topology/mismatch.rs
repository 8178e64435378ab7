use super::{complaint::Complaint, declare::declare_queue};
use crate::{
    amqp::{channel::Channel, connection::Link, trouble::Trouble},
    topology::Queue,
    transport::{ArgumentMismatch, TransportErrorKind},
};

/// More than a queue has arguments.
const MOST: usize = 32;

/// Finds every argument in which an existing queue differs from `queue`.
///
/// The broker names only the first (broker experiments, finding 15). So the queue is declared again with the broker's
/// value, until the broker accepts, which changes nothing. Each refusal costs a channel for good (hazard H5), hence
/// the throw-away connection.
pub(super) async fn differences(
    link: &Link,
    queue: &Queue,
    refusal: &str,
) -> Result<Vec<ArgumentMismatch>, TransportErrorKind> {
    let throw_away = link.another().await?;
    let mut attempt = queue.clone();
    let mut differences = Vec::new();
    let mut complaint = Complaint::parse(refusal);
    while let Some(found) = complaint.take().filter(|_| differences.len() < MOST) {
        let declared = queue.arguments.get(&found.argument).cloned();
        differences.push(ArgumentMismatch::new(&*found.argument, found.existing.clone(), declared));
        if !found.give_in(&mut attempt.arguments) {
            break;
        }
        let refused = match Channel::open(&throw_away).await {
            Ok(channel) => declare_queue(&channel, &attempt, false).await.err(),
            Err(trouble) => Some(trouble),
        };
        if let Some(Trouble::Closed(close)) = refused {
            complaint = Complaint::parse(&close.text);
        }
    }
    throw_away.end("done");
    throw_away.farewell().await;
    Ok(differences)
}
