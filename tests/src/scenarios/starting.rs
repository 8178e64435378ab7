//! What a builder checks before anything is connected, and what a start declares.

use std::time::Duration;

use leveret::{
    AnyMessage, Bus, BusBuilder, Context, Delivery, Endpoint, HandlerError, Message, QueueOptions,
    RetryPolicy,
    bus::{StartError, StartErrorKind},
    handler::Route,
    retry::Verdict,
    topology::InvalidName,
    transport::TransportErrorKind,
};
use serde::{Deserialize, Serialize};

use super::{
    Env,
    contracts::{Answer, Ask, Done, Oracle, Work, Worker},
};

/// Was called as [`Ask`] is.
#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "oracle", also = "Ask")]
struct Query;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

macro_rules! by_hand {
    ($($service:ident, $name:expr, [$($route:expr),*];)*) => {$(
        struct $service;

        impl Endpoint for $service {
            const NAME: &'static str = $name;
            const ROUTES: &'static [Route] = &[$($route),*];

            async fn dispatch(&self, _: &Route, delivery: Delivery, ctx: &Context) -> Result<(), HandlerError> {
                let ask: Ask = delivery.decode()?;
                ctx.answer(Answer { n: ask.n }).await
            }
        }
    )*};
}
by_hand! {
    ByHand, "oracle", [Route::of::<Ask>("ask")];
    Twice, "oracle", [Route::of::<Ask>("first"), Route::of::<Done>("done"), Route::of::<Ask>("second")];
    FormerName, "oracle", [Route::of::<Ask>("ask"), Route::of::<Query>("query")];
    Overlapping, "oracle", [
        Route::of::<AnyMessage>("changes").topic("orders.*"),
        Route::of::<AnyMessage>("audit").topic("audit.#"),
        Route::of::<AnyMessage>("orders").topic("orders.#")
    ];
    CalledError, "error", [];
    Nameless, "", [];
    Wild, "shop.*", [];
    EmptyPattern, "oracle", [Route::of::<Done>("done").topic("")];
}

async fn refused(builder: BusBuilder) -> StartErrorKind {
    builder.start().await.unwrap_err().kind().clone()
}

