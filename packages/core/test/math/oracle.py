"""The error of each given result, in units in the last place of the true value, to at least 50 digits.

Input: {"name", "x": doubles, "y": results}, the doubles one after the other as big-endian hexadecimal digits.
Output: {"worst": the largest error, "at": its place}. A missing or superfluous infinity is an error of 1e300.
"""

import json
import math
import struct
import sys
from decimal import Decimal, getcontext

getcontext().prec = 56
SMALLEST = Decimal(10) ** -55


def series(term, factor, divisor):
    """term + term factor / divisor(1) + term factor^2 / (divisor(1) divisor(2)) + ..."""
    total, k = term, 1
    while abs(term) > SMALLEST * abs(total):
        term = term * factor / divisor(k)
        total, k = total + term, k + 1
    return total


def arctan_inverse(n, digits):
    """arctan(1/n) in units of 10^-digits, by its series in whole numbers."""
    power = 10**digits // n
    total, k = power, 1
    while power:
        power //= n * n
        k += 2
        total += (power // k) * (1 if k % 4 == 1 else -1)
    return total


# Machin: pi = 16 arctan(1/5) - 4 arctan(1/239)
HALF_PI = Decimal(8 * arctan_inverse(5, 100) - 2 * arctan_inverse(239, 100)).scaleb(-100)


def exp(x):
    # Beyond these bounds a double is infinity or 0 just the same.
    return max(min(x, Decimal(1000)), Decimal(-1000)).exp()


def expm1(x):
    # Near 0 the difference would lose digits: x + x^2/2 + x^3/6 + ...
    return series(x, x, lambda k: k + 1) if x and abs(x) < Decimal("0.001") else exp(x) - 1


def log(x):
    return x.ln()


def log1p(x):
    if abs(x) < Decimal(10) ** -25:
        return x - x * x / 2 + x * x * x / 3
    getcontext().prec = 90
    result = (1 + x).ln()
    getcontext().prec = 56
    return result


def tanh(x):
    t = expm1(2 * abs(x)) if abs(x) < 100 else Decimal("Infinity")
    return (t / (t + 2) if t.is_finite() else Decimal(1)).copy_sign(x)


def cos(x):
    getcontext().prec = 90
    n = (x / HALF_PI).to_integral_value()
    r = x - n * HALF_PI
    getcontext().prec = 56
    quarter = int(n) % 4
    if quarter % 2:
        value = series(r, -r * r, lambda k: 2 * k * (2 * k + 1)) if r else r
    else:
        value = series(Decimal(1), -r * r, lambda k: 2 * k * (2 * k - 1))
    return -value if quarter in (1, 2) else value


def error(found, true):
    nearest = abs(float(true))
    if math.isinf(nearest) or math.isinf(found):
        # Beyond the largest double by less than half a unit, or by more, as rounding decides.
        return 0.0 if found == float(true) else 1e300
    below = math.nextafter(nearest, 0.0) if Decimal(nearest) > abs(true) else nearest
    return float(abs(Decimal(found) - true) / Decimal(math.ulp(below)))


def doubles(digits):
    return struct.unpack(">%dd" % (len(digits) // 16), bytes.fromhex(digits))


asked = json.load(sys.stdin)
function = globals()[asked["name"]]
errors = [error(y, function(Decimal(x))) for x, y in zip(doubles(asked["x"]), doubles(asked["y"]))]
worst = max(range(len(errors)), key=errors.__getitem__)
print(json.dumps({"worst": errors[worst], "at": worst}))
