"""Matrix factorisation of `implicit`: ALS and BPR. Usage: implicit_peer.py THREADS FILE WIDTH EPOCHS.

FILE (bench/libraries/mf.ts) has the rows of training and test. Both learn from the positive rows. An epoch's time is
the mean of EPOCHS within one fit. The evaluation is the library's own, at 10.
Prints [{name, works: {epoch, evaluation}}].
"""

import json
import sys

import implicit
import numpy
from clocked import clocked
from columns import read_columns
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from implicit.evaluation import ranking_metrics_at_k
from scipy.sparse import csr_matrix

threads, file, width, epochs = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
columns = read_columns(file)


def matrix(part):
    """The positive rows of a part as users by items."""
    chosen = columns[f"{part}Label"] > 0
    places = (columns[f"{part}User"][chosen], columns[f"{part}Item"][chosen])
    return csr_matrix((numpy.ones(chosen.sum(), numpy.float32), places), shape=tuple(columns["counts"]))


train, test = matrix("train"), matrix("test")
reports = []
for label, kind in {"ALS": AlternatingLeastSquares, "BPR": BayesianPersonalizedRanking}.items():
    model = kind(factors=width, iterations=epochs, num_threads=threads, random_state=1)
    _, epoch = clocked(lambda: model.fit(train, show_progress=False), epochs)
    found, evaluation = clocked(
        lambda: ranking_metrics_at_k(model, train, test, K=10, show_progress=False, num_threads=threads)
    )
    evaluation["measures"] = {"ndcg@10": found["ndcg"]}
    works = {"epoch": epoch, "evaluation": evaluation}
    reports.append({"name": f"implicit {implicit.__version__} {label}", "works": works})
print(json.dumps(reports))
