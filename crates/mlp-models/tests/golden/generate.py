"""Write the golden values of this crate's tests, using PyTorch in float64.

Writes activations.json, losses.json, mlp.json and perceptron.json to the
folder of this file. Seeds are fixed and a single thread is used, so another
run on the same machine writes the same bytes; on other machines the last
digits may differ. From the root of the repository, with torch installed:

    python crates/mlp-models/tests/golden/generate.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

FOLDER = Path(__file__).resolve().parent
GENERATED_BY = f"generate.py, torch {torch.__version__.split('+')[0]}"

POINTS = [
    -20.0, -6.0, -4.5, -3.2, -2.5, -1.75, -1.3, -1.05, -0.95,
    -0.6, -0.3, -0.1, -0.01, 0.01, 0.1, 0.3, 0.6,
    0.95, 1.05, 1.3, 1.75, 2.5, 3.2, 4.5, 6.0, 20.0,
]  # fmt: skip

HIDDEN_ACTIVATIONS = {"relu": F.relu, "tanh": torch.tanh, "gelu": F.gelu}
BATCH_NORM_MOMENTUM = 0.1
EPSILON = 1e-5
LEARNING_RATE = 0.1
SMOOTHING = 0.1
KINK_MARGIN = 1e-2


def tensor(values):
    """Return the values as a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def draw(generator, *shape, scale=1.0, mean=0.0):
    """Return normal numbers rounded to three decimals."""
    numbers = torch.randn(shape, generator=generator, dtype=torch.float64)
    return (numbers * scale + mean).round(decimals=3)


def write(name, content):
    """Write the content to the named file beside this one."""
    with (FOLDER / name).open("w", encoding="ascii", newline="\n") as file:
        json.dump(
            {"generated_by": GENERATED_BY, **content},
            file,
            indent=1,
            allow_nan=False,
        )
        file.write("\n")


def heaviside(x):
    """Return 1 where x >= 0 and 0 elsewhere."""
    return (x >= 0).to(x.dtype)


def activations():
    """Return each activation function's value and derivative at POINTS."""
    functions = [
        ("sigmoid", {}, torch.sigmoid),
        ("tanh", {}, torch.tanh),
        ("relu", {}, F.relu),
        ("leaky_relu", {"slope": 0.01}, lambda x: F.leaky_relu(x, 0.01)),
        ("elu", {"alpha": 1.0}, lambda x: F.elu(x, 1.0)),
        ("selu", {}, F.selu),
        ("gelu", {}, lambda x: F.gelu(x, approximate="none")),
        ("silu", {}, F.silu),
        ("mish", {}, F.mish),
        ("softplus", {"beta": 1.0}, lambda x: F.softplus(x, beta=1.0)),
        ("identity", {}, lambda x: 1.0 * x),
    ]
    cases = []
    for name, options, function in functions:
        x = tensor(POINTS).requires_grad_()
        value = function(x)
        (derivative,) = torch.autograd.grad(value.sum(), x)
        cases.append(
            {
                "name": name,
                "options": options,
                "value": value.tolist(),
                "derivative": derivative.tolist(),
            }
        )
    x = tensor(POINTS)
    cases.append(
        {
            "name": "step",
            "options": {},
            "value": heaviside(x).tolist(),
            "derivative": (x.abs() <= 1).to(x.dtype).tolist(),
        }
    )
    return {"x": POINTS, "cases": cases}


def perceptron_criterion(output, targets):
    """Return the mean over rows of the sum over units of the penalty.

    The penalty is -t z where the unit is misclassified and 0 elsewhere.
    A unit predicts +1 where z >= 0 and -1 elsewhere; the targets are -1 or +1.
    """
    predicted = 2 * heaviside(output.detach()) - 1
    misclassified = (predicted != targets).to(output.dtype)
    return (misclassified * -targets * output).sum(dim=1).mean()


def smoothed_binary_cross_entropy(output, targets):
    """Return the binary cross-entropy with targets t (1 - a) + a / 2."""
    smoothed = targets * (1 - SMOOTHING) + SMOOTHING / 2
    return F.binary_cross_entropy_with_logits(output, smoothed)


def cross_entropy(logits, classes, weights=None, label_smoothing=0.0):
    """Return the mean cross-entropy, each row times its weight if there are any."""
    if weights is None:
        return F.cross_entropy(
            logits, classes, label_smoothing=label_smoothing
        )
    losses = F.cross_entropy(
        logits, classes, reduction="none", label_smoothing=label_smoothing
    )
    weights = tensor(weights)
    return (weights * losses).mean()


def pinball(output, targets, quantile):
    """Return the mean pinball loss."""
    error = targets - output
    return torch.maximum(quantile * error, (quantile - 1) * error).mean()


