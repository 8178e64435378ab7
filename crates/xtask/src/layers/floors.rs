/// The modules of the runtime crate, from the ground up; `architecture.md` says what is in each.
const FLOORS: [&[&str]; 11] = [
    &["error", "id", "headers", "deadline", "lazy", "numbered"],
    &["codec", "envelope", "topology"],
    &["message", "retry", "delay", "telemetry"],
    &["transport"],
    &["publish", "amqp", "memory"],
    &["transaction", "request"],
    &["context"],
    &["handler", "middleware"],
    &["consume"],
    &["bus", "admin", "contracts"],
    &["testing"],
];

/// What stands outside the floors: the table of contents, what the macros' code and the benchmarks name, and the book's
/// examples.
pub(super) const EXEMPT: [&str; 4] = ["lib", "__bench", "__private", "book"];

/// The transports, which are behind the port for everybody but these.
pub(super) const TRANSPORTS: [&str; 2] = ["amqp", "memory"];
pub(super) const OPENERS: [&str; 2] = ["bus", "testing"];

/// The floor of a top-level module, `None` for one that is not in the table.
pub(super) fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}
