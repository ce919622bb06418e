"""What all peers of ../train_step.rs share: sizes, weights, inputs, and the measurement of time."""

import time

import numpy as np

SIZES = [
    ([2, 4, 2], 4),
    ([4, 16, 3], 32),
    ([30, 64, 2], 64),
    ([784, 128, 10], 128),
    ([784, 512, 10], 128),
    ([784, 1024, 10], 1024),
    ([100, 256, 256, 256, 2], 256),
    ([54, 512, 512, 7], 1024),
]
LEARNING_RATE = 0.001
WEIGHT_DECAY = 0.01
EPSILON = 1e-8
COMPARED_STEPS = 50
BUDGET = 2.0


def numbers(count, seed, scale):
    i = np.arange(count, dtype=np.float64)
    return (scale * np.sin(78.233 * i + 12.9898 * seed)).astype(np.float32)


def weights(sizes):
    """Return the weight (inputs by outputs) and the bias of each layer."""
    layers = []
    for i, (d_in, d_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
        scale = np.sqrt(6.0 / (d_in + d_out))
        weight = numbers(d_in * d_out, i + 1.0, scale).reshape(d_in, d_out)
        layers.append((weight, np.zeros(d_out, np.float32)))
    return layers


def batch(sizes, batch_size):
    inputs = numbers(batch_size * sizes[0], 0.0, 1.0).reshape(batch_size, sizes[0])
    classes = np.arange(batch_size) * 11 % sizes[-1]
    return inputs, classes


def measure(make_step):
    """Print a line for each size. `make_step(sizes, batch_size)` returns a function
    that takes a step and returns its loss, and a function that waits for a result."""
    for sizes, batch_size in SIZES:
        step, wait = make_step(sizes, batch_size)
        times, last = [], None
        start = time.perf_counter()
        while len(times) < COMPARED_STEPS or time.perf_counter() - start < BUDGET:
            begun = time.perf_counter()
            loss = wait(step())
            times.append(time.perf_counter() - begun)
            if len(times) == COMPARED_STEPS:
                last = float(loss)
        median = np.median(times[COMPARED_STEPS // 2 :]) * 1e6
        name = "-".join(map(str, sizes))
        print(f"{name},{batch_size},{median:.2f},{last:.5f}", flush=True)
