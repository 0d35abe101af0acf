"""Whole trainings of a network with one hidden layer, in plain NumPy, from the textbooks' formulas.

Input: a list of {activation, loss, optimizer, data, weights, batch, epochs}; output: for each the metrics of every epoch
and the weights after the last. Nothing here is taken from the library: derivatives are Jacobian matrices or closed
formulas of the losses in the prediction, and Adam counts its batches.
"""

import json
import sys

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(row):
    return np.exp(row) / np.exp(row).sum()


# An activation of one row, and the matrix of the derivatives of its results (down) by its sums (across).
ACTIVATIONS = {
    "identity": (lambda h: h, lambda h: np.eye(len(h))),
    "relu": (lambda h: np.where(h > 0, h, 0), lambda h: np.diag(np.where(h > 0, 1.0, 0.0))),
    "leakyRelu": (lambda h: np.where(h > 0, h, 0.1 * h), lambda h: np.diag(np.where(h > 0, 1, 0.1))),
    "sigmoid": (sigmoid, lambda h: np.diag(np.exp(-h) / (1 + np.exp(-h)) ** 2)),
    "tanh": (np.tanh, lambda h: np.diag(1 / np.cosh(h) ** 2)),
    "softplus": (lambda h: np.log(1 + np.exp(h)), lambda h: np.diag(sigmoid(h))),
    "softmax": (softmax, lambda h: np.diag(softmax(h)) - np.outer(softmax(h), softmax(h))),
    "logSoftmax": (lambda h: np.log(softmax(h)), lambda h: np.eye(len(h)) - softmax(h)[None, :]),
}


def huber(p, t, limit=0.4):
    d = np.abs(p - t)
    return np.where(d <= limit, d * d / 2, limit * d - limit * limit / 2).sum()


def cross_entropy(z, t):
    return -(t * np.log(softmax(z))).sum()


def binary_cross_entropy(z, t):
    s = sigmoid(z)
    return -(t * np.log(s) + (1 - t) * np.log(1 - s)).sum()


# A loss of one row, its derivative by the row of predictions, and whether the rows of a batch are averaged.
LOSSES = {
    "halfSquaredError": (lambda p, t: ((p - t) ** 2).sum() / 2, lambda p, t: p - t, False),
    "meanOf(halfSquaredError)": (lambda p, t: ((p - t) ** 2).sum() / 2, lambda p, t: p - t, True),
    "meanSquaredError": (lambda p, t: ((p - t) ** 2).mean(), lambda p, t: 2 * (p - t) / len(p), True),
    "meanAbsoluteError": (lambda p, t: np.abs(p - t).mean(), lambda p, t: np.sign(p - t) / len(p), True),
    "huber": (huber, lambda p, t: np.clip(p - t, -0.4, 0.4), False),
    "meanOf(binaryCrossEntropy)": (binary_cross_entropy, lambda z, t: sigmoid(z) - t, True),
    "binaryCrossEntropy": (binary_cross_entropy, lambda z, t: sigmoid(z) - t, False),
    "categoricalCrossEntropy": (cross_entropy, lambda z, t: softmax(z) - t, False),
    "meanOf(categoricalCrossEntropy)": (cross_entropy, lambda z, t: softmax(z) - t, True),
}


class Sgd:
    def __init__(self, rate=0.05):
        self.rate = rate

    def update(self, weights, deltas, t):
        return {name: w - self.rate * deltas[name] for name, w in weights.items()}


class Momentum:
    def __init__(self, rate=0.02, mu=0.9, nesterov=False):
        self.rate, self.mu, self.nesterov, self.velocity = rate, mu, nesterov, {}

    def update(self, weights, deltas, t):
        new = {}
        for name, w in weights.items():
            self.velocity[name] = self.mu * self.velocity.get(name, 0) + deltas[name]
            look = deltas[name] + self.mu * self.velocity[name] if self.nesterov else self.velocity[name]
            new[name] = w - self.rate * look
        return new


