"""What the book's chapters compute, on small made data: transcriptions from its formulas, with products added in ascending order.

Input: {images, labels, words, ...}; output: by chapter, the weights after training and what is reported on the way.
"""

import json
import sys

import numpy as np


def dot(a, b):
    s = a[:, :1] * b[:1]
    for k in range(1, a.shape[1]):
        s = s + a[:, k : k + 1] * b[k : k + 1]
    return s


def total(rows):
    """Row after row, as a report adds."""
    sum_of_all = 0.0
    for row in rows:
        sum_of_all += np.add.accumulate(row)[-1]
    return sum_of_all


def right(prediction, goal):
    return int(np.sum(np.argmax(prediction, axis=1) == np.argmax(goal, axis=1)))


def chapter_4(given):
    """One weight, one input: weight -= alpha * input * delta."""
    weights, alpha, errors = np.array([[0.5]]), 0.1, []
    for _ in range(20):
        delta = np.array([[2.0]]) * weights - np.array([[0.8]])
        errors.append(total(delta**2))
        weights -= alpha * (np.array([[2.0]]) * delta)
    return {"weights_0_1": weights}, errors


def chapter_5(given):
    """Several inputs and outputs without a hidden layer, a game at a time."""
    inputs, goals = np.array(given["games"]), np.array(given["outcomes"])
    weights, alpha, errors = np.array(given["start"]), 0.01, []
    for _ in range(10):
        error = 0.0
        for i in range(len(inputs)):
            prediction = dot(inputs[i : i + 1], weights)
            delta = prediction - goals[i : i + 1]
            error += total(delta**2)
            weights -= alpha * dot(inputs[i : i + 1].T, delta)
        errors.append(error)
    return {"weights_0_1": weights}, errors


def chapter_6(given):
    """Backpropagation: one hidden layer of relu."""
    np.random.seed(1)
    lights, walks = np.array(given["lights"], float), np.array(given["walks"], float)
    alpha, errors = 0.2, []
    weights_0_1 = 2 * np.random.random((3, 4)) - 1
    weights_1_2 = 2 * np.random.random((4, 1)) - 1
    for _ in range(15):
        error = 0.0
        for i in range(len(lights)):
            layer_0 = lights[i : i + 1]
            layer_1 = dot(layer_0, weights_0_1)
            layer_1 = (layer_1 > 0) * layer_1
            layer_2 = dot(layer_1, weights_1_2)
            error += total((layer_2 - walks[i : i + 1]) ** 2)
            layer_2_delta = layer_2 - walks[i : i + 1]
            layer_1_delta = dot(layer_2_delta, weights_1_2.T) * (layer_1 > 0)
            weights_1_2 -= alpha * dot(layer_1.T, layer_2_delta)
            weights_0_1 -= alpha * dot(layer_0.T, layer_1_delta)
        errors.append(error)
    return {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2}, errors


