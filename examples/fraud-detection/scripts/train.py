"""Trains the fraud model and leaves it in /app/data, where a volume keeps it."""

import os
import time
from pathlib import Path

import joblib
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import train_test_split

import transactions

DATA = Path("/app/data")


def main():
    start = time.time()
    features, fraud = transactions.make(count=20_000, seed=7)
    print(f"transactions: {len(fraud)}, of them fraud: {fraud.sum()}", flush=True)
    train_x, test_x, train_y, test_y = train_test_split(
        features, fraud, test_size=0.25, random_state=7, stratify=fraud
    )
    model = GradientBoostingClassifier(n_estimators=10, warm_start=True, random_state=7)
    for trees in range(10, 51, 10):
        model.set_params(n_estimators=trees)
        model.fit(train_x, train_y)
        score = roc_auc_score(test_y, model.predict_proba(test_x)[:, 1])
        print(f"{trees:3d} trees: ROC AUC {score:.4f}", flush=True)
    precision = average_precision_score(test_y, model.predict_proba(test_x)[:, 1])
    DATA.mkdir(exist_ok=True)
    unfinished = DATA / "model.joblib.new"
    joblib.dump(model, unfinished)
    os.replace(unfinished, DATA / "model.joblib")
    print(f"average precision {precision:.4f}", flush=True)
    print(f"model saved to {DATA / 'model.joblib'} after {time.time() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
