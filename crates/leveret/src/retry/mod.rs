//! What becomes of a message that failed: pure decisions.

mod decide;
mod policy;

pub use self::decide::Verdict;
pub(crate) use self::decide::decide;
pub use self::policy::RetryPolicy;
