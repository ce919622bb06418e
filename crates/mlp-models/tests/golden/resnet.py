"""Write the golden values of the ResNet's tests, using the authors' package.

Writes resnet.json to the folder of this file: parameters and a batch, the
outputs in training and in evaluation mode, and the gradients of a weighted
sum of the outputs in training mode. From the root of the repository, with
torch and rtdl_revisiting_models 0.0.2 installed:

    python crates/mlp-models/tests/golden/resnet.py
"""

import json
from pathlib import Path

import rtdl_revisiting_models
import torch

GENERATED_BY = (
    f"resnet.py, rtdl_revisiting_models {rtdl_revisiting_models.__version__}, "
    f"torch {torch.__version__.split('+')[0]}"
)
ROWS, D_IN, D_OUT, N_BLOCKS, D_BLOCK, D_HIDDEN = 7, 3, 2, 2, 4, 5
KINK_MARGIN = 1e-2


def draw(generator, *shape, scale=1.0, mean=0.0):
    """Return normal numbers rounded to three decimals."""
    numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
    return (numbers * scale + mean).round(decimals=3)


def fill(network, generator):
    """Give the network fixed parameters and running statistics."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.Linear):
                module.weight.copy_(
                    draw(generator, *module.weight.shape, scale=0.7)
                )
                module.bias.copy_(
                    draw(generator, *module.bias.shape, scale=0.3)
                )
            elif isinstance(module, torch.nn.BatchNorm1d):
                size = module.num_features
                module.weight.copy_(
                    draw(generator, size, scale=0.2, mean=1.0)
                )
                module.bias.copy_(draw(generator, size, scale=0.3))
                module.running_mean.copy_(draw(generator, size, scale=0.5))
                module.running_var.copy_(
                    draw(generator, size, scale=0.5).abs() + 0.5
                )


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

    def linear(module):
        return {
            "weight": read(module.weight).T.tolist(),
            "bias": read(module.bias).tolist(),
        }

    def normalization(module):
        lists = {
            "gamma": read(module.weight).tolist(),
            "beta": read(module.bias).tolist(),
        }
        if read is parameter:
            lists["running_mean"] = module.running_mean.tolist()
            lists["running_var"] = module.running_var.tolist()
        return lists

    return {
        "input": linear(network.input_projection),
        "blocks": [
            {
                "normalization": normalization(block.normalization),
                "hidden": linear(block.linear1),
                "output": linear(block.linear2),
            }
            for block in network.blocks
        ],
        "normalization": normalization(network.output.normalization),
        "output": linear(network.output.linear),
    }


def parameter(tensor):
    """Return the values of a parameter."""
    return tensor.detach()


def gradient(tensor):
    """Return the gradient of a parameter."""
    return tensor.grad


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(21)
    network = rtdl_revisiting_models.ResNet(
        d_in=D_IN,
        d_out=D_OUT,
        n_blocks=N_BLOCKS,
        d_block=D_BLOCK,
        d_hidden=D_HIDDEN,
        d_hidden_multiplier=None,
        dropout1=0.0,
        dropout2=0.0,
    ).double()
    fill(network, generator)
    reject_kinks(network)
    x = draw(generator, ROWS, D_IN).requires_grad_()
    output_weights = draw(generator, ROWS, D_OUT)
    content = {
        "generated_by": GENERATED_BY,
        "parameters": layers(network, parameter),
        "input": x.tolist(),
        "output_weights": output_weights.tolist(),
    }

    # Evaluated first, since training mode changes the running statistics.
    content["evaluation_output"] = network.eval()(x).tolist()
    output = network.train()(x)
    content["training_output"] = output.tolist()
    (output * output_weights).sum().backward()
    content["gradients"] = layers(network, gradient)
    content["input_gradient"] = x.grad.tolist()

    path = Path(__file__).resolve().parent / "resnet.json"
    with path.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
