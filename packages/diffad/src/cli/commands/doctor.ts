import { type Device, init, matmul, mul, Rng, randn, scope } from '@diffad/tensor-core';
import { Command } from 'commander';
import { parameterBytes } from '../../config/estimate.ts';
import { presets } from '../../config/presets.ts';
import { checkGolden, type SelfCheck } from '../../golden.ts';
import { loadModel } from '../../model.ts';
import { answer, table, UsageError } from '../output.ts';

const SIDE = 512;
const COPY = 4 * 2 ** 20;

/** Seconds of the fastest of several runs of `work`. */
async function fastest(device: Device, work: () => void): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    work();
    await device.sync();
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best;
}

async function speeds(device: Device) {
  const rng = new Rng(0);
  using a = randn([SIDE, SIDE], rng);
  using x = randn([COPY], rng);
  const product = await fastest(device, () => scope(() => void matmul(a, a)));
  const copy = await fastest(device, () => scope(() => void mul(x, 2)));
  return { gflops: (2 * SIDE ** 3) / product / 1e9, gigabytesPerSecond: (8 * COPY) / copy / 1e9 };
}

/** What would be faster than this adapter; null on a GPU. */
function adviceFor({ adapter, software }: Device['info']): string | null {
  if (!software) return null;
  if (/llvmpipe|lavapipe/i.test(adapter))
    return 'the fastest software adapter there is; a GPU with a Vulkan driver is faster by far';
  return 'a slow software adapter; about five times faster on Debian 12: apt-get install -t bookworm-backports mesa-vulkan-drivers libvulkan1';
}

async function checked(path: string): Promise<SelfCheck> {
  const model = await loadModel(path);
  try {
    const found = await checkGolden(model);
    if (!found) throw new UsageError(`${path}: holds no golden picture; models trained to the end do`);
    return found;
  } finally {
    model.dispose();
  }
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('which adapter was found and why, what it can do, and what would be faster')
    .option('--model <run>', 'also judge the model’s golden picture and compare with the score of where it was trained')
    .option('--json', 'one JSON document on standard output')
    .action(async ({ json, model: path }: { json?: true; model?: string }) => {
      const device = await init();
      const { adapter, reason, software, variant, features, limits } = device.info;
      const speed = await speeds(device);
      const memory = Object.fromEntries(
        Object.entries(presets).map(([name, config]) => [name, parameterBytes(config)]),
      );
      const advice = adviceFor(device.info);
      const golden = path === undefined ? null : await checked(path);
      answer(
        json === true,
        { adapter, reason, software, variant, features, limits, speed, memory, advice, golden },
        () => [
          ...table([
            ['adapter', adapter],
            ['chosen', reason],
            ['kernels', variant],
            ['f16, subgroups, timestamps', [features.f16, features.subgroups, features.timestamps].join(', ')],
            ['matmul 512', `${speed.gflops.toFixed(1)} GFLOP/s`],
            ['copy', `${speed.gigabytesPerSecond.toFixed(1)} GB/s`],
            ['largest binding', `${limits.maxStorageBufferBindingSize / 2 ** 20} MiB`],
            ...Object.entries(memory).map(([name, bytes]) => [
              `preset ${name}`,
              `${(bytes / 2 ** 20).toFixed(0)} MiB of weights, gradients and moments`,
            ]),
            ...(golden
              ? [
                  [
                    'golden picture',
                    `score ${golden.found.toFixed(4)}, where it was trained ${golden.expected.toFixed(4)}`,
                  ],
                ]
              : []),
          ]),
          ...(advice ? [advice] : []),
        ],
      );
      device.destroy();
      if (golden?.agrees === false) throw new UsageError(`${path}: its golden picture is judged differently here`);
    });
}
