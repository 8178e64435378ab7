use super::{Text, Value};

/// A header table: names and values, in the order in which they were set. A name occurs once.
///
/// Header tables are short, so a name is found by looking at one after the other.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(Text, Value)>);

impl Headers {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty table with room for so many headers.
    pub(crate) fn with_capacity(headers: usize) -> Self {
        Self(Vec::with_capacity(headers))
    }

    /// The value under `name`. Names are case-sensitive.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| *key == *name).map(|(_, value)| value)
    }

    /// The value under `name`, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// Sets `name`, and returns what it was before.
    pub fn insert(&mut self, name: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(key, _)| *key == name) {
            Some((_, slot)) => Some(std::mem::replace(slot, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// Adds a header whose name is not there yet.
    pub(crate) fn push(&mut self, name: Text, value: impl Into<Value>) {
        debug_assert!(self.get(&name).is_none(), "a name occurs once");
        self.0.push((name, value.into()));
    }

    /// Removes `name`, and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(key, _)| *key == *name)?;
        Some(self.0.remove(at).1)
    }

    /// Keeps the headers for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }

    /// How many headers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// As [`iter`](Self::iter), with the names as they are shared.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&Text, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many bytes the table takes in a frame.
    pub fn wire_len(&self) -> usize {
        4 + self.iter().map(|(name, value)| 1 + name.len() + value.wire_len()).sum::<usize>()
    }
}

/// Equal when they hold the same names and values, in whatever order.
impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<N: Into<Text>, V: Into<Value>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        let mut headers = Self::with_capacity(pairs.size_hint().0);
        for (name, value) in pairs {
            headers.insert(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_occurs_once() {
        let mut headers = Headers::from_iter([("a", 1_i32), ("b", 2)]);
        assert_eq!(headers.insert("a", "three"), Some(Value::I32(1)));
        assert_eq!(headers.len(), 2);
        assert_eq!(headers.text("a"), Some("three"));
        assert_eq!(headers.remove("a"), Some("three".into()));
        assert_eq!(headers.remove("a"), None);
    }

    #[test]
    fn equality_ignores_the_order() {
        assert_eq!(
            Headers::from_iter([("a", 1_i32), ("b", 2)]),
            Headers::from_iter([("b", 2_i32), ("a", 1)])
        );
        assert_ne!(Headers::from_iter([("a", 1_i32)]), Headers::from_iter([("a", 1_i64)]));
    }

    #[test]
    fn the_length_in_a_frame() {
        // 4 for the table; 1 + 1 for the name, 1 for the type, 4 for the length, 5 for the text
        assert_eq!(Headers::from_iter([("a", "hello")]).wire_len(), 4 + 2 + 1 + 4 + 5);
    }
}
