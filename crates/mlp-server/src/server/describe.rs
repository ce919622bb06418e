//! What the Open Inference Protocol tells about the server and its models.

use mlp_datasets::ColumnKind;
use mlp_inference::arrow_schema::{DataType, Field};
use serde_json::{Value, json};

use crate::model::ServedModel;

/// The name and version of the server.
pub fn server() -> Value {
    json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "extensions": [],
    })
}

/// The inputs and outputs of a model.
pub fn model(model: &ServedModel) -> Value {
    let inputs = model.schema.columns.iter().map(|column| {
        let datatype = match column.kind {
            ColumnKind::Numeric => "FP64",
            ColumnKind::Categorical | ColumnKind::Date | ColumnKind::Drop => "BYTES",
            ColumnKind::Boolean => "BOOL",
        };
        json!({ "name": column.name, "datatype": datatype, "shape": [-1] })
    });
    let outputs = model.fields.iter().map(
        |field| json!({ "name": field.name(), "datatype": datatype_of(field), "shape": [-1] }),
    );
    json!({
        "name": model.name,
        "versions": [model.version],
        "platform": "mlp",
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    })
}

fn datatype_of(field: &Field) -> &'static str {
    let datatypes = [
        (DataType::Float64, "FP64"),
        (DataType::Float32, "FP32"),
        (DataType::UInt64, "UINT64"),
    ];
    let known = datatypes
        .iter()
        .find(|(data_type, _)| data_type == field.data_type());
    known.map_or("BYTES", |(_, datatype)| datatype)
}
