// mathLibrary.ts - what `bc -l` adds: s c a l e j, worked out with digits to spare and then cut off.

import {
  add,
  BcError,
  compare,
  type Decimal,
  divide,
  multiply,
  negate,
  ONE,
  rescale,
  subtract,
  whole,
  ZERO,
} from "./decimal.ts";

/** Sums terms until they are too small to be seen. */
function series(first: Decimal, scale: number, next: (term: Decimal, n: number) => Decimal): Decimal {
  let [sum, term] = [first, first];
  for (let n = 1; ; n++) {
    term = rescale(next(term, n), scale);
    if (term.n === 0n) return sum;
    sum = add(sum, term);
  }
}

export function exponential(x: Decimal, scale: number): Decimal {
  if (x.n < 0n) return divide(ONE, exponential(negate(x), scale + 5), scale);
  const size = Math.max(0, Math.ceil(Number(rescale(x, 0).n) * 0.44));
  const work = scale + size + 10;
  let [small, halvings] = [rescale(x, work), 0];
  for (; compare(small, ONE) > 0; halvings++) small = divide(small, whole(2), work + halvings);
  const digits = work + halvings;
  let result = series(ONE, digits, (term, n) => divide(multiply(term, small, digits), whole(n), digits));
  for (; halvings > 0; halvings--)
    result = multiply(rescale(result, digits), rescale(result, digits), digits);
  return rescale(result, scale);
}

export function logarithm(x: Decimal, scale: number): Decimal {
  // GNU's answer for what has no logarithm.
  if (x.n <= 0n) return rescale(subtract(ONE, { n: 10n ** BigInt(scale), scale: 0 }), scale);
  const work = scale + 12;
  let [near, roots] = [rescale(x, work), 0];
  const two = whole(2);
  // ln x = ln (x / 2^k) + k ln 2.
  while (compare(near, two) >= 0) [near, roots] = [divide(near, two, work), roots + 1];
  while (compare(near, { n: 5n, scale: 1 }) < 0) [near, roots] = [multiply(near, two, work), roots - 1];
  const sum = add(nearOne(near, work), multiply(whole(roots), nearOne(two, work), work));
  return rescale(sum, scale);
}

/** ln x = 2 artanh((x - 1) / (x + 1)) */
function nearOne(x: Decimal, scale: number): Decimal {
  const ratio = divide(subtract(x, ONE), add(x, ONE), scale);
  const square = multiply(ratio, ratio, scale);
  let [sum, term] = [ratio, ratio];
  for (let n = 3; term.n !== 0n; n += 2) {
    term = multiply(term, square, scale);
    sum = add(sum, divide(term, whole(n), scale));
  }
  return multiply(sum, whole(2), scale);
}

export function arcTangent(x: Decimal, scale: number): Decimal {
  const work = scale + 12;
  let [small, doublings] = [rescale(x, work), 0];
  const limit: Decimal = { n: 2n, scale: 1 };
  // atan x = 2 atan(x / (1 + sqrt(1 + x^2)))
  for (; compare(small.n < 0n ? negate(small) : small, limit) > 0; doublings++) {
    const hypotenuse = root(add(ONE, multiply(small, small, work)), work);
    small = divide(small, add(ONE, hypotenuse), work);
  }
  const square = negate(multiply(small, small, work));
  let [sum, term] = [small, small];
  for (let n = 3; term.n !== 0n; n += 2) {
    term = multiply(term, square, work);
    sum = add(sum, divide(term, whole(n), work));
  }
  return rescale(multiply(sum, whole(2 ** doublings), work), scale);
}

function root(x: Decimal, scale: number): Decimal {
  let guess: Decimal = add(x, ONE);
  for (;;) {
    const next = divide(add(guess, divide(x, guess, scale)), whole(2), scale);
    if (compare(next, guess) >= 0) return next;
    guess = next;
  }
}

export function sine(x: Decimal, scale: number): Decimal {
  const work = scale + digitsBefore(x) + 12;
  const pi = multiply(arcTangent(ONE, work), whole(4), work);
  const turns = divide(x, multiply(pi, whole(2), work), 0);
  const angle = subtract(rescale(x, work), multiply(turns, multiply(pi, whole(2), work), work));
  const square = negate(multiply(angle, angle, work));
  const sum = series(angle, work, (term, n) =>
    divide(multiply(term, square, work), whole(2 * n * (2 * n + 1)), work),
  );
  return rescale(sum, scale);
}

export function cosine(x: Decimal, scale: number): Decimal {
  const work = scale + digitsBefore(x) + 12;
  const quarter = multiply(arcTangent(ONE, work), whole(2), work);
  return rescale(sine(add(rescale(x, work), quarter), scale + 5), scale);
}

const digitsBefore = (x: Decimal): number => rescale(x, 0).n.toString().length;

/** Bessel function of integer order. */
export function bessel(order: Decimal, x: Decimal, scale: number): Decimal {
  let n = Number(rescale(order, 0).n);
  let sign = ONE;
  if (n < 0) [n, sign] = [-n, n % 2 === 0 ? ONE : whole(-1)];
  if (n > 10000) throw new BcError("order too large in j");
  const work = scale + 3 * digitsBefore(x) * 5 + 15;
  const half = divide(x, whole(2), work);
  let first = rescale(sign, work);
  for (let i = 1; i <= n; i++) first = divide(multiply(first, half, work), whole(i), work);
  const square = negate(multiply(half, half, work));
  const sum =
    first.n === 0n
      ? ZERO
      : series(first, work, (term, k) => divide(multiply(term, square, work), whole(k * (k + n)), work));
  return rescale(sum, scale);
}
