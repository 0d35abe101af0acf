"""Listings in the style of the book's eighth chapter, run for their numbers.

Products are added in ascending order, since BLAS has no order of its own, and so are the errors of a batch. On the way
back the mask is not doubled, as in the book's own listing.

Input: a list of {images, labels, hidden, batch, iterations, mean}; output: for each what is printed after every iteration,
the weights, and where the generator stands at the end.
"""

import json
import sys

import numpy as np


def dot(a, b):
    s = a[:, :1] * b[:1]
    for k in range(1, a.shape[1]):
        s = s + a[:, k : k + 1] * b[k : k + 1]
    return s


def relu(x):
    return (x >= 0) * x  # returns x if x >= 0, returns 0 otherwise


def relu2deriv(output):
    return output >= 0  # returns 1 for output >= 0


def one_hidden_layer(images, labels, hidden_size, batch_size, iterations, mean):
    np.random.seed(1)
    alpha = 0.05
    weights_0_1 = 0.2 * np.random.random((images.shape[1], hidden_size)) - 0.1
    weights_1_2 = 0.2 * np.random.random((hidden_size, labels.shape[1])) - 0.1
    printed = []
    for j in range(iterations):
        error = 0.0
        for i in range(0, len(images), batch_size):
            layer_0 = images[i : i + batch_size]
            layer_1 = relu(dot(layer_0, weights_0_1))
            dropout_mask = np.random.randint(2, size=layer_1.shape)
            layer_1 *= dropout_mask * 2
            layer_2 = dot(layer_1, weights_1_2)
            for row in (labels[i : i + batch_size] - layer_2) ** 2:
                error += np.add.accumulate(row)[-1]
            layer_2_delta = labels[i : i + batch_size] - layer_2
            if mean:
                layer_2_delta = layer_2_delta / len(layer_0)
            layer_1_delta = dot(layer_2_delta, weights_1_2.T) * relu2deriv(layer_1)
            layer_1_delta *= dropout_mask
            weights_1_2 += alpha * dot(layer_1.T, layer_2_delta)
            weights_0_1 += alpha * dot(layer_0.T, layer_1_delta)
        printed.append(f"Error : {error}")
    return printed, {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2}


def two_hidden_layers(images, labels, hidden_size, batch_size, iterations, mean):
    np.random.seed(1)
    alpha = 0.05
    weights_0_1 = 0.2 * np.random.random((images.shape[1], hidden_size)) - 0.1
    weights_1_2 = 0.2 * np.random.random((hidden_size, 3)) - 0.1
    weights_2_3 = 0.2 * np.random.random((3, labels.shape[1])) - 0.1
    printed = []
    for j in range(iterations):
        error = 0.0
        for i in range(0, len(images), batch_size):
            layer_0 = images[i : i + batch_size]
            layer_1 = relu(dot(layer_0, weights_0_1))
            first_mask = np.random.randint(2, size=layer_1.shape)
            layer_1 *= first_mask * 2
            layer_2 = relu(dot(layer_1, weights_1_2))
            second_mask = np.random.randint(2, size=layer_2.shape)
            layer_2 *= second_mask * 2
            layer_3 = dot(layer_2, weights_2_3)
            for row in (labels[i : i + batch_size] - layer_3) ** 2:
                error += np.add.accumulate(row)[-1]
            layer_3_delta = labels[i : i + batch_size] - layer_3
            if mean:
                layer_3_delta = layer_3_delta / len(layer_0)
            layer_2_delta = dot(layer_3_delta, weights_2_3.T) * relu2deriv(layer_2)
            layer_2_delta *= second_mask
            layer_1_delta = dot(layer_2_delta, weights_1_2.T) * relu2deriv(layer_1)
            layer_1_delta *= first_mask
            weights_2_3 += alpha * dot(layer_2.T, layer_3_delta)
            weights_1_2 += alpha * dot(layer_1.T, layer_2_delta)
            weights_0_1 += alpha * dot(layer_0.T, layer_1_delta)
        printed.append(f"Error : {error}")
    return printed, {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2, "weights_2_3": weights_2_3}


def run(case):
    images, labels = np.array(case["images"], float), np.array(case["labels"], float)
    listing = two_hidden_layers if case["deep"] else one_hidden_layer
    printed, weights = listing(images, labels, case["hidden"], case["batch"], case["iterations"], case["mean"])
    state = np.random.get_state(legacy=False)["state"]
    return {
        "printed": printed,
        "weights": {name: [x.hex() for x in values.ravel()] for name, values in weights.items()},
        "key": state["key"].tolist(),
        "pos": state["pos"],
    }


print(json.dumps([run(case) for case in json.load(sys.stdin)]))
