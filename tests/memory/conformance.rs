use leveret::memory::MemoryBroker;
use leveret_tests::conformance::Harness;

/// A broker for each test: the cases could share one, but here nothing makes them.
fn harness() -> Harness {
    let broker = MemoryBroker::new();
    Harness::new(move || std::future::ready(broker.connect()))
}

leveret_tests::conformance_tests!(harness());
