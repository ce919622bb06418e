//! The messages of TensorBoard's event files, as far as curves need them: `event.proto` and `summary.proto` of
//! [TensorBoard](https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto).

/// An event.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Event {
    /// When it happened, in seconds since 1970.
    #[prost(double, tag = "1")]
    pub wall_time: f64,
    /// The step of the training: the epoch.
    #[prost(int64, tag = "2")]
    pub step: i64,
    /// What happened.
    #[prost(oneof = "What", tags = "3, 5, 7")]
    pub what: Option<What>,
}

/// What happened.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum What {
    /// The file begins.
    #[prost(string, tag = "3")]
    FileVersion(String),
    /// Something was measured.
    #[prost(message, tag = "5")]
    Summary(Summary),
    /// A program began or ended.
    #[prost(message, tag = "7")]
    SessionLog(SessionLog),
}

/// What was measured at a step.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Summary {
    /// The values.
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Value>,
}

/// A point of a curve.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Value {
    /// The name of the curve.
    #[prost(string, tag = "1")]
    pub tag: String,
    /// The value.
    #[prost(float, optional, tag = "2")]
    pub simple_value: Option<f32>,
}

/// How a program is.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SessionLog {
    /// What it does: [`START`].
    #[prost(int32, tag = "1")]
    pub status: i32,
}

/// It begins: whatever earlier files have from this step on is void.
pub const START: i32 = 1;
/// The format of the files.
pub const VERSION: &str = "brain.Event:2";
