"""Card transactions, made up from a seed: the same on every machine."""

import numpy as np

FEATURES = ("amount", "hour", "km_from_home", "abroad", "purchases_last_hour")


def make(count, seed):
    """Returns (features, fraud): `count` rows and a 0 or 1 for each."""
    random = np.random.default_rng(seed)
    fraud = (random.random(count) < 0.04).astype(int)
    amount = random.lognormal(3.2, 0.9, count) * np.where(fraud, 6.0, 1.0)
    hour = np.where(fraud, random.normal(3, 2.5, count), random.normal(14, 4, count)) % 24
    distance = random.exponential(np.where(fraud, 900.0, 15.0))
    abroad = random.random(count) < np.where(fraud, 0.6, 0.05)
    recent = random.poisson(np.where(fraud, 5.0, 0.6))
    return np.column_stack([amount, hour, distance, abroad, recent]), fraud
