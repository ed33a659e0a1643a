// Elementary functions of four lanes. No tables: the module must hold no static data, since it also runs on a heap that is not its own.

/** exp by Cephes' expf: range reduction by ln 2, a polynomial of degree 5. Relative error below 2e-7; NaN stays NaN. */
export function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.splat(-87.3), f32x4.min(f32x4.splat(88.3), x));
  const power = f32x4.floor(f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(0.5)));
  x = f32x4.sub(x, f32x4.mul(power, f32x4.splat(0.693359375)));
  x = f32x4.sub(x, f32x4.mul(power, f32x4.splat(-2.1219444e-4)));
  let y = f32x4.splat(1.98756915e-4);
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, x), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.mul(f32x4.mul(y, x), x), f32x4.add(x, f32x4.splat(1)));
  return f32x4.mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23));
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
