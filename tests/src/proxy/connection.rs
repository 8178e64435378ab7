use std::{io, net::Ipv4Addr};

use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{
    conditions::{Direction, Manner, Weather},
    pump::pump,
};

/// Carries one connection until one side ends it, or the test does.
pub(super) async fn serve(mut client: TcpStream, target: u16, mut weather: Weather) {
    let ended = weather.borrow_and_update().ended.0;
    // A broker that is down: the client sees its connection end.
    let Ok(mut broker) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else { return };
    let quick = [client.set_nodelay(true), broker.set_nodelay(true)];
    if quick.iter().any(Result::is_err) {
        return; // one of them has gone already
    }
    let manner = tokio::select! {
        biased; // what is cut and then healed is cut: nothing that waited gets through
        manner = end(weather.clone(), ended) => manner,
        _ = carry(&mut client, &mut broker, &weather) => return,
    };
    for stream in [&mut client, &mut broker] {
        // Whoever is gone by now needs no goodbye.
        let _ = match manner {
            Manner::Closed => stream.shutdown().await,
            Manner::Reset => stream.set_zero_linger(),
        };
    }
}

/// Both ways, until one of them fails or both have come to their end.
async fn carry(client: &mut TcpStream, broker: &mut TcpStream, weather: &Weather) -> io::Result<()> {
    let ((from_client, to_client), (from_broker, to_broker)) = (client.split(), broker.split());
    tokio::try_join!(
        pump(from_client, to_broker, Direction::ToBroker, weather.clone()),
        pump(from_broker, to_client, Direction::ToClient, weather.clone()),
    )?;
    Ok(())
}

/// Waits until the test ends all connections, or drops the proxy.
async fn end(mut weather: Weather, ended: u64) -> Manner {
    let end = weather.wait_for(|conditions| conditions.ended.0 > ended).await;
    end.map_or(Manner::Closed, |conditions| conditions.ended.1)
}
