//! A client that writes what no honest client would.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::amqp_support::until;

const NOT_UTF8: &[u8] = b"\xff\xfe";

/// One connection with one channel, which dies when it is dropped.
struct Raw(TcpStream);

impl Raw {
    async fn connect(port: u16, vhost: &str) -> Self {
        let mut raw = Self(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        raw.0.write_all(b"AMQP\0\0\x09\x01").await.unwrap();
        raw.read((10, 10)).await;
        let start_ok = [&[0; 4], &*short(b"PLAIN"), &*long(b"\0guest\0guest"), &*short(b"en_US")].concat();
        raw.method(0, (10, 11), &start_ok).await;
        let tune = raw.read((10, 30)).await;
        raw.method(0, (10, 31), &tune).await;
        raw.method(0, (10, 40), &[&*short(vhost.as_bytes()), &[0, 0]].concat()).await;
        raw.read((10, 41)).await;
        raw.method(1, (20, 10), &[0]).await;
        raw.read((20, 11)).await;
        raw
    }

    /// Publishes a body `x` with this header table, and waits until the broker has taken it in.
    async fn publish(mut self, queue: &str, table: &[u8]) {
        self.method(1, (60, 40), &[&[0, 0, 0], &*short(queue.as_bytes()), &[0]].concat()).await;
        let header = [&[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 0], &*long(table)].concat();
        self.frame(2, 1, &header).await;
        self.frame(3, 1, b"x").await;
        self.close().await;
    }

    /// Takes the oldest message out of a queue, if it has these bytes in its headers; any other one goes back.
    async fn remove(mut self, queue: &str, bytes: &[u8]) -> bool {
        self.method(1, (60, 70), &[&[0, 0], &*short(queue.as_bytes()), &[0]].concat()).await;
        if self.next().await[..4] != [0, 60, 0, 71] {
            return false; // the queue is empty
        }
        let header = self.next().await;
        if !header.windows(bytes.len()).any(|window| window == bytes) {
            return false;
        }
        self.next().await;
        self.method(1, (60, 80), &[&1_u64.to_be_bytes()[..], &[0]].concat()).await;
        self.close().await;
        true
    }

    /// Waits until the broker has taken in everything.
    async fn close(&mut self) {
        self.method(1, (20, 40), &[&[0, 200, 0], &[0; 4][..]].concat()).await;
        self.read((20, 41)).await;
    }

    async fn method(&mut self, channel: u8, number: (u16, u16), arguments: &[u8]) {
        let number = [number.0.to_be_bytes(), number.1.to_be_bytes()].concat();
        self.frame(1, channel, &[&*number, arguments].concat()).await;
    }

    async fn frame(&mut self, kind: u8, channel: u8, payload: &[u8]) {
        let frame = [&[kind, 0, channel], &*long(payload), &[0xCE]].concat();
        self.0.write_all(&frame).await.unwrap();
    }

    /// The arguments of the next frame, which must be this method.
    async fn read(&mut self, number: (u16, u16)) -> Vec<u8> {
        let payload = self.next().await;
        assert_eq!(payload[..4], [number.0.to_be_bytes(), number.1.to_be_bytes()].concat());
        payload[4..].to_vec()
    }

    /// The payload of the next frame.
    async fn next(&mut self) -> Vec<u8> {
        let mut head = [0; 7];
        self.0.read_exact(&mut head).await.unwrap();
        let size = u32::from_be_bytes([head[3], head[4], head[5], head[6]]) as usize;
        let mut payload = vec![0; size + 1];
        self.0.read_exact(&mut payload).await.unwrap();
        payload.truncate(size);
        payload
    }
}

/// Publishes a message with a header whose value is not UTF-8: amqprs cannot decode it, and gives up the connection that
/// it is delivered on (hazard H12).
pub(crate) async fn publish_poison(port: u16, vhost: &str, queue: &str) {
    let table = [&*short(b"name"), b"S", &*long(NOT_UTF8)].concat();
    Raw::connect(port, vhost).await.publish(queue, &table).await;
}

/// Takes such a message out of a queue again, as a person would who was told of it.
pub(crate) async fn remove_poison(port: u16, vhost: &str, queue: &str) {
    until("the poison is removed", async || Raw::connect(port, vhost).await.remove(queue, NOT_UTF8).await)
        .await;
}

fn short(text: &[u8]) -> Vec<u8> {
    [&[u8::try_from(text.len()).unwrap()], text].concat()
}

fn long(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}
