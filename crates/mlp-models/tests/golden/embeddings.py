"""Write the golden values of the numeric embeddings' tests.

Writes embeddings.json to the folder of this file: parameters and a batch, the
output, and the gradients of a weighted sum of the outputs, all from the
authors' packages in float64; and the edges of quantile bins. Seeds are fixed
and a single thread is used. From the root of the repository, with torch,
rtdl_num_embeddings 0.0.12 and pytabkit 1.7.3 installed:

    python crates/mlp-models/tests/golden/embeddings.py
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import rtdl_num_embeddings as rtdl
import torch
from pytabkit.models.data.data import DictDataset, TensorInfo
from pytabkit.models.nn_models.nn import PLREmbeddingsFactory

GENERATED_BY = (
    f"embeddings.py, rtdl_num_embeddings {rtdl.__version__}, "
    f"pytabkit {version('pytabkit')}, "
    f"torch {torch.__version__.split('+')[0]}"
)
ROWS, N_FEATURES, N_FREQUENCIES, D_EMBEDDING = 6, 3, 4, 5
PBLD_FREQUENCIES, PBLD_D_EMBEDDING = 4, 4
KINK_MARGIN = 1e-2

# The second feature has a single bin, so its encoding is never clamped.
BINS = [
    [-1.5, -0.4, 0.3, 0.9, 1.6],
    [-0.8, 1.1],
    [-1.0, 0.2, 1.4],
]
# Values below the first edge, above the last one and inside each bin.
BIN_INPUT = [
    [-2.25, -1.7, -1.85],
    [-0.9, 0.35, -0.45],
    [0.05, 2.05, 0.75],
    [0.55, -0.3, 1.95],
    [1.3, 0.8, 1.1],
    [2.4, -0.95, 0.35],
]
N_BINS = 8


def tensor(values):
    """Return the values as a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def draw(generator, *shape, scale=1.0, mean=0.0):
    """Return normal numbers rounded to three decimals."""
    numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
    return (numbers * scale + mean).round(decimals=3)


def fill(parameter, values):
    """Give the parameter the values."""
    with torch.no_grad():
        parameter.copy_(values)


def parameter(tensor):
    """Return the values of a parameter."""
    return tensor.detach()


def gradient(tensor):
    """Return the gradient of a parameter."""
    return tensor.grad


def reject_kinks(network):
    """Raise an error if an input of a ReLU is close to zero."""

    def check(_module, inputs):
        if inputs[0].abs().min() < KINK_MARGIN:
            raise ValueError("a net input is too close to the kink of relu")

    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_pre_hook(check)


def embedding_case(name, forward, layers, x, output_weights, **options):
    """Return an embedding's output and gradients.

    `layers` takes the function that reads a parameter's value or gradient, and
    returns the parameters as lists.
    """
    x.requires_grad_()
    output = forward(x)
    (output * output_weights).sum().backward()
    return {
        "name": name,
        **options,
        "parameters": layers(parameter),
        "input": x.tolist(),
        "output_weights": output_weights.tolist(),
        "output": output.tolist(),
        "gradients": layers(gradient),
        "input_gradient": x.grad.tolist(),
    }


def periodic(name, seed, lite):
    """Return the periodic embeddings, the numbers of a feature side by side.

    The cosines come before the sines.
    """
    generator = torch.Generator().manual_seed(seed)
    embeddings = rtdl.PeriodicEmbeddings(
        N_FEATURES,
        D_EMBEDDING,
        n_frequencies=N_FREQUENCIES,
        activation=True,
        lite=lite,
    )
    linear = embeddings.linear
    fill(
        embeddings.periodic.weight,
        draw(generator, N_FEATURES, N_FREQUENCIES, scale=0.4),
    )
    fill(linear.weight, draw(generator, *linear.weight.shape, scale=0.6))
    fill(linear.bias, draw(generator, *linear.bias.shape, scale=0.3))
    reject_kinks(embeddings)

    def layers(read):
        weight = read(linear.weight)
        return {
            "frequencies": read(embeddings.periodic.weight).tolist(),
            "weight": (weight.T if lite else weight).tolist(),
            "bias": read(linear.bias).tolist(),
        }

    return embedding_case(
        name,
        lambda x: embeddings(x).flatten(1),
        layers,
        draw(generator, ROWS, N_FEATURES),
        draw(generator, ROWS, N_FEATURES * D_EMBEDDING),
    )


