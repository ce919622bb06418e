"""Write the golden values of the RealMLP's tests, using the authors' package.

Writes real_mlp.json to the folder of this file: parameters, a batch, the
output and the gradients of a weighted sum of the outputs, for networks that
the authors' default settings build; the initialisation from data; and the
schedules. Everything is computed in float64, seeds are fixed and a single
thread is used. From the root of the repository, with torch and pytabkit 1.7.3
installed:

    python crates/mlp-models/tests/golden/real_mlp.py
"""

import json
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import torch
from pytabkit.models.data.data import DictDataset, TensorInfo
from pytabkit.models.nn_models.activations import ParametricActivationLayer
from pytabkit.models.nn_models.base import (
    BiasLayer,
    FunctionLayer,
    ScaleLayer,
    WeightLayer,
    set_hp_context,
)
from pytabkit.models.nn_models.models import NNFactory
from pytabkit.models.sklearn.default_params import DefaultParams
from pytabkit.models.training.coord import HyperparamManager
from pytabkit.models.training.scheduling import get_schedule

GENERATED_BY = (
    f"real_mlp.py, pytabkit {version('pytabkit')}, "
    f"torch {torch.__version__.split('+')[0]}"
)
ROWS, D_IN, HIDDEN_SIZES, N_CLASSES = 7, 3, [5, 4], 2
INITIALIZATION_ROWS = 12
N_SIMPLEX = 5
N_TIMES = 20
KINK_MARGIN = 1e-2


def draw(generator, *shape, scale=1.0, mean=0.0):
    """Return normal numbers rounded to three decimals."""
    numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
    return (numbers * scale + mean).round(decimals=3)


def build(settings, n_classes, x):
    """Return the authors' network, initialised from the rows of x.

    Only the part after the preparation of the inputs and before that of the
    targets is kept, and dropout is off. A regression has zero classes.
    """
    config = {
        **settings,
        "hidden_sizes": HIDDEN_SIZES,
        "p_drop": 0.0,
        "tfms": [],
        "use_embedding": False,
        "num_emb_type": "none",
        "use_ls": False,
        "normalize_output": False,
        "clamp_output": False,
    }
    infos = {
        "x_cont": TensorInfo(feat_shape=[x.shape[1]]),
        "y": TensorInfo(cat_sizes=[n_classes]),
    }
    fitter = NNFactory(**config).create(infos)
    targets = torch.zeros(len(x), 1, dtype=torch.long)
    with torch.no_grad(), set_hp_context(HyperparamManager(**config)):
        return fitter.fit(
            DictDataset({"x_cont": x, "y": targets}, infos, device="cpu")
        )


def layers_of(network, kind):
    """Return the network's layers of the kind, from the first to the last."""
    return [layer for layer in network.modules() if isinstance(layer, kind)]


def fill(network, generator):
    """Give the network fixed parameters."""
    for layer in network.modules():
        if isinstance(layer, WeightLayer):
            fill_with(layer.weight, generator)
        elif isinstance(layer, BiasLayer):
            fill_with(layer.bias, generator, scale=0.3)
        elif isinstance(layer, ScaleLayer):
            fill_with(layer.scale, generator, scale=0.3, mean=1.0)
        elif isinstance(layer, ParametricActivationLayer):
            fill_with(layer.weight, generator, scale=0.3, mean=1.0)


def fill_with(parameter, generator, **options):
    """Give the parameter fixed values."""
    with torch.no_grad():
        parameter.copy_(draw(generator, *parameter.shape, **options))


def reject_kinks(network):
    """Raise an error if an input of an activation is close to zero."""

    def check(_module, inputs):
        if inputs[0]["x_cont"].abs().min() < KINK_MARGIN:
            raise ValueError("a net input is too close to the kink of selu")

    kinds = (ParametricActivationLayer, FunctionLayer)
    for layer in layers_of(network, kinds):
        layer.register_forward_pre_hook(check)


def layers(network, read):
    """Return the layers as lists, with weights of shape [d_in, d_out]."""
    (scale,) = layers_of(network, ScaleLayer)
    lists = [
        {
            "weight": read(linear.weight).tolist(),
            "bias": read(bias.bias).squeeze(0).tolist(),
        }
        for linear, bias in zip(
            layers_of(network, WeightLayer),
            layers_of(network, BiasLayer),
            strict=True,
        )
    ]
    activations = layers_of(network, ParametricActivationLayer)
    if activations:
        for layer, activation in zip(lists[:-1], activations, strict=True):
            weight = read(activation.weight).squeeze(0)
            layer["activation_weight"] = weight.tolist()
    return {
        "scale": read(scale.scale).squeeze(0).tolist(),
        "hidden": lists[:-1],
        "output": lists[-1],
    }


