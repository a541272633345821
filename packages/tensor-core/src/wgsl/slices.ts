/** Where slice number `slice` of `slices` nearly equal ones of `length` begins; the plain quotient slice · length / slices overflows. */
export const sliceBegin = `fn sliceBegin(slice: u32, length: u32, slices: u32) -> u32 {
  return slice * (length / slices) + min(slice, length % slices);
}`;
