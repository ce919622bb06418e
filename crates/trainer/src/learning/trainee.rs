use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{AccuracyInput, Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{Examples, Targets as ExampleTargets};
use mlp_models::{Loss, Network, Targets};

use super::selection::Judged;

/// A network with what it should learn: what Burn's learner trains.
#[derive(Module, Debug)]
pub struct Trainee {
    /// The network, which alone is saved in the end.
    pub network: Network,
    /// Its objective.
    pub loss: Loss,
}

impl Trainee {
    /// The loss and the outputs of a batch.
    fn forward(&self, batch: Examples) -> StepOutput {
        let outputs = self.network.forward(batch.features, batch.categories);
        let (classes, numbers, targets) = match batch.targets {
            ExampleTargets::Classes(classes) => {
                (Some(classes.clone()), None, Targets::Classes(classes))
            }
            ExampleTargets::Numbers(numbers) => {
                (None, Some(numbers.clone()), Targets::Numbers(numbers))
            }
        };
        let loss = match batch.weights {
            None => self.loss.forward(outputs.clone(), targets),
            Some(weights) => self
                .loss
                .forward_weighted(outputs.clone(), targets, weights),
        };
        StepOutput {
            loss,
            outputs,
            classes,
            numbers,
        }
    }
}

impl TrainStep for Trainee {
    type Input = Examples;
    type Output = StepOutput;

    fn step(&self, batch: Examples) -> TrainOutput<StepOutput> {
        let output = self.forward(batch);
        let gradients = output.loss.backward();
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for Trainee {
    type Input = Examples;
    type Output = StepOutput;

    fn step(&self, batch: Examples) -> StepOutput {
        self.forward(batch)
    }
}

/// What a step gives to the metrics.
pub struct StepOutput {
    /// The mean loss of the batch, of shape `[1]`.
    loss: Tensor<1>,
    /// The outputs, of shape `[batch_size, d_output]`.
    outputs: Tensor<2>,
    /// The true classes, of shape `[batch_size]`, if there are classes.
    classes: Option<Tensor<1, Int>>,
    /// The true numbers, of shape `[batch_size, d_output]`, if there are numbers.
    numbers: Option<Tensor<2>>,
}

impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.loss.device().flush()?;
        Ok(Self {
            loss: self.loss.without_autodiff(),
            outputs: self.outputs.without_autodiff(),
            classes: self.classes.map(Tensor::without_autodiff),
            numbers: self.numbers.map(Tensor::without_autodiff),
        })
    }
}

impl Adaptor<LossInput> for StepOutput {
    fn adapt(&self) -> LossInput {
        // Burn weights a batch's mean by the length of this tensor, so that a short last batch
        // counts for no more than its rows.
        let [batch_size, _] = self.outputs.dims();
        LossInput::new(self.loss.clone().expand([batch_size]))
    }
}

impl Adaptor<Judged> for StepOutput {
    fn adapt(&self) -> Judged {
        Judged {
            outputs: self.outputs.clone(),
            classes: self.classes.clone(),
            numbers: self.numbers.clone(),
        }
    }
}

impl Adaptor<AccuracyInput> for StepOutput {
    fn adapt(&self) -> AccuracyInput {
        let classes = self.classes.clone();
        let classes = classes.expect("the accuracy is registered for classification alone");
        let [_, d_output] = self.outputs.dims();
        let scores = if d_output == 1 {
            // A single output says the second class from 0 on.
            let second = self.outputs.clone().greater_equal_scalar(0.0).float();
            let first = second.clone().neg() + 1.0;
            Tensor::cat(vec![first, second], 1)
        } else {
            self.outputs.clone()
        };
        AccuracyInput::new(scores, classes)
    }
}
