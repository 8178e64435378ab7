use super::{BusBuilder, StartError, StartErrorKind};
use crate::{
    delay::MAX_DELAY,
    handler::Route,
    topology::{check_endpoint_name, check_name, overlap},
};

/// Every option, before anything is connected: the last verb of the builder is the one that validates.
pub(super) fn check(builder: &BusBuilder) -> Result<(), StartError> {
    let BusBuilder { consuming, wire, limits, .. } = builder;
    if let Some(endpoint) = &builder.endpoint {
        check_endpoint_name(endpoint.name())?;
        check_routes(endpoint.routes())?;
    }
    if let Some(claim) = &builder.claim {
        check_endpoint_name(claim)?;
        if let Some(endpoint) = &builder.endpoint {
            return Err(invalid(format!(
                "`claim` says \"{claim}\", and a bus with an endpoint publishes the events of its own, \"{}\": remove it",
                endpoint.name()
            )));
        }
    }
    builder.layout.check()?;
    if wire.header_prefix.len() > 200 {
        return Err(invalid("`header_prefix` has over 200 bytes: a header name may have 255 in all"));
    }
    if builder.instance.as_ref().is_some_and(|name| name.is_empty() || name.len() > 48) {
        return Err(invalid("`instance` must have 1 to 48 bytes: it becomes part of a queue's name"));
    }
    if consuming.concurrency == 0 {
        return Err(invalid("`concurrency` is 0, so no handler could ever run: make it at least 1"));
    }
    if consuming.concurrency > usize::from(u16::MAX) {
        return Err(invalid(
            "`concurrency` is over 65535, which is as many messages as RabbitMQ delivers ahead: make it smaller",
        ));
    }
    if consuming.prefetch == Some(0) {
        return Err(invalid("`prefetch` is 0, which RabbitMQ takes for no limit at all: make it at least 1"));
    }
    builder.judge.policy.check(MAX_DELAY).map_err(|reason| invalid(format!("`retry`: {reason}")))?;
    let timeouts = [
        ("start_timeout", limits.start_timeout),
        ("publish_timeout", limits.publish_timeout),
        ("request_timeout", limits.request_timeout),
        ("handler_timeout", limits.handler_timeout),
    ];
    match timeouts.iter().find(|(_, timeout)| timeout.is_zero()) {
        Some((name, _)) => Err(invalid(format!("`{name}` is zero, so nothing could ever succeed"))),
        None => Ok(()),
    }
}

/// What the compiler checks for endpoints written by macro, for those written by hand.
fn check_routes(routes: &[Route]) -> Result<(), StartError> {
    for (i, route) in routes.iter().enumerate() {
        if let Some(topic) = route.topic {
            check_name("topic pattern", topic)?;
        }
        if let Some(other) = routes.iter().take(i).find(|other| other.handler == route.handler) {
            return Err(invalid(format!(
                "two handlers are called `{}`: give one another name",
                other.handler
            )));
        }
        let earlier = routes.iter().take(i).filter(|other| other.topic_of_any() == route.topic_of_any());
        if let Some((other, message)) =
            earlier.filter_map(|other| Some((other, route.name_shared_with(other)?))).next()
        {
            let (first, second) = (other.handler, route.handler);
            return Err(invalid(format!(
                "`{first}` and `{second}` both handle `{message}`: keep one of them"
            )));
        }
        let Some(own) = route.topic_of_any() else { continue };
        let patterns =
            || routes.iter().take(i).filter_map(|other| Some((other.handler, other.topic_of_any()?)));
        if let Some((first, pattern)) = patterns().find(|(_, pattern)| overlap(pattern, own)) {
            let second = route.handler;
            return Err(invalid(format!(
                "`{first}` and `{second}` both take any message whose topic matches \"{pattern}\" and \"{own}\": \
                 change a pattern so that no topic matches both"
            )));
        }
    }
    Ok(())
}

fn invalid(reason: impl Into<String>) -> StartError {
    StartErrorKind::InvalidOption { reason: reason.into() }.into()
}
