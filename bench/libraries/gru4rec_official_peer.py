"""An epoch and an evaluation of GRU4Rec by its author. Usage: gru4rec_official_peer.py THREADS FOLDER FILE WIDTH BATCH.

FOLDER is a checkout of GRU4Rec_PyTorch_Official. FILE (bench/libraries/official-gru4rec.ts) has the sessions
of training and test as columns.
Prints [{name, works: {epoch, evaluation}}]. The clock of the epoch begins once the store of ten
million negative samples is drawn, as the clock of the release does.
"""

import contextlib
import io
import json
import sys
import time

threads, folder, file, width, batch_size = int(sys.argv[1]), *sys.argv[2:4], *map(int, sys.argv[4:6])
sys.path.insert(0, folder)

import pandas
import torch
from clocked import clocked, processor_seconds, taken
from columns import read_columns
from evaluation import batch_eval
from gru4rec_pytorch import GRU4Rec

torch.set_num_threads(threads)
torch.manual_seed(1)
columns = read_columns(file)


def frame(part):
    """The release's columns. A session's time is its number, an event's its place in the file."""
    session, item = columns[f"{part}Session"], columns[f"{part}Item"]
    return pandas.DataFrame({"SessionId": session, "ItemId": item, "Time": range(len(item))})


class Clock(io.TextIOBase):
    """Stands for the output of the release, and notes when it says that the samples are drawn and the epoch is over."""

    def __init__(self):
        self.marks = {}

    def write(self, text):
        for said in ("Created sample store", "Epoch1 "):
            if said in text:
                self.marks[said] = (time.perf_counter(), processor_seconds())
        return len(text)

    def between(self):
        (first, first_processor), (last, last_processor) = self.marks["Created sample store"], self.marks["Epoch1 "]
        return taken(last - first, last_processor - first_processor)


network = GRU4Rec(
    layers=[width], loss="cross-entropy", batch_size=batch_size, n_sample=2048, n_epochs=1, device=torch.device("cpu")
)
clock = Clock()
with contextlib.redirect_stdout(clock):
    # In its compatibility mode the first weights are numpy's, which from numpy 2 on are of 64 bits, and that fails.
    network.fit(frame("train"), compatibility_mode=False)
    epoch = clock.between()
    (recall, _), evaluation = clocked(lambda: batch_eval(network, frame("test"), cutoff=[20], mode="standard"))
if network.error_during_train:
    raise SystemExit("the training of GRU4Rec's release met a loss that is not a number")
evaluation["measures"] = {"recall@20": float(recall[20])}
name = f"official GRU4Rec of 2023-08-24 on PyTorch {torch.__version__}"
print(json.dumps([{"name": name, "works": {"epoch": epoch, "evaluation": evaluation}}]))
