use std::fs;

use crate::shop::Shop;

#[test]
fn a_snapshot_is_written_and_shows_what_breaks() {
    let shop = Shop::new();
    shop.run("contracts check")
        .ends_with_code(2)
        .says(&["there is no snapshot", "leveret contracts snapshot"]);
    shop.run("contracts snapshot").ends_with_code(0).says(&[
        "written: ",
        "ChargeCard.json",
        "OrderPlaced.json",
    ]);
    let written = fs::read_to_string(shop.path("contracts/ChargeCard.json")).unwrap();
    for part in ["\"$id\": \"urn:leveret:ChargeCard\"", "\"x-leveret\": {", "\"address\": \"billing\""] {
        assert!(written.contains(part), "{written}");
    }
    shop.run("contracts check --exact").ends_with_code(0).says(&["0 breaking, 0 additive"]);

    shop.run("contracts check --features gifts")
        .ends_with_code(0)
        .says(&["additive: `ChargeCard` $.gift: new: optional string or null", "0 breaking, 1 additive"]);
    shop.run("contracts check --features gifts --exact").ends_with_code(1);

    shop.change("pub cents: u32,", "pub cents: u32, pub currency: String,");
    shop.change("Bike { rider: String },", "Ship,");
    shop.run("contracts check").ends_with_code(1).says(&[
        "breaking: `ChargeCard` $.currency: new: required string",
        "`billing` cannot read what older senders send: it needs this field, which may be missing",
        "breaking: `OrderPlaced` $.carrier.Bike: removed, was variant Bike",
        "breaking: `OrderPlaced` $.carrier = \"Ship\": new: \"Ship\"",
        "subscribers built before it (`shipping` by `orders.*`) cannot read what is published now: it does not know \
         this value",
    ]);

    shop.change(".message::<OrderPlaced>()", "");
    shop.run("contracts check").ends_with_code(2).says(&[
        "the handler `placed` of the endpoint `shipping` takes `OrderPlaced`",
        "add `.message::<OrderPlaced>()`",
    ]);
    shop.change(".endpoint::<Shipping>()", "");
    shop.run("contracts snapshot").ends_with_code(0).says(&[
        "removed: ",
        "OrderPlaced.json",
        "ChargeCard.json",
    ]);
    assert!(!shop.path("contracts/OrderPlaced.json").exists());
}

#[test]
fn a_description_may_come_from_elsewhere() {
    let shop = Shop::new();
    let described = shop.run("contracts describe").ends_with_code(0).out;
    shop.run_with("contracts snapshot --description - --dir elsewhere", &described).ends_with_code(0);
    let smaller = described.replace("\"format\": \"uint32\"", "\"format\": \"uint16\"");
    fs::write(shop.path("described.json"), smaller).unwrap();
    shop.run("contracts check --description described.json --dir elsewhere")
        .ends_with_code(1)
        .says(&["$.cents: was integer from 0 to 4294967295, is integer from 0 to 65535"]);
}
