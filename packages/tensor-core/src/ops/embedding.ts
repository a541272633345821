import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { gather } from './gather.ts';

/** The rows of `table` [n, C] that `indices` [..] (i32 or u32) name -> [.., C]: `gather` along axis 0, with its gradient. */
export function embedding(indices: Tensor, table: Tensor): Tensor {
  expectDType('embedding', 'indices', indices.dtype, ['i32', 'u32']);
  if (table.shape.length !== 2)
    throw new ShapeError(
      `embedding: expected table [n, C] (indices ${format(indices.shape)}, table ${format(table.shape)})`,
    );
  return gather(table, indices, 0);
}
