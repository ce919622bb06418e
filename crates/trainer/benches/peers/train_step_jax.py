"""A training step in JAX, compiled by `jit`, with donated buffers."""

import jax
import jax.numpy as jnp
from common import (
    EPSILON,
    LEARNING_RATE,
    WEIGHT_DECAY,
    batch,
    measure,
    weights,
)


def loss_of(layers, inputs, classes):
    *hidden, (weight, bias) = layers
    for hidden_weight, hidden_bias in hidden:
        inputs = jax.nn.relu(inputs @ hidden_weight + hidden_bias)
    logits = jax.nn.log_softmax(inputs @ weight + bias)
    return -jnp.take_along_axis(logits, classes[:, None], axis=1).mean()


def adamw(parameter, gradient, m, v, time):
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    delta = (m / (1 - 0.9**time)) / (jnp.sqrt(v / (1 - 0.999**time)) + EPSILON)
    parameter = parameter * (1 - LEARNING_RATE * WEIGHT_DECAY)
    return parameter - LEARNING_RATE * delta, m, v


def train(state, inputs, classes):
    layers, moments_1, moments_2, time = state
    loss, gradients = jax.value_and_grad(loss_of)(layers, inputs, classes)
    time = time + 1
    updated = jax.tree.map(
        lambda p, g, m, v: adamw(p, g, m, v, time),
        layers,
        gradients,
        moments_1,
        moments_2,
    )
    parts = [
        jax.tree.map(lambda leaf, i=i: leaf[i], updated, is_leaf=is_triple)
        for i in range(3)
    ]
    return (*parts, time), loss


def is_triple(leaf):
    return isinstance(leaf, tuple) and len(leaf) == 3


def make_step(sizes, batch_size):
    layers = jax.tree.map(jnp.asarray, weights(sizes))
    zeros = jax.tree.map(jnp.zeros_like, layers)
    state = [(layers, zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0))]
    inputs, classes = map(jnp.asarray, batch(sizes, batch_size))
    compiled = jax.jit(train, donate_argnums=0)

    def step():
        state[0], loss = compiled(state[0], inputs, classes)
        return loss

    return step, lambda loss: loss.block_until_ready()


if __name__ == "__main__":
    measure(make_step)
