use burn::module::Module;
use burn::tensor::activation::{log_sigmoid, sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use mlp_datasets::{Table, TargetEncoding, category_tensor};
use mlp_inference::OutputKind;
use mlp_models::Network;

use crate::attribution::Explained;
use crate::error::Error;
use crate::member::{Member, Place};
use crate::quadrature::gauss_legendre;

/// How many points of the way go through a network at once.
const POINTS_AT_ONCE: usize = 512;
/// How many inputs are put together at once, which bounds the memory for wide tables.
const INPUTS_AT_ONCE: usize = 1 << 20;

/// The ways from the baseline of a network to rows.
pub struct Way<'a> {
    member: &'a Member<'a>,
    /// The network on autodiff, as it predicts: without dropout, and with the statistics of training.
    network: Network,
    device: Device,
    baseline: Point,
}

/// What goes into a network after its embedding of categories, for one row or for several.
#[derive(Clone, Debug)]
struct Point {
    numbers: Vec<f32>,
    vectors: Vec<f32>,
}

impl<'a> Way<'a> {
    /// From the mean of background rows.
    pub fn new(member: &'a Member<'a>, table: &Table, rows: &[usize]) -> Result<Self, Error> {
        let device = member.device.clone().autodiff();
        let network = member.network.valid().no_grad().to_device(&device);
        let mut way = Self {
            member,
            network,
            device,
            baseline: Point {
                numbers: Vec::new(),
                vectors: Vec::new(),
            },
        };
        let mut numbers = vec![0.0; member.width()];
        let mut vectors = vec![0.0; way.d_vectors()];
        for rows in rows.chunks((INPUTS_AT_ONCE / member.width().max(1)).clamp(1, 4096)) {
            let points = way.points(table, rows)?;
            add_columns(&mut numbers, &points.numbers);
            add_columns(&mut vectors, &points.vectors);
        }
        way.baseline = Point {
            numbers: divided(&numbers, rows.len()),
            vectors: divided(&vectors, rows.len()),
        };
        Ok(way)
    }

    /// The length of the vectors of all categories of a row.
    fn d_vectors(&self) -> usize {
        self.member.num_embeddings() * self.d_embedding()
    }

    /// The length of the vector of a category.
    fn d_embedding(&self) -> usize {
        let embedding = self.member.config.inputs.embedding.as_ref();
        embedding.map_or(0, |embedding| embedding.d_embedding)
    }

    /// Where the ways to rows end.
    fn points(&self, table: &Table, rows: &[usize]) -> Result<Point, Error> {
        let inputs = self.member.transform(table, rows)?;
        let num_embeddings = self.member.num_embeddings();
        let categories = category_tensor(inputs.categories, num_embeddings, &self.member.device);
        let vectors = match (&self.member.network.embedding, categories) {
            (Some(embedding), Some(categories)) => {
                embedding.forward(categories).try_into_vec_as()?
            }
            (None, _) | (_, None) => Vec::new(),
        };
        Ok(Point {
            numbers: inputs.numbers,
            vectors,
        })
    }

