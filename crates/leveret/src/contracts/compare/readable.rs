use std::collections::HashSet;

use serde_json::Value;

use super::{
    document::Document,
    finding::{Finding, Problem},
    key::{Key, told_apart},
    render,
    shape::{List, Shape, Text, shapes},
};

/// How many pairs of schemas are compared at most: no contract of a person has so many.
const STEPS: usize = 20_000;

/// Where a reader does not take what a writer writes. Both schemas stand on their own.
///
/// A writer writes the fields that it declares, and no others; that is what every program does, though a schema allows
/// it more.
pub(super) fn readable(writer: &Value, reader: &Value) -> Vec<Finding> {
    let (written, read) = (Document { root: writer }, Document { root: reader });
    let mut walk =
        Walk { written, read, findings: Vec::new(), open: HashSet::new(), steps: STEPS, exact: false };
    walk.schemas(writer, reader, "$");
    if walk.steps == 0 {
        walk.find("$", Problem::Unclear, Some("a contract that is too large".to_owned()), None);
    }
    without_null_of_optional(walk.findings)
}

/// A field that became an `Option` may be missing and may be null: that is one thing to tell.
fn without_null_of_optional(findings: Vec<Finding>) -> Vec<Finding> {
    let is_missing = |place: &str| {
        findings.iter().any(|finding| finding.problem == Problem::Missing && finding.place == place)
    };
    let is_null = |finding: &Finding| {
        finding.problem == Problem::Unknown
            && finding.written.as_deref() == Some("null")
            && is_missing(&finding.place)
    };
    findings.iter().filter(|finding| !is_null(finding)).cloned().collect()
}

pub(super) struct Walk<'a> {
    pub(super) written: Document<'a>,
    pub(super) read: Document<'a>,
    findings: Vec<Finding>,
    /// The pairs whose inside is being compared: a type that contains itself comes by here again.
    open: HashSet<(String, String)>,
    steps: usize,
    /// Whether what is refused must be the same too.
    pub(super) exact: bool,
}

