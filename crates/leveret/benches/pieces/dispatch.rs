use divan::{Bencher, counter::ItemsCount};
use leveret::{Bus, MemoryBroker};
use tokio::{runtime::Builder, sync::mpsc};

use crate::order::{ShipOrder, Warehouse};

/// How many messages are under way at a time.
const MESSAGES: u32 = 256;

/// From send to handled on the memory transport, all on one thread: JSON and the headers both ways, and no network.
#[divan::bench(sample_count = 20)]
fn dispatch_in_memory(bencher: Bencher) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (tell, mut told) = mpsc::channel(MESSAGES as usize);
    let bus = Bus::builder(MemoryBroker::new()).endpoint(Warehouse(tell)).concurrency(16).start();
    let bus = runtime.block_on(bus).unwrap();
    let order = ShipOrder::sample();
    bencher.counter(ItemsCount::new(MESSAGES)).bench_local(|| {
        runtime.block_on(async {
            for _ in 0..MESSAGES {
                bus.send(order.clone()).await.unwrap();
            }
            for _ in 0..MESSAGES {
                told.recv().await.unwrap();
            }
        });
    });
    runtime.block_on(bus.shutdown()).unwrap();
}
