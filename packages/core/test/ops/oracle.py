"""Every op by its mathematical definition, one number at a time.

A sum starts from its first term, takes the others in ascending order, and is +0 where there is none.
Every operation is one operation of the scalar type T (np.float64 or np.float32), so it rounds once.
A metric is float64 whatever T is: the terms of a row are summed, and that sum joins the running total.

Where an op calls exp, log or tanh no processor is asked, and no rounding is imitated: the true value is
computed to 60 digits, and the result may lie as far from it as the op's definition allows.

An op is a function of T, its operands and its parameters. Operands are nested lists; so is the result. Operands that are
whole numbers are Python's own.
"""

import decimal
import json
import struct
import sys
from decimal import Decimal

import numpy as np

np.seterr(all="ignore")
decimal.getcontext().prec = 60
# NaN and infinities instead of exceptions.
decimal.getcontext().clear_traps()


class Near:
    """A true value, rounded, and how far a result may lie from it."""

    def __init__(self, value, slack):
        self.value, self.slack = value, slack


def true_exp(x):
    return x.exp()


def true_log(x):
    return x.ln()


def true_log1p(x):
    return x - x * x / 2 if abs(x) < Decimal("1e-30") else (1 + x).ln()


def true_tanh(x):
    if x.is_nan():
        return x
    if abs(x) < Decimal("1e-10"):
        return (x - x * x * x / 3).copy_sign(x)
    if x.is_infinite():
        return Decimal(1).copy_sign(x)
    e = (2 * abs(x)).exp()
    return ((e - 1) / (e + 1) if e.is_finite() else Decimal(1)).copy_sign(x)


def true_sigmoid(x):
    e = (-abs(x)).exp()
    return (Decimal(1) if x >= 0 else e) / (1 + e)


def true_softplus(x):
    return (x if x > 0 else Decimal(0) * x.is_finite()) + true_log1p((-abs(x)).exp()) if not x.is_nan() else x


def near(T, true, ulps):
    value = T(float(true))
    return Near(value, float(ulps * np.spacing(np.abs(value))) if np.isfinite(value) else 0.0)


def within(ulps, f):
    """Element by element, within so many units in the last place; in float32 the float64 result is rounded once more."""

    def op(T, x, shapes):
        return each(lambda a: near(T, f(Decimal(float(a))), ulps), x)

    return op


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


def slack_of(T, values, operations):
    """What `operations` roundings of numbers as large as the largest of `values` may add up to."""
    finite = [abs(float(value)) for value in values if np.isfinite(float(value))]
    return operations * float(np.finfo(T).eps) * max(finite, default=0.0)


def entropy_of(terms_of):
    """A metric whose terms are true values; the total may lie from the true one what its roundings add up to."""

    def metric(T, prediction, target, start, shapes):
        # Every partial result is at most as large as the numbers that go in and the totals that come out.
        total, sizes = Decimal(float(start)), [1.0, float(start)]
        for row, goals in zip(prediction, target):
            terms = terms_of([Decimal(float(p)) for p in row], [Decimal(float(t)) for t in goals])
            row_total = terms[0] if terms else Decimal(0)
            for term in terms[1:]:
                row_total += term
            total += row_total
            sizes += [float(total), *map(float, terms), *map(float, row)]
        value = np.float64(float(total))
        return Near(value, slack_of(np.float64, sizes, 8 * len(sizes)))

    return metric


def surprises(row, goals):
    sums = sum((true_exp(z - max_of(row)) for z in row), Decimal(0))
    return [t * (true_log(sums) - (z - max_of(row))) for z, t in zip(row, goals)]


def max_of(row):
    return max(row) if not any(z.is_nan() for z in row) else Decimal("NaN")


def softmax(logarithms):
    def op(T, x, shapes):
        return [[near_share(T, row, z, logarithms) for z in row] for row in x]

    return op


