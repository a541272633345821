import { resolveConfig } from '@diffad/diffad';

const stage = (more = ''): string => `{"steps":20,"batch":2,"warmUp":0${more}}`;

/** All networks at 16 px, as thin as they go, and twenty steps of every stage. */
export const tinyConfig = resolveConfig({
  assignments: [
    'size=16',
    'autoencoder={"channels":4,"multipliers":[1,2],"groups":2}',
    'unet={"channels":8,"multipliers":[1],"attentionAt":[],"headChannels":8,"groups":4}',
    'discriminator={"width":4,"depth":2}',
    'simulation={"pool":8,"perlinMaxExponent":1}',
    'sampling.steps=2',
    `training={"vae":${stage()},"diffusion":${stage()},"segment":${stage(',"samplingSteps":2')}}`,
    `draem={"width":4,${stage().slice(1)}`,
  ],
});

/** A class that fits it. */
export const TINY_CLASS = 'generated:woven,size=16,train=8,good=3,perDefect=1';
