"""The solver of IFRU's release (MF, hop 0) in PyTorch. Usage: torch_peer.py THREADS FILE LEARNING_RATE.

Adam on p from 0 for the quadratic p'Hp / 2 - g'p over the selected embeddings, H the Hessian of the mean loss of the entire training
set in one batch by double back-propagation through a graph that is kept; after every step the validation AUC of theta + p / n, the
best one kept, 11 steps of patience. What the release does beyond that (test AUC after every step, six masks, a neighbour matrix
rebuilt in every evaluation) is left out. Prints {version, seconds, products, forgetAuc, megabytes}; seconds are of the solve alone.
"""

import json
import struct
import sys
import time

import torch
import torch.nn.functional as F
from peak_memory import peak_megabytes

torch.set_num_threads(int(sys.argv[1]))
learning_rate, most_steps, patience = float(sys.argv[3]), 5000, 11


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


def auc(score, label):
    """The area under the ROC curve, ties averaged."""
    _, inverse, counts = torch.unique(score, return_inverse=True, return_counts=True)
    last = counts.cumsum(0).double()
    rank = (last - (counts - 1) / 2)[inverse]
    positive = label > 0
    ones, zeros = positive.sum().double(), (~positive).sum().double()
    return ((rank[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros)).item()


data = read(sys.argv[2])
P, Q = data["userEmbedding"].requires_grad_(), data["itemEmbedding"].requires_grad_()
user, item, label, forget = data["user"], data["item"], data["label"], data["forgetRows"]
users, items, rows = data["users"], data["items"], len(data["label"])


def score(p, q, user, item):
    return (p[user] * q[item]).sum(1)


def loss(user, item, label, reduction):
    return F.binary_cross_entropy_with_logits(score(P, Q, user, item), label, reduction=reduction)


start = time.perf_counter()
gone = torch.autograd.grad(loss(user[forget], item[forget], label[forget], "sum"), (P, Q))
g = gone[0][users], gone[1][items]
slope = torch.autograd.grad(loss(user, item, label, "mean"), (P, Q), create_graph=True)
p = [torch.nn.Parameter(torch.zeros_like(block)) for block in g]
adam = torch.optim.Adam(p, lr=learning_rate)
direction = torch.zeros_like(P), torch.zeros_like(Q)
moved = P.detach().clone(), Q.detach().clone()
best, best_step, kept = -1.0, 0, None
for step in range(1, most_steps + 1):
    direction[0][users], direction[1][items] = p[0].data, p[1].data
    product = torch.autograd.grad(slope, (P, Q), direction, retain_graph=True)
    p[0].grad, p[1].grad = product[0][users] - g[0], product[1][items] - g[1]
    adam.step()
    with torch.no_grad():
        moved[0][users], moved[1][items] = P[users] + p[0] / rows, Q[items] + p[1] / rows
        value = auc(score(*moved, data["validUser"], data["validItem"]), data["validLabel"])
    if value > best:
        best, best_step, kept = value, step, [block.detach().clone() for block in p]
    if step - best_step >= patience:
        break
seconds = time.perf_counter() - start
with torch.no_grad():
    moved[0][users], moved[1][items] = P[users] + kept[0] / rows, Q[items] + kept[1] / rows
    forgotten = auc(score(*moved, user[forget], item[forget]), data["trueLabel"][forget])
found = {"seconds": seconds, "products": step, "forgetAuc": forgotten, "megabytes": peak_megabytes()}
print(json.dumps({"version": torch.__version__, **found}))
