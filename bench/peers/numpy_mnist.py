"""MNIST with NumPy, from beginning to end: pixels stay bytes until their batch comes, and nothing is allocated in the loop."""

import json
import math

import numpy as np

from serve import OPTIONS, peak_memory

FOLDER = OPTIONS["folder"]
BATCH, EPOCHS, RATE = 64, OPTIONS["epochs"], np.float32(1e-3)


def images(name):
    return np.fromfile(f"{FOLDER}/{name}-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 784)


def labels(name):
    return np.fromfile(f"{FOLDER}/{name}-labels-idx1-ubyte", np.uint8, offset=8)


class Network:
    def __init__(self, random):
        self.weights = []
        for before, after in ((784, 128), (128, 10)):
            limit = math.sqrt(6 / (before + after))
            self.weights += [random.uniform(-limit, limit, (before, after)).astype(np.float32),
                             np.zeros(after, np.float32)]
        like = [[np.zeros_like(each) for each in self.weights] for _ in range(4)]
        self.slopes, self.means, self.squares, self.passing = like
        self.steps = 0
        self.bytes = np.empty((BATCH, 784), np.uint8)
        self.x = np.empty((BATCH, 784), np.float32)
        self.h, self.d1 = np.empty((BATCH, 128), np.float32), np.empty((BATCH, 128), np.float32)
        self.z, self.d2 = np.empty((BATCH, 10), np.float32), np.empty((BATCH, 10), np.float32)
        self.row = np.empty((BATCH, 1), np.float32)
        self.every = np.arange(BATCH)

    def train_batch(self, pixels, goals):
        n = len(pixels)
        x, h, d1, z, d2, row = (each[:n] for each in (self.x, self.h, self.d1, self.z, self.d2, self.row))
        w1, b1, w2, b2 = self.weights
        np.divide(pixels, 255, out=x, dtype=np.float32)
        np.matmul(x, w1, out=h)
        h += b1
        np.maximum(h, 0, out=h)
        np.matmul(h, w2, out=z)
        z += b2
        np.max(z, axis=1, keepdims=True, out=row)
        z -= row
        np.exp(z, out=d2)
        np.sum(d2, axis=1, keepdims=True, out=row)
        d2 /= row
        np.log(row, out=row)
        loss = row.sum() - z[self.every[:n], goals].sum()
        d2[self.every[:n], goals] -= 1
        d2 /= n
        np.matmul(d2, w2.T, out=d1)
        d1 *= h > 0
        np.matmul(x.T, d1, out=self.slopes[0])
        np.sum(d1, axis=0, out=self.slopes[1])
        np.matmul(h.T, d2, out=self.slopes[2])
        np.sum(d2, axis=0, out=self.slopes[3])
        self.adam()
        return loss

    def adam(self):
        self.steps += 1
        rate = np.float32(RATE / (1 - 0.9**self.steps))
        correction = np.float32(1 / math.sqrt(1 - 0.999**self.steps))
        for weight, slope, mean, square, passing in zip(self.weights, self.slopes, self.means, self.squares,
                                                        self.passing):
            mean *= np.float32(0.9)
            np.multiply(slope, np.float32(0.1), out=passing)
            mean += passing
            square *= np.float32(0.999)
            np.multiply(slope, slope, out=passing)
            passing *= np.float32(0.001)
            square += passing
            np.sqrt(square, out=passing)
            passing *= correction
            passing += np.float32(1e-8)
            np.divide(mean, passing, out=passing)
            passing *= rate
            weight -= passing

    def predict(self, pixels):
        w1, b1, w2, b2 = self.weights
        h = np.divide(pixels, 255, dtype=np.float32) @ w1 + b1
        return np.maximum(h, 0, out=h) @ w2 + b2


random = np.random.RandomState(1)
network = Network(random)
x, y = images("train"), labels("train")
for _ in range(EPOCHS):
    order = random.permutation(len(x))
    total = 0.0
    for first in range(0, len(x), BATCH):
        rows = order[first:first + BATCH]
        pixels = np.take(x, rows, axis=0, out=network.bytes[:len(rows)], mode="clip")
        total += network.train_batch(pixels, y[rows])
right = sum((network.predict(x).argmax(1) == y).sum() for x, y in
            zip(images("t10k").reshape(10, 1000, 784), labels("t10k").reshape(10, 1000)))
print(json.dumps({"accuracy": int(right) / 10000, "loss": float(total) / 60000, "peak": peak_memory(),
                  "versions": {"numpy": np.__version__}}))
