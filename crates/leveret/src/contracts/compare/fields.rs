use std::collections::BTreeSet;

use super::{
    finding::Problem,
    readable::Walk,
    render,
    shape::{Object, Others},
};

impl Walk<'_> {
    /// Compares two objects, field by field.
    pub(super) fn objects(&mut self, written: &Object, read: &Object, place: &str) {
        let names: BTreeSet<&String> = written.fields.keys().chain(read.fields.keys()).collect();
        for name in names {
            self.field(written, read, name, &render::step(place, name));
        }
        if self.exact && (written.others == Others::Refused) != (read.others == Others::Refused) {
            self.find(place, Problem::Unclear, None, None);
        }
        self.others(written, read, &format!("{place}.*"));
        self.patterns(written, read, place);
    }

    fn field(&mut self, written: &Object, read: &Object, name: &str, place: &str) {
        let show =
            |walk: &Self| (render::field(walk.written, written, name), render::field(walk.read, read, name));
        if read.required.contains(name) && !written.required.contains(name) {
            let (one, other) = show(self);
            self.find(place, Problem::Missing, one, other);
        }
        let one = written.fields.get(name).or(match &written.others {
            Others::Read(schema) => Some(schema),
            _ => None,
        });
        match (one, read.fields.get(name), &read.others) {
            (None, ..) => {}
            (Some(one), Some(other), _) | (Some(one), None, Others::Read(other)) => {
                self.schemas(one, other, place);
            }
            (Some(_), None, others) => {
                let refused = *others == Others::Refused;
                let (one, other) = show(self);
                self.find(place, if refused { Problem::Refused } else { Problem::Dropped }, one, other);
            }
        }
    }

    /// What a map has besides the fields that are declared.
    fn others(&mut self, written: &Object, read: &Object, place: &str) {
        let Others::Read(schema) = &written.others else { return };
        let problem = match &read.others {
            Others::Read(other) => return self.schemas(schema, other, place),
            Others::Refused => Problem::Refused,
            Others::Ignored => Problem::Dropped,
        };
        let shown = render::schema(self.written, schema);
        self.find(place, problem, Some(format!("any fields: {shown}")), None);
    }

    /// Maps whose keys have a pattern: the same patterns, or it cannot be judged.
    fn patterns(&mut self, written: &Object, read: &Object, place: &str) {
        if written.patterns.keys().eq(read.patterns.keys()) {
            for ((pattern, one), other) in written.patterns.iter().zip(read.patterns.values()) {
                self.schemas(one, other, &format!("{place}[{pattern}]"));
            }
        } else {
            let show = |object: &Object| {
                let patterns: Vec<&str> = object.patterns.keys().map(String::as_str).collect();
                (!patterns.is_empty()).then(|| format!("map with keys like {}", patterns.join(", ")))
            };
            self.find(place, Problem::Unclear, show(written), show(read));
        }
    }
}
