use std::fs;

use crate::shop::Shop;

#[test]
fn mistakes_are_told_with_what_to_write() {
    let shop = Shop::new();
    for (line, texts) in [
        ("contracts describe --package elsewhere", ["no package `elsewhere`", "name one of web-shop"]),
        ("contracts describe --manifest-path nowhere/Cargo.toml", ["nowhere/Cargo.toml", "does not exist"]),
        ("contracts describe --function contracts()", ["is no path of a function", "web_shop::contracts"]),
        (
            "contracts describe --function wire::all",
            ["no public function `web_shop::wire::all`", "pub fn all() ->"],
        ),
        ("contracts describe --features wings", ["wings", "cargo cannot build `web-shop`"]),
        ("contracts describe --description - --package x", ["cannot be used with", "--description"]),
        ("contracts describe --description gone.json", ["cannot read gone.json", ""]),
        ("contracts describe --description Cargo.toml", ["is no description", "to_json"]),
    ] {
        shop.run(line).ends_with_code(2).says(&texts);
    }

    shop.change("pub fn contracts() -> Catalogue {", "pub fn contracts() -> Catalogue { panic!(\"no\");");
    shop.run("contracts check")
        .ends_with_code(2)
        .says(&["`web_shop::contracts` did not come to its end", "panicked"]);
    shop.change("pub fn contracts() -> Catalogue {", "pub fn contracts() -> Catalogue { let card: Card;");
    shop.run("contracts check")
        .ends_with_code(2)
        .says(&["`web-shop` does not compile", "cannot find type `Card`"]);

    fs::rename(shop.path("src/lib.rs"), shop.path("src/main.rs")).unwrap();
    shop.run("contracts check").ends_with_code(2).says(&["`web-shop` has no library", "src/lib.rs"]);
}
