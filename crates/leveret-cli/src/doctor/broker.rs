use super::{Finding, subject::Subject};

/// The broker itself: version, alarms, nodes.
pub(super) fn examine(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match subject.version() {
        Some(version) if version < (3, 10) => findings.push(format!(
            "RabbitMQ {} is too old: quorum queues dead-letter safely from 3.10 on",
            subject.snapshot.version
        )),
        Some(_) => {}
        None => findings.push("the broker does not tell its version".to_owned()),
    }
    for node in &subject.snapshot.nodes {
        let name = &node.name;
        for (wrong, what) in [
            (!node.running, "is not running"),
            (node.mem_alarm, "has raised its memory alarm: nobody can publish"),
            (node.disk_free_alarm, "has raised its disk alarm: nobody can publish"),
            (!node.partitions.is_empty(), "sees a network partition"),
        ] {
            if wrong {
                findings.push(format!("the node {name} {what}"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doctor::error_queue::tests::subject,
        management::{Node, Snapshot},
    };

    #[test]
    fn versions_and_alarms() {
        let well = Node { name: "a".into(), running: true, ..Node::default() };
        let with = |version: &str, node: Node| Snapshot {
            version: version.into(),
            nodes: vec![node],
            ..Snapshot::default()
        };
        for (snapshot, expected) in [
            (with("3.10.8", well.clone()), vec![]),
            (with("4.3.0-rc.1", well.clone()), vec![]),
            (with("3.9.29", well.clone()), vec!["too old"]),
            (with("", well.clone()), vec!["does not tell"]),
            (
                with("4.0.5", Node { mem_alarm: true, disk_free_alarm: true, ..well.clone() }),
                vec!["memory", "disk"],
            ),
            (with("4.0.5", Node { running: false, ..well.clone() }), vec!["not running"]),
            (with("4.0.5", Node { partitions: vec!["b".into()], ..well }), vec!["partition"]),
        ] {
            let findings = examine(&subject(&snapshot));
            assert_eq!(findings.len(), expected.len(), "{findings:?}");
            for (finding, expected) in findings.iter().zip(expected) {
                assert!(finding.contains(expected), "{finding}");
            }
        }
    }
}
