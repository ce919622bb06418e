use std::borrow::Cow;

use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{AccuracyInput, Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{ExampleTargets, Examples};
use mlp_inference::OutputKind;
use mlp_models::Network;
use mlp_models::loss::{Loss, Targets};

use super::epoch_metric::EpochOutputs;
use crate::Annealing;
use crate::learner::{Batch, Clock, Gather};

/// A network that predicts with the loss that it minimises: what Burn's learner trains.
///
/// A network of several members trains on the mean of their losses, and predicts by the mean of
/// their predictions.
#[derive(Module, Debug)]
pub struct SupervisedObjective {
    /// The network, which alone is saved in the end.
    pub network: Network,
    /// What it minimises.
    pub loss: Loss,
    /// The same without smoothed labels, which are a means of training: they are no part of what the
    /// best epoch is selected by.
    pub valid_loss: Loss,
    /// How many members the network has, at least 1.
    #[module(skip)]
    pub num_members: usize,
    /// Whether a training batch has rows for each member, one member's after another's.
    #[module(skip)]
    pub members_have_batches: bool,
    /// How the probability of dropout changes over the training.
    #[module(skip)]
    pub dropout_schedule: Annealing,
    /// What its outputs mean.
    #[module(skip)]
    pub output: OutputKind,
}

impl SupervisedObjective {
    /// The network with the dropout of a step.
    fn network_at(&self, clock: Clock) -> Cow<'_, Network> {
        if self.dropout_schedule.is_constant() {
            return Cow::Borrowed(&self.network);
        }
        let time = clock.step as f64 / clock.num_steps as f64;
        let factor = self.dropout_schedule.factor(time);
        Cow::Owned(self.network.clone().with_dropout_factor(factor))
    }

    /// The outputs of a batch by which the network predicts.
    fn predictions(&self, outputs: Tensor<2>) -> Tensor<2> {
        self.output.combine_members(outputs, self.num_members)
    }

    /// The targets and weights of each member's outputs: those of the rows, again and again.
    fn for_members(&self, batch: &Examples) -> (Targets, Option<Tensor<1>>) {
        let members = self.num_members;
        let (targets, weights) = (targets(batch), batch.weights.clone());
        if members == 1 {
            return (targets, weights);
        }
        let targets = match targets {
            Targets::Classes(classes) => Targets::Classes(classes.repeat_dim(0, members)),
            Targets::Numbers(numbers) => Targets::Numbers(numbers.repeat_dim(0, members)),
        };
        (
            targets,
            weights.map(|weights| weights.repeat_dim(0, members)),
        )
    }
}

impl TrainStep for SupervisedObjective {
    type Input = Batch;
    type Output = StepOutput;

