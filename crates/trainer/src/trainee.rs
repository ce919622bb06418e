use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{AccuracyInput, Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{Examples, Targets as ExampleTargets};
use mlp_models::{Loss, Network, Targets};

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
        let outputs = self.network.forward(batch.features);
        let (classes, targets) = match batch.targets {
            ExampleTargets::Classes(classes) => (Some(classes.clone()), Targets::Classes(classes)),
            ExampleTargets::Numbers(numbers) => (None, Targets::Numbers(numbers)),
        };
        let loss = self.loss.forward(outputs.clone(), targets);
        StepOutput {
            loss,
            outputs,
            classes,
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
}

impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.loss.device().flush()?;
        Ok(Self {
            loss: self.loss.without_autodiff(),
            outputs: self.outputs.without_autodiff(),
            classes: self.classes.map(Tensor::without_autodiff),
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
