use clap::Args;
use mlp_inference::Metric;
use mlp_models::loss::LossKind;
use mlp_training::{Annealing, ClassWeights, Optimizer, Schedule};
use serde::{Deserialize, Serialize};

use super::named;

/// How the network learns.
#[derive(Args, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Training")]
pub struct TrainingOptions {
    /// Loss to minimise [default: by task and model]
    #[arg(long, value_parser = named::<LossKind>())]
    pub loss: Option<LossKind>,
    /// Where the Huber loss turns from squared to absolute, in the units of the target, above 0
    /// [default: the standard deviation of the target]
    #[arg(long, value_name = "DELTA", allow_negative_numbers = true)]
    pub huber_delta: Option<f32>,
    /// Quantile that the `pinball` loss learns and the `pinball` metric judges, in (0, 1)
    /// [default: 0.5]
    #[arg(long, value_name = "Q", allow_negative_numbers = true)]
    pub quantile: Option<f64>,
    /// Weights of the classes in the loss: `balanced`, or such as `yes=5,no=1` [default: all equal]
    #[arg(long, value_name = "WEIGHTS", allow_hyphen_values = true)]
    pub class_weights: Option<ClassWeights>,
    /// Share of each target that is spread over all classes, in [0, 1) [default: 0]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub label_smoothing: Option<f32>,
    /// How gradients become steps [default: by model]
    #[arg(long, value_parser = named::<Optimizer>())]
    pub optimizer: Option<Optimizer>,
    /// Decay rates of the two moments of `adam`, `adamw` and `schedule-free`, such as `0.9,0.95`, in
    /// [0, 1) [default: 0.9,0.999]
    #[arg(long, value_name = "B1,B2", value_parser = parse_betas, allow_negative_numbers = true)]
    pub betas: Option<[f32; 2]>,
    /// Size of the steps, above 0 [default: by model and optimizer]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    pub learning_rate: Option<f64>,
    /// How the learning rate changes over the training [default: by model]
    #[arg(long, value_parser = named::<Schedule>())]
    pub schedule: Option<Schedule>,
    /// Pull of all parameters towards zero, 0 or more: decoupled from the gradient for `adamw`, `adan`,
    /// `lamb`, `lion`, `adafactor`, `schedule-free` and `muon`, else an L2 penalty [default: by model
    /// and optimizer]
    #[arg(long, value_name = "DECAY", allow_negative_numbers = true)]
    pub weight_decay: Option<f32>,
    /// How the weight decay of `adamw` changes over the training, besides following the learning rate
    /// [default: by model]
    #[arg(long, value_name = "SCHEDULE", value_parser = named::<Annealing>())]
    pub decay_schedule: Option<Annealing>,
    /// How the probability of dropout changes over the training [default: by model]
    #[arg(long, value_name = "SCHEDULE", value_parser = named::<Annealing>())]
    pub dropout_schedule: Option<Annealing>,
    /// Norm to which each parameter's gradient is clipped, above 0 [default: 1 if you choose `sgd`,
    /// `momentum` or `nesterov`, else no clipping]
    #[arg(long, value_name = "NORM", allow_negative_numbers = true)]
    pub clip_norm: Option<f32>,
    /// Norm to which the gradients of all parameters together are clipped, above 0 [default: no
    /// clipping]
    #[arg(long, value_name = "NORM", allow_negative_numbers = true)]
    pub clip_global_norm: Option<f32>,
    /// Decay of a running average of the weights, such as 0.999, in [0, 1): the average is validated
    /// and kept in place of the weights [default: no average]
    #[arg(long, value_name = "DECAY", allow_negative_numbers = true)]
    pub ema: Option<f64>,
    /// Number of passes over the training rows [default: by number of rows]
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Number of passes of an autoencoder over all rows before clusters are formed
    /// [default: by number of rows]
    #[arg(long, value_name = "N")]
    pub pretraining_epochs: Option<usize>,
    /// Rows per training step [default: by number of rows]
    #[arg(long, value_name = "N")]
    pub batch_size: Option<usize>,
    /// Stop after this many epochs without an improvement on the validation rows [default: never]
    #[arg(long, value_name = "N")]
    pub patience: Option<usize>,
    /// Metric of the validation rows that selects the best epoch [default: the loss]
    #[arg(long, value_name = "METRIC", value_parser = named::<Metric>())]
    pub select: Option<Metric>,
}

fn parse_betas(text: &str) -> Result<[f32; 2], String> {
    let parsed = text.split_once(',').and_then(|(first, second)| {
        Some([first.trim().parse().ok()?, second.trim().parse().ok()?])
    });
    parsed.ok_or_else(|| format!("`{text}` is not two numbers such as `0.9,0.95`"))
}
