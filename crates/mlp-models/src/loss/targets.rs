use burn::tensor::{Int, Tensor};

/// The targets of a batch.
#[derive(Clone, Debug)]
pub enum Targets {
    /// The class of each row, from 0, of shape `[batch_size]`.
    Classes(Tensor<1, Int>),
    /// The numbers of each row, of shape `[batch_size, d_output]`.
    Numbers(Tensor<2>),
}

impl Targets {
    /// The targets as numbers, one column per output.
    ///
    /// Classes become one-hot rows. With a single output, which separates two classes, they become
    /// one column of 0 and 1.
    pub(super) fn into_numbers(self, d_output: usize) -> Tensor<2> {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Classes(classes) if d_output == 1 => classes.float().unsqueeze_dim(1),
            Self::Classes(classes) => classes.one_hot::<2>(d_output).float(),
        }
    }

    /// The targets as classes, for the loss that needs one output per class.
    pub(super) fn into_classes(self, d_output: usize) -> Tensor<1, Int> {
        match self {
            Self::Classes(classes) if d_output > 1 => classes,
            Self::Classes(_) => panic!("cross-entropy needs one output per class"),
            Self::Numbers(_) => panic!("cross-entropy needs classes as targets"),
        }
    }

    /// Like [`into_numbers`](Self::into_numbers), but classes become −1 and +1.
    pub(super) fn into_signs(self, d_output: usize) -> Tensor<2> {
        match self {
            Self::Numbers(numbers) => numbers,
            classes @ Self::Classes(_) => classes.into_numbers(d_output) * 2.0 - 1.0,
        }
    }

    /// The targets of the losses that measure a distance: two classes with a single output become −1
    /// and +1, several classes 0 and 1.
    pub(super) fn into_distance_targets(self, d_output: usize) -> Tensor<2> {
        if d_output == 1 {
            self.into_signs(1)
        } else {
            self.into_numbers(d_output)
        }
    }
}
