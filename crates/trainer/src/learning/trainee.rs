use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{AccuracyInput, Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{Examples, Targets as ExampleTargets};
use mlp_models::{Loss, Network, Targets};

use super::best::BestNetwork;
use super::selection::Judged;

/// A network with what it should learn: what Burn's learner trains.
#[derive(Module, Debug)]
pub struct Trainee {
    /// The network, which alone is saved in the end.
    pub network: Network,
    /// Its objective.
    pub loss: Loss,
    /// Where it is left when it is validated.
    #[module(skip)]
    pub best: BestNetwork,
}

impl Trainee {
    /// The outputs of a batch.
    fn outputs(&self, batch: &Examples) -> Tensor<2> {
        let (features, categories) = (batch.features.clone(), batch.categories.clone());
        self.network.forward(features, categories)
    }
}

impl TrainStep for Trainee {
    type Input = Examples;
    type Output = StepOutput;

    fn step(&self, batch: Examples) -> TrainOutput<StepOutput> {
        let outputs = self.outputs(&batch);
        let targets = targets(&batch);
        let weights = batch.weights.clone();
        let (loss, gradients) = self.loss.backward(outputs.clone(), targets, weights);
        let output = StepOutput::new(loss, outputs, batch);
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for Trainee {
    type Input = Examples;
    type Output = StepOutput;

    fn step(&self, batch: Examples) -> StepOutput {
        self.best.validate(&self.network);
        let outputs = self.outputs(&batch);
        let targets = targets(&batch);
        let loss = match batch.weights.clone() {
            None => self.loss.forward(outputs.clone(), targets),
            Some(weights) => self
                .loss
                .forward_weighted(outputs.clone(), targets, weights),
        };
        StepOutput::new(loss, outputs, batch)
    }
}

/// What the outputs of a batch should be.
fn targets(batch: &Examples) -> Targets {
    match &batch.targets {
        ExampleTargets::Classes(classes) => Targets::Classes(classes.clone()),
        ExampleTargets::Numbers(numbers) => Targets::Numbers(numbers.clone()),
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

impl StepOutput {
    fn new(loss: Tensor<1>, outputs: Tensor<2>, batch: Examples) -> Self {
        let (classes, numbers) = match batch.targets {
            ExampleTargets::Classes(classes) => (Some(classes), None),
            ExampleTargets::Numbers(numbers) => (None, Some(numbers)),
        };
        Self {
            loss,
            outputs,
            classes,
            numbers,
        }
    }
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