    fn step(&self, batch: Batch) -> TrainOutput<StepOutput> {
        let network = self.network_at(batch.clock);
        let batch = batch.examples;
        let (features, categories) = (batch.features.clone(), batch.categories.clone());
        if self.members_have_batches {
            let outputs = network.forward_members(features, categories);
            let weights = batch.weights.clone();
            let (loss, gradients) = self
                .loss
                .backward(outputs.clone(), targets(&batch), weights);
            // No row has an output of every member, so each counts by itself.
            return TrainOutput::new(self, gradients, StepOutput::new(loss, outputs, batch));
        }
        let outputs = network.forward(features, categories);
        let (targets, weights) = self.for_members(&batch);
        let (loss, gradients) = self.loss.backward(outputs.clone(), targets, weights);
        let output = StepOutput::new(loss, self.predictions(outputs), batch);
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for SupervisedObjective {
    type Input = Examples;
    type Output = StepOutput;

    fn step(&self, batch: Examples) -> StepOutput {
        let (features, categories) = (batch.features.clone(), batch.categories.clone());
        let outputs = self.predictions(self.network.forward(features, categories));
        let targets = targets(&batch);
        let loss = match batch.weights.clone() {
            None => self.valid_loss.forward(outputs.clone(), targets),
            Some(weights) => self
                .valid_loss
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
    /// The mean loss of its batch for each row, of shape `[batch_size]`, as Burn weights a batch's mean
    /// by the length of this tensor: a short last batch counts for no more than its rows.
    losses: Tensor<1>,
    /// The outputs, of shape `[batch_size, d_output]`.
    outputs: Tensor<2>,
    /// The true classes, of shape `[batch_size]`, or the true numbers, of shape
    /// `[batch_size, d_output]`.
    targets: ExampleTargets,
}

impl StepOutput {
    fn new(loss: Tensor<1>, outputs: Tensor<2>, batch: Examples) -> Self {
        let [batch_size, _] = outputs.dims();
        Self {
            losses: loss.without_autodiff().expand([batch_size]),
            outputs: outputs.without_autodiff(),
            targets: match batch.targets {
                ExampleTargets::Classes(classes) => {
                    ExampleTargets::Classes(classes.without_autodiff())
                }
                ExampleTargets::Numbers(numbers) => {
                    ExampleTargets::Numbers(numbers.without_autodiff())
                }
            },
        }
    }

    fn classes(&self) -> Option<Tensor<1, Int>> {
        match &self.targets {
            ExampleTargets::Classes(classes) => Some(classes.clone()),
            ExampleTargets::Numbers(_) => None,
        }
    }

    fn numbers(&self) -> Option<Tensor<2>> {
        match &self.targets {
            ExampleTargets::Classes(_) => None,
            ExampleTargets::Numbers(numbers) => Some(numbers.clone()),
        }
    }
}

impl Gather for StepOutput {
    fn gather(outputs: Vec<Self>) -> Self {
        let losses = outputs.iter().map(|output| output.losses.clone()).collect();
        let classes: Vec<_> = outputs.iter().filter_map(Self::classes).collect();
        let numbers: Vec<_> = outputs.iter().filter_map(Self::numbers).collect();
        Self {
            losses: Tensor::cat(losses, 0),
            outputs: Tensor::cat(
                outputs.into_iter().map(|output| output.outputs).collect(),
                0,
            ),
            targets: if numbers.is_empty() {
                ExampleTargets::Classes(Tensor::cat(classes, 0))
            } else {
                ExampleTargets::Numbers(Tensor::cat(numbers, 0))
            },
        }
    }

    fn losses(&self) -> Tensor<1> {
        self.losses.clone()
    }
}

impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.losses.device().flush()?;
        Ok(self)
    }
}

impl Adaptor<LossInput> for StepOutput {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.losses.clone())
    }
}

impl Adaptor<EpochOutputs> for StepOutput {
    fn adapt(&self) -> EpochOutputs {
        EpochOutputs {
            outputs: self.outputs.clone(),
            classes: self.classes(),
            numbers: self.numbers(),
        }
    }
}

impl Adaptor<AccuracyInput> for StepOutput {
    fn adapt(&self) -> AccuracyInput {
        let classes = self
            .classes()
            .expect("the accuracy is registered for classification alone");
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

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn gathered_steps_are_as_one_with_all_their_rows() {
        let device = Device::flex().autodiff();
        let step = |loss: f32, rows: &[[f32; 2]], classes: &[i64]| {
            let outputs = Tensor::cat(
                rows.iter()
                    .map(|row| Tensor::<2>::from_floats([*row], &device))
                    .collect(),
                0,
            );
            let batch = Examples {
                features: outputs.clone(),
                categories: None,
                targets: ExampleTargets::Classes(Tensor::from_ints(classes, &device)),
                weights: None,
            };
            StepOutput::new(Tensor::from_floats([loss], &device), outputs, batch)
        };
        let gathered = StepOutput::gather(vec![
            step(1.0, &[[0.1, 0.2], [0.3, 0.4]], &[0, 1]),
            step(4.0, &[[0.5, 0.6]], &[1]),
        ]);

        let floats = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(
            floats(gathered.losses.clone()),
            [1.0, 1.0, 4.0],
            "the last batch is short"
        );
        assert_eq!(
            floats(gathered.outputs.clone().flatten(0, 1)),
            [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
        );
        let classes: Vec<i64> = gathered.classes().unwrap().into_data().iter().collect();
        assert_eq!(classes, [0, 1, 1]);
        assert!(gathered.numbers().is_none());
        assert!(!gathered.outputs.is_autodiff(), "no graph is held on to");
    }
}