def by_feature(values):
    """Put the numbers of each feature side by side, the raw value last."""
    embedded, raw = values.split(
        [N_FEATURES * (PBLD_D_EMBEDDING - 1), N_FEATURES], dim=1
    )
    embedded = embedded.unflatten(1, (N_FEATURES, PBLD_D_EMBEDDING - 1))
    return torch.cat([embedded, raw.unsqueeze(2)], dim=2).flatten(1)


def pbld():
    """Return RealMLP's embeddings: periodic with bias, linear, DenseNet.

    The authors put the linear outputs of all features, feature after feature,
    before the raw values of all features. The same output and weights are
    given once more with the numbers of each feature side by side.
    """
    generator = torch.Generator().manual_seed(33)
    factory = PLREmbeddingsFactory(
        plr_hidden_1=PBLD_FREQUENCIES,
        plr_hidden_2=PBLD_D_EMBEDDING,
        plr_act_name="linear",
        plr_use_densenet=True,
        plr_use_cos_bias=True,
    )
    x = draw(generator, ROWS, N_FEATURES)
    infos = {"x_cont": TensorInfo(feat_shape=[N_FEATURES])}
    layer = factory.fit(DictDataset({"x_cont": x}, infos, device="cpu"))
    for weight, scale in (
        (layer.weight_1, 0.4),
        (layer.bias_1, 1.5),
        (layer.weight_2, 0.6),
        (layer.bias_2, 0.3),
    ):
        fill(weight, draw(generator, *weight.shape, scale=scale))

    def layers(read):
        return {
            "frequencies": read(layer.weight_1).squeeze(1).tolist(),
            "phases": read(layer.bias_1).squeeze(1).tolist(),
            "weight": read(layer.weight_2).tolist(),
            "bias": read(layer.bias_2).squeeze(1).tolist(),
        }

    output_weights = draw(generator, ROWS, N_FEATURES * PBLD_D_EMBEDDING)
    case = embedding_case(
        "pbld",
        layer.forward_cont,
        layers,
        x,
        output_weights,
        order="embeddings_of_all_features_then_x_of_all_features",
    )
    case["order_by_feature"] = "embedding_then_x"
    case["output_weights_by_feature"] = by_feature(output_weights).tolist()
    case["output_by_feature"] = by_feature(tensor(case["output"])).tolist()
    return case


def bin_tensors():
    """Return the edges of the bins, after a check that no input is close."""
    for edges, column in zip(BINS, zip(*BIN_INPUT, strict=True), strict=True):
        distance = (tensor(column)[:, None] - tensor(edges)).abs().min()
        if distance < KINK_MARGIN:
            raise ValueError("an input is too close to an edge of a bin")
    return [tensor(edges) for edges in BINS]


def bins_first(values, dim):
    """Move the padding of each feature to its end.

    The authors have a feature's last bin at the last index and the padding
    before it. The features are the dimension before that of the bins.
    """
    max_bins = values.shape[dim]
    moved = []
    for feature, edges in zip(values.unbind(dim - 1), BINS, strict=True):
        n_bins = len(edges) - 1
        leading, padding, last = feature.split(
            [n_bins - 1, max_bins - n_bins, 1], dim=dim - 1
        )
        if padding.count_nonzero() > 0:
            raise ValueError("the padding is not zero")
        moved.append(torch.cat([leading, last, padding], dim=dim - 1))
    return torch.stack(moved, dim=dim - 1)


