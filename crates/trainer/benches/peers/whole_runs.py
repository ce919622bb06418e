"""Time whole runs of the trainer and its peers in turn; print median times and peak memory.

    python whole_runs.py TRAINER adult.csv MNIST_DIR [ROUNDS]

where TRAINER is the release binary, and this Python has torch, scikit-learn and pandas.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER = [sys.executable, str(Path(__file__).with_name("whole_run.py"))]


def run(command):
    """The seconds, peak memory in MB and standard output of a process."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"failed: {command}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read().decode()


def in_turn(programs, rounds):
    """Print the median seconds and megabytes of each program."""
    results = {name: [] for name in programs}
    for _ in range(rounds):
        for name, command in programs.items():
            results[name].append(run(command)[:2])
    for name, values in results.items():
        seconds, memory = (statistics.median(column) for column in zip(*values, strict=True))
        print(f"{name:32} {seconds:8.3f} s {memory:8.0f} MB", flush=True)


def epochs(trainer, folder, sizes, rounds):
    """Print the seconds of an epoch: for the trainer, a twentieth of what 20 more epochs add."""
    hidden = ",".join(sizes.split("-")[1:-1])
    ours, peers = [], []
    for _ in range(rounds):
        options = ["--data-dir", folder, "--hidden", hidden, "--batch-size", "128"]
        # The first run after one of a peer waits for the system to reclaim memory.
        _, one, all_of_them = (
            run([*trainer, "train", "mnist", *options, "--epochs", str(count)])[0]
            for count in (1, 1, 21)
        )
        ours.append((all_of_them - one) / 20)
        out = run([*PEER, "torch", folder, sizes, "3"])[2]
        peers += [float(seconds) for seconds in re.findall(r"epoch ([\d.]+)", out)][1:]
    print(f"an epoch of MNIST, {sizes}: {statistics.median(ours):.3f} s, ", end="")
    print(f"PyTorch's plain loop {statistics.median(peers):.3f} s", flush=True)


def growth(trainer, folder):
    """Print the time and memory of a training epoch and of predictions by the number of rows."""
    import numpy as np

    for exponent in range(4, 8):
        rows = 10**exponent
        path, out = folder / "rows.csv", folder / "predictions.csv"
        random = np.random.default_rng(0)
        with path.open("w") as file:
            file.write(",".join(f"x{i}" for i in range(8)) + ",class\n")
            for start in range(0, rows, 100_000):
                count = min(100_000, rows - start)
                numbers = random.standard_normal((count, 8))
                classes = (numbers.sum(1) > 0).astype(int)[:, None]
                np.savetxt(file, np.hstack([numbers, classes]), fmt="%.5g", delimiter=",")
        options = ["--target", "class", "--hidden", "64,64", "--batch-size", "256"]
        run_folder = folder / f"run-{exponent}"
        times = []
        more = min(max(4, 10**7 // rows), 400)
        for count in (1, 1 + more):
            command = [*trainer, "train", str(path), *options, "--epochs", str(count)]
            command += ["--output", str(run_folder / str(count))]
            times.append(run(command)[:2])
        command = [*trainer, "predict", str(run_folder / "1"), str(path), "--output", str(out)]
        predicted = run(command)
        print(
            f"10^{exponent} rows: one epoch more {(times[1][0] - times[0][0]) / more / rows * 1e6:.2f} us a row,"
            f" whole run of one epoch {times[0][0] / rows * 1e6:.2f} us a row and {times[0][1]:.0f} MB,"
            f" predictions {predicted[0] / rows * 1e6:.2f} us a row and {predicted[1]:.0f} MB",
            flush=True,
        )
        out.unlink()
        path.unlink()


def main():
    trainer, adult, mnist, *rest = sys.argv[1:]
    trainer = [str(Path(trainer).resolve())]
    adult, mnist = str(Path(adult).resolve()), str(Path(mnist).resolve())
    rounds = int(rest[0]) if rest else 5
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        iris = [*trainer, "train", "iris", "--epochs", "100"]
        table = [*trainer, "train", adult, "--target", "class", "--epochs", "20"]
        table += ["--hidden", "64,64", "--batch-size", "128"]
        in_turn({"iris": iris, "iris, scikit-learn": [*PEER, "scikit-learn", "iris"]}, rounds)
        programs = {"adult": table}
        for peer in ("scikit-learn", "torch"):
            programs[f"adult, {peer}"] = [*PEER, peer, adult]
        in_turn(programs, rounds)
        for sizes in ("784-128-10", "784-512-10"):
            epochs(trainer, mnist, sizes, rounds)
        growth(trainer, Path(folder))


if __name__ == "__main__":
    main()
