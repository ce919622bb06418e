"""Train peers on the splits of `suite.py`, as lines of JSON for `trainer benchmark --peers`.

    python suite_peers.py FOLDER MODELS [SEEDS] [DEVICE]

MODELS is a list of `mlp` and `boosting` (scikit-learn), `catboost`, `realmlp` and `tabm` (pytabkit), all with
their defaults; SEEDS a list such as 0,1,2, which is the default; DEVICE what pytabkit computes on, `cpu` (the default)
or `cuda`. Needs pandas, scikit-learn, and what the models need. What has been trained is not trained again if the lines go to the end of the same file:

    python suite_peers.py FOLDER catboost,tabm >> FOLDER/peers.jsonl
"""

import json
import sys
import time
import tomllib
import warnings
from pathlib import Path

from compare import boosting, encoder, scikit_learn

CLASSES = "classification"


def catboost(task, seed):
    from catboost import CatBoostClassifier, CatBoostRegressor
    from sklearn.pipeline import make_pipeline

    kind = CatBoostClassifier if task == CLASSES else CatBoostRegressor
    model = kind(
        random_seed=seed, verbose=0, thread_count=2, allow_writing_files=False
    )
    return make_pipeline(encoder(ordinal=True), model)


def pytabkit(name, device):
    def model(task, seed):
        import pytabkit

        kind = "Classifier" if task == CLASSES else "Regressor"
        make = getattr(pytabkit, f"{name}_{kind}")
        return make(random_state=seed, device=device, n_threads=2)

    return model


def peers(device):
    """Return what makes each model."""
    return {
        "mlp": scikit_learn,
        "boosting": boosting,
        "catboost": catboost,
        "realmlp": pytabkit("RealMLP_TD", device),
        "tabm": pytabkit("TabM_D", device),
    }


def filled(features, train):
    """Return features as pytabkit takes them: it refuses missing numbers."""
    import pandas as pd

    features = features.copy()
    for name in features:
        if pd.api.types.is_numeric_dtype(features[name]):
            features[name] = features[name].fillna(train[name].median())
        else:
            features[name] = features[name].fillna("missing").astype("category")
    return features


def measure(dataset, folder, name, seed, make):
    """Train a model, predict the test rows and return the result."""
    import numpy as np
    import pandas as pd
    from sklearn.metrics import log_loss, roc_auc_score

    files = [dataset[part].replace("{seed}", str(seed)) for part in ("path", "test")]
    train, test = (pd.read_csv(folder / file) for file in files)
    targets, truth = (part.pop(dataset["target"]) for part in (train, test))
    task = dataset["task"]
    if task == CLASSES:
        classes = sorted(targets.unique())
        targets, truth = (part.map(classes.index) for part in (targets, truth))
    if name in ("realmlp", "tabm"):
        test, train = filled(test, train), filled(train, train)
    model = make(task, seed)
    start = time.perf_counter()
    model.fit(train, targets.to_numpy())
    fitted = time.perf_counter()
    predicted = np.asarray(model.predict(test)).ravel()
    seconds = {
        "fit_s": round(fitted - start, 2),
        "predict_s": round(time.perf_counter() - fitted, 3),
    }
    truth = truth.to_numpy()
    if task == CLASSES:
        probabilities = model.predict_proba(test)
        binary = probabilities.shape[1] == 2
        scores = probabilities[:, 1] if binary else probabilities
        values = {
            "metric": "accuracy",
            "value": float((predicted == truth).mean()),
            "log_loss": float(log_loss(truth, probabilities)),
            "roc_auc": float(roc_auc_score(truth, scores, multi_class="ovr")),
        }
    else:
        error = float(np.sqrt(np.mean((predicted - truth) ** 2)))
        values = {"metric": "rmse", "value": error}
    return {"dataset": dataset["name"], "model": name, "seed": seed} | values | seconds


def main():
    warnings.filterwarnings("ignore")
    folder, models = Path(sys.argv[1]), sys.argv[2].split(",")
    seeds = sys.argv[3] if len(sys.argv) > 3 else "0,1,2"
    done, path = set(), folder / "peers.jsonl"
    if path.exists():
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        done = {(line["dataset"], line["model"], line["seed"]) for line in lines}
    suite = tomllib.loads((folder / "suite.toml").read_text())["dataset"]
    makers = peers(sys.argv[4] if len(sys.argv) > 4 else "cpu")
    for name in models:
        for seed in map(int, seeds.split(",")):
            for dataset in suite:
                if (dataset["name"], name, seed) not in done:
                    result = measure(dataset, folder, name, seed, makers[name])
                    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
