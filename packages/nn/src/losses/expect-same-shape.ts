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
