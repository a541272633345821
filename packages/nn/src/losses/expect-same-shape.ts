import { ShapeError, type Tensor } from '@diffad/tensor-core';

/** Refuses two operands that would be broadcast: [B, 1] against [B] is a loss over B² pairs. */
export function expectSameShape(loss: string, operands: Readonly<Record<string, Tensor>>): void {
  const [first, other] = Object.entries(operands).map(([name, { shape }]) => ({
    name,
    shape: `[${shape.join(', ')}]`,
  }));
  if (first?.shape === other?.shape) return;
  throw new ShapeError(
    `${loss}: ${first?.name} is ${first?.shape}, ${other?.name} ${other?.shape}; reshape one to the shape of the other`,
  );
}

/** Refuses two operands that are not pictures [B, H, W, C] of one shape, or have fewer than `least` pixels each way. */
export function expectPictures(loss: string, operands: Readonly<Record<string, Tensor>>, least = 1): void {
  expectSameShape(loss, operands);
  const given = Object.entries(operands);
  if (given.every(([, { shape }]) => shape.length === 4 && shape.slice(1, 3).every((extent) => extent >= least)))
    return;
  const shapes = given.map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ');
  const size = least > 1 ? ` of at least ${least} pixels each way` : '';
  throw new ShapeError(`${loss}: expected pictures [B, H, W, C]${size}, got ${shapes}`);
}
