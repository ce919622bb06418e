"""A training step in PyTorch: `eager`, or `compiled` with a fused AdamW; on a GPU, `cuda`, or
`cuda_graphs`, which is compiled into CUDA graphs."""

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


def make(mode):
    compiled = mode in ("compiled", "cuda_graphs")
    device = "cuda" if mode.startswith("cuda") else "cpu"

    def make_step(sizes, batch_size):
        layers = []
        for weight, bias in weights(sizes):
            linear = torch.nn.Linear(*weight.shape)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight.T))
                linear.bias.copy_(torch.from_numpy(bias))
            layers += [linear, torch.nn.ReLU()]
        network = torch.nn.Sequential(*layers[:-1]).to(device)
        inputs, classes = (
            torch.from_numpy(part).to(device) for part in batch(sizes, batch_size)
        )
        optimizer = torch.optim.AdamW(
            network.parameters(),
            lr=LEARNING_RATE,
            weight_decay=WEIGHT_DECAY,
            eps=EPSILON,
            fused=compiled,
        )

        def loss_of():
            return torch.nn.functional.cross_entropy(network(inputs), classes)

        graphs = "reduce-overhead" if mode == "cuda_graphs" else None
        forward = torch.compile(loss_of, mode=graphs) if compiled else loss_of

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = forward()
            loss.backward()
            optimizer.step()
            return loss.detach()

        def wait(loss):
            if device == "cuda":
                torch.cuda.synchronize()
            return loss

        return step, wait

    return make_step


if __name__ == "__main__":
    torch.set_num_threads(2)
    measure(make(sys.argv[1]))
