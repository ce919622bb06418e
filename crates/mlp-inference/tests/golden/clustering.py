"""Write clustering.json, the golden values of this crate's cluster metrics.

The values are scikit-learn's; the matching behind the accuracy is SciPy's. The
seed is fixed, so a second run on the same machine writes the same bytes;
elsewhere the last digits may differ. From the root of the repository, with
numpy, scipy and scikit-learn installed:

    python crates/mlp-inference/tests/golden/clustering.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix

PATH = Path(__file__).resolve().parent / "clustering.json"


def blobs(rng, sizes, n_columns, spread):
    """Return points around one random centre for each size, and labels."""
    centres = rng.uniform(-5.0, 5.0, size=(len(sizes), n_columns))
    labels = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    noise = rng.normal(0.0, spread, size=(sum(sizes), n_columns))
    return centres[labels] + noise, labels


def nearest(rng, points, n_clusters):
    """Return clusters: of each point, the nearest of some random ones."""
    centres = rng.choice(points, size=n_clusters, replace=False)
    return metrics.pairwise_distances(points, centres).argmin(axis=1)


def accuracy(clusters, labels):
    """Return the share of rows on the best one-to-one matching."""
    table = contingency_matrix(labels, clusters)
    matched = linear_sum_assignment(table, maximize=True)
    return float(table[matched].sum() / len(labels))


def defined(metric, points, clusters):
    """Return the metric of the points, or None if scikit-learn refuses it."""
    try:
        return float(metric(points, clusters))
    except ValueError:
        return None


def case(name, points, clusters, labels):
    """Return one case, with points of two decimals in single precision."""
    stored = np.round(points, 2)
    points = stored.astype(np.float32).astype(np.float64)
    return {
        "name": name,
        "n_columns": points.shape[1],
        "points": stored.ravel().tolist(),
        "clusters": [int(cluster) for cluster in clusters],
        "labels": [int(label) for label in labels],
        "silhouette": defined(metrics.silhouette_score, points, clusters),
        "davies_bouldin": defined(
            metrics.davies_bouldin_score, points, clusters
        ),
        "calinski_harabasz": defined(
            metrics.calinski_harabasz_score, points, clusters
        ),
        "accuracy": accuracy(clusters, labels),
        "normalized_mutual_information": float(
            metrics.normalized_mutual_info_score(labels, clusters)
        ),
        "adjusted_rand_index": float(
            metrics.adjusted_rand_score(labels, clusters)
        ),
    }


def main():
    rng = np.random.default_rng(7)
    apart, of_apart = blobs(rng, [20, 15, 10], 3, 0.3)
    overlapping, of_overlapping = blobs(rng, [25, 20, 10, 5], 3, 3.0)
    # More rows than one block of distances.
    many, of_many = blobs(rng, [150, 100, 50], 2, 2.5)
    wide, of_wide = blobs(rng, [12, 12, 12], 17, 1.0)
    noise, of_noise = rng.normal(size=(50, 3)), rng.integers(3, size=50)
    # Five clusters of one row each beside the three blobs.
    singles = of_apart.copy()
    singles[:5] = [10, 11, 12, 13, 14]
    several_alike = np.repeat(noise[:4], 5, axis=0)
    cases = [
        case("blobs", apart, of_apart, of_apart),
        case("permuted", apart, np.array([40, 7, 23])[of_apart], of_apart),
        case(
            "overlapping",
            overlapping,
            nearest(rng, overlapping, 4),
            of_overlapping,
        ),
        case(
            "more_clusters_than_labels",
            apart,
            nearest(rng, apart, 9),
            of_apart,
        ),
        case("fewer_clusters_than_labels", apart, of_apart // 2, of_apart),
        case("noise", noise, nearest(rng, noise, 5), of_noise),
        case("random_clusters", noise, rng.integers(4, size=50), of_noise),
        case("clusters_of_one_row", apart, singles, of_apart),
        case("17_columns", wide, nearest(rng, wide, 3), of_wide),
        case(
            "17_columns_many_clusters",
            wide,
            rng.integers(20, size=36),
            of_wide,
        ),
        case("1_column", noise[:, :1], noise[:, 0] > 0.5, of_noise),
        case(
            "equal_rows",
            several_alike,
            np.arange(20) // 5,
            np.arange(20) // 10,
        ),
        case("many_rows", many, nearest(rng, many, 3), of_many),
        case("one_cluster", noise, np.zeros(50), of_noise),
        case("every_row_a_cluster", noise, np.arange(50), of_noise),
        case("one_cluster_of_one_label", noise, np.zeros(50), np.ones(50)),
    ]
    head = json.dumps(f"clustering.py, scikit-learn {sklearn.__version__}")
    with PATH.open("w", encoding="ascii", newline="\n") as file:
        file.write(f'{{\n "generated_by": {head},\n "cases": [\n')
        # One case for each line, as there are many numbers.
        file.write(",\n".join(json.dumps(c, allow_nan=False) for c in cases))
        file.write("\n ]\n}\n")


if __name__ == "__main__":
    main()
