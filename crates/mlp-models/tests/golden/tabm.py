"""Write the golden values of the TabM's tests, using the authors' package.

Writes tabm.json to the folder of this file: parameters, a batch, the output
and the gradients of a weighted sum of the outputs; the output where each
member has a batch of its own; and samples of the initial scales. Everything
is computed in float64 and in training mode, seeds are fixed and a single
thread is used. From the root of the repository, with torch and tabm 0.0.3
installed:

    python crates/mlp-models/tests/golden/tabm.py
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# The authors' package has the name of this file, which must not be found.
sys.path = [path for path in sys.path if Path(path).resolve() != FOLDER]

import rtdl_num_embeddings
import tabm
import torch

GENERATED_BY = (
    f"tabm.py, tabm {tabm.__version__}, "
    f"torch {torch.__version__.split('+')[0]}"
)
ROWS, D_IN, D_OUT, N_BLOCKS, D_BLOCK, K = 5, 4, 2, 2, 5, 3
CHUNK_FEATURES, CHUNK_D_EMBEDDING, CHUNK_CARDINALITIES = 2, 3, [4]
KINK_MARGIN = 1e-2


def draw(generator, *shape, scale=1.0, mean=0.0):
    """Return normal numbers rounded to three decimals."""
    numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
    return (numbers * scale + mean).round(decimals=3)


def fill(network, generator):
    """Give the network fixed parameters, its scales around one."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            kind = name.rsplit(".", 1)[-1]
            if kind in ("r", "s") or "affine" in name:
                options = {"scale": 0.4, "mean": 1.0}
            elif kind == "bias":
                options = {"scale": 0.3}
            else:
                options = {"scale": 0.7}
            parameter.copy_(draw(generator, *parameter.shape, **options))


def reject_kinks(network):
    """Raise an error if an input of a ReLU is close to zero."""

    def check(_module, inputs):
        if inputs[0].abs().min() < KINK_MARGIN:
            raise ValueError("a net input is too close to the kink of relu")

    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_pre_hook(check)


def layers(network, read):
    """Return the layers as lists, with weights of shape [d_in, d_out]."""

    def hidden(module):
        if isinstance(module, tabm.LinearEnsemble):
            return {
                "weight": read(module.weight).tolist(),
                "bias": read(module.bias).tolist(),
            }
        lists = {
            "weight": read(module.weight).T.tolist(),
            "bias": read(module.bias).tolist(),
        }
        if isinstance(module, tabm.LinearBatchEnsemble):
            lists["input_scales"] = read(module.r).tolist()
            lists["output_scales"] = read(module.s).tolist()
        return lists

    backbone = network.backbone
    lists = {
        "hidden": [hidden(block[0]) for block in backbone.blocks],
        "output": {
            # The authors have no transposed weights here.
            "weight": read(network.output.weight).tolist(),
            "bias": read(network.output.bias).tolist(),
        },
    }
    if isinstance(backbone, tabm.MLPBackboneMiniEnsemble):
        lists = {"adapter": read(backbone.affine.weight).tolist(), **lists}
    return lists


def parameter(tensor):
    """Return the values of a parameter."""
    return tensor.detach()


def gradient(tensor):
    """Return the gradient of a parameter."""
    return tensor.grad


def network_case(name, seed, arch_type):
    """Return one network's outputs and gradients.

    The authors have the members as the second dimension; here they are the
    first one.
    """
    generator = torch.Generator().manual_seed(seed)
    network = tabm.TabM.make(
        n_num_features=D_IN,
        d_out=D_OUT,
        n_blocks=N_BLOCKS,
        d_block=D_BLOCK,
        dropout=0.0,
        activation="ReLU",
        k=K,
        arch_type=arch_type,
    ).train()
    fill(network, generator)
    reject_kinks(network)
    x = draw(generator, ROWS, D_IN).requires_grad_()
    output_weights = draw(generator, K, ROWS, D_OUT)
    different_x = draw(generator, K, ROWS, D_IN)

    output = network(x).transpose(0, 1)
    (output * output_weights).sum().backward()
    with torch.no_grad():
        different_output = network(different_x.transpose(0, 1))
    return {
        "name": name,
        "d_input": D_IN,
        "n_blocks": N_BLOCKS,
        "d_block": D_BLOCK,
        "d_output": D_OUT,
        "k": K,
        "parameters": layers(network, parameter),
        "input": x.tolist(),
        "output_weights": output_weights.tolist(),
        "output": output.tolist(),
        "gradients": layers(network, gradient),
        "input_gradient": x.grad.tolist(),
        "different_batches_input": different_x.tolist(),
        "different_batches_output": different_output.transpose(0, 1).tolist(),
    }


def initialization_case(name, seed, arch_type, embedded):
    """Return a sample of the scales of a new network."""
    torch.manual_seed(seed)
    embeddings = None
    if embedded:
        embeddings = rtdl_num_embeddings.PeriodicEmbeddings(
            CHUNK_FEATURES, CHUNK_D_EMBEDDING, lite=False
        )
    network = tabm.TabM.make(
        n_num_features=CHUNK_FEATURES,
        cat_cardinalities=CHUNK_CARDINALITIES,
        d_out=D_OUT,
        num_embeddings=embeddings,
        n_blocks=N_BLOCKS,
        d_block=D_BLOCK,
        k=K,
        arch_type=arch_type,
    )
    d_feature = CHUNK_D_EMBEDDING if embedded else 1
    case = {
        "name": name,
        "num_features": CHUNK_FEATURES,
        "cardinalities": CHUNK_CARDINALITIES,
        "chunks": [d_feature] * CHUNK_FEATURES + CHUNK_CARDINALITIES,
        "distribution": "normal" if embedded else "random_signs",
    }
    lists = layers(network, parameter)
    if "adapter" in lists:
        case["adapter"] = lists["adapter"]
    else:
        case["hidden"] = [
            {
                name: layer[name]
                for name in ("input_scales", "output_scales", "bias")
            }
            for layer in lists["hidden"]
        ]
    return case


def initialization():
    """Return samples of the initial scales, and what they have in common."""
    return {
        "description": (
            "The columns of the backbone's input form chunks: one for each "
            "numeric feature (as wide as its embedding, or one column), then "
            "one for each categorical feature (as wide as its cardinality). "
            "The first input scales, or the adapter, hold one independent "
            "draw for each member and chunk, repeated over the chunk's "
            "columns: from N(0, 1) with numeric embeddings, else -1 or 1 "
            "with equal probability. All other scales are 1. A hidden "
            "layer's bias is the same for all members."
        ),
        "cases": [
            initialization_case("tabm_embeddings", 55, "tabm", True),
            initialization_case("tabm", 56, "tabm", False),
            initialization_case("tabm_mini_embeddings", 57, "tabm-mini", True),
        ],
    }


def main():
    torch.set_num_threads(1)
    # The authors' modules have the default type.
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    content = {
        "generated_by": GENERATED_BY,
        "cases": [
            network_case("tabm", 72, "tabm"),
            network_case("tabm_mini", 54, "tabm-mini"),
            network_case("tabm_packed", 61, "tabm-packed"),
        ],
        "initialization": initialization(),
    }

    path = FOLDER / "tabm.json"
    with path.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