def chapter_8(given):
    """Mini-batches with dropout. The update stands in the loop that counts, so that a batch is learnt from once for each row."""
    np.random.seed(1)
    images, labels = np.array(given["images"]), np.array(given["labels"], float)
    alpha, size, reports = 0.01, 4, []
    weights_0_1 = 0.2 * np.random.random((images.shape[1], 6)) - 0.1
    weights_1_2 = 0.2 * np.random.random((6, 3)) - 0.1
    for _ in range(6):
        error, correct = 0.0, 0
        for i in range(len(images) // size):
            layer_0, goal = images[size * i : size * i + size], labels[size * i : size * i + size]
            layer_1 = dot(layer_0, weights_0_1)
            layer_1 = (layer_1 >= 0) * layer_1
            dropout_mask = np.random.randint(2, size=layer_1.shape)
            layer_1 *= dropout_mask * 2
            layer_2 = dot(layer_1, weights_1_2)
            for row in (goal - layer_2) ** 2:
                error += np.add.accumulate(row)[-1]
            correct += right(layer_2, goal)
            for _ in range(size):
                layer_2_delta = (goal - layer_2) / size
                layer_1_delta = dot(layer_2_delta, weights_1_2.T) * (layer_1 >= 0)
                layer_1_delta *= dropout_mask
                weights_1_2 += alpha * dot(layer_1.T, layer_2_delta)
                weights_0_1 += alpha * dot(layer_0.T, layer_1_delta)
        reports += [error, correct]
    return {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2}, reports


def softmax(x):
    temp = np.exp(x)
    return temp / np.sum(temp, axis=1, keepdims=True)


def chapter_9(given):
    """tanh, whose slope is taken from the masked and doubled layer, and softmax, whose slope is left out."""
    np.random.seed(1)
    images, labels = np.array(given["images"]), np.array(given["labels"], float)
    alpha, size, reports = 2, 4, []
    weights_0_1 = 0.02 * np.random.random((images.shape[1], 6)) - 0.01
    weights_1_2 = 0.2 * np.random.random((6, 3)) - 0.1
    for _ in range(8):
        correct = 0
        for i in range(len(images) // size):
            layer_0, goal = images[size * i : size * i + size], labels[size * i : size * i + size]
            layer_1 = np.tanh(dot(layer_0, weights_0_1))
            dropout_mask = np.random.randint(2, size=layer_1.shape)
            layer_1 *= dropout_mask * 2
            layer_2 = softmax(dot(layer_1, weights_1_2))
            correct += right(layer_2, goal)
            layer_2_delta = (goal - layer_2) / (size * layer_2.shape[0])
            layer_1_delta = dot(layer_2_delta, weights_1_2.T) * (1 - layer_1**2)
            layer_1_delta *= dropout_mask
            weights_1_2 += alpha * dot(layer_1.T, layer_2_delta)
            weights_0_1 += alpha * dot(layer_0.T, layer_1_delta)
        reports.append(correct)
    return {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2}, reports


def chapter_10(given):
    """A convolution by hand: one kernel for all sections of an image; the book moves the kernels the other way."""
    np.random.seed(1)
    images, labels = np.array(given["images"]).reshape(-1, 3, 4), np.array(given["labels"], float)
    alpha, size = 0.5, 4
    kernels = 0.02 * np.random.random((4, 2)) - 0.01
    weights_1_2 = 0.2 * np.random.random((12, 3)) - 0.1
    for _ in range(5):
        for i in range(len(images) // size):
            layer_0, goal = images[size * i : size * i + size], labels[size * i : size * i + size]
            sections = [
                layer_0[:, row : row + 2, column : column + 2].reshape(-1, 1, 4) for row in range(2) for column in range(3)
            ]
            flat = np.concatenate(sections, axis=1).reshape(size * 6, 4)
            layer_1 = np.tanh(dot(flat, kernels).reshape(size, 12))
            dropout_mask = np.random.randint(2, size=layer_1.shape)
            layer_1 *= dropout_mask * 2
            layer_2 = softmax(dot(layer_1, weights_1_2))
            layer_2_delta = (goal - layer_2) / (size * layer_2.shape[0])
            layer_1_delta = dot(layer_2_delta, weights_1_2.T) * (1 - layer_1**2)
            layer_1_delta *= dropout_mask
            weights_1_2 += alpha * dot(layer_1.T, layer_2_delta)
            kernels -= alpha * dot(flat.T, layer_1_delta.reshape(size * 6, 2))
    return {"kernels": kernels, "weights_1_2": weights_1_2}, []


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def chapter_11(given):
    """Reviews as sums of word vectors; the slopes of both sigmoids are left out."""
    np.random.seed(1)
    alpha, errors = 0.1, []
    weights_0_1 = 0.2 * np.random.random((7, 3)) - 0.1
    weights_1_2 = 0.2 * np.random.random((3, 1)) - 0.1
    for _ in range(6):
        error = 0.0
        for words, goal in zip(given["reviews"], given["moods"]):
            layer_1 = sigmoid(np.sum(weights_0_1[words], axis=0))[None]
            layer_2 = sigmoid(dot(layer_1, weights_1_2))
            layer_2_delta = layer_2 - goal
            error += total(layer_2_delta**2)
            layer_1_delta = dot(layer_2_delta, weights_1_2.T)
            weights_0_1[words] -= layer_1_delta * alpha
            weights_1_2 -= dot(layer_1.T, layer_2_delta) * alpha
        errors.append(error)
    return {"weights_0_1": weights_0_1, "weights_1_2": weights_1_2}, errors


def chapter_12(given):
    """Sentences of three words by one recurrent matrix, which begins as the identity; each next word is predicted."""
    np.random.seed(1)
    embed = 0.1 * np.random.random((7, 3)) - 0.05
    recurrent, start = np.eye(3), np.zeros((1, 3))
    decoder = 0.1 * np.random.random((3, 7)) - 0.05
    alpha, hot = 0.05, np.eye(7)
    for _ in range(4):
        for words in given["sentences"]:
            layers = [{"hidden": start}]
            for word in words:
                prediction = softmax(dot(layers[-1]["hidden"], decoder))
                hidden = dot(layers[-1]["hidden"], recurrent) + embed[word][None]
                layers.append({"prediction": prediction, "hidden": hidden})
            delta = None
            for place in reversed(range(len(layers))):
                layer = layers[place]
                later = 0 if delta is None else dot(delta, recurrent.T)
                if place > 0:
                    layer["output_delta"] = layer["prediction"] - hot[words[place - 1]][None]
                    delta = dot(layer["output_delta"], decoder.T) + later
                else:
                    delta = later
                layer["hidden_delta"] = delta
            start = start - layers[0]["hidden_delta"] * alpha / len(words)
            for place, word in enumerate(words):
                before, layer = layers[place], layers[place + 1]
                decoder = decoder - dot(before["hidden"].T, layer["output_delta"]) * alpha / len(words)
                embed[word] -= before["hidden_delta"][0] * alpha / len(words)
                recurrent = recurrent - dot(before["hidden"].T, layer["hidden_delta"]) * alpha / len(words)
    return {"embed": embed, "recurrent": recurrent, "decoder": decoder, "first": start}, []


given = json.load(sys.stdin)
answers = {}
for chapter in (chapter_4, chapter_5, chapter_6, chapter_8, chapter_9, chapter_10, chapter_11, chapter_12):
    weights, reports = chapter(given)
    answers[chapter.__name__] = {"weights": {name: x.ravel().tolist() for name, x in weights.items()}, "reports": reports}
print(json.dumps(answers))
