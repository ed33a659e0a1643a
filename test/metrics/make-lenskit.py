"""Writes lenskit.json: lists made up here, and what LensKit measures of them.

    python3 -m venv VENV && VENV/bin/pip install lenskit==2025.8.1
    VENV/bin/python test/metrics/make-lenskit.py > test/metrics/lenskit.json
"""

import json
import warnings
from importlib.metadata import version

import numpy as np
from lenskit.data import ItemList
from lenskit.metrics.ranking import (
    NDCG,
    AveragePrecision,
    ExposureGini,
    GeometricRankWeight,
    Hit,
    ListGini,
    LogRankWeight,
    Precision,
    Recall,
    RecipRank,
)
from lenskit.stats import gini

warnings.simplefilter("ignore")
rng = np.random.default_rng(21)
ITEMS = 23
CUTOFFS = [1, 2, 3, 5, 10, 23]


def metrics(k):
    return {
        "precision": Precision(k),
        "recall": Recall(k),
        "hit": Hit(k),
        "map": AveragePrecision(k),
        "mrr": RecipRank(k),
        "ndcg": NDCG(k),
        "ndcg, log2(1 + rank)": NDCG(k, weight=LogRankWeight(offset=1)),
    }


def make_lists():
    """Lists of several lengths, full, short and empty, with one to twelve right items."""
    lengths = [ITEMS, 10, 5, 3, 1, 0] + [int(n) for n in rng.integers(1, ITEMS + 1, 14)]
    lists = [rng.permutation(ITEMS)[:n].tolist() for n in lengths]
    relevant = [rng.permutation(ITEMS)[: int(rng.integers(1, 13))].tolist() for _ in lengths]
    return lists, relevant


def aggregate(metric, lists):
    return metric.global_aggregate([metric.compute_list_data(one, None) for one in lists])


def exposure(lists, k):
    """LensKit's weights and its gini in 64 bits: its ExposureGini adds in 32."""
    amounts = np.zeros(ITEMS)
    for items in lists:
        cut = items[:k]
        amounts[cut] += GeometricRankWeight(0.85).weight(np.arange(1, len(cut) + 1))
    return gini(amounts)


def number(value):
    return None if np.isnan(value) else float(value)


lists, relevant = make_lists()
recommended = [ItemList(item_ids=np.array(one, dtype=np.int64), ordered=True) for one in lists]
truths = [ItemList(item_ids=np.array(one, dtype=np.int64)) for one in relevant]
filled = [one for one in recommended if len(one) > 0]  # pyarrow cannot join an empty one
values = {
    f"{name}@{k}": [number(metric.measure_list(r, t)) for r, t in zip(recommended, truths)]
    for k in CUTOFFS
    for name, metric in metrics(k).items()
}
spread = {
    str(k): {
        "ListGini": float(aggregate(ListGini(k, items=ITEMS), filled)),
        "ExposureGini": float(aggregate(ExposureGini(k, items=ITEMS), filled)),
        "gini of exposures": float(exposure(lists, k)),
    }
    for k in CUTOFFS
}
made = {
    "lenskit": version("lenskit"),
    "itemCount": ITEMS,
    "cutoffs": CUTOFFS,
    "lists": lists,
    "relevant": relevant,
    "values": values,
    "spread": spread,
}
print(json.dumps(made))
