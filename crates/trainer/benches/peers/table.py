"""Print the table of `run`: the medians of all rounds in microseconds, and their ratios."""

import csv
import statistics
import sys
from collections import defaultdict
from pathlib import Path

PROGRAMS = ["burn", "torch_eager", "torch_compiled", "jax"]


def main():
    times, floors, losses = defaultdict(list), defaultdict(list), defaultdict(set)
    for program in PROGRAMS:
        with (Path(sys.argv[1]) / f"{program}.csv").open() as file:
            for name, batch, time, loss, *floor in csv.reader(file):
                times[f"{name}, {batch}", program].append(float(time))
                losses[f"{name}, {batch}"].add(round(float(loss), 3))
                if floor:
                    floors[f"{name}, {batch}"].append(float(floor[0]))
    sizes = list(dict.fromkeys(size for size, _ in times))
    print("| size, batch | " + " | ".join(PROGRAMS) + " | products | losses |")
    print("|---|" + "---:|" * (len(PROGRAMS) + 1) + "---|")
    for size in sizes:
        medians = [statistics.median(times[size, program]) for program in PROGRAMS]
        cells = [f"{medians[0]:.0f}"]
        cells += [f"{median:.0f} ({median / medians[0]:.2f}x)" for median in medians[1:]]
        share = statistics.median(floors[size]) / medians[0]
        cells.append(f"{share:.0%}")
        print(f"| {size} | " + " | ".join(cells) + f" | {sorted(losses[size])} |")


if __name__ == "__main__":
    main()