    /// For each row, the integral of each input: its contribution to the explained output, as the network
    /// scales it.
    pub fn integrate(
        &self,
        table: &Table,
        explained: &[Explained],
        steps: usize,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Integrals>, Error> {
        let quadrature = gauss_legendre(steps);
        let (width, d_vectors) = (self.member.width(), self.d_vectors());
        let at_once = (INPUTS_AT_ONCE / (width + d_vectors).max(1)).clamp(1, POINTS_AT_ONCE);
        let mut found = Vec::with_capacity(explained.len());
        for (row, explained) in explained.iter().enumerate() {
            let end = self.points(table, &[explained.row])?;
            let mut integrals = Integrals {
                numbers: vec![0.0; width],
                vectors: vec![0.0; d_vectors],
            };
            let mut done = 0;
            for points in quadrature.chunks(at_once) {
                let (gradients, outputs) = self.gradients(&end, points, explained.index)?;
                // Gradients are those of the scaled target.
                let units = outputs
                    .into_iter()
                    .map(|value| self.unit(value, explained.index));
                let weights = points
                    .iter()
                    .zip(units)
                    .map(|((_, weight), unit)| weight * unit);
                let weights: Vec<f64> = weights.collect();
                add_weighted(&mut integrals.numbers, &gradients.numbers, &weights);
                add_weighted(&mut integrals.vectors, &gradients.vectors, &weights);
                done += points.len();
                progress(row * steps + done);
            }
            let baseline = &self.baseline;
            times_difference(&mut integrals.numbers, &end.numbers, &baseline.numbers);
            times_difference(&mut integrals.vectors, &end.vectors, &baseline.vectors);
            found.push(integrals);
        }
        Ok(found)
    }

    /// The gradients of an output, and its values, at points between the baseline and an end.
    fn gradients(
        &self,
        end: &Point,
        points: &[(f64, f64)],
        output: usize,
    ) -> Result<(Point, Vec<f32>), Error> {
        let numbers = between(&self.baseline.numbers, &end.numbers, points);
        let vectors = between(&self.baseline.vectors, &end.vectors, points);
        let leaf = |values: Vec<f32>| {
            let shape = [points.len(), values.len() / points.len()];
            Tensor::<2>::from_data(TensorData::new(values, shape), &self.device).require_grad()
        };
        let (numbers, vectors) = (leaf(numbers), leaf(vectors));
        let outputs = self.forward(numbers.clone(), vectors.clone());
        let output = outputs.narrow(1, output, 1);
        let values = output.clone().inner().try_into_vec_as()?;
        let gradients = output.sum().backward();
        let read = |leaf: &Tensor<2>| -> Result<Vec<f32>, Error> {
            let [_, width] = leaf.dims();
            match leaf.grad(&gradients) {
                Some(gradient) if width > 0 => Ok(gradient.try_into_vec_as()?),
                // Nothing depends on inputs that there are none of.
                Some(_) | None => Ok(vec![0.0; points.len() * width]),
            }
        };
        let gradients = Point {
            numbers: read(&numbers)?,
            vectors: read(&vectors)?,
        };
        Ok((gradients, values))
    }

    /// The probability or score of each class, or each number as it is scaled.
    ///
    /// # Shapes
    ///
    /// - numbers: `[num_points, d_numbers]`
    /// - vectors: `[num_points, num_embeddings · d_embedding]`
    /// - output: `[num_points, num_classes or num_targets]`
    fn forward(&self, numbers: Tensor<2>, vectors: Tensor<2>) -> Tensor<2> {
        let has_numbers = numbers.dims()[1] > 0;
        let numbers = match &self.network.numerical {
            Some(numerical) => numerical.forward(numbers),
            None => numbers,
        };
        // As in `Network::inputs`.
        let inputs = match (vectors.dims()[1], has_numbers) {
            (0, _) => numbers,
            (_, false) => vectors,
            (_, true) => Tensor::cat(vec![numbers, vectors], 1),
        };
        let outputs = self.network.backbone.forward(inputs);
        let num_members = self.member.config.num_members();
        let outputs = self.member.output.combine_members(outputs, num_members);
        let is_single = outputs.dims()[1] == 1;
        match self.member.output {
            OutputKind::Softmax => softmax(outputs, 1),
            OutputKind::Sigmoid if is_single => {
                Tensor::cat(vec![sigmoid(-outputs.clone()), sigmoid(outputs)], 1)
            }
            // Divided by their sum.
            OutputKind::Sigmoid => softmax(log_sigmoid(outputs), 1),
            OutputKind::Scores if is_single => Tensor::cat(vec![-outputs.clone(), outputs], 1),
            OutputKind::Scores | OutputKind::Numbers => outputs,
        }
    }

    /// The outputs at the baseline.
    pub fn at_baseline(&self) -> Result<Vec<f32>, Error> {
        let row = |values: &[f32]| {
            let data = TensorData::new(values.to_vec(), [1, values.len()]);
            Tensor::<2>::from_data(data, &self.device)
        };
        let outputs = self.forward(row(&self.baseline.numbers), row(&self.baseline.vectors));
        Ok(outputs.try_into_vec_as()?)
    }

    /// How many units of the target a unit of an output is, where that has a value.
    fn unit(&self, value: f32, output: usize) -> f64 {
        match &self.member.preprocessor.target {
            TargetEncoding::Numbers { outputs } => outputs[output].unit(f64::from(value)),
            TargetEncoding::Classes { .. } | TargetEncoding::Nothing => 1.0,
        }
    }

    /// An output in the units of the target.
    pub fn restored(&self, value: f32, output: usize) -> f64 {
        self.member.preprocessor.target.restore(value, output)
    }

    /// What the inputs of a column add up to.
    pub fn of_column(&self, integrals: &Integrals, place: Place) -> f64 {
        let numbers = &integrals.numbers[place.offset..][..place.width];
        let d_embedding = self.d_embedding();
        let vector = place.position.map_or(&[][..], |position| {
            &integrals.vectors[position * d_embedding..][..d_embedding]
        });
        numbers.iter().chain(vector).sum()
    }
}

/// The contributions of the inputs of a row.
pub struct Integrals {
    numbers: Vec<f64>,
    vectors: Vec<f64>,
}

/// Points between two ends, one after another.
fn between(from: &[f32], to: &[f32], points: &[(f64, f64)]) -> Vec<f32> {
    let at = |alpha: f64| {
        #[expect(clippy::cast_possible_truncation)] // As the ends are.
        from.iter()
            .zip(to)
            .map(move |(&from, &to)| (f64::from(from) + alpha * f64::from(to - from)) as f32)
    };
    points.iter().flat_map(|&(alpha, _)| at(alpha)).collect()
}

/// Adds rows of gradients, each times the weight of its point.
fn add_weighted(sums: &mut [f64], gradients: &[f32], weights: &[f64]) {
    if sums.is_empty() {
        return;
    }
    for (gradients, weight) in gradients.chunks_exact(sums.len()).zip(weights) {
        for (sum, &gradient) in sums.iter_mut().zip(gradients) {
            *sum += weight * f64::from(gradient);
        }
    }
}

fn times_difference(integrals: &mut [f64], end: &[f32], baseline: &[f32]) {
    for ((integral, &end), &baseline) in integrals.iter_mut().zip(end).zip(baseline) {
        *integral *= f64::from(end) - f64::from(baseline);
    }
}

fn add_columns(sums: &mut [f64], rows: &[f32]) {
    if sums.is_empty() {
        return;
    }
    for row in rows.chunks_exact(sums.len()) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f64::from(value);
        }
    }
}

#[expect(clippy::cast_possible_truncation)] // As the inputs are.
fn divided(sums: &[f64], count: usize) -> Vec<f32> {
    sums.iter().map(|sum| (sum / count as f64) as f32).collect()
}
