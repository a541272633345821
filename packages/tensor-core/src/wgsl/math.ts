/** Functions over vec4<f32> whose plain WGSL form overflows, loses NaN or does not exist; a kernel declares those its text calls. */
const functions: Readonly<Record<string, string>> = {
  // tanh(x) may be computed as a ratio of exponentials that overflow.
  tanh4: 'fn tanh4(x: vec4<f32>) -> vec4<f32> { return select(tanh(x), sign(x), abs(x) > vec4(15.0)); }',
  sigmoid4: `fn sigmoid4(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-abs(x));
  return select(vec4(1.0), e, x < vec4(0.0)) / (1.0 + e);
}`,
  siluSlope4: `fn siluSlope4(x: vec4<f32>) -> vec4<f32> {
  let s = sigmoid4(x);
  return s * (1.0 + x * (1.0 - s));
}`,
  softplus4:
    'fn softplus4(x: vec4<f32>) -> vec4<f32> { return select(x, vec4(0.0), x < vec4(0.0)) + log1p4(exp(-abs(x))); }',
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
  // WGSL's pow is undefined for a negative base.
  pow4: `fn pow4(x: vec4<f32>, p: vec4<f32>) -> vec4<f32> {
  let size = pow(abs(x), p);
  let odd = fract(abs(p) * 0.5) == vec4(0.5);
  let signed = select(size, -size, odd & (x < vec4(0.0)));
  let undefinedRoot = (x < vec4(0.0)) & (fract(p) != vec4(0.0));
  return select(select(signed, log(x), undefinedRoot), vec4(1.0), p == vec4(0.0));
}`,
  // WGSL compilers may assume there are no NaNs: only the bits tell.
  isNaN4:
    'fn isNaN4(x: vec4<f32>) -> vec4<bool> { return (bitcast<vec4<u32>>(x) & vec4(0x7fffffffu)) > vec4(0x7f800000u); }',
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
