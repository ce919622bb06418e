use burn::module::Module;
use burn::tensor::{ExecutionError, Int, Tensor};
use burn::train::metric::{AccuracyInput, Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use mlp_datasets::{Examples, Targets as ExampleTargets};
use mlp_models::{Loss, Network, Targets};

use super::best::BestNetwork;
use super::selection::Judged;
use super::strategy::Gather;

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

impl Adaptor<Judged> for StepOutput {
    fn adapt(&self) -> Judged {
        Judged {
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
