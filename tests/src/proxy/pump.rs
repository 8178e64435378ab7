use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::{ReadHalf, WriteHalf},
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};

use super::conditions::{Direction, Weather, busy};

/// How much is read at a time, in bytes. Small, so that a slow line is not taken by jerks.
const PIECE: usize = 4096;
/// How many pieces may be on their way: 1 MiB each way, as in the buffers of a long line.
const ON_THEIR_WAY: usize = 256;

/// A piece, and when it set out.
type Piece = (Instant, Vec<u8>);

/// Carries one direction to its end, and passes the end on.
pub(super) async fn pump(
    from: ReadHalf<'_>,
    to: WriteHalf<'_>,
    direction: Direction,
    weather: Weather,
) -> io::Result<()> {
    let (sent, on_their_way) = mpsc::channel(ON_THEIR_WAY);
    tokio::try_join!(take(from, sent), deliver(on_their_way, to, direction, weather))?;
    Ok(())
}

async fn take(mut from: ReadHalf<'_>, sent: mpsc::Sender<Piece>) -> io::Result<()> {
    loop {
        let mut piece = vec![0; PIECE];
        let read = from.read(&mut piece).await?;
        piece.truncate(read);
        if read == 0 || sent.send((Instant::now(), piece)).await.is_err() {
            return Ok(());
        }
    }
}

async fn deliver(
    mut on_their_way: mpsc::Receiver<Piece>,
    mut to: WriteHalf<'_>,
    direction: Direction,
    mut weather: Weather,
) -> io::Result<()> {
    while let Some((set_out, piece)) = on_their_way.recv().await {
        let latency = weather.borrow().latency;
        sleep_until(set_out + latency).await;
        sleep(busy(&weather, piece.len())).await;
        // The proxy is gone when nobody can change the network any more: then this ends anyway.
        let _ = weather.wait_for(|conditions| !conditions.silent.contains(&direction)).await;
        to.write_all(&piece).await?;
    }
    // The end is not heard either.
    let _ = weather.wait_for(|conditions| !conditions.silent.contains(&direction)).await;
    to.shutdown().await
}