def losses():
    """Return the value and the gradient of each loss."""
    generator = torch.Generator().manual_seed(3)
    cases = []

    def add(name, loss, options, function, output, targets):
        output = output.clone().requires_grad_()
        value = function(output, targets)
        (gradient,) = torch.autograd.grad(value, output)
        cases.append(
            {
                "name": name,
                "loss": loss,
                "options": options,
                "output": output.tolist(),
                "targets": targets.tolist(),
                "value": value.item(),
                "gradient": gradient.tolist(),
            }
        )

    output = draw(generator, 5, 2)
    targets = draw(generator, 5, 2)
    residuals = (output - targets).abs()
    for kink in (0.0, 0.5, 1.0):
        if (residuals - kink).abs().min() < KINK_MARGIN:
            raise ValueError(f"a residual is too close to the kink at {kink}")
    add(
        "mean_squared_error",
        "mean_squared_error",
        {},
        F.mse_loss,
        output,
        targets,
    )
    add(
        "mean_absolute_error",
        "mean_absolute_error",
        {},
        F.l1_loss,
        output,
        targets,
    )
    for delta in (1.0, 0.5):
        add(
            f"huber_delta_{delta}",
            "huber",
            {"delta": delta},
            torch.nn.HuberLoss(delta=delta),
            output,
            targets,
        )

    for quantile in (0.5, 0.9):
        add(
            f"pinball_{quantile}",
            "pinball",
            {"quantile": quantile},
            lambda y, t, q=quantile: pinball(y, t, q),
            output,
            targets,
        )

    logits = draw(generator, 6, 4, scale=1.5)
    classes = torch.tensor([0, 3, 1, 2, 1, 0])
    weights = [0.5, 0.8, 2.0, 1.25, 2.0, 0.5]
    for name, options in (
        ("cross_entropy", {}),
        ("cross_entropy_weights", {"weights": weights}),
        ("cross_entropy_smoothing", {"label_smoothing": SMOOTHING}),
        (
            "cross_entropy_weights_smoothing",
            {"weights": weights, "label_smoothing": SMOOTHING},
        ),
    ):
        add(
            name,
            "cross_entropy",
            options,
            lambda z, t, o=options: cross_entropy(z, t, **o),
            logits,
            classes,
        )

    one_unit = draw(generator, 6, 1, scale=2.0)
    one_unit_targets = tensor([[1], [0], [0], [1], [1], [0]])
    one_hot = F.one_hot(torch.tensor([0, 2, 1, 1, 0, 2]), 3).to(torch.float64)
    binary = "binary_cross_entropy"
    add(
        "binary_cross_entropy_one_unit",
        binary,
        {},
        F.binary_cross_entropy_with_logits,
        one_unit,
        one_unit_targets,
    )
    add(
        "binary_cross_entropy_multi_unit",
        binary,
        {},
        F.binary_cross_entropy_with_logits,
        draw(generator, 6, 3, scale=2.0),
        one_hot,
    )
    add(
        "binary_cross_entropy_one_unit_smoothing",
        binary,
        {"label_smoothing": SMOOTHING},
        smoothed_binary_cross_entropy,
        one_unit,
        one_unit_targets,
    )

    add(
        "perceptron_criterion_one_unit",
        "perceptron_criterion",
        {},
        perceptron_criterion,
        tensor([[0.75], [-1.5], [0.0], [2.25], [-0.375], [0.0]]),
        tensor([[1], [1], [-1], [-1], [-1], [1]]),
    )
    add(
        "perceptron_criterion_multi_unit",
        "perceptron_criterion",
        {},
        perceptron_criterion,
        draw(generator, 6, 3),
        2 * one_hot - 1,
    )
    return {"cases": cases}


def draw_parameters(generator, sizes, normalization):
    """Return one mapping for each hidden layer, then the output layer's."""
    layers = []
    for d_in, d_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers.append(
            {
                "weight": draw(generator, d_in, d_out, scale=0.7),
                "bias": draw(generator, d_out, scale=0.3),
            }
        )
    for layer in layers[:-1]:
        if normalization != "none":
            d_out = layer["bias"].numel()
            layer["gamma"] = draw(generator, d_out, scale=0.2, mean=1.0)
            layer["beta"] = draw(generator, d_out, scale=0.3)
    for layer in layers:
        for parameter in layer.values():
            parameter.requires_grad_()
    return layers


def forward(layers, running, x, activation, normalization, training):
    """Return the logits; batch normalisation in training updates `running`."""
    for layer, statistics in zip(layers[:-1], running, strict=True):
        x = F.linear(x, layer["weight"].T, layer["bias"])
        if normalization == "layer":
            x = F.layer_norm(
                x, x.shape[1:], layer["gamma"], layer["beta"], EPSILON
            )
        elif normalization == "batch":
            x = F.batch_norm(
                x,
                statistics["running_mean"],
                statistics["running_var"],
                layer["gamma"],
                layer["beta"],
                training,
                BATCH_NORM_MOMENTUM,
                EPSILON,
            )
        if activation == "relu" and x.abs().min() < KINK_MARGIN:
            raise ValueError("a net input is too close to the kink of relu")
        x = HIDDEN_ACTIVATIONS[activation](x)
    return F.linear(x, layers[-1]["weight"].T, layers[-1]["bias"])


def listed(layers, read=lambda parameter: parameter.tolist()):
    """Return the layers as lists, the output separate from the hidden ones."""
    lists = [
        {name: read(parameter) for name, parameter in layer.items()}
        for layer in layers
    ]
    return {"hidden": lists[:-1], "output": lists[-1]}


