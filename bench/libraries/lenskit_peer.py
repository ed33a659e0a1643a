"""Matrix factorisation of LensKit. Usage: lenskit_peer.py THREADS FILE WIDTH EPOCHS.

FILE (bench/libraries/mf.ts) has the rows of training and test. BiasedMF and FunkSVD learn the labels, ImplicitMF and
FlexMF the positive rows. An epoch's time is the mean of EPOCHS; one of FunkSVD visits every row once for each feature,
and that of FlexMF is the second. The evaluation is the library's own, of ImplicitMF at 10. Prints
[{name, works: {epoch, evaluation?}}].
"""

import json
import sys

import lenskit
import pandas
from clocked import clocked
from columns import read_columns
from lenskit.als import BiasedMFScorer, ImplicitMFScorer
from lenskit.batch import recommend
from lenskit.data import ItemListCollection, UserIDKey, from_interactions_df
from lenskit.flexmf import FlexMFImplicitScorer
from lenskit.funksvd import FunkSVDScorer
from lenskit.metrics import NDCG, RunAnalysis
from lenskit.pipeline import topn_pipeline
from lenskit.training import TrainingOptions

threads, file, width, epochs = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
options = TrainingOptions(rng=1)
size = {"embedding_size": width, "epochs": epochs}


def rows_of(columns, part):
    names = {"user_id": "User", "item_id": "Item", "rating": "Label"}
    return pandas.DataFrame({column: columns[part + name] for column, name in names.items()})


def positives(rows):
    return rows[rows["rating"] > 0][["user_id", "item_id"]]


def epoch_of(scorer, data):
    """Epochs alone, without what comes before them and after."""
    trainer = scorer.create_trainer(data, options)
    return clocked(lambda: [trainer.train_epoch() for _ in range(epochs)], epochs)[1]


def second_epoch_of(scorer, data):
    """One epoch after another, in which PyTorch compiles the model."""
    trainer = scorer.create_trainer(data, options)
    trainer.train_epoch()
    return clocked(trainer.train_epoch)[1]


def evaluation_of(pipeline, test):
    """Lists for the users of the test rows, and their mean ndcg@10."""

    def evaluate():
        lists = recommend(pipeline, list(test.keys()), 10, n_jobs=threads)
        analysis = RunAnalysis()
        analysis.add_metric(NDCG(10))
        return float(analysis.measure(lists, test).list_summary().loc["NDCG@10", "mean"])

    ndcg, taken = clocked(evaluate)
    if threads > 1:
        taken["megabytes"] = None  # it is held by other processes
    return {**taken, "measures": {"ndcg@10": ndcg}}


def main():
    columns = read_columns(file)
    rated = from_interactions_df(rows_of(columns, "train"))
    liked = from_interactions_df(positives(rows_of(columns, "train")))
    test = ItemListCollection.from_df(positives(rows_of(columns, "test")), UserIDKey)
    works = {
        "ImplicitMF": {"epoch": epoch_of(ImplicitMFScorer(**size), liked)},
        "BiasedMF": {"epoch": epoch_of(BiasedMFScorer(**size), rated)},
        "FlexMF": {"epoch": second_epoch_of(FlexMFImplicitScorer(**size, batch_size=2048), liked)},
        "FunkSVD": {"epoch": clocked(lambda: FunkSVDScorer(**size).train(rated, options), epochs)[1]},
    }
    pipeline = topn_pipeline(ImplicitMFScorer(**size, user_embeddings="prefer"), n=10)
    pipeline.train(liked, options)
    works["ImplicitMF"]["evaluation"] = evaluation_of(pipeline, test)
    release = f"LensKit {lenskit.__version__}"
    print(json.dumps([{"name": f"{release} {label}", "works": work} for label, work in works.items()]))


if __name__ == "__main__":  # the processes that evaluate read this file, too
    main()