def parameter(tensor):
    """Return the values of a parameter."""
    return tensor.detach()


def gradient(tensor):
    """Return the gradient of a parameter."""
    return tensor.grad


def network_case(name, seed, settings, n_classes):
    """Return one network's output and gradients."""
    generator = torch.Generator().manual_seed(seed)
    d_out = max(n_classes, 1)
    x = draw(generator, ROWS, D_IN)
    network = build(settings, n_classes, x).train()
    fill(network, generator)
    if settings["act"] == "selu":
        reject_kinks(network)
    x.requires_grad_()
    output_weights = draw(generator, ROWS, d_out)
    output = network({"x_cont": x})["x_cont"]
    (output * output_weights).sum().backward()
    return {
        "name": name,
        "d_input": D_IN,
        "hidden_sizes": HIDDEN_SIZES,
        "d_output": d_out,
        "activation": settings["act"],
        "parameters": layers(network, parameter),
        "input": x.tolist(),
        "output_weights": output_weights.tolist(),
        "output": output.tolist(),
        "gradients": layers(network, gradient),
        "input_gradient": x.grad.tolist(),
    }


def initialization():
    """Return the draws of an initialisation from data and its results.

    The authors' functions draw the numbers; the normal and exponential ones
    are rounded to three decimals before their use. Unit u of a layer gets the
    bias -sum_i simplex_weights[u][i] z[rows[u][i]][u], where z is the layer's
    output without a bias and the simplex weights are the exponential draws
    divided by their sum. The network's scale and activation weights are ones.
    """
    torch.manual_seed(44)
    generator = torch.Generator().manual_seed(45)
    x = draw(generator, INITIALIZATION_ROWS, D_IN)
    exponential = torch.distributions.Exponential
    drawn = {"normal": [], "rows": [], "exponential": []}

    def recorded(function, name):
        def call(*args, **kwargs):
            values = function(*args, **kwargs)
            if values.is_floating_point():
                values = values.round(decimals=3)
            # The authors change their tensor in place.
            drawn[name].append(values.clone())
            return values

        return call

    with (
        mock.patch.object(torch, "randn", recorded(torch.randn, "normal")),
        mock.patch.object(torch, "randint", recorded(torch.randint, "rows")),
        mock.patch.object(
            exponential,
            "sample",
            recorded(exponential.sample, "exponential"),
        ),
    ):
        network = build(DefaultParams.RealMLP_TD_CLASS, N_CLASSES, x)
    found = layers(network, parameter)

    cases = []
    for layer, normal, rows, draws in zip(
        [*found["hidden"], found["output"]],
        drawn["normal"],
        drawn["rows"],
        drawn["exponential"],
        strict=True,
    ):
        if rows.shape != (len(layer["bias"]), N_SIMPLEX):
            raise ValueError("the rows are not those of the layer's biases")
        cases.append(
            {
                "normal": normal.tolist(),
                "rows": rows.tolist(),
                "exponential": draws.tolist(),
                "simplex_weights": (
                    draws / draws.sum(dim=1, keepdim=True)
                ).tolist(),
                "weight": layer["weight"],
                "bias": layer["bias"],
            }
        )
    return {
        "activation": DefaultParams.RealMLP_TD_CLASS["act"],
        "input": x.tolist(),
        "layers": cases,
    }


def schedule():
    """Return the schedules' factors at fractions of the training's steps."""
    times = [step / N_TIMES for step in range(N_TIMES + 1)]

    def factors(name):
        function = get_schedule(name).call_time_
        return [float(function(time)) for time in times]

    return {
        "t": times,
        "coslog4": factors("coslog4"),
        "flat_cos": factors("flat_cos"),
    }


def main():
    torch.set_num_threads(1)
    # The authors' layers and draws have the default type.
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    content = {
        "generated_by": GENERATED_BY,
        "cases": [
            network_case(
                "classification",
                41,
                DefaultParams.RealMLP_TD_CLASS,
                N_CLASSES,
            ),
            network_case("regression", 42, DefaultParams.RealMLP_TD_REG, 0),
            network_case(
                "simplified",
                43,
                DefaultParams.RealMLP_TD_S_CLASS,
                N_CLASSES,
            ),
        ],
        "initialization": initialization(),
        "schedule": schedule(),
    }

    path = Path(__file__).resolve().parent / "real_mlp.json"
    with path.open("w", encoding="ascii", newline="\n") as file:
        json.dump(content, file, indent=1, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
