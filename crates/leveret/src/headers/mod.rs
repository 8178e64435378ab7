//! Header tables: AMQP's field tables, as plain data.

mod table;
mod value;

pub use self::table::Headers;
pub use self::value::Value;
