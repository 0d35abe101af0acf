"""Whole trainings of a network with two hidden layers, in plain NumPy, from the textbooks' formulas.

Input: a list of {activation, loss, optimizer, schedule, body, data, weights, batch, epochs, seed}; output: for each
the losses of every epoch and the weights after the last. Nothing here is taken from the library: derivatives are
Jacobian matrices or closed formulas of the losses in the prediction, Adam counts its batches, and masks are hashed
anew. Sums go up from their first term, so that what needs no more than + - * / and a root has the library's bits.
"""

import functools
import json
import sys

import numpy as np


def dot(left, right):
    return np.add.accumulate(left[:, :, None] * right[None, :, :], axis=1)[:, -1]


def down(matrix):
    return np.add.accumulate(matrix, axis=0)[-1]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def diagonal(slopes):
    return slopes[:, :, None] * np.eye(slopes.shape[1])


# An activation of rows, and for each row the matrix of the derivatives of its results (down) by its sums (across).
ACTIVATIONS = {
    "identity": (lambda h: h, lambda h: diagonal(np.ones_like(h))),
    "relu": (lambda h: np.where(h > 0, h, 0), lambda h: diagonal(np.where(h > 0, 1.0, 0.0))),
    "leakyRelu": (lambda h: np.where(h > 0, h, 0.1 * h), lambda h: diagonal(np.where(h > 0, 1, 0.1))),
    "sigmoid": (sigmoid, lambda h: diagonal(np.exp(-h) / (1 + np.exp(-h)) ** 2)),
    "tanh": (np.tanh, lambda h: diagonal(1 / np.cosh(h) ** 2)),
    "softplus": (lambda h: np.log(1 + np.exp(h)), lambda h: diagonal(sigmoid(h))),
    "softmax": (softmax, lambda h: diagonal(softmax(h)) - softmax(h)[:, :, None] * softmax(h)[:, None, :]),
    "logSoftmax": (lambda h: np.log(softmax(h)), lambda h: np.eye(h.shape[1]) - softmax(h)[:, None, :]),
}