impl Walk<'_> {
    pub(super) fn find(
        &mut self,
        place: &str,
        problem: Problem,
        written: Option<String>,
        read: Option<String>,
    ) {
        let finding = Finding { place: place.to_owned(), problem, written, read };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Compares what both say at one place.
    pub(super) fn schemas(&mut self, writer: &Value, reader: &Value, place: &str) {
        let Some(steps) = self.steps.checked_sub(1) else { return };
        self.steps = steps;
        self.alternatives(&shapes(self.written, writer), &shapes(self.read, reader), place);
    }

    /// Each form that is written must be one that is read.
    fn alternatives(&mut self, written: &[Shape], read: &[Shape], place: &str) {
        if let ([one], [other]) = (written, read) {
            return self.shapes(one, other, place);
        }
        if let [anything @ Shape::Anything] = read {
            return written.iter().for_each(|one| self.shapes(one, anything, place));
        }
        let written_keys: Vec<Key> = written.iter().map(|shape| Key::of(self.written, shape)).collect();
        let read_keys: Vec<Key> = read.iter().map(|shape| Key::of(self.read, shape)).collect();
        if !told_apart(&written_keys) || !told_apart(&read_keys) {
            return self.in_order(written, read, place);
        }
        for (one, key) in written.iter().zip(&written_keys) {
            let same = read.iter().zip(&read_keys).find(|(_, other)| *other == key).map(|(shape, _)| shape);
            match same.or_else(|| self.wider(one, read)) {
                Some(other) if read.len() > 1 => self.shapes(one, other, &key.inside(place)),
                Some(other) => self.shapes(one, other, place),
                None => {
                    let shown = render::shape(self.written, one);
                    self.find(&key.place(place), Problem::Unknown, Some(shown), None);
                }
            }
        }
    }

    /// The form that takes all of its JSON type, such as a string for a value that is one.
    fn wider<'s>(&self, one: &Shape, read: &'s [Shape]) -> Option<&'s Shape> {
        let takes = |shape: &&Shape| match (one, shape) {
            (Shape::Only(Value::String(_)), Shape::Text(_))
            | (Shape::Only(Value::Bool(_)), Shape::Boolean) => true,
            (Shape::Only(Value::Number(_)), Shape::Integer(_) | Shape::Number(_)) => true,
            (Shape::Object(_), Shape::Object(object)) => {
                Key::of_object(self.read, object) == Key::Type("object")
            }
            _ => false,
        };
        read.iter().find(takes)
    }

    /// Forms that only their order tells apart, since the first that fits is taken: nothing may differ.
    fn in_order(&mut self, written: &[Shape], read: &[Shape], place: &str) {
        let mut pairs = written.iter().zip(read);
        if written.len() == read.len() && pairs.all(|(one, other)| self.alike(one, other)) {
            return;
        }
        let show = |document, shapes: &[Shape]| {
            let shown: Vec<_> = shapes.iter().map(|shape| render::shape(document, shape)).collect();
            Some(shown.join(" or "))
        };
        self.find(place, Problem::Unclear, show(self.written, written), show(self.read, read));
    }

    /// Whether each of two forms reads the other, to the last field: one that takes more than before takes what was
    /// meant for the next.
    fn alike(&mut self, one: &Shape, other: &Shape) -> bool {
        let open = self.open.clone();
        let mut there = Walk { findings: Vec::new(), open, exact: true, ..*self };
        there.shapes(one, other, "$");
        let open = self.open.iter().map(|(one, other)| (other.clone(), one.clone())).collect();
        let (written, read) = (self.read, self.written);
        let mut back = Walk { written, read, findings: Vec::new(), open, steps: there.steps, exact: true };
        back.shapes(other, one, "$");
        self.steps = back.steps;
        there.findings.is_empty() && back.findings.is_empty()
    }

    /// Compares one form with one form.
    fn shapes(&mut self, written: &Shape, read: &Shape, place: &str) {
        let problem = match (written, read) {
            (Shape::Unclear(one), Shape::Unclear(other)) => {
                (!self.same(one, other)).then_some(Problem::Unclear)
            }
            (_, Shape::Anything) | (Shape::Null, Shape::Null) | (Shape::Boolean, Shape::Boolean) => None,
            (Shape::Unclear(_), _) | (_, Shape::Unclear(_)) => Some(Problem::Unclear),
            (Shape::Only(one), Shape::Only(other)) => (one != other).then_some(Problem::Unknown),
            (Shape::Only(value), other) => of_value(value, other),
            (_, Shape::Only(_)) => Some(Problem::Unreadable),
            (Shape::Integer(one), Shape::Integer(other)) => {
                (!other.contains(one)).then_some(Problem::Unreadable)
            }
            (Shape::Integer(one), Shape::Number(other)) => {
                (!other.contains_whole(one)).then_some(Problem::Unreadable)
            }
            (Shape::Number(one), Shape::Number(other)) => {
                (!other.contains(one)).then_some(Problem::Unreadable)
            }
            (Shape::Text(one), Shape::Text(other)) => of_text(one, other),
            (Shape::List(_), Shape::List(_)) | (Shape::Object(_), Shape::Object(_)) => {
                return self.inside(written, read, place);
            }
            _ => Some(Problem::Unreadable),
        };
        if let Some(problem) = problem {
            let (written, read) = (render::shape(self.written, written), render::shape(self.read, read));
            self.find(place, problem, Some(written), Some(read));
        }
    }

    /// Compares what is inside of two lists or two objects, unless that is just being done.
    fn inside(&mut self, written: &Shape, read: &Shape, place: &str) {
        let pair = (format!("{written:?}"), format!("{read:?}"));
        if !self.open.insert(pair.clone()) {
            return;
        }
        match (written, read) {
            (Shape::List(one), Shape::List(other)) => self.lists(one, other, place),
            (Shape::Object(one), Shape::Object(other)) => self.objects(one, other, place),
            _ => {}
        }
        self.open.remove(&pair);
    }

    /// Whether two schemas that are not understood are the same, with all that they may refer to.
    fn same(&self, one: &Value, other: &Value) -> bool {
        let refers = one.to_string().contains("\"$ref\"");
        one == other && (!refers || self.written.root == self.read.root)
    }

    fn lists(&mut self, written: &List, read: &List, place: &str) {
        if read.shortest > written.shortest || read.longest < written.longest {
            let (one, other) = (Shape::List(written.clone()), Shape::List(read.clone()));
            let (one, other) = (render::shape(self.written, &one), render::shape(self.read, &other));
            self.find(place, Problem::Unreadable, Some(one), Some(other));
        }
        if read.unique && !written.unique {
            self.find(place, Problem::Merged, Some("list".to_owned()), Some("set".to_owned()));
        }
        let first = written.first.len().max(read.first.len());
        for index in 0..first {
            let one = written.first.get(index).unwrap_or(&written.items);
            let other = read.first.get(index).unwrap_or(&read.items);
            self.schemas(one, other, &format!("{place}[{index}]"));
        }
        if u64::try_from(first).is_ok_and(|first| written.longest > first) {
            self.schemas(&written.items, &read.items, &format!("{place}[*]"));
        }
    }
}

/// Whether one value is read.
fn of_value(value: &Value, read: &Shape) -> Option<Problem> {
    let taken = match (value, read) {
        (Value::Null, Shape::Null) | (Value::Bool(_), Shape::Boolean) => true,
        (Value::String(_), Shape::Text(text)) => {
            let free = text.format.is_none() && text.pattern.is_none();
            return (!free || (text.shortest, text.longest) != (0, u64::MAX)).then_some(Problem::Unclear);
        }
        (Value::Number(_), Shape::Integer(_) | Shape::Number(_)) => return Some(Problem::Unclear),
        _ => false,
    };
    (!taken).then_some(Problem::Unreadable)
}

fn of_text(written: &Text, read: &Text) -> Option<Problem> {
    let pattern = read.pattern.is_none() || read.pattern == written.pattern;
    match (&written.format, &read.format) {
        (Some(one), Some(other)) if one != other => Some(Problem::Unclear),
        (None, Some(_)) => Some(Problem::Unreadable),
        _ if !pattern => Some(Problem::Unclear),
        _ => (read.shortest > written.shortest || read.longest < written.longest)
            .then_some(Problem::Unreadable),
    }
}