def near_share(T, row, z, logarithms):
    """Relative errors: exp's 2u, for each sum one more, the quotient's u; the shift's own, u |shift|, is in the exponent."""
    exact = [Decimal(float(each)) for each in row]
    shifts = [each - max_of(exact) for each in exact]
    # The shift is rounded before its power is taken: by half a unit of its last place.
    errors = [float(abs(s)) for s in shifts if s.is_finite()]
    relative = (8 + len(row) + max(errors, default=0.0)) * float(np.finfo(T).eps)
    share = true_exp(Decimal(float(z)) - max_of(exact)) / sum((true_exp(s) for s in shifts), Decimal(0))
    if logarithms:
        true = Decimal(float(z)) - max_of(exact) - true_log(sum((true_exp(s) for s in shifts), Decimal(0)))
        value = T(float(true))
        return Near(value, relative * max(1.0, abs(float(value))) if np.isfinite(value) else 0.0)
    value = T(float(share))
    return Near(value, relative * float(value) + float(np.finfo(T).smallest_subnormal) if np.isfinite(value) else 0.0)


def first_largest(row):
    """The place of the largest number, none where a number is unknown; a row without numbers has one answer only."""
    if any(np.isnan(value) for value in row):
        return None
    return row.index(max(row)) if row else 0


def right_classes(T, prediction, target, start, shapes):
    total = np.float64(start)
    for row, goals in zip(prediction, target):
        places = {first_largest(row), first_largest(goals)}
        total = total + np.float64(len(places) == 1 and None not in places)
    return total


def right_sides(p, t, threshold, middle):
    upper = p > threshold and t > middle
    lower = p <= threshold and t <= middle
    return np.float64(upper or lower)


def with_option(metric, **defaults):
    """A metric whose term takes options."""

    def op(T, prediction, target, start, shapes, **given):
        values = {name: np.float64(value) for name, value in {**defaults, **given}.items()}
        return total_of(lambda p, t: metric(p, t, **values))(T, prediction, target, start, shapes)

    return op


def huber(p, t, limit):
    size = abs(p - t)
    return squared(p, t) / np.float64(2) if size <= limit else limit * (size - limit / np.float64(2))


def mean_squared2deriv(T, prediction, target, shapes, outputs=1):
    return each(lambda p, t: (p - t + (p - t)) / T(outputs), prediction, target)


def mean_absolute2deriv(T, prediction, target, shapes, outputs=1):
    def slope(p, t):
        return (p - t if p == t or np.isnan(p) or np.isnan(t) else T(1) if p > t else T(-1)) / T(outputs)

    return each(slope, prediction, target)


def squared(p, t):
    difference = p - t
    return difference * difference


def larger(a, b):
    if np.isnan(a) or np.isnan(b):
        return a + b
    # Two zeros: -0 only if both are.
    return max(a, b) if a != b or a != 0 else a + b


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
    "abs": lambda T, x, shapes: each(lambda a: -a if np.signbit(a) else a, x),
    "sign": lambda T, x, shapes: each(lambda a: a if a == 0 or np.isnan(a) else np.copysign(T(1), a), x),
    "sqrt": lambda T, x, shapes: each(np.sqrt, x),
    # d(sqrt x)/dx = 1 / (2 sqrt x)
    "sqrt2deriv": lambda T, output, shapes: each(lambda a: T(0.5) / a, output),
    "maximum": lambda T, left, right, shapes: each(larger, left, right),
    "atLeast": lambda T, left, right, shapes: each(lambda a, b: T(a > b or a == b), left, right),
    "below": lambda T, left, right, shapes: each(lambda a, b: T(a < b), left, right),
    "clip": lambda T, x, shapes, limit=1: each(
        lambda a: a if np.isnan(a) else min(max(a, -T(limit)), T(limit)), x
    ),
    "clip2deriv": lambda T, x, shapes, limit=1: each(lambda a: T(-T(limit) <= a <= T(limit)), x),
    "multiplyByNumber": lambda T, x, shapes, factor=1: each(lambda a: a * T(factor), x),
    "stopGradient": lambda T, x, shapes: each(lambda a: a, x),
    "leakyRelu": lambda T, x, shapes, slope=0.01: each(lambda a: a if a > 0 else T(slope) * a, x),
    "leakyRelu2deriv": lambda T, x, shapes, slope=0.01: each(lambda a: T(1) if a > 0 else T(slope), x),
    # Errors in units in the last place: those of math/ for one function; sigmoid's and softplus's are derived below.
    "exp": within(1, true_exp),
    "log": within(1, true_log),
    "tanh": within(2.5, true_tanh),
    "tanh2deriv": lambda T, output, shapes: each(lambda a: T(1) - a * a, output),
    # e = exp errs by 2u (u = 2^-53, relative); 1 + e and the quotient by u each, e / (1 + e) by 2u more: 4u = 4 ulp.
    "sigmoid": within(4, true_sigmoid),
    "sigmoid2deriv": lambda T, output, shapes: each(lambda a: a * (T(1) - a), output),
    # e errs by 2u, which log1p does not enlarge, log1p itself by 2u, the sum by u.
    "softplus": within(5, true_softplus),
    "matmul": matmul,
    "transpose": lambda T, x, shapes: columns(x, shapes[0][1]),
    "sumRows": sum_rows,
    "sumColumns": lambda T, x, shapes: [in_order(T, row) for row in x],
    "spreadRows": lambda T, x, shapes, n: [x for _ in range(n)],
    "spreadColumns": lambda T, x, shapes, m: [[value] * m for value in x],
    "softmax": softmax(logarithms=False),
    "logSoftmax": softmax(logarithms=True),
    "fromBytes": lambda T, x, shapes, divisor=255: each(lambda byte: T(byte) / T(divisor), x),
    "oneHot": lambda T, labels, shapes, k: [[T(label == column) for column in range(k)] for label in labels],
    "gatherRows": lambda T, table, rows, shapes: [
        table[row] if row in range(shapes[0][0]) else [T("nan")] * shapes[0][1] for row in rows
    ],
    # Row r of the table is the sum of the rows whose number is r.
    "scatterRows": lambda T, x, rows, shapes, v: [
        [in_order(T, [x[n][m] for n in range(len(rows)) if rows[n] == r]) for m in range(shapes[0][1])] for r in range(v)
    ],
    "meanSquaredError2deriv": mean_squared2deriv,
    "meanAbsoluteError2deriv": mean_absolute2deriv,
}


