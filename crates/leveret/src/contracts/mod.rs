//! What a service says on the wire, as data: its endpoints, its contracts, and their JSON Schemas.
//!
//! A service, or a crate of contracts, lists them in a function, by convention `contracts`. The command `leveret`, tests
//! and documents are fed from it; none of them needs a broker.
//!
//! ```text
//! catalogue, schema        from types to data
//! description, complete    the data, and what may be missing in it: pure
//! plan, documents          what is made of it, without a broker: pure
//! asyncapi/, mermaid       ... each of them; keys: how names are called there
//! compare/                 what has changed, and whom it hurts: pure
//! snapshot/                contracts as they were, in files
//! ```

mod asyncapi;
mod catalogue;
mod compare;
mod complete;
mod description;
mod documents;
mod keys;
mod mermaid;
mod plan;
mod schema;
mod snapshot;

pub use self::catalogue::Catalogue;
pub use self::compare::{Change, Severity, compare};
pub use self::complete::{CatalogueError, CatalogueErrorKind, CatalogueProblem};
pub use self::description::{DescribedContract, DescribedEndpoint, DescribedRoute, Description};
pub use self::documents::Documents;
pub use self::schema::Schematic;
pub use self::snapshot::{Report, Snapshot, SnapshotError, SnapshotErrorKind, Written};
