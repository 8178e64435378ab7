use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// What has a JSON Schema: every type with `#[derive(JsonSchema)]` of schemars, and `()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no JSON Schema",
    label = "`{Self}` does not derive `JsonSchema`",
    note = "write `#[derive(schemars::JsonSchema)]` above it and above the types of its fields, with `schemars = \"1\"` in Cargo.toml"
)]
pub trait Schematic {
    #[doc(hidden)]
    fn schema(name: &str) -> Value;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> Schematic for T {
    fn schema(name: &str) -> Value {
        schema::<T>(name)
    }
}

/// What a reader of `T` accepts, as a JSON Schema of draft 2020-12. It stands on its own: what it refers to is in its
/// `$defs`.
pub(super) fn schema<T: JsonSchema>(name: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), id(name).into());
    schema.insert("title".to_owned(), name.into());
    schema.to_value()
}

/// A name for the schema in the world of URIs; nothing stands at it.
fn id(name: &str) -> String {
    format!("urn:leveret:{}", percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only its shape is of interest")]
    struct Placed {
        order_id: u64,
        #[serde(default)]
        note: String,
        #[serde(skip_deserializing)]
        written: bool,
        gift: Option<bool>,
    }

    #[test]
    fn it_is_what_serde_reads() {
        let schema = schema::<Placed>("shop.Placed");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(
            (&schema["$id"], &schema["title"]),
            (&json!("urn:leveret:shop%2EPlaced"), &json!("shop.Placed"))
        );
        assert_eq!(schema["required"], json!(["orderId"]));
        let properties: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(properties, ["gift", "note", "orderId"]);
    }
}