def running_total(T, x, start, shapes):
    total = np.float64(start)
    for row in x:
        total = total + in_order(np.float64, [np.float64(value) for value in row])
    return total


METRICS = {
    "runningTotal": running_total,
    "differenceSum": total_of(lambda p, t: p - t),
    "squaredError": total_of(squared),
    "halfSquaredError": total_of(lambda p, t: squared(p, t) / np.float64(2)),
    "meanSquaredError": with_option(lambda p, t, outputs: squared(p, t) / outputs, outputs=1),
    "absoluteError": total_of(lambda p, t: abs(p - t)),
    "meanAbsoluteError": with_option(lambda p, t, outputs: abs(p - t) / outputs, outputs=1),
    "huber": with_option(huber, limit=1),
    # -t log s - (1 - t) log(1 - s) with log s = z - softplus(z) and log(1 - s) = -softplus(z).
    "binaryCrossEntropy": entropy_of(
        lambda row, goals: [t * (true_softplus(z) - z) + (1 - t) * true_softplus(z) for z, t in zip(row, goals)]
    ),
    "categoricalCrossEntropy": entropy_of(surprises),
    "rightSides": with_option(right_sides, threshold=0.5, middle=0.5),
    "rightClasses": right_classes,
}

OPS.update(METRICS)


def double(bits):
    return float("nan") if bits == "nan" else struct.unpack(">d", bytes.fromhex(bits))[0]


def bits(value):
    if isinstance(value, Near):
        return f"{bits(value.value)}~{bits(value.slack)}"
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
    operands = [
        nested(i["shape"], i["whole"] if "whole" in i else [T(double(b)) for b in i["bits"]]) for i in case["inputs"]
    ]
    given = dict(case["parameters"], shapes=[i["shape"] for i in case["inputs"]])
    if case["op"] in METRICS:
        given["start"] = double(case["start"])
    result = flat(OPS[case["op"]](T, *operands, **given))
    kind = np.float64 if case["op"] in METRICS else T
    assert all(type(value) is kind or isinstance(value, Near) for value in result), case
    return [bits(value) for value in result]


asked = json.load(sys.stdin)
missing = sorted({case["op"] for case in asked} - set(OPS))
answers = [answer(case) for case in asked if case["op"] in OPS]
print(json.dumps({"missing": missing, "superfluous": sorted(set(OPS) - {c["op"] for c in asked}), "answers": answers}))
