"""A training step in PyTorch: `eager`, or `compiled` with a fused AdamW."""

import sys

import torch
from common import (
    EPSILON,
    LEARNING_RATE,
    WEIGHT_DECAY,
    batch,
    measure,
    weights,
)


def make(compiled):
    def make_step(sizes, batch_size):
        layers = []
        for weight, bias in weights(sizes):
            linear = torch.nn.Linear(*weight.shape)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight.T))
                linear.bias.copy_(torch.from_numpy(bias))
            layers += [linear, torch.nn.ReLU()]
        network = torch.nn.Sequential(*layers[:-1])
        inputs, classes = map(torch.from_numpy, batch(sizes, batch_size))
        optimizer = torch.optim.AdamW(
            network.parameters(),
            lr=LEARNING_RATE,
            weight_decay=WEIGHT_DECAY,
            eps=EPSILON,
            fused=compiled,
        )

        def loss_of():
            return torch.nn.functional.cross_entropy(network(inputs), classes)

        forward = torch.compile(loss_of) if compiled else loss_of

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = forward()
            loss.backward()
            optimizer.step()
            return loss.detach()

        return step, lambda loss: loss

    return make_step


if __name__ == "__main__":
    torch.set_num_threads(2)
    measure(make(sys.argv[1] == "compiled"))