fn reason(kind: &StartErrorKind) -> &str {
    match kind {
        StartErrorKind::InvalidOption { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// An endpoint written by hand works as one written by the macro.
pub async fn an_endpoint_by_hand(env: &Env) {
    env.start(env.bus().endpoint(ByHand)).await;
    assert_eq!(env.sender().await.request(Ask { n: 3 }).await.unwrap(), Answer { n: 3 });
}

/// What the compiler checks for the macro is checked at the start for routes by hand.
pub async fn mistakes_by_hand(env: &Env) {
    let twice = refused(env.bus().endpoint(Twice)).await;
    assert_eq!(reason(&twice), "`first` and `second` both handle `Ask`: keep one of them");
    let former = refused(env.bus().endpoint(FormerName)).await;
    assert_eq!(reason(&former), "`ask` and `query` both handle `Ask`: keep one of them");
    let overlapping = refused(env.bus().endpoint(Overlapping)).await;
    assert_eq!(
        reason(&overlapping),
        "`changes` and `orders` both take any message whose topic matches \"orders.*\" and \"orders.#\": change a \
         pattern so that no topic matches both"
    );
    let named = |name| StartErrorKind::InvalidName(name);
    assert_eq!(refused(env.bus().endpoint(CalledError)).await, named(InvalidName::ErrorQueue));
    assert_eq!(
        refused(env.bus().endpoint(Nameless)).await,
        named(InvalidName::Empty { what: "endpoint name" })
    );
    assert_eq!(
        refused(env.bus().endpoint(Wild)).await,
        named(InvalidName::Wildcard { name: "shop.*".to_owned() })
    );
    assert_eq!(
        refused(env.bus().endpoint(EmptyPattern)).await,
        named(InvalidName::Empty { what: "topic pattern" })
    );
}

/// Options without sense are named, with what they should be.
pub async fn options_without_sense(env: &Env) {
    for (option, builder) in [
        ("concurrency", env.bus().concurrency(0)),
        ("concurrency", env.bus().concurrency(usize::MAX)),
        ("prefetch", env.bus().prefetch(0)),
        ("start_timeout", env.bus().start_timeout(Duration::ZERO)),
        ("publish_timeout", env.bus().publish_timeout(Duration::ZERO)),
        ("request_timeout", env.bus().request_timeout(Duration::ZERO)),
        ("handler_timeout", env.bus().handler_timeout(Duration::ZERO)),
        ("instance", env.bus().instance("")),
        ("instance", env.bus().instance("x".repeat(49))),
        ("header_prefix", env.bus().header_prefix("x".repeat(201))),
        ("retry", env.bus().retry(RetryPolicy::fixed(Duration::MAX))),
        ("retry", env.bus().retry(RetryPolicy::fixed(500 * DAY))),
        ("retry", env.bus().retry(RetryPolicy::default().max_retries(u32::MAX))),
        ("retry", env.bus().retry(RetryPolicy::exponential(Duration::ZERO))),
        ("retry", env.bus().retry(RetryPolicy::delays([]))),
        ("retry", env.bus().retry(RetryPolicy::default().jitter(-1.0))),
        ("retry", env.bus().retry(RetryPolicy::default().max_delay(Duration::ZERO))),
        ("retry", env.bus().retry(RetryPolicy::none().when(|_| true, Verdict::Retry(500 * DAY)))),
    ] {
        let kind = refused(builder).await;
        assert!(reason(&kind).starts_with(&format!("`{option}`")), "{option}: {kind:?}");
    }
    let builders = [
        env.bus().direct_exchange(""),
        env.bus().topic_exchange("x".repeat(256)),
        env.bus().error_queue_name(""),
    ];
    for builder in builders {
        assert!(matches!(refused(builder).await, StartErrorKind::InvalidName(_)));
    }
}

/// A text that is no URL of a broker is an error that says what to write, and shows no password.
pub async fn urls_without_sense(_: &Env) {
    let shown = |error: StartError| {
        let said = format!("{error} {error:?}");
        assert!(!said.contains("secret"), "{said}");
        error.kind().clone()
    };
    let start = async |url: &str| shown(Bus::builder(url).start().await.unwrap_err());
    for (url, scheme) in [
        ("http://me:secret@shop", "http://"),
        ("", "a text without ://"),
        ("secret", "a text without ://"),
        ("AMQ://secret", "AMQ://"),
    ] {
        assert_eq!(start(url).await, StartErrorKind::UnknownScheme { scheme: scheme.to_owned() });
        let debug = format!("{:?}", Bus::builder(url));
        assert!(!debug.contains("secret"), "{debug}");
    }
}

/// A queue that exists with other arguments is not touched: the error names each argument and both values.
pub async fn a_queue_with_other_arguments(env: &Env) {
    let worker = || Worker::new(|_, _| Box::pin(async { Ok(()) }));
    env.start(env.bus().endpoint(worker()).queue(QueueOptions::plain())).await;
    let error = env.bus().endpoint(worker()).start().await.unwrap_err();
    let StartErrorKind::Broker(TransportErrorKind::QueueMismatch { queue, differences }) = error.kind()
    else {
        panic!("{error:?}")
    };
    assert_eq!(queue, "worker");
    let named: Vec<_> = differences.iter().map(|difference| difference.name.as_str()).collect();
    assert!(named.contains(&"x-queue-type") && named.contains(&"x-dead-letter-exchange"), "{named:?}");
    let bus = env.start(env.bus().endpoint(worker()).queue(QueueOptions::quorum().adopt())).await;
    bus.send(Work { n: 1 }).await.unwrap();
}

/// A bus that may not declare finds what others declared, and says what is missing.
pub async fn without_declaring(env: &Env) {
    let error = env.bus().endpoint(Oracle::echo()).declare(false).start().await.unwrap_err();
    assert!(matches!(error.kind(), StartErrorKind::Broker(TransportErrorKind::NotFound { .. })), "{error:?}");
    let declared = env.start(env.bus().endpoint(Oracle::echo())).await;
    declared.shutdown().await.unwrap();
    env.start(env.bus().endpoint(Oracle::echo()).declare(false)).await;
    assert_eq!(env.sender().await.request(Ask { n: 1 }).await.unwrap(), Answer { n: 1 });
}
