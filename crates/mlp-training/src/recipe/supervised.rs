use burn::module::ParamGroup;
use burn::tensor::Device;
use mlp_datasets::Examples;
use mlp_models::{Network, NetworkConfig};

use super::{NetworkInputs, Selection, SupervisedData, SupervisedTraining};
use crate::Error;
use crate::optimization::{Optimization, Optimizer, ParameterGroup};

/// What a recipe of a network that predicts decides, implemented by the recipes of this crate. Everything
/// else is the same for all of them:
/// see [`Training::fit`](crate::Training::fit).
pub trait SupervisedRecipe {
    /// The settings of the network.
    fn settings(&self) -> &dyn erased_serde::Serialize;

    /// How rows become inputs, and how they are split.
    fn data(&self) -> &SupervisedData;

    /// How the network learns.
    fn training(&self) -> &SupervisedTraining;

    /// The same, to be changed.
    fn training_mut(&mut self) -> &mut SupervisedTraining;

    /// The network for inputs as a preprocessor makes them.
    ///
    /// # Errors
    ///
    /// If a setting does not suit the training rows, or they cannot be read.
    fn network(&self, inputs: NetworkInputs, d_output: usize) -> Result<NetworkConfig, Error>;

    /// Initializes the network. A sample of the training rows is there for initializations that
    /// depend on the data.
    fn init(&self, network: &NetworkConfig, _sample: &Examples, device: &Device) -> Network {
        network.init(device)
    }

    /// Checks what only this recipe requires.
    ///
    /// # Errors
    ///
    /// Names the setting that it cannot have.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether there is a single layer of neurons. One neuron then tells two classes apart, even if the
    /// loss would take an output for each.
    fn is_single_layer(&self) -> bool {
        false
    }

    /// The parameters that learn otherwise than [`training`](Self::training) says; of several
    /// groups that a parameter belongs to, the last one counts.
    fn parameter_groups(&self) -> Vec<ParameterGroup> {
        Vec::new()
    }

    /// The matrices of hidden layers, which the optimizer `muon` is for, if there are any.
    fn hidden_matrices(&self) -> Option<ParamGroup> {
        None
    }

    /// How all parameters learn.
    fn optimization(&self) -> Optimization {
        let training = self.training();
        let mut groups = self.parameter_groups();
        for group in &mut groups {
            group.optimizer = group.optimizer.of_the_rest();
        }
        if let (Optimizer::Muon, Some(parameters)) = (training.optimizer, self.hidden_matrices()) {
            groups.push(ParameterGroup {
                parameters,
                optimizer: training.optimizer,
                hyperparameters: training.hyperparameters(),
                learning_rate: training.learning_rate,
                schedule: training.schedule,
            });
        }
        Optimization {
            optimizer: training.optimizer.of_the_rest(),
            hyperparameters: training.hyperparameters(),
            learning_rate: training.learning_rate,
            schedule: training.schedule,
            groups,
        }
    }

    /// How the best epoch is selected.
    fn selection(&self) -> Selection {
        Selection::of(self.training())
    }

    /// Whether each member of an ensemble learns from batches of its own, rather than from the same rows.
    fn members_have_batches(&self) -> bool {
        false
    }

    /// Whether the last batch of an epoch is left out if it is short.
    fn drops_last_batch(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        LearningRule, MlpRecipe, NeuronRecipe, Problem, RealMlpRecipe, ResNetRecipe, TabMRecipe,
    };
    use burn::module::{Module, ModuleVisitor, Param};
    use burn::tensor::Tensor;
    use mlp_datasets::{InputColumn, InputKind, InputSpec, Task};
    use mlp_models::TabMVariant;

    /// The paths of parameters that are in a group.
    struct Paths {
        group: ParamGroup,
        path: Vec<String>,
        found: Vec<String>,
    }