def biased_running_var(running_var, rows):
    """Return the running variance for a batch variance divided by n.

    PyTorch divides by n - 1 for the running variance, which starts at 1.
    """
    batch = (running_var - (1 - BATCH_NORM_MOMENTUM)) / BATCH_NORM_MOMENTUM
    biased = batch * (rows - 1) / rows
    return (1 - BATCH_NORM_MOMENTUM) + BATCH_NORM_MOMENTUM * biased


def mlp_case(name, seed, sizes, rows, activation, normalization):
    """Return one network, its batch and the result of one training step."""
    generator = torch.Generator().manual_seed(seed)
    layers = draw_parameters(generator, sizes, normalization)
    x = draw(generator, rows, sizes[0])
    targets = torch.randint(sizes[-1], (rows,), generator=generator)
    running = [
        {
            "running_mean": torch.zeros(size, dtype=torch.float64),
            "running_var": torch.ones(size, dtype=torch.float64),
        }
        for size in sizes[1:-1]
    ]
    case = {
        "name": name,
        "d_input": sizes[0],
        "hidden_sizes": sizes[1:-1],
        "d_output": sizes[-1],
        "activation": activation,
        "normalization": normalization,
        "epsilon": EPSILON,
        "momentum": BATCH_NORM_MOMENTUM,
        "learning_rate": LEARNING_RATE,
        **listed(layers),
        "input": x.tolist(),
        "targets": targets.tolist(),
    }

    def run(statistics, training):
        return forward(
            layers, statistics, x, activation, normalization, training
        )

    logits = run(running, training=True)
    loss = F.cross_entropy(logits, targets)
    case["logits"] = logits.tolist()
    case["loss"] = loss.item()

    if normalization == "batch":
        biased = [
            {
                "running_mean": statistics["running_mean"],
                "running_var": biased_running_var(
                    statistics["running_var"], rows
                ),
            }
            for statistics in running
        ]
        case["running"] = [
            {
                "running_mean": unbiased["running_mean"].tolist(),
                "running_var": unbiased["running_var"].tolist(),
                "running_var_biased": other["running_var"].tolist(),
            }
            for unbiased, other in zip(running, biased, strict=True)
        ]
        case["eval_logits"] = run(running, training=False).tolist()
        case["eval_logits_biased"] = run(biased, training=False).tolist()

    parameters = [
        parameter for layer in layers for parameter in layer.values()
    ]
    optimizer = torch.optim.SGD(parameters, lr=LEARNING_RATE)
    loss.backward()
    case["gradients"] = listed(
        layers, lambda parameter: parameter.grad.tolist()
    )
    optimizer.step()
    case["after_sgd"] = listed(layers)
    return case


def mlp():
    """Return the networks."""
    return {
        "cases": [
            mlp_case("relu", 11, [3, 5, 4, 2], 6, "relu", "none"),
            mlp_case("tanh", 12, [4, 6, 3], 5, "tanh", "none"),
            mlp_case("gelu_layer_norm", 13, [3, 5, 4, 2], 7, "gelu", "layer"),
            mlp_case("relu_batch_norm", 14, [3, 5, 2], 6, "relu", "batch"),
            mlp_case("no_hidden_layer", 15, [4, 3], 6, "identity", "none"),
        ]
    }


def perceptron():
    """Return one unit with net input x w - threshold and its training."""
    weight = tensor([[0.5], [-1.25], [0.75]])
    threshold = tensor([0.25])
    x = tensor(
        [
            [0.5, 0.0, 0.0],
            [1.0, 1.0, 1.0],
            [-0.5, -1.5, 0.25],
            [2.0, -0.5, 1.75],
            [0.0, 0.25, -1.0],
            [-1.25, 0.5, 0.5],
        ]
    )
    positive = tensor([[1], [0], [1], [0], [0], [1]])

    def net_input(w, theta):
        return x @ w - theta

    def trained(targets, function):
        w = weight.clone().requires_grad_()
        theta = threshold.clone().requires_grad_()
        loss = function(net_input(w, theta), targets)
        gradients = torch.autograd.grad(loss, (w, theta))
        return {
            "targets": targets.tolist(),
            "loss": loss.item(),
            "gradients": {
                "weight": gradients[0].tolist(),
                "threshold": gradients[1].tolist(),
            },
        }

    z = net_input(weight, threshold)
    return {
        "weight": weight.tolist(),
        "threshold": threshold.tolist(),
        "input": x.tolist(),
        "net_input": z.tolist(),
        "outputs": {
            "step": heaviside(z).tolist(),
            "sigmoid": torch.sigmoid(z).tolist(),
            "identity": z.tolist(),
        },
        "logistic": trained(positive, F.binary_cross_entropy_with_logits),
        "adaline": trained(2 * positive - 1, F.mse_loss),
    }


def main():
    torch.set_num_threads(1)
    write("activations.json", activations())
    write("losses.json", losses())
    write("mlp.json", mlp())
    write("perceptron.json", perceptron())


if __name__ == "__main__":
    main()
