use serde_json::Value;

use super::{CatalogueError, Description, asyncapi, mermaid};
use crate::{envelope::Names, topology::Layout};

/// Documents that are made from a catalogue, without a broker.
///
/// The same catalogue always gives the same text, in whatever order its parts were listed: so a document can be kept
/// beside the code, and a difference shown in review.
///
/// ```
/// use leveret::{Message, contracts::{Catalogue, Documents}};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// Sent by whoever takes the order.
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// #[message(event, topic = "orders.placed")]
/// struct OrderPlaced { order: u64 }
///
/// let description = Catalogue::new("shop").version("1.4.0").message::<OrderPlaced>().describe();
/// let documents = Documents::of(&description);
///
/// let asyncapi = documents.asyncapi()?;
/// assert_eq!(asyncapi["info"]["version"], "1.4.0");
/// assert_eq!(asyncapi["channels"]["topic.orders.placed"]["address"], "orders.placed");
/// assert_eq!(asyncapi["components"]["messages"]["OrderPlaced"]["description"], "Sent by whoever takes the order.");
///
/// assert!(documents.mermaid().starts_with("flowchart LR\n"));
/// # Ok::<(), leveret::contracts::CatalogueError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Documents<'a> {
    description: &'a Description,
    layout: Layout,
    header_prefix: String,
}

impl<'a> Documents<'a> {
    /// The documents of a fleet with the names that a bus has by default.
    pub fn of(description: &'a Description) -> Self {
        Self { description, layout: Layout::default(), header_prefix: Names::DEFAULT_PREFIX.to_owned() }
    }

    /// How the fleet's exchanges and its error queue are called.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// What the names of the headers begin with: `PikaBus.` unless said otherwise.
    pub fn header_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.header_prefix = prefix.into();
        self
    }

    /// A document of [AsyncAPI 3.0](https://www.asyncapi.com/docs/reference/specification/v3.0.0), with its bindings for
    /// AMQP 0.3.0.
    ///
    /// Its channels are the queues of endpoints and the topics of events; its operations are the handlers, who receive,
    /// and whoever publishes an event. A catalogue without a version says `0.0.0`.
    ///
    /// # Errors
    /// When a contract is missing or listed twice, as in [`Description::check`].
    pub fn asyncapi(&self) -> Result<Value, CatalogueError> {
        self.description.check()?;
        Ok(asyncapi::document(self.description, &self.layout, &self.header_prefix))
    }

    /// A flowchart for [Mermaid](https://mermaid.js.org): endpoints, exchanges, queues, and what leads where. It needs
    /// endpoints and no contracts.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::flowchart(self.description, &self.layout)
    }
}