    impl ModuleVisitor for Paths {
        fn enter_module(&mut self, name: &str, _container_type: &str) {
            self.path.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container_type: &str) {
            self.path.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let path = self.path.join(".");
            if self.group.matches(&param.id, Some(&path)) {
                assert!(
                    D == 2 || D == 3,
                    "{path} is no matrix, nor one for each member"
                );
                self.found.push(path);
            }
        }
    }

    /// The paths of a recipe's hidden matrices, for a number and a category.
    fn hidden_matrices(recipe: &dyn SupervisedRecipe) -> Vec<String> {
        let number = InputColumn {
            feature: "x".into(),
            name: "x".into(),
            kind: InputKind::Numeric,
        };
        let inputs = InputSpec {
            numbers: vec![number],
            cardinalities: vec![3],
        };
        let mut paths = Paths {
            group: recipe.hidden_matrices().unwrap(),
            path: Vec::new(),
            found: Vec::new(),
        };
        let inputs = NetworkInputs {
            spec: &inputs,
            rows: None,
        };
        let network = recipe.network(inputs, 2).unwrap();
        network.init(&Device::flex()).visit(&mut paths);
        paths.found
    }

    #[test]
    fn embeddings_outputs_and_vectors_are_no_hidden_matrices() {
        let problem = Problem::unknown(Task::Classification);
        let mut mlp = MlpRecipe::new(problem);
        mlp.model.normalization = mlp_models::NormalizationKind::Batch;
        let expected = [
            "backbone.Mlp.hidden.0.linear.weight",
            "backbone.Mlp.hidden.1.linear.weight",
        ];
        assert_eq!(hidden_matrices(&mlp), expected);
        let mut resnet = ResNetRecipe::new(problem);
        resnet.model.num_blocks = 1;
        let expected = [
            "backbone.ResNet.input.weight",
            "backbone.ResNet.blocks.0.hidden.weight",
            "backbone.ResNet.blocks.0.output.weight",
        ];
        assert_eq!(hidden_matrices(&resnet), expected);
        let real_mlp = RealMlpRecipe::new(false, problem);
        let expected = [0, 1, 2].map(|i| format!("backbone.RealMlp.hidden.{i}.linear.weight"));
        assert_eq!(hidden_matrices(&real_mlp), expected);
        for (variant, layers) in [
            (TabMVariant::Mini, "Shared.linear"),
            (TabMVariant::Full, "BatchEnsemble"),
            (TabMVariant::Packed, "Packed"),
        ] {
            let expected = [0, 1].map(|i| format!("backbone.TabM.layers.{layers}.{i}.weight"));
            assert_eq!(
                hidden_matrices(&TabMRecipe::new(variant, problem)),
                expected
            );
        }
    }

    #[test]
    fn muon_is_for_the_hidden_matrices_and_adamw_for_the_rest() {
        let mut recipe = ResNetRecipe::new(Problem::unknown(Task::Classification));
        recipe.training.set_optimizer(Optimizer::Muon);
        let optimization = recipe.optimization();
        assert_eq!(optimization.optimizer, Optimizer::AdamW);
        let groups = optimization.groups.iter().map(|group| group.optimizer);
        // Biases and normalisations come first, and the matrices last.
        let groups: Vec<Optimizer> = groups.collect();
        assert_eq!(groups, [Optimizer::AdamW, Optimizer::Muon]);

        recipe.training.set_optimizer(Optimizer::Lion);
        let optimization = recipe.optimization();
        assert_eq!(optimization.optimizer, Optimizer::Lion);
        assert_eq!(optimization.groups.len(), 1);
        assert_eq!(optimization.groups[0].optimizer, Optimizer::Lion);
    }

    #[test]
    fn a_network_without_hidden_layers_has_no_hidden_matrices() {
        let problem = Problem::unknown(Task::Classification);
        let mut mlp = MlpRecipe::new(problem);
        mlp.model.hidden.clear();
        assert!(mlp.hidden_matrices().is_none());
        let neurons = NeuronRecipe::new(LearningRule::Logistic, problem);
        assert!(neurons.hidden_matrices().is_none());
    }
}
