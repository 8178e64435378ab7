//! `leveret topology`: what endpoints declare, and what a broker has of it.
//!
//! ```text
//! args       what can be asked
//! show       the plan of an endpoint, for people: pure
//! compare    what the broker has otherwise, arguments among it: pure
//! ```

mod args;
mod arguments;
mod compare;
mod show;

use leveret::{
    amqp::AmqpOptions,
    contracts::{DescribedEndpoint, Description},
    topology::{check_endpoint_name, check_name},
};

pub(crate) use self::args::Topology;
use self::{
    compare::{Difference, compare},
    show::show,
};
use crate::{
    args::Common,
    describe::describe,
    exit::{Failure, Outcome},
    management::{self, Client, Declared},
    out::say,
    text::one_line,
};

pub(crate) async fn run(common: &Common, options: &Topology) -> Result<Outcome, Failure> {
    let layout = options.layout(common)?;
    let description = describe(&options.source)?.description;
    let endpoints = chosen(&description, options.endpoint.as_deref())?;
    let live = if options.live { Some(ask(common).await?) } else { None };
    let mut equal = true;
    for (at, endpoint) in endpoints.into_iter().enumerate() {
        let plan = endpoint.topology(&layout);
        match &live {
            None if at == 0 => say(&show(endpoint, &plan))?,
            None => say(&format!("\n{}", show(endpoint, &plan)))?,
            Some(live) => {
                let differences = compare(&plan, &endpoint.name, live);
                equal &= differences.is_empty();
                report(&endpoint.name, &differences)?;
            }
        }
    }
    Ok(Outcome::wanting_if(!equal))
}

/// The endpoints that are meant, with names that a bus would start with.
fn chosen<'a>(
    description: &'a Description,
    name: Option<&str>,
) -> Result<Vec<&'a DescribedEndpoint>, Failure> {
    let is_meant = |endpoint: &&DescribedEndpoint| name.is_none_or(|name| endpoint.name == name);
    let chosen: Vec<_> = description.endpoints.iter().filter(is_meant).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = description.endpoints.iter().map(|endpoint| &*endpoint.name).collect();
        return Err(Failure::Said(match name {
            Some(name) if !names.is_empty() => {
                format!("there is no endpoint `{name}`: name one of {}", names.join(", "))
            }
            _ => "the catalogue has no endpoint: add `.endpoint::<Service>()` to it".to_owned(),
        }));
    }
    for endpoint in &chosen {
        check_endpoint_name(&endpoint.name).map_err(|error| error.to_string())?;
        for pattern in endpoint.routes.iter().filter_map(|route| route.topic.as_deref()) {
            check_name("topic pattern", pattern).map_err(|error| error.to_string())?;
        }
    }
    Ok(chosen)
}

async fn ask(common: &Common) -> Result<Declared, Failure> {
    // What is wrong with it is told without its password.
    let _ = AmqpOptions::from_url(&common.url)?;
    management::ask(common, Client::declared).await?.map_err(|reason| {
        Failure::Said(format!(
            "{reason}; --live needs it: `rabbitmq-plugins enable rabbitmq_management` on the broker, or name it by \
             --management"
        ))
    })
}

fn report(endpoint: &str, differences: &[Difference]) -> Result<(), Failure> {
    if differences.is_empty() {
        return say(&format!("ok: {}", one_line(endpoint)));
    }
    for Difference { how, what, detail } in differences {
        let colon = if detail.is_empty() { "" } else { ": " };
        say(&one_line(&format!("{how}: {endpoint}: {what}{colon}{detail}")))?;
    }
    Ok(())
}
