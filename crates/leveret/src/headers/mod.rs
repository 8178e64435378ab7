//! Header tables: AMQP's field tables, as plain data.

mod table;
mod text;
mod value;

pub use self::table::Headers;
pub use self::text::Text;
pub use self::value::Value;
