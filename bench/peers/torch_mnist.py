"""
MNIST with PyTorch, from beginning to end. Variants: `float` makes numbers of all pixels at once, `bytes` those of a batch, which
takes a quarter of the memory; `hand` is `bytes` with the derivatives and Adam written down, ops writing where they are told to.
"""

import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from serve import OPTIONS, peak_memory

torch.set_num_threads(OPTIONS["threads"])
torch.manual_seed(1)
# Adam's means of pixels that are seldom seen fade into numbers too small to be computed at full speed.
torch.set_flush_denormal(True)
FOLDER, VARIANT = OPTIONS["folder"], OPTIONS["variant"]
BATCH, EPOCHS, RATE = 64, OPTIONS["epochs"], 1e-3


def images(name):
    pixels = torch.from_numpy(np.fromfile(f"{FOLDER}/{name}-images-idx3-ubyte", np.uint8, offset=16)).view(-1, 784)
    return pixels.float().div_(255) if VARIANT == "float" else pixels


def labels(name):
    return torch.from_numpy(np.fromfile(f"{FOLDER}/{name}-labels-idx1-ubyte", np.uint8, offset=8).astype(np.int64))


def numbers(rows):
    return rows if VARIANT == "float" else rows.float().div_(255)


def by_modules(x, y):
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        total = torch.zeros(())
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(numbers(x[rows])), y[rows])
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(rows)
    return model, total.item() / len(x)


def by_hand(x, y):
    w1, w2 = torch.empty(784, 128), torch.empty(128, 10)
    for each in (w1, w2):
        nn.init.xavier_uniform_(each)
    b1, b2 = torch.zeros(128), torch.zeros(10)
    weights = [w1, b1, w2, b2]
    slopes, means, squares, passing = ([torch.zeros_like(each) for each in weights] for _ in range(4))
    h, d1 = torch.empty(BATCH, 128), torch.empty(BATCH, 128)
    z, log, d2 = (torch.empty(BATCH, 10) for _ in range(3))
    eye = torch.eye(10)
    step = 0
    for _ in range(EPOCHS):
        total = torch.zeros(())
        for rows in torch.randperm(len(x)).split(BATCH):
            n = len(rows)
            if n < BATCH:
                h, d1, z, log, d2 = h[:n], d1[:n], z[:n], log[:n], d2[:n]
            source, hot = numbers(x[rows]), eye[y[rows]]
            torch.addmm(b1, source, w1, out=h)
            h.relu_()
            torch.addmm(b2, h, w2, out=z)
            torch.log_softmax(z, 1, out=log)
            total -= (log * hot).sum()
            torch.exp(log, out=d2)
            d2.sub_(hot).div_(n)
            torch.mm(d2, w2.t(), out=d1)
            torch.ops.aten.threshold_backward.grad_input(d1, h, 0, grad_input=d1)
            torch.mm(source.t(), d1, out=slopes[0])
            torch.sum(d1, 0, out=slopes[1])
            torch.mm(h.t(), d2, out=slopes[2])
            torch.sum(d2, 0, out=slopes[3])
            step += 1
            correction = math.sqrt(1 - 0.999**step)
            for weight, slope, mean, square, root in zip(weights, slopes, means, squares, passing):
                mean.mul_(0.9).add_(slope, alpha=0.1)
                square.mul_(0.999).addcmul_(slope, slope, value=0.001)
                torch.sqrt(square, out=root)
                root.div_(correction).add_(1e-8)
                weight.addcdiv_(mean, root, value=-RATE / (1 - 0.9**step))
        if n < BATCH:
            h, d1 = torch.empty(BATCH, 128), torch.empty(BATCH, 128)
            z, log, d2 = (torch.empty(BATCH, 10) for _ in range(3))
    return lambda rows: torch.addmm(b2, torch.addmm(b1, rows, w1).relu_(), w2), total.item() / len(x)


if VARIANT == "hand":
    with torch.inference_mode():
        model, loss = by_hand(images("train"), labels("train"))
else:
    model, loss = by_modules(images("train"), labels("train"))
with torch.inference_mode():
    pairs = zip(images("t10k").split(1000), labels("t10k").split(1000))
    right = sum((model(numbers(x)).argmax(1) == y).sum().item() for x, y in pairs)
print(json.dumps({"accuracy": right / 10000, "loss": loss, "peak": peak_memory(),
                  "versions": {"torch": torch.__version__}}))
