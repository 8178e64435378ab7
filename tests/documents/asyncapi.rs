use jsonschema::Validator;
use leveret::{
    contracts::{Catalogue, Documents},
    topology::Layout,
};
use serde_json::{Value, json};

use crate::shop;

/// The official schema.
fn official() -> Validator {
    let schema = include_str!("../data/asyncapi/3.0.0.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

fn document(catalogue: &Catalogue) -> Value {
    Documents::of(&catalogue.describe()).asyncapi().unwrap()
}

fn complaints(official: &Validator, document: &Value) -> Vec<String> {
    official.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What the schema cannot see: that each reference leads somewhere.
fn dangling(document: &Value) -> Vec<String> {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| walk(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(document, &mut found);
    let leads_nowhere =
        |reference: &&str| reference.strip_prefix('#').and_then(|to| document.pointer(to)).is_none();
    found.into_iter().filter(leads_nowhere).map(str::to_owned).collect()
}

#[test]
fn documents_are_what_asyncapi_says() {
    let official = official();
    let catalogues = [
        shop::nothing(),
        shop::commands(),
        shop::events(),
        shop::replies(),
        shop::anything(),
        shop::recursive(),
        shop::shop(),
    ];
    for catalogue in catalogues {
        let document = document(&catalogue);
        let title = &document["info"]["title"];
        assert_eq!(complaints(&official, &document), Vec::<String>::new(), "{title}: {document:#}");
        assert_eq!(dangling(&document), Vec::<String>::new(), "{title}: {document:#}");
    }
}

#[test]
fn a_broken_document_is_found() {
    let official = official();
    let broken: [fn(&mut Value); 5] = [
        |document| document["asyncapi"] = json!("2.6.0"),
        |document| drop(document["info"].as_object_mut().unwrap().remove("version")),
        |document| document["operations"]["publish.CardCharged"]["action"] = json!("publish"),
        |document| document["channels"]["queue.billing"]["bindings"]["amqp"]["is"] = json!("exchange"),
        |document| document["components"]["schemas"]["Money"]["type"] = json!("money"),
    ];
    for (index, break_it) in broken.into_iter().enumerate() {
        let mut document = document(&shop::shop());
        break_it(&mut document);
        assert_ne!(complaints(&official, &document), Vec::<String>::new(), "{index}");
    }
    let mut document = document(&shop::shop());
    document["operations"]["publish.CardCharged"]["channel"]["$ref"] = json!("#/channels/nowhere");
    assert_eq!(dangling(&document), ["#/channels/nowhere"]);
}

#[test]
fn the_order_of_the_catalogue_does_not_matter() {
    let mut description = shop::shop().describe();
    let before = Documents::of(&description).asyncapi().unwrap();
    description.contracts.reverse();
    description.endpoints.reverse();
    assert_eq!(Documents::of(&description).asyncapi().unwrap().to_string(), before.to_string());
}

#[test]
fn what_a_document_says() {
    let document = document(&shop::shop());
    let channel = |place: &str| json!({ "$ref": format!("#/channels/{place}") });
    let charge = &document["operations"]["receive.billing.charge"];
    assert_eq!(charge["channel"], channel("queue.billing"));
    assert_eq!(charge["messages"], json!([channel("queue.billing/messages/ChargeCard")]));
    assert_eq!(charge["reply"]["messages"], json!([channel("replies/messages/billing.Receipt")]));
    assert_eq!(charge["reply"]["address"]["location"], "$message.header#/PikaBus.ReplyToAddress");

    let placed = &document["operations"]["receive.billing.order_placed"];
    assert_eq!(
        (&placed["channel"], &placed["x-leveret-pattern"]),
        (&channel("topic.orders.placed"), &json!("orders.*"))
    );
    assert_eq!(document["operations"]["receive.audit.log.anything"]["channel"], channel("topic.all"));
    assert_eq!(document["operations"]["send.ReserveStock"]["channel"], channel("queue.warehouse"));
    assert_eq!(document["operations"]["publish.CardCharged"]["bindings"]["amqp"]["mandatory"], false);

    let refund = &document["components"]["messages"]["billing_refund_card"];
    assert_eq!(refund["name"], "billing/refund card");
    assert_eq!(
        refund["headers"]["properties"]["PikaBus.MessageType"]["enum"],
        json!(["billing/refund card", "Refund"])
    );
    assert_eq!(
        document["components"]["messageTraits"]["event"]["headers"]["properties"]["PikaBus.Intent"]["const"],
        "event"
    );

    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["CatalogueChanged"]["properties"]["below"]["items"],
        json!({ "$ref": "#/components/schemas/CatalogueChanged" })
    );
    assert_eq!(
        schemas["Group"]["properties"]["groups"]["items"],
        json!({ "$ref": "#/components/schemas/Group" })
    );
    assert_eq!(
        schemas["Money"]["properties"]["currency"],
        json!({ "$ref": "#/components/schemas/Currency" })
    );
}

#[test]
fn the_names_of_another_fleet() {
    let description = shop::shop().describe();
    let layout = Layout::default().topic_exchange("events");
    let document = Documents::of(&description).layout(layout).header_prefix("Shop.").asyncapi().unwrap();
    let topic = &document["channels"]["topic.orders.placed"]["bindings"]["amqp"]["exchange"];
    assert_eq!(topic["name"], "events");
    let event = &document["components"]["messageTraits"]["event"];
    assert_eq!(event["correlationId"]["location"], "$message.header#/Shop.CorrelationId");
    assert_eq!(event["headers"]["required"][0], "Shop.MessageId");
}

/// The document of the shop, for review. `UPDATE_DOCUMENTS=1` writes it anew.
#[test]
fn the_document_of_the_shop() {
    let text = format!("{:#}\n", document(&shop::shop()));
    crate::golden("shop.asyncapi.json", &text);
}
