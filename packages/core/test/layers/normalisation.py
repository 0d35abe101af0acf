"""Whole trainings of deep networks with batch and layer normalisation, in plain NumPy, from the papers' formulas.

Input: a list of {layers, optimizer, data, held, weights, batch, epochs, seed}; output: for each the loss of every epoch, the
weights and the running statistics after the last, and predictions for the held rows.

Nothing is taken from the library. Batch normalisation goes back by the closed formula of Ioffe and Szegedy 2015, section 3,
with all derivatives of mean and variance put together:

    dx = (N dxhat - sum(dxhat) - xhat sum(dxhat xhat)) / (N sqrt(variance + epsilon)),

and layer normalisation by the same formula along the rows (Ba, Kiros and Hinton 2016). Running statistics and defaults are
PyTorch's: momentum 0.1, epsilon 1e-5, the running variance without bias. A dropout mask is a hash of seed, name, batch, row and
column, as the library's docs say.
"""

import json
import sys

import numpy as np

M = 0xFFFFFFFF


def mix(h):
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & M
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & M
    return h ^ (h >> 16)


def mask(seed, name, batch, rows, columns, rate):
    key = mix(1)
    for word in [seed, *map(ord, name)]:
        key = mix(key ^ word)
    of_batch = mix((key + batch * 0x9E3779B9) & M)
    out = np.zeros((rows, columns))
    for row in range(rows):
        of_row = mix((of_batch + row * 0x9E3779B9) & M)
        for column in range(columns):
            if mix((of_row + column * 0x9E3779B9) & M) < (1 - rate) * 2**32:
                out[row, column] = 1 / (1 - rate)
    return out


ACTIVATIONS = {
    None: (lambda z: z, lambda z: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
}


class Dense:
    def __init__(self, k, spec, w):
        self.W, self.b = f"weights_{k - 1}_{k}", f"bias_{k}"
        self.k, self.w, self.rate = k, w, spec.get("dropout", 0)
        self.f, self.slope = ACTIVATIONS[spec.get("activation")]

    def forward(self, x, draw):
        self.x = x
        self.z = x @ self.w[self.W] + (self.w[self.b] if self.b in self.w else 0)
        y = self.f(self.z)
        self.mask = draw(f"layer_{self.k}_mask", y.shape, self.rate) if draw and self.rate > 0 else None
        return y if self.mask is None else y * self.mask

    def backward(self, dy, grads):
        dz = (dy if self.mask is None else dy * self.mask) * self.slope(self.z)
        grads[self.W] = self.x.T @ dz
        if self.b in self.w:
            grads[self.b] = dz.sum(axis=0)
        return dz @ self.w[self.W].T


class Norm:
    """Along the rows (axis 1) it is layer normalisation, along the columns (axis 0) that of a batch."""

    def __init__(self, k, spec, w, axis, width):
        self.scale, self.shift = f"scale_{k}", f"shift_{k}"
        self.mean, self.variance = f"running_mean_{k}", f"running_variance_{k}"
        self.w, self.axis = w, axis
        self.epsilon, self.momentum = spec.get("epsilon", 1e-5), spec.get("momentum", 0.1)
        self.f, self.slope = ACTIVATIONS[spec.get("activation")]
        self.running = {self.mean: np.zeros(width), self.variance: np.ones(width)} if axis == 0 else {}

    def forward(self, x, draw):
        if self.axis == 0 and not draw:
            xhat = (x - self.running[self.mean]) / np.sqrt(self.running[self.variance] + self.epsilon)
            return self.f(xhat * self.w[self.scale] + self.w[self.shift])
        mean, variance = x.mean(axis=self.axis, keepdims=True), x.var(axis=self.axis, keepdims=True)
        if self.axis == 0:
            unbiased = x.var(axis=0, ddof=1)
            m = self.momentum
            self.running[self.mean] = (1 - m) * self.running[self.mean] + m * mean[0]
            self.running[self.variance] = (1 - m) * self.running[self.variance] + m * unbiased
        self.deviation = np.sqrt(variance + self.epsilon)
        self.xhat = (x - mean) / self.deviation
        self.z = self.xhat * self.w[self.scale] + self.w[self.shift]
        return self.f(self.z)

    def backward(self, dy, grads):
        dz = dy * self.slope(self.z)
        grads[self.scale] = (dz * self.xhat).sum(axis=0)
        grads[self.shift] = dz.sum(axis=0)
        d = dz * self.w[self.scale]
        n = d.shape[self.axis]
        sums = d.sum(axis=self.axis, keepdims=True)
        along = (d * self.xhat).sum(axis=self.axis, keepdims=True)
        return (n * d - sums - self.xhat * along) / (n * self.deviation)


def sgd(w, g, state, t):
    return w - 0.02 * g


def momentum(w, g, state, t):
    state["v"] = 0.9 * state.get("v", 0) + g
    return w - 0.01 * state["v"]


def nesterov(w, g, state, t):
    state["v"] = 0.9 * state.get("v", 0) + g
    return w - 0.01 * (g + 0.9 * state["v"])


def rmsprop(w, g, state, t):
    state["s"] = 0.99 * state.get("s", 0) + 0.01 * g**2
    return w - 0.01 * g / (np.sqrt(state["s"]) + 1e-8)


def adam(w, g, state, t):
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["s"] = 0.999 * state.get("s", 0) + 0.001 * g**2
    return w - 0.01 * (state["m"] / (1 - 0.9**t)) / (np.sqrt(state["s"] / (1 - 0.999**t)) + 1e-8)


OPTIMIZERS = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adam": adam}


def build(specs, w, width):
    layers = []
    for k, spec in enumerate(specs, 1):
        if spec["kind"] == "dense":
            layers.append(Dense(k, spec, w))
            width = spec["units"]
        else:
            layers.append(Norm(k, spec, w, 0 if spec["kind"] == "batchNorm" else 1, width))
    return layers


def forward(layers, x, draw):
    for layer in layers:
        x = layer.forward(x, draw)
    return x


def train(case):
    inputs, goals = np.array(case["data"]["inputs"], float), np.array(case["data"]["targets"], float)
    w = {name: np.array(values, float) for name, values in case["weights"].items()}
    layers = build(case["layers"], w, inputs.shape[1])
    states = {name: {} for name in w}
    losses, t = [], 0
    for _ in range(case["epochs"]):
        total = 0.0
        for start in range(0, len(inputs), case["batch"]):
            x, goal = inputs[start : start + case["batch"]], goals[start : start + case["batch"]]
            draw = lambda name, shape, rate: mask(case["seed"], name, t, *shape, rate)
            prediction = forward(layers, x, draw)
            total += ((prediction - goal) ** 2).mean(axis=1).sum()
            d, grads = 2 * (prediction - goal) / goal.shape[1] / len(x), {}
            for layer in reversed(layers):
                d = layer.backward(d, grads)
            t += 1
            for name in w:
                w[name] = OPTIMIZERS[case["optimizer"]](w[name], grads[name], states[name], t)
        losses.append(float(total / len(inputs)))
    running = {name: values for layer in layers for name, values in getattr(layer, "running", {}).items()}
    return {
        "losses": losses,
        "arrays": {name: values.tolist() for name, values in {**w, **running}.items()},
        "predictions": forward(layers, np.array(case["held"], float), None).tolist(),
    }


print(json.dumps([train(case) for case in json.load(sys.stdin)]))
