use burn::module::Module;
use burn::tensor::activation::log_softmax;
use burn::tensor::{IndexingUpdateOp, Int, Tensor};

/// The cross-entropy of a softmax of logits.
///
/// ```text
/// ℓᵢ = −Σ_c tᵢ_c·ln softmax(zᵢ)_c
/// L  = Σ wᵢ·ℓᵢ / Σ wᵢ
/// ```
///
/// where `t` is one-hot, perhaps smoothed, and `w` the weight of a row's class, of the row, or the
/// product of both. With class weights and smoothed labels, each `tᵢ_c` has the weight of `c`.
///
/// Its gradient is known, `∂ℓᵢ/∂zᵢ = softmax(zᵢ)·Σ_c tᵢ_c − tᵢ`, so autodiff is given that instead of
/// each operation that leads to the loss. Most of the time of a step of a small network is what
/// autodiff spends on an operation.
#[derive(Module, Debug)]
pub struct SoftmaxCrossEntropy {
    /// A weight above 0 for each class, of shape `[num_classes]`.
    pub class_weights: Option<Tensor<1>>,
    /// The share, in `[0, 1)`, of each target that is spread evenly over all classes.
    pub label_smoothing: f32,
}

impl SoftmaxCrossEntropy {
    /// The mean loss of a batch.
    ///
    /// # Shapes
    ///
    /// - logits: `[batch_size, num_classes]`
    /// - classes: `[batch_size]`
    /// - weights: `[batch_size]`, 0 or more; if all are 0, so is the loss
    /// - returns: `[1]`
    pub fn forward(
        &self,
        logits: Tensor<2>,
        classes: Tensor<1, Int>,
        weights: Option<Tensor<1>>,
    ) -> Tensor<1> {
        let differentiated = logits.is_autodiff();
        let (loss, gradient) = self.with_gradient(logits.clone(), classes, weights);
        if !differentiated {
            return loss;
        }
        // Linear in the logits with that gradient, and moved to where the loss is.
        let constant = logits.clone().without_autodiff();
        let moved_by = loss - (constant * gradient.clone()).sum();
        (logits * gradient).sum() + moved_by
    }

    /// The mean loss of a batch and its gradient by the logits, both off autodiff.
    ///
    /// # Shapes
    ///
    /// As [`forward`](Self::forward); the gradient has that of the logits.
    pub fn with_gradient(
        &self,
        logits: Tensor<2>,
        classes: Tensor<1, Int>,
        weights: Option<Tensor<1>>,
    ) -> (Tensor<1>, Tensor<2>) {
        let constant = logits.without_autodiff();
        let classes = classes.without_autodiff();
        let weights = weights.map(Tensor::without_autodiff);
        let class_weights = self.class_weights.clone().map(Tensor::without_autodiff);

        match (weights, class_weights) {
            (None, None) if self.label_smoothing == 0.0 => one_hot(&constant, classes),
            (weights, class_weights) => self.weighted(&constant, classes, weights, class_weights),
        }
    }

    /// Loss and gradient with whatever weights and smoothing there are.
    fn weighted(
        &self,
        logits: &Tensor<2>,
        classes: Tensor<1, Int>,
        weights: Option<Tensor<1>>,
        class_weights: Option<Tensor<1>>,
    ) -> (Tensor<1>, Tensor<2>) {
        let [batch_size, num_classes] = logits.dims();
        let share = f64::from(self.label_smoothing);
        let mut targets = classes.clone().one_hot::<2>(num_classes).float() * (1.0 - share)
            + share / num_classes as f64;
        let mut total = weights.unwrap_or_else(|| Tensor::ones([batch_size], &logits.device()));
        targets = targets * total.clone().unsqueeze_dim(1);
        if let Some(class_weights) = class_weights {
            total = total * class_weights.clone().select(0, classes);
            targets = targets * class_weights.unsqueeze();
        }
        let total = total.sum().clamp_min(f32::MIN_POSITIVE);
        let targets = targets / total.unsqueeze();

        let log_probabilities = log_softmax(logits.clone(), 1);
        let loss = (targets.clone() * log_probabilities.clone()).sum().neg();
        let gradient = log_probabilities.exp() * targets.clone().sum_dim(1) - targets;
        (loss, gradient)
    }
}

/// Loss and gradient where every row counts alike and has one class.
fn one_hot(logits: &Tensor<2>, classes: Tensor<1, Int>) -> (Tensor<1>, Tensor<2>) {
    let [batch_size, _] = logits.dims();
    let classes = classes.unsqueeze_dim::<2>(1);
    let log_probabilities = log_softmax(logits.clone(), 1);
    let loss = log_probabilities
        .clone()
        .gather(1, classes.clone())
        .mean()
        .neg();
    let minus_one = Tensor::full([batch_size, 1], -1.0, &logits.device());
    let gradient = log_probabilities
        .exp()
        .scatter(1, classes, minus_one, IndexingUpdateOp::Add)
        / batch_size as f64;
    (loss, gradient)
}
