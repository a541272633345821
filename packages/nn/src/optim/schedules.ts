/** A learning rate as a function of the step, counted from 0. */
export type Schedule = (step: number) => number;

export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** Falls from `rate` to `floor` over `steps` along half a cosine. */
export const cosine =
  (rate: number, steps: number, floor = 0): Schedule =>
  (step) =>
    floor + ((rate - floor) * (1 + Math.cos(Math.PI * Math.min(step / steps, 1)))) / 2;

/** Rises linearly over the first `steps` of `after`. */
export const linearWarmUp =
  (steps: number, after: Schedule): Schedule =>
  (step) =>
    after(step) * Math.min(1, (step + 1) / steps);

/** Multiplies by `factor` at each of `milestones`. */
export const stepwise =
  (rate: number, milestones: readonly number[], factor: number): Schedule =>
  (step) =>
    rate * factor ** milestones.filter((milestone) => step >= milestone).length;
