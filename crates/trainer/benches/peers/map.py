"""MiniSom on the rows of ../map.rs: the time of 20,000 updates, and the errors of the trained map.

    pip install minisom
    python map.py
"""

import time

import numpy as np
from minisom import MiniSom

NUM_ROWS, WIDTH, NUM_RUNS = 20_000, 16, 5


def rows():
    i = np.arange(NUM_ROWS * WIDTH)
    row, column = i // WIDTH, i % WIDTH
    centre = np.sin(78.233 * ((row % 20) * WIDTH + column))
    return (2 * centre + np.sin(12.9898 * i)).reshape(NUM_ROWS, WIDTH)


def main():
    data = rows()
    for _ in range(NUM_RUNS):
        begun = time.perf_counter()
        som = MiniSom(10, 10, WIDTH, random_seed=0)
        som.random_weights_init(data)
        som.train_random(data, NUM_ROWS)
        seconds = time.perf_counter() - begun
        errors = som.quantization_error(data), som.topographic_error(data)
        print(f"{seconds:.4f} s, quantization error {errors[0]:.4f}, topographic error {errors[1]:.4f}")


if __name__ == "__main__":
    main()
