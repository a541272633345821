/** Shapes, axes or sizes that do not fit together. The message names the op and both shapes. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** A dtype the op cannot take, or one the adapter cannot store. */
export class DTypeError extends Error {
  override name = 'DTypeError';
}

export type DeviceErrorKind = 'no-adapter' | 'lost' | 'out-of-memory' | 'validation' | 'limit' | 'mixed';

/** The adapter or device refused, failed or went away; `kind` says which. */
export class DeviceError extends Error {
  override name = 'DeviceError';
  readonly kind: DeviceErrorKind;

  constructor(kind: DeviceErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A NaN or an infinity found by the NaN guard; the message names the op, its layer and the range of every input. */
export class NaNError extends Error {
  override name = 'NaNError';
}
