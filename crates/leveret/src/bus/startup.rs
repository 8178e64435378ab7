use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    Bus, BusBuilder, Core, EndpointHandle, StartError, StartErrorKind,
    check::check,
    plan::{Plan, plan},
    target::Parsed,
};
use crate::{
    codec::json,
    consume::{Handling, Processor, ProcessorOptions, Pump, PumpOptions, Recovery, RecoveryOptions},
    context::Services,
    deadline,
    envelope::Names,
    handler::ErasedEndpoint,
    headers::Text,
    id,
    middleware::install_panic_hook,
    publish::{DirectSink, Outlet, Settings, Writer},
    request::{Requester, RequesterOptions},
    telemetry::Counters,
    transport::{Transport, TransportError},
};

/// Connects, declares and consumes, in this order.
pub(super) async fn start(mut builder: BusBuilder) -> Result<Bus, StartError> {
    check(&builder)?;
    let within = Limit::new(builder.limits.start_timeout);
    let plan = plan(&builder);
    let endpoint = builder.endpoint.take();
    let transport = connect(&mut builder, endpoint.as_deref(), within).await?;
    let services = services(&builder, endpoint.as_deref(), &transport);

    let declaring = within.run("the broker to declare exchanges and queues", transport.declare(&plan.all));
    let started = match (declaring.await, endpoint) {
        (Err(error), _) => Err(error),
        (Ok(()), None) => Ok(None),
        (Ok(()), Some(endpoint)) => {
            consume(&mut builder, endpoint, plan, &transport, &services, within).await.map(Some)
        }
    };
    match started {
        Ok(endpoint) => Ok(Bus {
            core: Arc::new(Core {
                writer: Writer::new(services.outlet.clone()),
                stopping: services.stopping.clone(),
                shutdown_timeout: deadline::bounded(builder.limits.shutdown_timeout),
                transport,
                services,
                endpoint,
                ended: OnceCell::new(),
            }),
        }),
        Err(error) => {
            transport.close(deadline::bounded(builder.limits.shutdown_timeout)).await;
            Err(error)
        }
    }
}

/// Each step of the start within what is left of its time.
#[derive(Clone, Copy)]
struct Limit {
    timeout: Duration,
    at: Instant,
}

impl Limit {
    fn new(timeout: Duration) -> Self {
        Self { timeout, at: deadline::in_future(timeout) }
    }

    async fn run<T>(
        self,
        waiting_for: &'static str,
        step: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, StartError> {
        match timeout_at(self.at, step).await {
            Ok(outcome) => outcome.map_err(|error| error.map(StartErrorKind::Broker)),
            Err(_) => Err(StartErrorKind::TimedOut { waiting_for, after: self.timeout }.into()),
        }
    }
}

async fn connect(
    builder: &mut BusBuilder,
    endpoint: Option<&dyn ErasedEndpoint>,
    within: Limit,
) -> Result<Arc<dyn Transport>, StartError> {
    let name = builder.connection_name.clone();
    let name = name.unwrap_or_else(|| endpoint.map_or("leveret", |endpoint| endpoint.name()).to_owned());
    let target = std::mem::replace(&mut builder.target, "".into());
    let mut options = match target.parse()? {
        Parsed::Memory(broker) => return Ok(broker.connect()),
        Parsed::Amqp(options) => *options,
    };
    options = options.connection_name(name).start_timeout(within.timeout).max_body(builder.limits.max_body);
    if let Some(timeout) = builder.limits.connection_timeout {
        options = options.connection_timeout(timeout);
    }
    if let Some(tls) = builder.tls.take() {
        options = options.tls(tls);
    }
    // It keeps to its own limit, and knows best why it could not connect.
    options.connect().await.map_err(|error| error.map(StartErrorKind::Broker))
}

/// What a codec says of itself. Where that is what JSON says it is a literal, which no thread has to count.
fn said(text: &str) -> Text {
    let literal = [json::CONTENT_TYPE, json::CONTENT_ENCODING].into_iter().find(|literal| *literal == text);
    literal.map_or_else(|| text.into(), Text::literal)
}

fn services(
    builder: &BusBuilder,
    endpoint: Option<&dyn ErasedEndpoint>,
    transport: &Arc<dyn Transport>,
) -> Arc<Services> {
    let settings = Settings {
        names: Arc::new(Names::with_prefix(&builder.wire.header_prefix)),
        time_format: builder.wire.time_format,
        codec: builder.wire.codec.clone(),
        content_type: said(builder.wire.codec.content_type()),
        content_encoding: said(builder.wire.codec.content_encoding()),
        exchanges: builder.layout.exchanges.clone(),
        endpoint: endpoint.map(|endpoint| Text::literal(endpoint.name())),
        publisher: endpoint.map(|endpoint| endpoint.name()).or(builder.claim.as_deref()).map(Into::into),
        publish_timeout: builder.limits.publish_timeout,
        max_body: builder.limits.max_body,
    };
    let sink = Box::new(DirectSink::new(transport.publisher(), settings.exchanges.direct.clone()));
    let outlet = Arc::new(Outlet { settings, sink });
    let counters = Arc::new(Counters::default());
    let owner = endpoint.map_or("leveret", |endpoint| endpoint.name());
    let instance = builder.instance.clone().map_or_else(id::fresh, Text::from);
    let requester = Arc::new(Requester::new(RequesterOptions {
        transport: transport.clone(),
        outlet: outlet.clone(),
        counters: counters.clone(),
        queue: format!("{owner}.replies.{instance}"),
        timeout: builder.limits.request_timeout,
        declare: builder.declare,
    }));
    Arc::new(Services { outlet, requester, counters, stopping: CancellationToken::new() })
}

async fn consume(
    builder: &mut BusBuilder,
    endpoint: Arc<dyn ErasedEndpoint>,
    plan: Plan,
    transport: &Arc<dyn Transport>,
    services: &Arc<Services>,
    within: Limit,
) -> Result<EndpointHandle, StartError> {
    install_panic_hook();
    let (queue, routes) = (endpoint.name().to_owned(), endpoint.routes());
    let recovery = Recovery::new(RecoveryOptions {
        transport: transport.clone(),
        services: services.clone(),
        error_queue: builder.layout.error_queue_name.clone(),
        error_topology: plan.error_queue,
        queue_dead_letters: plan.queue_dead_letters,
    });
    let as_many_as_run = || u16::try_from(builder.consuming.concurrency).unwrap_or(u16::MAX);
    let prefetch = builder.consuming.prefetch.unwrap_or_else(as_many_as_run);
    let processor = Processor::new(ProcessorOptions {
        routes,
        handling: Handling::new(endpoint, std::mem::take(&mut builder.layers)),
        services: services.clone(),
        recovery,
        judge: std::mem::take(&mut builder.judge),
        concurrency: builder.consuming.concurrency,
        prefetch,
        queue_counts_returns: plan.queue_counts_returns,
        handler_timeout: builder.limits.handler_timeout,
    });
    let pump = Pump::start(PumpOptions {
        transport: transport.clone(),
        queue: queue.clone(),
        prefetch,
        processor,
        stopping: services.stopping.clone(),
        drain_timeout: builder.limits.shutdown_timeout,
    });
    let pump = within.run("the broker to deliver", pump).await?;
    Ok(EndpointHandle { queue, routes, pump })
}