class Rmsprop:
    def __init__(self, rate=0.01, decay=0.99, epsilon=1e-8):
        self.rate, self.decay, self.epsilon, self.square = rate, decay, epsilon, {}

    def update(self, weights, deltas, t):
        new = {}
        for name, w in weights.items():
            g = deltas[name]
            self.square[name] = self.decay * self.square.get(name, 0) + (1 - self.decay) * g**2
            new[name] = w - self.rate * g / (np.sqrt(self.square[name]) + self.epsilon)
        return new


class Adam:
    def __init__(self, rate=0.02, b1=0.9, b2=0.999, epsilon=1e-8, decay=0.0):
        self.rate, self.b1, self.b2, self.epsilon, self.decay = rate, b1, b2, epsilon, decay
        self.m, self.v = {}, {}

    def update(self, weights, deltas, t):
        new = {}
        for name, w in weights.items():
            g = deltas[name]
            rate = self.rate(t) if callable(self.rate) else self.rate
            self.m[name] = self.b1 * self.m.get(name, 0) + (1 - self.b1) * g
            self.v[name] = self.b2 * self.v.get(name, 0) + (1 - self.b2) * g**2
            m, v = self.m[name] / (1 - self.b1**t), self.v[name] / (1 - self.b2**t)
            new[name] = w - rate * self.decay * w - rate * m / (np.sqrt(v) + self.epsilon)
        return new


class Changed:
    def __init__(self, optimizer, change):
        self.optimizer, self.change = optimizer, change

    def update(self, weights, deltas, t):
        return self.optimizer.update(weights, self.change(weights, deltas), t)


def shorten(weights, deltas):
    length = np.sqrt(sum((g**2).sum() for g in deltas.values()))
    return {name: g * min(1, 0.3 / length) for name, g in deltas.items()}


OPTIMIZERS = {
    "sgd": Sgd,
    "momentum": Momentum,
    "nesterov": lambda: Momentum(nesterov=True),
    "rmsprop": Rmsprop,
    "adam": Adam,
    "adam with a schedule": lambda: Adam(rate=lambda t: 0.02 * 0.5 ** ((t - 1) // 15)),
    "adamw": lambda: Adam(decay=0.2),
    "clipByValue": lambda: Changed(
        Sgd(), lambda w, d: {name: np.clip(g, -0.05, 0.05) for name, g in d.items()}
    ),
    "clipByNorm": lambda: Changed(Momentum(), shorten),
    "weightDecay": lambda: Changed(Adam(), lambda w, d: {name: g + 0.1 * w[name] for name, g in d.items()}),
}


def train(case):
    f, jacobian = ACTIVATIONS[case["activation"]]
    loss, slope, averaged = LOSSES[case["loss"]]
    optimizer = OPTIMIZERS[case["optimizer"]]()
    inputs, goals = np.array(case["data"]["inputs"], float), np.array(case["data"]["targets"], float)
    w = {name: np.array(values, float) for name, values in case["weights"].items()}
    losses, t = [], 0
    for _ in range(case["epochs"]):
        total = 0.0
        for start in range(0, len(inputs), case["batch"]):
            rows = range(start, min(start + case["batch"], len(inputs)))
            deltas = {name: np.zeros_like(values) for name, values in w.items()}
            for row in rows:
                x, goal = inputs[row], goals[row]
                h = x @ w["weights_0_1"] + w["bias_1"]
                a = f(h)
                p = a @ w["weights_1_2"] + w["bias_2"]
                total += loss(p, goal)
                d2 = slope(p, goal) / (len(rows) if averaged else 1)
                d1 = (w["weights_1_2"] @ d2) @ jacobian(h)
                deltas["weights_1_2"] += np.outer(a, d2)
                deltas["bias_2"] += d2
                deltas["weights_0_1"] += np.outer(x, d1)
                deltas["bias_1"] += d1
            t += 1
            w = optimizer.update(w, deltas, t)
        losses.append(float(total / len(inputs) if averaged else total))
    return {"losses": losses, "weights": {name: values.tolist() for name, values in w.items()}}


print(json.dumps([train(case) for case in json.load(sys.stdin)]))
