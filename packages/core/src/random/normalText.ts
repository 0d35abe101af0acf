/**
 * Normal numbers with the bits of `RandomSource.gaussian`, for printed programs: `np.random.randn` takes the C library's
 * logarithm, which is not always the nearest double. Here it is computed in whole numbers, as the patient step of `math/logExact.ts`.
 */
export const randnInNumpy = `def _randn(*shape):
    # np.random.randn with a logarithm that is rounded to the nearest on every machine
    return np.array([_gaussian() for _ in range(int(np.prod(shape)))], float).reshape(shape)`;

/** Marsaglia's polar method: every second number is kept for the next call. */
export const gaussianInNumpy = `_spare = []

def _gaussian():
    if _spare:
        return _spare.pop()
    square = 0.0
    while not 0 < square < 1:
        x = 2 * np.random.random() - 1
        y = 2 * np.random.random() - 1
        square = x * x + y * y
    length = np.sqrt(-2 * _nearest_log(square) / square)
    _spare.append(length * x)
    return length * y`;

/** log x = k log 2 + 2 artanh((m - 1) / (m + 1)) for x = 2^k m; log 2 = 2 artanh(1/3). */
export const nearestLogInNumpy = `_one = 1 << 256

def _twice_artanh(s):
    square, total, power, odd = s * s >> 256, 0, s, 1
    while power not in (0, -1):
        total += power // odd
        power = power * square >> 256
        odd += 2
    return 2 * total

_log_2 = _twice_artanh(_one // 3)

def _nearest_log(x):
    above, below = x.as_integer_ratio()
    k = above.bit_length() - below.bit_length()
    above, below = above << max(-k, 0), below << max(k, 0)
    return (k * _log_2 + _twice_artanh((above - below) * _one // (above + below))) / _one`;
