use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use mlp_models::clustering::{Decoder, DeepEmbeddedClustering};

use crate::Error;
use crate::clustering::k_means::KMeans;

/// The root of the mean squared distance of codes to their centroids; 1 if there is none.
pub fn spread(codes: &[f32], k_means: &KMeans, d_code: usize) -> f64 {
    let squares = codes.chunks_exact(d_code).zip(&k_means.clusters);
    let squares = squares.map(|(code, &cluster)| {
        let centroid = &k_means.centroids[cluster * d_code..][..d_code];
        let pairs = code.iter().zip(centroid);
        pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
    });
    let spread = (squares.sum::<f64>() / k_means.clusters.len() as f64).sqrt();
    if spread > 0.0 { spread } else { 1.0 }
}

/// Divides all codes by a number, with the same reconstructions. The probabilities of clusters are
/// those of Student's t-distribution of scale 1, so codes at a distance of about 1 from their centroids are
/// neither all certain nor all alike. A decoder with the encoder's weights leaves no room for that.
pub fn rescaled(
    mut network: DeepEmbeddedClustering,
    by: f64,
    device: &Device,
) -> DeepEmbeddedClustering {
    let scale = |param: &Param<Tensor<2>>, by: f64| {
        Param::from_data((param.val().without_autodiff() * by).into_data(), device)
    };
    let Decoder::Mlp(decoder) = &mut network.autoencoder.decoder else {
        return network;
    };
    let first: &mut Linear = match decoder.hidden.first_mut() {
        Some(layer) => &mut layer.linear,
        None => &mut decoder.output,
    };
    first.weight = scale(&first.weight, by);
    let last = &mut network.autoencoder.encoder.output;
    last.weight = scale(&last.weight, 1.0 / by);
    last.bias = last.bias.as_ref().map(|bias| {
        let bias = bias.val().without_autodiff() / by;
        Param::from_data(bias.into_data(), device)
    });
    network.centroids = scale(&network.centroids, 1.0 / by);
    network
}

/// A network with other centroids, row by row.
pub fn with_centroids(
    mut network: DeepEmbeddedClustering,
    centroids: Vec<f32>,
    d_code: usize,
    device: &Device,
) -> DeepEmbeddedClustering {
    let shape = [centroids.len() / d_code, d_code];
    network.centroids = Param::from_data(TensorData::new(centroids, shape), device);
    network
}

/// Moves the centroids of empty clusters to the codes that are furthest from any centroid.
///
/// # Errors
///
/// If the device fails.
pub fn reseeded(
    network: DeepEmbeddedClustering,
    empty: &[usize],
    codes: &[f32],
    device: &Device,
) -> Result<DeepEmbeddedClustering, Error> {
    let centroids = network.centroids.val().try_into_vec_as::<f32>();
    let mut centroids = centroids.map_err(Error::learner)?;
    let [_, d_code] = network.centroids.dims();
    let distance = |code: &[f32], centroid: &[f32]| -> f32 {
        let pairs = code.iter().zip(centroid);
        pairs.map(|(a, b)| (a - b).powi(2)).sum()
    };
    for &cluster in empty {
        let alone = |code: &[f32]| {
            let distances = centroids.chunks_exact(d_code);
            let distances = distances.map(|centroid| distance(code, centroid));
            distances.fold(f32::INFINITY, f32::min)
        };
        let codes = codes.chunks_exact(d_code);
        let furthest = codes.max_by(|a, b| alone(a).total_cmp(&alone(b)));
        let code = furthest.expect("there are rows").to_vec();
        centroids[cluster * d_code..][..d_code].copy_from_slice(&code);
    }
    Ok(with_centroids(network, centroids, d_code, device))
}

/// A network without the centroids that have no rows, and how many are left: two at least, as a network
/// has.
///
/// # Errors
///
/// If the device fails.
pub fn without_empty(
    network: DeepEmbeddedClustering,
    rows: &[usize],
    device: &Device,
) -> Result<(DeepEmbeddedClustering, usize), Error> {
    let num_occupied = rows.iter().filter(|&&rows| rows > 0).count();
    if num_occupied < 2 || num_occupied == rows.len() {
        return Ok((network, rows.len()));
    }
    let centroids = network.centroids.val().try_into_vec_as::<f32>();
    let centroids = centroids.map_err(Error::learner)?;
    let [_, d_code] = network.centroids.dims();
    let occupied = centroids.chunks_exact(d_code).zip(rows);
    let occupied = occupied.filter(|(_, rows)| **rows > 0);
    let centroids = occupied.flat_map(|(centroid, _)| centroid).copied();
    let network = with_centroids(network, centroids.collect(), d_code, device);
    Ok((network, num_occupied))
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Tolerance;
    use mlp_models::clustering::{AutoencoderConfig, DeepEmbeddedClusteringConfig};

    fn network(device: &Device) -> DeepEmbeddedClustering {
        let autoencoder = AutoencoderConfig::new(3, vec![4], 2);
        let network = DeepEmbeddedClusteringConfig::new(autoencoder, 3).init(device);
        with_centroids(network, vec![0.0, 0.0, 1.0, 1.0, 50.0, 50.0], 2, device)
    }

    #[test]
    fn an_empty_cluster_starts_anew_at_the_row_furthest_from_all() {
        let device = Device::flex();
        let codes = [0.0, 0.1, 1.0, 0.9, 7.0, -3.0, 50.0, 49.0];
        let network = reseeded(network(&device), &[1], &codes, &device).unwrap();
        let centroids = network.centroids.val().try_into_vec_as::<f32>().unwrap();
        assert_eq!(centroids, [0.0, 0.0, 7.0, -3.0, 50.0, 50.0]);
    }

    #[test]
    fn codes_are_divided_and_reconstructions_stay() {
        let device = Device::flex();
        let before = network(&device);
        let rows = Tensor::<2>::from_floats([[0.3, -1.0, 2.0], [0.5, 0.1, -0.7]], &device);
        let codes = before.autoencoder.encode(rows.clone());
        let reconstruction = before.autoencoder.forward(rows.clone());

        let after = rescaled(before, 4.0, &device);

        let tolerance = Tolerance::<f32>::default();
        let divided = after.autoencoder.encode(rows.clone()) * 4.0;
        divided
            .into_data()
            .assert_approx_eq(&codes.into_data(), tolerance);
        let again = after.autoencoder.forward(rows).into_data();
        again.assert_approx_eq(&reconstruction.into_data(), tolerance);
        let centroids = after.centroids.val().try_into_vec_as::<f32>().unwrap();
        assert_eq!(centroids, [0.0, 0.0, 0.25, 0.25, 12.5, 12.5]);
    }

    #[test]
    fn centroids_without_rows_are_taken_out() {
        let device = Device::flex();
        let autoencoder = AutoencoderConfig::new(3, vec![4], 1);
        let network = DeepEmbeddedClusteringConfig::new(autoencoder, 3).init(&device);
        let network = with_centroids(network, vec![1.0, 2.0, 3.0], 1, &device);
        let (network, left) = without_empty(network, &[4, 0, 2], &device).unwrap();
        let centroids = network.centroids.val().try_into_vec_as::<f32>().unwrap();
        assert_eq!((centroids, left), (vec![1.0, 3.0], 2));
        let (network, left) = without_empty(network, &[4, 0], &device).unwrap();
        assert_eq!((network.centroids.dims(), left), ([2, 1], 2));
    }
}
