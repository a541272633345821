/** Extents of a convolution, x being what is read and y what is written; limit counts the tiles or pixels to make. */
export const GATHER_UNIFORMS = [
  'limit: u32, inHeight: u32, inWidth: u32, inChannels: u32, outHeight: u32, outWidth: u32, outChannels: u32',
  'strideRows: i32, strideColumns: i32, dilationRows: i32, dilationColumns: i32, top: i32, left: i32, groups: u32',
].join(', ');

/** Declares the input coordinate `name` that output coordinate `at` reads through tap `k`. */
export function source(name: string, at: string, k: string, pad: string, transposed: boolean): string {
  const axis = k === 'kr' ? 'Rows' : 'Columns';
  if (!transposed) return `let ${name} = ${at} * u.stride${axis} + i32(${k}) * u.dilation${axis} - ${pad};`;
  return `let ${name}Far = ${at} + ${pad} - i32(${k}) * u.dilation${axis}; let ${name} = ${name}Far / u.stride${axis};`;
}

/** Whether coordinate `name` lies outside the picture or, transposed, between two steps of the stride. */
export function invalid(name: string, extent: string, transposed: boolean): string {
  const axis = extent === 'u.inHeight' ? 'Rows' : 'Columns';
  const outside = (value: string) => `${value} < 0 || ${name} >= i32(${extent})`;
  return transposed ? `${outside(`${name}Far`)} || ${name} * u.stride${axis} != ${name}Far` : outside(name);
}
