use super::DescribedEndpoint;
use crate::topology::{Layout, Topology};

impl DescribedEndpoint {
    /// What its bus declares when it starts.
    ///
    /// ```
    /// use leveret::{contracts::DescribedEndpoint, topology::Layout};
    ///
    /// let route = r#"{ "handler": "placed", "kind": "event", "message": "OrderPlaced", "topic": "orders.*" }"#;
    /// let endpoint = format!(r#"{{ "name": "billing", "routes": [{route}] }}"#);
    /// let endpoint: DescribedEndpoint = serde_json::from_str(&endpoint)?;
    /// let plan = endpoint.topology(&Layout::default());
    /// assert_eq!(plan.bindings[1].key, "orders.*");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn topology(&self, layout: &Layout) -> Topology {
        layout.endpoint(&self.name, self.routes.iter().filter_map(|route| route.topic.as_deref()))
    }
}
