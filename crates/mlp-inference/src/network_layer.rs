use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Bool, Int, Tensor};
use serde::Serialize;

/// A layer of a trained network, with the tensors that it has learned.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct NetworkLayer {
    /// Where it is in the network, as in `model.safetensors`: `hidden.0.linear`. Empty for a network that is a
    /// single layer. Those of the members of an ensemble begin with `member-1` and so on.
    pub path: String,
    /// The type of the layer, such as `Linear`.
    pub kind: String,
    /// Its tensors.
    pub tensors: Vec<LayerTensor>,
}

/// A tensor of a layer.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct LayerTensor {
    /// Its name in the layer, such as `weight`.
    pub name: String,
    /// Its size in each dimension.
    pub shape: Vec<usize>,
}

impl NetworkLayer {
    /// The layers of a module, in the order of its fields.
    pub(crate) fn all<M: Module>(module: &M) -> Vec<Self> {
        let mut visitor = Visitor::default();
        module.visit(&mut visitor);
        visitor.layers
    }

    /// How many numbers it has learned.
    pub fn num_parameters(&self) -> usize {
        let sizes = self.tensors.iter();
        sizes
            .map(|tensor| tensor.shape.iter().product::<usize>())
            .sum()
    }
}

/// Goes through a module, and notes where each tensor is.
#[derive(Default)]
struct Visitor {
    /// The names of the fields that lead to where the visitor is, each with the type that has it.
    path: Vec<(String, String)>,
    layers: Vec<NetworkLayer>,
}

impl Visitor {
    fn note(&mut self, shape: Vec<usize>) {
        // As in the file of weights, the variants of enums are not part of a path.
        let fields = self.path.iter();
        let fields = fields.filter(|(_, container)| !container.starts_with("Enum:"));
        let mut names: Vec<&str> = fields.map(|(name, _)| name.as_str()).collect();
        let name = names.pop().unwrap_or_default().to_owned();
        let path = names.join(".");
        let container = self.path.iter().rev();
        let mut container =
            container.filter_map(|(_, container)| container.strip_prefix("Struct:"));
        let kind = container.next().unwrap_or_default();
        let tensor = LayerTensor { name, shape };
        match self.layers.last_mut() {
            Some(layer) if layer.path == path && layer.kind == kind => layer.tensors.push(tensor),
            Some(_) | None => self.layers.push(NetworkLayer {
                path,
                kind: kind.to_owned(),
                tensors: vec![tensor],
            }),
        }
    }
}

impl ModuleVisitor for Visitor {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.note(param.val().dims().to_vec());
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.note(param.val().dims().to_vec());
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.note(param.val().dims().to_vec());
    }

    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use mlp_models::{BackboneConfig, InputsConfig, MlpConfig, NetworkConfig};

    use super::*;

    #[test]
    fn layers_are_found_with_their_shapes() {
        // Three numbers and a category of 5 as a vector of 2, then 4 units and 1 output.
        let inputs = InputsConfig::new(3, &[5], 2);
        let backbone = BackboneConfig::Mlp(MlpConfig::new(inputs.d_output(), vec![4], 1));
        let network = NetworkConfig { inputs, backbone }.init(&Device::flex());
        let layers = NetworkLayer::all(&network);
        let found: Vec<_> = layers
            .iter()
            .map(|layer| {
                (
                    layer.path.as_str(),
                    layer.kind.as_str(),
                    layer.num_parameters(),
                )
            })
            .collect();
        // 5·2, then 5·4 + 4, then 4·1 + 1.
        assert_eq!(
            found,
            [
                ("embedding.embedding", "Embedding", 10),
                ("backbone.hidden.0.linear", "Linear", 24),
                ("backbone.output", "Linear", 5)
            ]
        );
        assert_eq!(layers[1].tensors[0].shape, [5, 4]);
        let total: usize = layers.iter().map(NetworkLayer::num_parameters).sum();
        assert_eq!(total, network.num_params());
    }
}
