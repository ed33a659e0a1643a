"""Training steps in PyTorch, written apart from ours. Usage: torch_step.py [MODEL.safetensors BATCH.json]...

Prints a list with {loss, gradients, after} of each. MODEL is what SessionModel.save wrote; BATCH holds tokens
[rows, maxLength], places and classes. Dropout is left out.
"""

import json
import math
import struct
import sys

import torch
import torch.nn.functional as F


def step(model_path, batch_path):
    content = open(model_path, "rb").read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    kind, form = metadata["kind"], json.loads(metadata["options"])["options"]
    parameters = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(content[start:end]), dtype=torch.float32)
        parameters[name] = torch.nn.Parameter(values.reshape(entry["shape"]).clone())
    batch = json.load(open(batch_path))
    tokens = torch.tensor(batch["tokens"]).reshape(-1, form["maxLength"])
    rows, size = tokens.shape
    width = form["embeddingSize"]
    real = (tokens != 0).unsqueeze(-1).float()

    def linear(name, x):
        return F.linear(x, parameters[name + "Weight"].T, parameters[name + "Bias"])

    def split(x):
        return x.reshape(rows, size, form["headCount"], -1).transpose(1, 2)

    def attend(query, key, value, mask):
        scores = split(query) @ split(key).transpose(-2, -1) / math.sqrt(width / form["headCount"])
        mixed = torch.softmax(scores.masked_fill(mask, -1e9), -1) @ split(value)
        return mixed.transpose(1, 2).reshape(rows, size, width)

    def gru4rec():
        weights = [parameters["inputWeight"].T, parameters["stateWeight"].T, parameters["inputBias"], parameters["stateBias"]]
        embedded = F.embedding(tokens, parameters["itemEmbedding"], padding_idx=0)
        h, states = torch.zeros(rows, width), []
        for t in range(size):
            h = torch.gru_cell(embedded[:, t], h, *weights)
            states.append(h)
        return torch.stack(states, 1)

    def sasrec():
        def norm(name, x):
            return F.layer_norm(x, [width], parameters[name + "Gain"], parameters[name + "Bias"], 1e-8)

        h = F.embedding(tokens, parameters["itemEmbedding"], padding_idx=0) * math.sqrt(width) + parameters["positionEmbedding"]
        h = h * real
        later = torch.ones(size, size, dtype=torch.bool).triu(1)
        for n in range(form["layerCount"]):
            name = f"block{n}"
            query = norm(name + "QueryNorm", h)
            mixed = attend(linear(name + "Query", query), linear(name + "Key", h), linear(name + "Value", h), later)
            h = norm(name + "ForwardNorm", query + linear(name + "Mix", mixed))
            h = (h + linear(name + "Outer", F.relu(linear(name + "Inner", h)))) * real
        return norm("finalNorm", h)

    def bert4rec():
        def norm(name, x):
            deviation = x.std(-1, keepdim=True)  # unbiased
            return parameters[name + "Gain"] * (x - x.mean(-1, keepdim=True)) / (deviation + 1e-6) + parameters[name + "Bias"]

        h = F.embedding(tokens, parameters["itemEmbedding"], padding_idx=0) + parameters["positionEmbedding"]
        padding = (tokens == 0)[:, None, None, :]
        for n in range(form["layerCount"]):
            name = f"block{n}"
            x = norm(name + "AttentionNorm", h)
            h = h + linear(name + "Mix", attend(*(linear(name + part, x) for part in ("Query", "Key", "Value")), padding))
            inner = linear(name + "Inner", norm(name + "ForwardNorm", h))
            inner = 0.5 * inner * (1 + torch.tanh(math.sqrt(2 / math.pi) * (inner + 0.044715 * inner**3)))
            h = h + linear(name + "Outer", inner)
        return h

    optimizer = torch.optim.Adam(parameters.values(), lr=1e-3)
    states = {"gru4rec": gru4rec, "sasrec": sasrec, "bert4rec": bert4rec}[kind]().reshape(rows * size, width)
    logits = states[batch["places"]] @ parameters["outputWeight"].T + parameters["outputBias"]
    loss = F.cross_entropy(logits, torch.tensor(batch["classes"]))
    loss.backward()
    gradients = {name: value.grad.flatten().tolist() for name, value in parameters.items()}
    optimizer.step()
    after = {name: value.detach().flatten().tolist() for name, value in parameters.items()}
    return {"loss": loss.item(), "gradients": gradients, "after": after}


torch.set_num_threads(1)
print(json.dumps([step(*sys.argv[n : n + 2]) for n in range(1, len(sys.argv), 2)]))
