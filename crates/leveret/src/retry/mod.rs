//! What becomes of a message that failed: pure decisions.

mod check;
mod curve;
mod decide;
mod error_handler;
mod failed;
mod policy;
mod rule;
mod verdict;

pub(crate) use self::decide::decide;
pub use self::error_handler::ErrorHandler;
pub use self::failed::Failed;
pub use self::policy::RetryPolicy;
pub use self::rule::Treatment;
pub use self::verdict::Verdict;
