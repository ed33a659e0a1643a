"""The same work as bench/engine/rows.ts in PyTorch. Usage: torch_peer.py THREADS NAME…; prints {version, ms: {NAME: least}, megabytes: peak}."""

import json
import sys
import time

import torch
import torch.nn.functional as F
from peak_memory import peak_megabytes

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def least(step, seconds=1.0):
    """The least time of one step, in milliseconds: three to warm up, then for so many seconds, five times at least."""
    for _ in range(3):
        step()
    times, start = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    return 1000 * min(times)


def mf_step():
    p, q = (torch.nn.Parameter(0.1 * torch.randn(rows, 48)) for rows in (25_000, 15_000))
    user, item = torch.randint(25_000, (2048,)), torch.randint(15_000, (2048,))
    label = torch.randint(2, (2048,)).float()
    optimizer = torch.optim.Adam([p, q])

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.binary_cross_entropy_with_logits((p[user] * q[item]).sum(1), label).backward()
        optimizer.step()

    return step


def mf_hvp():
    p, q = (0.1 * torch.randn(rows, 48) for rows in (6040, 3706))
    p.requires_grad_(), q.requires_grad_()
    user, item = torch.randint(6040, (300_000,)).sort()[0], torch.randint(3706, (300_000,))
    label = torch.randint(2, (300_000,)).float()
    loss = F.binary_cross_entropy_with_logits((p[user] * q[item]).sum(1), label, reduction="sum")
    gradient = torch.autograd.grad(loss, (p, q), create_graph=True)
    direction = torch.randn_like(p), torch.randn_like(q)
    return lambda: torch.autograd.grad(gradient, (p, q), direction, retain_graph=True)


def graph():
    rows, columns = torch.randint(9746, (600_000,)).sort()[0], torch.randint(9746, (600_000,))
    return torch.sparse_coo_tensor(torch.stack([rows, columns]), torch.rand(600_000) / 60, (9746, 9746)).coalesce()


def spmm():
    matrix = graph()
    dense = torch.randn(9746, 48)
    csr = matrix.to_sparse_csr()
    ways = [lambda: torch.sparse.mm(matrix, dense), lambda: csr @ dense]
    return min(ways, key=lambda way: least(way, 0.3))


def lightgcn_step():
    matrix = graph()
    ways = [lightgcn_step_over(form) for form in (matrix, matrix.to_sparse_csr())]
    return min(ways, key=lambda way: least(way, 0.3))


def lightgcn_step_over(matrix):
    embedding = torch.nn.Parameter(0.1 * torch.randn(9746, 48))
    user, item = torch.randint(6040, (2048,)), torch.randint(6040, 9746, (2048,))
    label = torch.randint(2, (2048,)).float()
    optimizer = torch.optim.Adam([embedding])

    def step():
        optimizer.zero_grad(set_to_none=True)
        first = torch.sparse.mm(matrix, embedding)
        encoded = (embedding + first + torch.sparse.mm(matrix, first)) / 3
        F.binary_cross_entropy_with_logits((encoded[user] * encoded[item]).sum(1), label).backward()
        optimizer.step()

    return step


def gemm(size):
    a, b = torch.randn(size, size), torch.randn(size, size)
    return lambda: a @ b


def gru_step():
    items, width, batch, length = 3500, 64, 256, 20
    embedding = torch.nn.Embedding(items, width)
    gru = torch.nn.GRU(width, width, batch_first=False)
    sequence, target = torch.randint(items, (length, batch)), torch.randint(items, (batch,))
    parameters = [*embedding.parameters(), *gru.parameters()]
    optimizer = torch.optim.Adam(parameters)

    def step():
        optimizer.zero_grad(set_to_none=True)
        states, _ = gru(embedding(sequence))
        F.cross_entropy(states[-1] @ embedding.weight.T, target).backward()
        optimizer.step()

    return step


def softmax_cross_entropy():
    logits, target = torch.randn(256, 12_000, requires_grad=True), torch.randint(12_000, (256,))
    return lambda: torch.autograd.grad(F.cross_entropy(logits, target), logits)


def layer_norm():
    x, gain, bias = torch.randn(6400, 64, requires_grad=True), torch.ones(64, requires_grad=True), torch.zeros(64, requires_grad=True)
    gradient = torch.randn(6400, 64)
    return lambda: torch.autograd.grad(F.layer_norm(x, (64,), gain, bias), (x, gain, bias), gradient)


def column_sum():
    x = torch.randn(5120, 192)
    return lambda: x.sum(0)


def top_k():
    x = torch.randn(256, 12_000)
    return lambda: x.topk(20)


def segment_sum():
    values, ids = torch.randn(40_960, 64), torch.randint(12_000, (40_960,))
    return lambda: torch.zeros(12_000, 64).index_add_(0, ids, values)


def adam():
    parameter = torch.nn.Parameter(torch.randn(1_440_000))
    parameter.grad = torch.randn(1_440_000)
    optimizer = torch.optim.Adam([parameter])
    return optimizer.step


work = {
    "mf-step": mf_step,
    "mf-hvp": mf_hvp,
    "spmm": spmm,
    "lightgcn-step": lightgcn_step,
    "gemm-256": lambda: gemm(256),
    "gemm-512": lambda: gemm(512),
    "gemm-1024": lambda: gemm(1024),
    "gru-step": gru_step,
    "softmax-cross-entropy": softmax_cross_entropy,
    "layer-norm": layer_norm,
    "column-sum": column_sum,
    "top-k": top_k,
    "segment-sum": segment_sum,
    "adam": adam,
}
milliseconds = {name: least(work[name]()) for name in sys.argv[2:]}
print(json.dumps({"version": torch.__version__, "ms": milliseconds, "megabytes": peak_megabytes()}))
