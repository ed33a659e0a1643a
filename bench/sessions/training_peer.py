"""GRU4Rec trained in PyTorch until validation is good enough. Usage: training_peer.py THREADS FILE TARGET EPOCHS BATCH RATE.

FILE (bench/sessions/whole-training.ts) has the parameters to start from, training rows and validation rows. Full softmax, Adam, a
validation of ndcg@10 over all items after every epoch, which the clock counts. Prints {version, seconds, processorSeconds, ndcgs,
megabytes}; the last of ndcgs is the first that reaches TARGET, unless EPOCHS came first.
"""

import json
import struct
import sys
import time

import torch
import torch.nn.functional as F
from peak_memory import peak_megabytes

threads, epochs, batch_size = int(sys.argv[1]), int(sys.argv[4]), int(sys.argv[5])
target, rate = float(sys.argv[3]), float(sys.argv[6])
torch.set_num_threads(threads)
torch.manual_seed(1)


def read(path):
    """A safetensors file as a dictionary of tensors."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), bytearray(file.read())
    types = {"F32": torch.float32, "I32": torch.int32}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = torch.frombuffer(data[begin:end], dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return {name: x.long() if x.dtype == torch.int32 else x for name, x in tensors.items()}


data = read(sys.argv[2])
tokens, labels = data["trainTokens"], data["trainTargets"] + 1  # class 0 is padding
width = data["itemEmbedding"].shape[1]
embedding = torch.nn.Embedding.from_pretrained(data["itemEmbedding"], freeze=False, padding_idx=0)
gru = torch.nn.GRU(width, width, batch_first=True)
output = torch.nn.Linear(width, data["outputWeight"].shape[0])
with torch.no_grad():
    embedding.weight[0] = 0
    gru.weight_ih_l0.copy_(data["inputWeight"].T)
    gru.weight_hh_l0.copy_(data["stateWeight"].T)
    gru.bias_ih_l0.copy_(data["inputBias"])
    gru.bias_hh_l0.copy_(data["stateBias"])
    output.weight.copy_(data["outputWeight"])
    output.bias.copy_(data["outputBias"])
optimizer = torch.optim.Adam([*embedding.parameters(), *gru.parameters(), *output.parameters()], lr=rate)


def scores(rows):
    return output(gru(embedding(rows))[0][:, -1])


def train():
    for chosen in torch.randperm(len(labels)).split(batch_size):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(scores(tokens[chosen]), labels[chosen]).backward()
        optimizer.step()


def validate():
    """The mean ndcg@10 of the targets among all items."""
    gains = []
    with torch.no_grad():
        for rows, wanted in zip(data["validTokens"].split(1000), data["validTargets"].split(1000)):
            found = scores(rows)[:, 1:]
            rank = 1 + (found > found.gather(1, wanted[:, None])).sum(1)
            gains.append(torch.where(rank <= 10, 1 / torch.log2(rank + 1.0), 0.0))
    return torch.cat(gains).mean().item()


start, processor = time.perf_counter(), time.process_time()
ndcgs = []
while len(ndcgs) < epochs and not (ndcgs and ndcgs[-1] >= target):
    train()
    ndcgs.append(validate())
seconds = {"seconds": time.perf_counter() - start, "processorSeconds": time.process_time() - processor}
print(json.dumps({"version": torch.__version__, **seconds, "ndcgs": ndcgs, "megabytes": peak_megabytes()}))
