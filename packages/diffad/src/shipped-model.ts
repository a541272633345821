/** The small model that comes with the package: it knows the generated surfaces of the demo. `npm run demo:model` makes it. */
export const SHIPPED_MODEL = new URL('../models/surfaces.safetensors', import.meta.url);
