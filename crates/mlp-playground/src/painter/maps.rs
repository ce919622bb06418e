use std::sync::Arc;

use mlp_datasets::TargetEncoding;
use mlp_inference::OutputKind;
use mlp_training::ObservedTraining;

/// A value for each pixel.
pub struct Map(pub Vec<f32>);

impl Map {
    /// The smallest and the largest value; of a flat map, a range around it.
    pub fn range(&self) -> [f32; 2] {
        let values = self.0.iter().copied().filter(|value| value.is_finite());
        let low = values.clone().fold(f32::INFINITY, f32::min);
        let high = values.fold(f32::NEG_INFINITY, f32::max);
        if low < high {
            [low, high]
        } else if low.is_finite() {
            [low - 0.5, low + 0.5]
        } else {
            [0.0, 1.0]
        }
    }

    /// Adds a byte for each pixel: 0 for the lower end of a range, and 255 for the upper one.
    pub fn draw(&self, [low, high]: [f32; 2], pixels: &mut Vec<u8>) {
        let scale = 255.0 / (high - low);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // From 0 to 255; NaN is 0.
        let byte = |value: &f32| ((value - low) * scale).round().clamp(0.0, 255.0) as u8;
        pixels.extend(self.0.iter().map(byte));
    }
}

/// What the outputs of a network mean.
pub struct Output {
    kind: OutputKind,
    target: TargetEncoding,
    width: usize,
    classes: Arc<[String]>,
}

impl Output {
    /// Those of a training.
    pub fn of(training: &ObservedTraining) -> Self {
        let target = training.preprocessor.target.clone();
        Self {
            kind: training.output,
            classes: target.classes().unwrap_or_default().into(),
            width: training.config.d_output(),
            target,
        }
    }

    /// A map for each class: its probability, or 1 where it is predicted if there are no probabilities. For
    /// numbers, a map of each.
    pub fn maps(&self, outputs: Vec<f32>) -> Vec<Map> {
        if self.classes.is_empty() {
            let of_output = |output: usize| {
                let values = outputs.iter().skip(output).step_by(self.width);
                #[expect(clippy::cast_possible_truncation)] // It is a colour.
                Map(values
                    .map(|value| self.target.restore(*value, output) as f32)
                    .collect())
            };
            return (0..self.width).map(of_output).collect();
        }
        let classes = self.classify(&outputs);
        let of_class = |class: usize| {
            let shares = classes.iter().skip(class).step_by(self.classes.len());
            #[expect(clippy::cast_possible_truncation)] // It is a colour.
            Map(shares.map(|share| *share as f32).collect())
        };
        (0..self.classes.len()).map(of_class).collect()
    }

    /// The same for one row.
    pub fn values(&self, outputs: &[f64]) -> Vec<f64> {
        #[expect(clippy::cast_possible_truncation)] // They were read in single precision.
        let outputs: Vec<f32> = outputs.iter().map(|value| *value as f32).collect();
        if self.classes.is_empty() {
            let outputs = outputs.iter().enumerate();
            return outputs
                .map(|(output, value)| self.target.restore(*value, output))
                .collect();
        }
        if !self.kind.has_probabilities() && outputs.len() == self.classes.len() {
            // The loss is that of scores, not of the class that they choose.
            return outputs.into_iter().map(f64::from).collect();
        }
        self.classify(&outputs)
    }

    /// The share of each class, row by row.
    fn classify(&self, outputs: &[f32]) -> Vec<f64> {
        let classes = self
            .kind
            .classify(outputs, self.width, self.classes.clone());
        if let Some(probabilities) = classes.probabilities {
            return probabilities;
        }
        let count = self.classes.len();
        let of_label = |label: Option<usize>| {
            (0..count).map(move |class| f64::from(u8::from(label == Some(class))))
        };
        classes.labels.into_iter().flat_map(of_label).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_range_are_the_first_and_the_last_byte() {
        let map = Map(vec![-1.0, 0.0, 3.0, f32::NAN]);
        assert_eq!(map.range(), [-1.0, 3.0]);
        let mut pixels = Vec::new();
        map.draw(map.range(), &mut pixels);
        // (0 − −1) / (3 − −1) · 255 = 63.75
        assert_eq!(pixels, [0, 64, 255, 0]);
    }

    #[test]
    fn a_flat_map_is_drawn_in_the_middle() {
        let map = Map(vec![2.0; 3]);
        let mut pixels = Vec::new();
        map.draw(map.range(), &mut pixels);
        assert_eq!(pixels, [128; 3]);
    }
}
