//! Bodies of requests. The first byte chooses the model, and how the body is read.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mlp_inference::{Device, SavedModel};
use mlp_server::Bodies;

static MODELS: LazyLock<Vec<Bodies>> = LazyLock::new(|| {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mlp-inference/tests/formats");
    ["v3-fruit-embedding", "v3-fruit-one-hot", "v3-iris-som"]
        .map(|name| Bodies::new(SavedModel::load(formats.join(name), &Device::flex()).unwrap()))
        .into()
});

fuzz_target!(|bytes: &[u8]| {
    if let [choice, body @ ..] = bytes {
        let choice = usize::from(*choice);
        MODELS[choice % MODELS.len()].read(choice / MODELS.len(), body.to_vec());
    }
});