def mix(word):
    """The finalizer of MurmurHash3 (Appleby 2011), for whole numbers of 32 bits."""
    word = ((word ^ (word >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    word = ((word ^ (word >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return word ^ (word >> 16)


def strides(key, count):
    """A word for each of so many places: the hash of the key plus the place times 2 ** 32 by the golden ratio."""
    return mix((key + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF))


@functools.cache
def mask(seed, name, batch, rows, columns, rate):
    """1 / (1 - rate) for units that are kept: by a hash of seed, name, batch, row and column, in this order."""
    key = mix(mix(1) ^ seed)
    for letter in name:
        key = mix(key ^ ord(letter))
    words = strides(np.uint64(mix((key + batch * 0x9E3779B9) & 0xFFFFFFFF)), rows)
    words = np.array([strides(word, columns) for word in words])
    return np.where(words < (1 - rate) * 2**32, 1 / (1 - rate), 0.0)


class Dense:
    def __init__(self, number):
        self.weights, self.bias = f"weights_{number - 1}_{number}", f"bias_{number}"

    def forward(self, x, w, batch):
        self.x, self.w = x, w[self.weights]
        return dot(x, self.w) + w[self.bias]

    def backward(self, delta, deltas):
        deltas[self.weights], deltas[self.bias] = dot(self.x.T, delta), down(delta)
        return dot(delta, self.w.T)


class Activation:
    def __init__(self, name):
        self.f, self.jacobian = ACTIVATIONS[name]

    def forward(self, h, w, batch):
        self.h = h
        return self.f(h)

    def backward(self, delta, deltas):
        return np.einsum("rij,ri->rj", self.jacobian(self.h), delta)


class Dropout:
    def __init__(self, seed, number, rate):
        self.seed, self.name, self.rate = seed, f"layer_{number}_mask", rate

    def forward(self, a, w, batch):
        self.mask = mask(self.seed, self.name, batch, *a.shape, self.rate)
        return a * self.mask

    def backward(self, delta, deltas):
        return delta * self.mask


# A new kind of layer, such as one that normalises, is a class like those above and a body here.
BODIES = {
    "plain": lambda f, seed: [Dense(1), Activation(f), Dense(2), Activation(f)],
    "dropout": lambda f, seed: [
        *(Dense(1), Activation(f), Dropout(seed, 1, 0.1)),
        *(Dense(2), Activation(f), Dropout(seed, 2, 0.25)),
    ],
}


def halves(p, t):
    return 0.5 * (p - t) ** 2


def huber(p, t, limit=0.4):
    d = np.abs(p - t)
    return np.where(d <= limit, 0.5 * d**2, limit * (d - limit / 2))


def cross_entropy(z, t):
    return -t * np.log(softmax(z))


def cross_entropy_slope(z, t):
    # -sum_j t_j (1[j = k] - s_k): each target pulls its own share up and all shares down.
    s = softmax(z)
    return sum(t[:, j : j + 1] * (s - np.eye(z.shape[1])[j]) for j in range(z.shape[1]))


def binary_cross_entropy(z, t):
    s = sigmoid(z)
    return -t * np.log(s) - (1 - t) * np.log(1 - s)


# The terms of a loss, its derivative by the predictions, and whether the rows of a batch are averaged.
LOSSES = {
    "halfSquaredError": (halves, lambda p, t: p - t, False),
    "meanOf(halfSquaredError)": (halves, lambda p, t: p - t, True),
    "meanSquaredError": (
        lambda p, t: (p - t) ** 2 / p.shape[1],
        lambda p, t: 2 * (p - t) / p.shape[1],
        True,
    ),
    "meanAbsoluteError": (
        lambda p, t: np.abs(p - t) / p.shape[1],
        lambda p, t: np.sign(p - t) / p.shape[1],
        True,
    ),
    "huber": (huber, lambda p, t: np.clip(p - t, -0.4, 0.4), False),
    "meanOf(binaryCrossEntropy)": (binary_cross_entropy, lambda z, t: sigmoid(z) - t, True),
    "binaryCrossEntropy": (binary_cross_entropy, lambda z, t: sigmoid(z) - t, False),
    "categoricalCrossEntropy": (cross_entropy, cross_entropy_slope, False),
    "meanOf(categoricalCrossEntropy)": (cross_entropy, cross_entropy_slope, True),
}

# The step size of update t, counted from 1, of which an epoch has four.
SCHEDULES = {
    "constant": lambda start, t: start,
    "step": lambda start, t: start * 0.5 ** ((t - 1) // 48),
    "cosine": lambda start, t: 0.001 + (start - 0.001) * (1 + np.cos(np.pi * min(1, (t - 1) / 160))) / 2,
    "warm-up": lambda start, t: start * min(1, t / 20),
    "warm-up, then cosine": lambda start, t: start * (1 + np.cos(np.pi * (t - 1) / 200)) / 2 * min(1, t / 12),
}


class Sgd:
    def __init__(self, rate=0.02):
        self.rate = rate

    def update(self, weights, deltas, t, rate_at):
        return {name: w - rate_at(self.rate, t) * deltas[name] for name, w in weights.items()}


class Momentum:
    def __init__(self, rate=0.005, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.velocity = rate, mu, nesterov, {}

    def update(self, weights, deltas, t, rate_at):
        new = {}
        for name, w in weights.items():
            self.velocity[name] = self.mu * self.velocity.get(name, 0) + deltas[name]
            look = deltas[name] + self.mu * self.velocity[name] if self.nesterov else self.velocity[name]
            new[name] = w - rate_at(self.rate, t) * look
        return new


class Rmsprop:
    def __init__(self, rate=0.005, decay=0.99, epsilon=1e-8):
        self.rate, self.decay, self.epsilon, self.square = rate, decay, epsilon, {}

    def update(self, weights, deltas, t, rate_at):
        new = {}
        for name, w in weights.items():
            g = deltas[name]
            self.square[name] = self.decay * self.square.get(name, 0) + (1 - self.decay) * g**2
            new[name] = w - rate_at(self.rate, t) * (g / (np.sqrt(self.square[name]) + self.epsilon))
        return new


class Adam:
    def __init__(self, rate=0.01, b1=0.9, b2=0.999, epsilon=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.epsilon, self.decay = rate, b1, b2, epsilon, decay
        self.m, self.v = {}, {}

    def update(self, weights, deltas, t, rate_at):
        new, rate = {}, rate_at(self.rate, t)
        for name, w in weights.items():
            g = deltas[name]
            self.m[name] = self.b1 * self.m.get(name, 0) + (1 - self.b1) * g
            self.v[name] = self.b2 * self.v.get(name, 0) + (1 - self.b2) * g**2
            m, v = self.m[name] / (1 - self.b1**t), self.v[name] / (1 - self.b2**t)
            new[name] = w - rate * self.decay * w - rate * m / (np.sqrt(v) + self.epsilon)
        return new


class Changed:
    def __init__(self, optimizer, change):
        self.optimizer, self.change = optimizer, change

    def update(self, weights, deltas, t, rate_at):
        return self.optimizer.update(weights, self.change(weights, deltas), t, rate_at)


def shorten(weights, deltas):
    length = np.sqrt(sum((g**2).sum() for g in deltas.values()))
    return {name: g * min(1, 0.3 / length) for name, g in deltas.items()}


OPTIMIZERS = {
    "sgd": Sgd,
    "momentum": Momentum,
    "nesterov": lambda: Momentum(nesterov=True),
    "rmsprop": Rmsprop,
    "adam": Adam,
    "adamw": lambda: Adam(decay=0.2),
    "clipByValue": lambda: Changed(
        Sgd(), lambda w, d: {name: np.clip(g, -0.05, 0.05) for name, g in d.items()}
    ),
    "clipByNorm": lambda: Changed(Momentum(), shorten),
    "weightDecay": lambda: Changed(Adam(), lambda w, d: {name: g + 0.1 * w[name] for name, g in d.items()}),
}


def train(case):
    layers = [*BODIES[case["body"]](case["activation"], case["seed"]), Dense(3)]
    loss, slope, averaged = LOSSES[case["loss"]]
    optimizer, rate_at = OPTIMIZERS[case["optimizer"]](), SCHEDULES[case["schedule"]]
    inputs, goals = np.array(case["data"]["inputs"], float), np.array(case["data"]["targets"], float)
    w = {name: np.array(values, float) for name, values in case["weights"].items()}
    losses, t = [], 0
    for _ in range(case["epochs"]):
        total = 0.0
        for start in range(0, len(inputs), case["batch"]):
            x, goal = (rows[start : start + case["batch"]] for rows in (inputs, goals))
            rows = len(x)
            for layer in layers:
                x = layer.forward(x, w, t)
            for of_row in down(loss(x, goal).T):
                total += of_row
            delta, deltas = slope(x, goal) / (rows if averaged else 1), {}
            for layer in reversed(layers):
                delta = layer.backward(delta, deltas)
            t += 1
            w = optimizer.update(w, deltas, t, rate_at)
        losses.append(float(total / len(inputs) if averaged else total))
    return {"losses": losses, "weights": {name: values.tolist() for name, values in w.items()}}


print(json.dumps([train(case) for case in json.load(sys.stdin)]))
