import { init } from '@diffad/tensor-core';
import { loadModel, type Model } from '../model.ts';

/** Opens a device and a model for the time of `use`. */
export async function withModel<T>(path: string, use: (model: Model) => Promise<T>): Promise<T> {
  const device = await init();
  try {
    const model = await loadModel(path);
    try {
      return await use(model);
    } finally {
      model.dispose();
    }
  } finally {
    device.destroy();
  }
}
