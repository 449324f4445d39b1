//! The generated module is used as the crate `runcomfy` would be.

use downstream::models::acme::{product_shot, upscale};
use runcomfy_client::{ImageInput, Model};

fn shot() -> product_shot::base::Input {
    product_shot::base::Input::new("a red shoe", ImageInput::url("https://example.com/shoe.png")).steps(12)
}

#[test]
fn a_private_model_has_readable_names_and_sends_node_ids() {
    assert_eq!(product_shot::base::Input::ID, "acme/product-shot");
    let wire = shot().to_wire();
    assert_eq!(wire["12_text"], "a red shoe");
    assert_eq!(wire["31_value"], 12);
    assert!(shot().validate().is_ok());
}

#[test]
fn its_rules_are_checked_before_it_is_sent() {
    let violations = shot().steps(99).sku("not a sku").validate().expect_err("two mistakes").to_string();
    assert!(violations.contains("steps") && violations.contains("sku"), "{violations}");
}

#[test]
fn models_share_an_output_shape() {
    let output: <product_shot::base::Input as Model>::Output =
        serde_json::from_value(serde_json::json!({"image": "https://example.com/1.png"})).expect("an output");
    let same: upscale::fast::Output = output;
    assert_eq!(same.image.as_deref(), Some("https://example.com/1.png"));
}
