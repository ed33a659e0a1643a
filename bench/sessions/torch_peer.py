"""The same work as bench/sessions/rows.ts in PyTorch. Usage: torch_peer.py THREADS NAME…; prints {version, ms: {NAME: least}, megabytes: peak}."""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from peak_memory import peak_megabytes

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)

items, batch, length, width = 12_101, 256, 10, 64


def least(step, seconds=4.0):
    """The least time of one step, in milliseconds: three to warm up, then for so many seconds, five times at least."""
    for _ in range(3):
        step()
    times, start = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    return 1000 * min(times)


class Gru4Rec(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(items + 1, width, padding_idx=0)
        self.gru = nn.GRU(width, width, batch_first=True)
        self.output = nn.Linear(width, items + 1)

    def forward(self, tokens):
        return self.gru(self.items(tokens))[0]


class SasRec(nn.Module):
    def __init__(self, dropout=0.5):
        super().__init__()
        self.items = nn.Embedding(items + 1, width, padding_idx=0)
        self.positions = nn.Embedding(length, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width, eps=1e-8) for _ in range(5))
        self.linears = nn.ModuleList(nn.Linear(width, width) for _ in range(12))
        self.drop = nn.Dropout(dropout)
        self.output = nn.Linear(width, items + 1)
        self.register_buffer("later", torch.ones(length, length, dtype=torch.bool).triu(1))

    def forward(self, tokens):
        real = (tokens != 0).unsqueeze(-1).float()
        h = self.drop(self.items(tokens) * math.sqrt(width) + self.positions.weight) * real
        for n in range(2):
            to_query, to_key, to_value, mix, inner, outer = self.linears[6 * n : 6 * n + 6]
            query = self.norms[2 * n](h)
            scores = to_query(query) @ to_key(h).transpose(1, 2) / math.sqrt(width)
            weights = self.drop(torch.softmax(scores.masked_fill(self.later, -1e9), -1))
            h = self.norms[2 * n + 1](query + mix(weights @ to_value(h)))
            h = (h + self.drop(outer(F.relu(self.drop(inner(h)))))) * real
        return self.norms[4](h)


class Bert4Rec(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(items + 2, width, padding_idx=0)
        self.positions = nn.Embedding(length, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(4))
        self.linears = nn.ModuleList(nn.Linear(width, width) for _ in range(8))
        self.inner = nn.ModuleList(nn.Linear(width, 256) for _ in range(2))
        self.outer = nn.ModuleList(nn.Linear(256, width) for _ in range(2))
        self.drop = nn.Dropout(0.2)
        self.output = nn.Linear(width, items + 1)

    def forward(self, tokens):
        padding = (tokens == 0)[:, None, None, :]
        split = lambda x: x.reshape(-1, length, 4, 16).transpose(1, 2)
        h = self.drop(self.items(tokens) + self.positions.weight)
        for n in range(2):
            to_query, to_key, to_value, mix = self.linears[4 * n : 4 * n + 4]
            x = self.norms[2 * n](h)
            scores = split(to_query(x)) @ split(to_key(x)).transpose(2, 3) / 4
            mixed = torch.softmax(scores.masked_fill(padding, -1e9), -1) @ split(to_value(x))
            h = h + mix(mixed.transpose(1, 2).reshape(-1, length, width))
            h = h + self.outer[n](gelu(self.inner[n](self.norms[2 * n + 1](h))))
        return h


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def some_tokens():
    """Prefixes of sessions of 25: most rows are full."""
    tokens = torch.randint(1, items + 1, (batch, length))
    for row in range(batch):
        tokens[row, : max(0, length - 1 - row % 24)] = 0
    return tokens


def training_step(model, masked=False):
    tokens = some_tokens()
    optimizer = torch.optim.Adam(model.parameters())
    wanted = (tokens != 0) & (torch.rand(tokens.shape) < 0.3) if masked else torch.zeros_like(tokens, dtype=torch.bool)
    if not masked:
        wanted[:, -1] = True
    labels = torch.randint(1, items + 1, (int(wanted.sum()),))

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model.output(model(tokens)[wanted]), labels).backward()
        optimizer.step()

    return step


def ranking():
    model, tokens = Gru4Rec(), some_tokens()

    def step():
        with torch.no_grad():
            model.output(model(tokens)[:, -1]).topk(50)

    return step


work = {
    "gru4rec-step": lambda: training_step(Gru4Rec()),
    "sasrec-step": lambda: training_step(SasRec()),
    "bert4rec-step": lambda: training_step(Bert4Rec(), masked=True),
    "session-ranking": ranking,
}
milliseconds = {name: least(work[name]()) for name in sys.argv[2:]}
print(json.dumps({"version": torch.__version__, "ms": milliseconds, "megabytes": peak_megabytes()}))
