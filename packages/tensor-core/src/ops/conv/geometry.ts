/** All extents of one convolution, seen from its forward direction. */
export interface Geometry {
  readonly pictures: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly top: number;
  readonly left: number;
}

/** One side of a convolution, input or output. */
export interface Extents {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export const flops = (g: Geometry): number =>
  (2 * g.pictures * g.outHeight * g.outWidth * g.outChannels * g.rows * g.columns * g.channels) / g.groups;

/** The last fields of every convolution kernel's uniforms. */
export const steps = ({ stride, dilation, top, left, groups }: Geometry): number[] => [
  stride,
  stride,
  dilation,
  dilation,
  top >>> 0,
  left >>> 0,
  groups,
];
