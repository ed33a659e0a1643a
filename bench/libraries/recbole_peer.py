"""An epoch and an evaluation of RecBole by its own loaders. Usage: recbole_peer.py THREADS FOLDER MODEL JSON.

FOLDER (bench/libraries/recbole-files.ts) has the dataset "sessions" in RecBole's files, split already. JSON is what the
configuration says of the model and its training. Prints [{name, works: {epoch, evaluation}}]. RecBole logs and leaves
folders where it runs, so that is FOLDER.
"""

import json
import os
import sys

threads, folder, model_name, settings = int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
sys.argv = sys.argv[:1]  # RecBole reads what stands here as its configuration

import recbole
import torch
from clocked import clocked
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.utils import get_model, get_trainer, init_seed

torch.set_num_threads(threads)
os.chdir(folder)
config = Config(
    model=model_name,
    dataset="sessions",
    config_dict={
        "data_path": folder,
        "checkpoint_dir": folder,
        "use_gpu": False,
        "show_progress": False,
        "benchmark_filename": ["train", "valid", "test"],
        "USER_ID_FIELD": "session_id",
        "alias_of_item_id": ["item_id_list"],
        "load_col": {"inter": ["session_id", "item_id_list", "item_id"], "item": ["item_id"]},
        "train_neg_sample_args": None,
        "metrics": ["Recall", "MRR", "NDCG"],
        "topk": [10, 20],
        "valid_metric": "NDCG@10",
        "epochs": 1,
        **settings,
    },
)
init_seed(config["seed"], config["reproducibility"])
train, _, test = data_preparation(config, create_dataset(config))
trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, get_model(model_name)(config, train.dataset))
_, epoch = clocked(lambda: trainer.fit(train, saved=False, verbose=False))
found, evaluation = clocked(lambda: trainer.evaluate(test, load_best_model=False))
evaluation["measures"] = {"recall@20": found["recall@20"]}
name = f"RecBole {recbole.__version__} on PyTorch {torch.__version__}"
print(json.dumps([{"name": name, "works": {"epoch": epoch, "evaluation": evaluation}}], default=float))
