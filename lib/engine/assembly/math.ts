// Elementary functions of four lanes. No tables: the module must hold no static data, since it also runs on a heap that
// is not its own.

/**
 * exp by Cephes' expf: range reduction by ln 2, a polynomial of degree 5. Relative error below 2e-7; NaN stays NaN.
 * Rounding to a whole power is by adding 1.5 x 2^23, which leaves it in the low bits; pmin and pmax are one
 * instruction, min and max are not.
 */
export function exp4(x: v128): v128 {
  return exponential(
    x,
    f32x4.splat(-87.3),
    f32x4.splat(88.3),
    f32x4.splat(1.44269504088896341),
    f32x4.splat(12582912),
    f32x4.splat(0.693359375),
    f32x4.splat(-2.1219444e-4),
    f32x4.splat(1.98756915e-4),
    f32x4.splat(1.3981999507e-3),
    f32x4.splat(8.3334519073e-3),
    f32x4.splat(4.1665795894e-2),
    f32x4.splat(1.6666665459e-1),
    f32x4.splat(5.0000001201e-1),
    f32x4.splat(1),
    i32x4.splat(127),
  );
}

/** The steps of exp4, with its constants given: a loop over much holds them ready. */
export function exponential(
  x: v128,
  least: v128,
  most: v128,
  toPowers: v128,
  rounding: v128,
  high: v128,
  low: v128,
  c5: v128,
  c4: v128,
  c3: v128,
  c2: v128,
  c1: v128,
  c0: v128,
  one: v128,
  bias: v128,
): v128 {
  x = f32x4.pmax(f32x4.pmin(x, most), least);
  const shifted = f32x4.add(f32x4.mul(x, toPowers), rounding);
  const power = f32x4.sub(shifted, rounding);
  x = f32x4.sub(x, f32x4.mul(power, high));
  x = f32x4.sub(x, f32x4.mul(power, low));
  let y = f32x4.add(f32x4.mul(c5, x), c4);
  y = f32x4.add(f32x4.mul(y, x), c3);
  y = f32x4.add(f32x4.mul(y, x), c2);
  y = f32x4.add(f32x4.mul(y, x), c1);
  y = f32x4.add(f32x4.mul(y, x), c0);
  y = f32x4.add(f32x4.mul(f32x4.mul(y, x), x), f32x4.add(x, one));
  return f32x4.mul(y, i32x4.shl(i32x4.add(shifted, bias), 23));
}

/** log(1 + t) for t in [0, 1]: 2 atanh(z), z = t / (2 + t) <= 1/3, by its series. Relative error below 2e-7. */
export function log1p4(t: v128): v128 {
  const z = f32x4.div(t, f32x4.add(t, f32x4.splat(2)));
  const square = f32x4.mul(z, z);
  let y = f32x4.splat(1.0 / 15.0);
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 13.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 11.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 9.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 7.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 5.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1.0 / 3.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(1));
  return f32x4.mul(f32x4.splat(2), f32x4.mul(z, y));
}

/** The sum of the four lanes, in one fixed order. */
export function sum4(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The sum of the four lanes in float64. */
export function sumInDouble(x: v128): f64 {
  const high = v128.shuffle<f32>(x, x, 2, 3, 0, 1);
  const both = f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high));
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** 1 / (1 + exp(-x)) */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** tanh(x) = sign(x) (1 - e) / (1 + e) with e = exp(-2|x|); by its series near 0, where that would cancel. */
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const e = exp4(f32x4.mul(f32x4.splat(-2), size));
  const far = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const square = f32x4.mul(x, x);
  let y = f32x4.splat(-17.0 / 315.0);
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(2.0 / 15.0));
  y = f32x4.add(f32x4.mul(y, square), f32x4.splat(-1.0 / 3.0));
  const near = f32x4.add(size, f32x4.mul(size, f32x4.mul(y, square)));
  const value = v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.15)));
  const sign = i32x4.splat(0x80000000);
  return v128.or(value, v128.and(x, sign));
}

/**
 * The natural logarithm of a positive, normal number; what is not finite stays. 2 atanh(z) for z = (m - 1) / (m + 1), m
 * the mantissa about 1.
 */
export function log(x: f64): f64 {
  if (!(x < Infinity)) return x;
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let y: f64 = 1.0 / 21.0;
  for (let n: f64 = 19; n >= 1; n -= 2) y = y * square + 1.0 / n;
  return <f64>exponent * 0.6931471805599453 + 2 * z * y;
}
