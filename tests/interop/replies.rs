//! Replies, in both directions.

use leveret::request::RequestErrorKind;
use serde_json::json;

use crate::{
    probe::probe,
    services::{Billing, Desk, PickGoods, Picked, Restock, Shop},
    site::Site,
};

#[tokio::test]
async fn python_answers_a_rust_request() {
    let Some(site) = Site::open().await else { return };
    let options = json!({"queue": "warehouse", "handler": "reply", "answer": {"boxes": 3}});
    let mut python = site.python(options).await;
    let bus = site.bus().start().await.unwrap();
    assert_eq!(bus.request(PickGoods { number: 1 }).await.unwrap(), Picked { boxes: 3 });
    let asked = python.handled().await;
    assert_eq!(asked["headers"]["PikaBus.CorrelationId"], asked["headers"]["PikaBus.MessageId"]);
}

#[tokio::test]
async fn many_requests_to_python_get_each_its_own_answer() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "warehouse", "handler": "reply_number"})).await;
    let bus = site.bus().start().await.unwrap();
    let ask = async |number| bus.request(PickGoods { number }).await.unwrap();
    let (one, two, three) = tokio::join!(ask(1), ask(2), ask(3));
    assert_eq!([one, two, three], [1, 2, 3].map(|boxes| Picked { boxes }));
    for _ in 0..3 {
        python.handled().await;
    }
    python.assert_idle();
}

#[tokio::test]
async fn a_rust_handlers_reply_reaches_python() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": 1}})).await;

    let charge = heard.next().await;
    let reply = python.handled().await;
    assert_eq!(reply["payload"], json!({"number": 1, "authorised": true}));
    let headers = &reply["headers"];
    assert_eq!(headers["PikaBus.Intent"], "command");
    assert_eq!(headers["PikaBus.MessageType"], "Receipt");
    assert_eq!(headers["PikaBus.OriginatingAddress"], "billing");
    assert_eq!(headers["PikaBus.InReplyTo"], charge.header("PikaBus.MessageId"));
    assert_eq!(headers["PikaBus.CorrelationId"], charge.header("PikaBus.CorrelationId"));
}

/// A request is correlated by its own id, since that is all a PikaBus reply gives back; the conversation goes on beside it.
#[tokio::test]
async fn a_rust_handler_asks_python_before_it_answers_python() {
    let Some(site) = Site::open().await else { return };
    let _bus = site.bus().endpoint(Desk).start().await.unwrap();
    let mut warehouse = site.python(json!({"queue": "warehouse", "handler": "reply_number"})).await;
    let mut customer = site.python(json!({"queue": "customer"})).await;
    let headers = json!({"PikaBus.CorrelationId": "order-7"});
    customer
        .order(json!({"do": "Send", "queue": "desk", "payload": {"number": 3}, "headers": headers}))
        .await;

    let asked = warehouse.handled().await;
    assert_eq!(asked["headers"]["PikaBus.CorrelationId"], asked["headers"]["PikaBus.MessageId"]);
    assert_eq!(asked["headers"]["PikaBus.ConversationId"], "order-7");
    let answered = customer.handled().await;
    assert_eq!(answered["payload"], json!({"boxes": 3}));
    assert_eq!(answered["headers"]["PikaBus.CorrelationId"], "order-7");
}

#[tokio::test]
async fn pythons_reply_to_a_plain_send_reaches_the_reply_handler_and_no_other() {
    let Some(site) = Site::open().await else { return };
    let options = json!({"queue": "warehouse", "handler": "reply", "answer": {"boxes": 3}});
    let _python = site.python(options).await;
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Shop(probe)).start().await.unwrap();
    bus.send(PickGoods { number: 1 }).correlation_id("order-7").await.unwrap();

    let picked = heard.next().await;
    assert_eq!((picked.handler, picked.body()), ("picked", json!({"boxes": 3})));
    assert_eq!(picked.facts().correlation_id().as_deref(), Some("order-7"));
    assert_eq!(picked.facts().message_type(), None, "nothing tells it from a command");
    bus.send(Restock { number: 2 }).await.unwrap();
    assert_eq!(heard.next().await.handler, "restock");
}

/// A PikaBus handler that replies to a queue that is gone is run again for ever: so a reply queue outlives its bus
/// while an answer is missing (design §2).
#[tokio::test]
async fn a_requester_that_is_gone_lets_the_python_handler_run_once() {
    let Some(site) = Site::open().await else { return };
    let options = json!({"queue": "warehouse", "handler": "reply_later", "answer": {"boxes": 3}});
    let mut python = site.python(options).await;
    let requester = site.bus().start().await.unwrap();
    let gone = async {
        assert_eq!(python.handled().await["payload"], json!({"number": 1}));
        requester.shutdown().await.unwrap();
    };
    let (answer, ()) = tokio::join!(requester.request(PickGoods { number: 1 }), gone);
    assert_eq!(*answer.unwrap_err().kind(), RequestErrorKind::Closed);

    let reply_queue = site.queue_that_begins("leveret.replies.").await;
    python.go().await;
    site.until_depth(&reply_queue, 1).await;
    // Python handles one after the other: what ran again would run before this.
    let other = site.bus().start().await.unwrap();
    assert_eq!(other.request(PickGoods { number: 2 }).await.unwrap(), Picked { boxes: 3 });
    assert_eq!(python.handled().await["payload"], json!({"number": 2}));
    python.assert_idle();
    assert_eq!(site.depth("warehouse").await, Some(0));
}

#[tokio::test]
async fn a_reply_queue_goes_with_its_bus_once_python_has_answered() {
    let Some(site) = Site::open().await else { return };
    let options = json!({"queue": "warehouse", "handler": "reply", "answer": {"boxes": 3}});
    let _python = site.python(options).await;
    let bus = site.bus().start().await.unwrap();
    bus.request(PickGoods { number: 1 }).await.unwrap();
    let reply_queue = site.queue_that_begins("leveret.replies.").await;
    bus.shutdown().await.unwrap();
    assert_eq!(site.depth(&reply_queue).await, None);
}