def piecewise_linear():
    """Return the piecewise-linear embeddings of version B.

    The authors start with a weight of zero; here it is not zero.
    """
    generator = torch.Generator().manual_seed(34)
    bins = bin_tensors()
    embeddings = rtdl.PiecewiseLinearEmbeddings(
        bins, D_EMBEDDING, activation=False, version="B"
    )
    linear0, linear = embeddings.linear0, embeddings.linear
    fill(linear0.weight, draw(generator, N_FEATURES, D_EMBEDDING, scale=0.5))
    fill(linear0.bias, draw(generator, N_FEATURES, D_EMBEDDING, scale=0.3))
    mask = embeddings.impl.mask
    weight = draw(generator, *linear.weight.shape, scale=0.7)
    fill(linear.weight, weight * mask[:, :, None])

    def layers(read):
        return {
            "linear_weight": read(linear0.weight).tolist(),
            "linear_bias": read(linear0.bias).tolist(),
            "weight": bins_first(read(linear.weight), 1).tolist(),
        }

    return embedding_case(
        "piecewise_linear",
        lambda x: embeddings(x).flatten(1),
        layers,
        tensor(BIN_INPUT),
        draw(generator, ROWS, N_FEATURES * D_EMBEDDING),
        bins=BINS,
        padding="end",
    )


def piecewise_linear_encoding():
    """Return the encoding, a feature's padding moved behind its bins."""
    encoding = rtdl.PiecewiseLinearEncoding(bin_tensors())
    x = tensor(BIN_INPUT)
    n_bins = [len(edges) - 1 for edges in BINS]
    output = torch.stack(
        [
            torch.nn.functional.pad(feature, (0, max(n_bins) - n))
            for feature, n in zip(
                encoding(x).split(n_bins, dim=1), n_bins, strict=True
            )
        ],
        dim=1,
    )
    if not output.equal(bins_first(encoding.impl(x), 2)):
        raise ValueError("the encoding and its implementation differ")
    return {
        "name": "piecewise_linear_encoding",
        "bins": BINS,
        "padding": "end",
        "input": BIN_INPUT,
        "output": output.tolist(),
    }


def quantile_bins():
    """Return columns and the edges of their bins."""
    generator = torch.Generator().manual_seed(36)
    rows = 24

    def shuffled(*groups):
        values = torch.cat(groups)
        return values[torch.randperm(len(values), generator=generator)]

    zeros = torch.zeros(rows, dtype=torch.float64)
    columns = {
        "normal": draw(generator, rows),
        "half_zeros": shuffled(
            zeros[: rows // 2], draw(generator, rows // 2).abs()
        ),
        "few_distinct": shuffled(zeros[:10], zeros[:9] + 1, zeros[:5] + 2.5),
        "two_values": shuffled(zeros[:13], zeros[:11] + 1),
        "mostly_zeros": shuffled(zeros[:23], zeros[:1] + 3),
    }
    edges = rtdl.compute_bins(
        torch.stack(list(columns.values()), dim=1), n_bins=N_BINS
    )
    return {
        "name": "bins",
        "n_bins": N_BINS,
        "columns": [
            {"name": name, "values": values.tolist(), "edges": found.tolist()}
            for (name, values), found in zip(
                columns.items(), edges, strict=True
            )
        ],
    }


def main():
    torch.set_num_threads(1)
    # The authors' modules have the default type.
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    # Features with a single bin are meant.
    warnings.filterwarnings("ignore", message=".*just two bin edges")
    content = {
        "generated_by": GENERATED_BY,
        "cases": [
            periodic("periodic", 31, lite=False),
            periodic("periodic_lite", 32, lite=True),
            pbld(),
            piecewise_linear(),
            piecewise_linear_encoding(),
            quantile_bins(),
        ],
    }

    path = Path(__file__).resolve().parent / "embeddings.json"
    with path.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
