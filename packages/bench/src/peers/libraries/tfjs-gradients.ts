import { require as requireAny } from 'tsx/cjs/api';

/** The gradients of tfjs lie in modules that only a bundler resolves; they register themselves globally. */
export async function registerGradients(): Promise<void> {
  requireAny('@tensorflow/tfjs-core/dist/register_all_gradients.js', import.meta.url);
}
