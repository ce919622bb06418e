use burn::module::Module;
use burn::tensor::activation::log_softmax;
use burn::tensor::{IndexingUpdateOp, Int, Tensor};

/// The cross-entropy of the softmax of logits.
///
/// ```text
/// ℓᵢ = −Σ_c tᵢ_c·ln softmax(zᵢ)_c
/// L  = Σ wᵢ·ℓᵢ / n
/// ```
///
/// where `t` is one-hot, perhaps smoothed, and `w` are the weights of the `n` rows, with a mean of 1
/// over all training rows. To weight classes, give each row the weight of its class.
///
/// The gradient is known in closed form, `∂ℓᵢ/∂zᵢ = softmax(zᵢ)·Σ_c tᵢ_c − tᵢ`, so autodiff receives it
/// instead of each operation that leads to the loss. In a training step of a small network, most of
/// the time goes into what autodiff does for every operation.
#[derive(Module, Debug)]
pub struct SoftmaxCrossEntropy {
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
    /// - weights: `[batch_size]`, 0 or more
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
        // A function that is linear in the logits, with this gradient and the value of the loss.
        let constant = logits.clone().without_autodiff();
        let offset = loss - (constant * gradient.clone()).sum();
        (logits * gradient).sum() + offset
    }

    /// The mean loss of a batch and its gradient with respect to the logits, both detached from
    /// autodiff.
    ///
    /// # Shapes
    ///
    /// Like [`forward`](Self::forward); the gradient has the shape of the logits.
    pub fn with_gradient(
        &self,
        logits: Tensor<2>,
        classes: Tensor<1, Int>,
        weights: Option<Tensor<1>>,
    ) -> (Tensor<1>, Tensor<2>) {
        let constant = logits.without_autodiff();
        let classes = classes.without_autodiff();
        let weights = weights.map(Tensor::without_autodiff);
        if weights.is_none() && self.label_smoothing == 0.0 {
            one_hot(&constant, classes)
        } else {
            self.weighted(&constant, classes, weights)
        }
    }

    /// Loss and gradient with row weights, smoothed labels or both.
    fn weighted(
        &self,
        logits: &Tensor<2>,
        classes: Tensor<1, Int>,
        weights: Option<Tensor<1>>,
    ) -> (Tensor<1>, Tensor<2>) {
        let [batch_size, num_classes] = logits.dims();
        let share = f64::from(self.label_smoothing);
        let targets =
            classes.one_hot::<2>(num_classes).float() * (1.0 - share) + share / num_classes as f64;
        let weights = weights.unwrap_or_else(|| Tensor::ones([batch_size], &logits.device()));
        let targets = targets * weights.unsqueeze_dim(1) / batch_size as f64;

        let log_probabilities = log_softmax(logits.clone(), 1);
        let loss = (targets.clone() * log_probabilities.clone()).sum().neg();
        let gradient = log_probabilities.exp() * targets.clone().sum_dim(1) - targets;
        (loss, gradient)
    }
}

/// Loss and gradient if all rows have the same weight and labels are not smoothed.
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
