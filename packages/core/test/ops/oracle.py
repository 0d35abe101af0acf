"""Every op by its mathematical definition, one number at a time.

A sum starts from its first term, takes the others in ascending order, and is +0 where there is none.
Every operation is one operation of the scalar type T (np.float64 or np.float32), so it rounds once.
A metric is float64 whatever T is: the terms of a row are summed, and that sum joins the running total.

An op is a function of T, its operands and its parameters. Operands are nested lists; so is the result.
"""

import json
import struct
import sys

import numpy as np

np.seterr(all="ignore")


def in_order(T, terms):
    if not terms:
        return T(0)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def each(f, *operands):
    if isinstance(operands[0], list):
        return [each(f, *parts) for parts in zip(*operands)]
    return f(*operands)


def columns(matrix, width):
    return [[row[j] for row in matrix] for j in range(width)]


def total_of(term):
    def metric(T, prediction, target, start, shapes):
        total = np.float64(start)
        for row, goals in zip(prediction, target):
            terms = [term(np.float64(p), np.float64(t)) for p, t in zip(row, goals)]
            total = total + in_order(np.float64, terms)
        return total

    return metric


def squared(p, t):
    difference = p - t
    return difference * difference


def matmul(T, left, right, shapes):
    across = columns(right, shapes[1][1])
    return [[in_order(T, [a * b for a, b in zip(row, column)]) for column in across] for row in left]


def sum_rows(T, x, shapes):
    def add(rows, shape):
        if not shape:
            return in_order(T, rows)
        return [add([row[i] for row in rows], shape[1:]) for i in range(shape[0])]

    return add(x, shapes[0][1:])


OPS = {
    "add": lambda T, left, right, shapes: each(lambda a, b: a + b, left, right),
    "subtract": lambda T, left, right, shapes: each(lambda a, b: a - b, left, right),
    "multiply": lambda T, left, right, shapes: each(lambda a, b: a * b, left, right),
    "divide": lambda T, left, right, shapes: each(lambda a, b: a / b, left, right),
    "negate": lambda T, x, shapes: each(lambda a: -a, x),
    "scale": lambda T, factor, x, shapes: each(lambda a: factor * a, x),
    "divideByScalar": lambda T, x, divisor, shapes: each(lambda a: a / divisor, x),
    "square": lambda T, x, shapes: each(lambda a: a * a, x),
    # d(x x)/dx = x + x, exactly 2x.
    "square2deriv": lambda T, x, shapes: each(lambda a: a + a, x),
    # The product, not a choice: -1 gives -0, and -inf gives NaN.
    "relu": lambda T, x, shapes: each(lambda a: T(1) * a if a > 0 else T(0) * a, x),
    "relu2deriv": lambda T, output, shapes, at_zero=0: each(
        lambda a: T(1) if a > 0 or (at_zero and a == 0) else T(0), output
    ),
    "matmul": matmul,
    "transpose": lambda T, x, shapes: columns(x, shapes[0][1]),
    "sumRows": sum_rows,
    "sumColumns": lambda T, x, shapes: [in_order(T, row) for row in x],
    "spreadRows": lambda T, x, shapes, n: [x for _ in range(n)],
    "spreadColumns": lambda T, x, shapes, m: [[value] * m for value in x],
    "differenceSum": total_of(lambda p, t: p - t),
    "squaredError": total_of(squared),
    "halfSquaredError": total_of(lambda p, t: squared(p, t) / np.float64(2)),
}

METRICS = {"differenceSum", "squaredError", "halfSquaredError"}


def double(bits):
    return float("nan") if bits == "nan" else struct.unpack(">d", bytes.fromhex(bits))[0]


def bits(value):
    return "nan" if np.isnan(value) else struct.pack(">d", float(value)).hex()


def nested(shape, values):
    if not shape:
        return values[0]
    size = len(values) // shape[0] if shape[0] else 0
    return [nested(shape[1:], values[i * size:(i + 1) * size]) for i in range(shape[0])]


def flat(result):
    return [value for part in result for value in flat(part)] if isinstance(result, list) else [result]


def answer(case):
    T = getattr(np, case["precision"])
    operands = [nested(i["shape"], [T(double(b)) for b in i["bits"]]) for i in case["inputs"]]
    given = dict(case["parameters"], shapes=[i["shape"] for i in case["inputs"]])
    if case["op"] in METRICS:
        given["start"] = double(case["start"])
    result = flat(OPS[case["op"]](T, *operands, **given))
    kind = np.float64 if case["op"] in METRICS else T
    assert all(type(value) is kind for value in result), case
    return [bits(value) for value in result]


asked = json.load(sys.stdin)
missing = sorted({case["op"] for case in asked} - set(OPS))
answers = [answer(case) for case in asked if case["op"] in OPS]
print(json.dumps({"missing": missing, "superfluous": sorted(set(OPS) - {c["op"] for c in asked}), "answers": answers}))
