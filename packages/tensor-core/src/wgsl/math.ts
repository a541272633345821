/**
 * Functions over vec4<f32> whose plain WGSL form overflows, is coarse, loses NaN or infinity (on SwiftShader
 * exp(NaN) is infinite, log(-1) and log(0) are numbers) or does not exist; a kernel declares those its text calls.
 */
const functions: Readonly<Record<string, string>> = {
  // WGSL compilers may assume there are no NaNs: only the bits tell.
  isNaN4:
    'fn isNaN4(x: vec4<f32>) -> vec4<bool> { return (bitcast<vec4<u32>>(x) & vec4(0x7fffffffu)) > vec4(0x7f800000u); }',
  // A constant NaN or infinity is an error in WGSL: a variable must take part.
  nan4: 'fn nan4(x: vec4<f32>) -> vec4<f32> { return bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) | vec4(0x7fc00000u)); }',
  infinity4:
    'fn infinity4(x: vec4<f32>) -> vec4<f32> { return bitcast<vec4<f32>>((bitcast<vec4<u32>>(x) & vec4(0u)) | vec4(0x7f800000u)); }',
  exp4: 'fn exp4(x: vec4<f32>) -> vec4<f32> { return select(exp(x), x, isNaN4(x)); }',
  log4: `fn log4(x: vec4<f32>) -> vec4<f32> {
  return select(select(log(x), -infinity4(x), x == vec4(0.0)), nan4(x), isNaN4(x) | (x < vec4(0.0)));
}`,
  // WGSL grants sin an error of 2^-11. Cody and Waite's reduction to [-π/4, π/4], there the minimax polynomials of Cephes.
  sin4: 'fn sin4(x: vec4<f32>) -> vec4<f32> { return wave4(x, vec4(0)); }',
  cos4: 'fn cos4(x: vec4<f32>) -> vec4<f32> { return wave4(x, vec4(1)); }',
  wave4: `fn wave4(x: vec4<f32>, shift: vec4<i32>) -> vec4<f32> {
  let turns = round(x * 0.63661977);
  let r = ((x - turns * 1.5703125) - turns * 4.8375130e-4) - turns * 7.5497900e-8;
  let z = r * r;
  let odd = r + r * z * (-1.6666655e-1 + z * (8.3321609e-3 + z * -1.9515296e-4));
  let even = 1.0 - 0.5 * z + z * z * (4.1666646e-2 + z * (-1.3887316e-3 + z * 2.4433157e-5));
  let quarter = vec4<i32>(turns) + shift;
  let size = select(odd, even, (quarter & vec4(1)) == vec4(1));
  return select(size, -size, (quarter & vec4(2)) == vec4(2));
}`,
  // tanh(x) may be computed as a ratio of exponentials that overflow.
  tanh4: 'fn tanh4(x: vec4<f32>) -> vec4<f32> { return select(tanh(x), sign(x), abs(x) > vec4(15.0)); }',
  sigmoid4: `fn sigmoid4(x: vec4<f32>) -> vec4<f32> {
  let e = exp4(-abs(x));
  return select(vec4(1.0), e, x < vec4(0.0)) / (1.0 + e);
}`,
  relu4: 'fn relu4(x: vec4<f32>) -> vec4<f32> { return select(max(x, vec4(0.0)), x, isNaN4(x)); }',
  reluSlope4: 'fn reluSlope4(x: vec4<f32>) -> vec4<f32> { return select(vec4(1.0), vec4(0.0), x <= vec4(0.0)); }',
  // Where exp(-x) overflows, x / ∞ is the zero that is meant; x carries its own NaN.
  silu4: 'fn silu4(x: vec4<f32>) -> vec4<f32> { return x / (1.0 + exp(-x)); }',
  siluSlope4: `fn siluSlope4(x: vec4<f32>) -> vec4<f32> {
  let s = 1.0 / (1.0 + exp(-x));
  return s * (1.0 + x * (1.0 - s));
}`,
  softplus4:
    'fn softplus4(x: vec4<f32>) -> vec4<f32> { return select(x, vec4(0.0), x < vec4(0.0)) + log1p4(exp4(-abs(x))); }',
  // Kahan's log1p: the quotient corrects the rounding of 1 + x.
  log1p4: `fn log1p4(x: vec4<f32>) -> vec4<f32> {
  let w = 1.0 + x;
  return select(log(w) * (x / (w - 1.0)), x, w == vec4(1.0));
}`,
  // Φ(x) by erfc, Numerical Recipes' Chebyshev fit: relative error below 1.2e-7.
  normalCdf4: `fn normalCdf4(x: vec4<f32>) -> vec4<f32> {
  let z = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.5 * z);
  let p = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807
    + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  let tail = 0.5 * t * exp(-z * z + p);
  return select(1.0 - tail, tail, x < vec4(0.0));
}`,
  gelu4: 'fn gelu4(x: vec4<f32>) -> vec4<f32> { return x * normalCdf4(x); }',
  geluSlope4: 'fn geluSlope4(x: vec4<f32>) -> vec4<f32> { return normalCdf4(x) + x * 0.39894228 * exp(-0.5 * x * x); }',
  share4: `fn share4(x: vec4<f32>, y: vec4<f32>) -> vec4<f32> {
  return select(select(vec4(1.0), vec4(0.0), x < y), vec4(0.5), x == y);
}`,
  // WGSL's pow is undefined for a negative base. As in C, x^0 and 1^p are 1 even where the other is NaN.
  pow4: `fn pow4(x: vec4<f32>, p: vec4<f32>) -> vec4<f32> {
  let atZero = select(vec4(0.0), infinity4(x), p < vec4(0.0));
  let size = select(pow(abs(x), p), atZero, x == vec4(0.0));
  let odd = fract(abs(p) * 0.5) == vec4(0.5);
  let signed = select(size, -size, odd & (x < vec4(0.0)));
  let none = isNaN4(x) | isNaN4(p) | ((x < vec4(0.0)) & (fract(p) != vec4(0.0)));
  return select(select(signed, nan4(x), none), vec4(1.0), (p == vec4(0.0)) | (x == vec4(1.0)));
}`,
};

/** The declarations `text` needs, those they need in turn included. */
export function mathFunctions(text: string): string {
  const needed = new Set<string>();
  const visit = (source: string): void => {
    for (const [name, body] of Object.entries(functions)) {
      if (needed.has(name) || !new RegExp(`\\b${name}\\(`).test(source)) continue;
      needed.add(name);
      visit(body);
    }
  };
  visit(text);
  return [...needed].map((name) => functions[name]).join('\n');
}
